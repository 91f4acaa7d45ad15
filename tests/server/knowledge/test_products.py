"""Which system and which hardware a product's name means."""

from collections.abc import Sequence

import pytest
from natvakt_server.knowledge.products import (
    cpe_parts,
    family_of,
    family_of_model,
    hardware_family,
    release_in,
    system_of_software_type,
    systems_of,
)

NAMES: Sequence[tuple[str, tuple[str, ...]]] = [
    ("IOS", ("ios",)),
    ("Cisco IOS", ("ios",)),
    ("  cisco  ios software ", ("ios",)),
    ("Cisco IOS 12.2SE 12.2(55)SE3", ("ios",)),
    ("Cisco IOS unknown", ("ios",)),
    ("Cisco IOS and IOS XE Software", ("ios", "ios-xe")),
    ("Cisco IOS, IOS XE, and IOS XR Software", ("ios", "ios-xe", "ios-xr")),
    ("ios_xe", ("ios-xe",)),
    ("IOS-XE", ("ios-xe",)),
    ("Cisco Catalyst 9300 Series Switches", ("ios-xe",)),
    ("Cisco IOS XR Software", ("ios-xr",)),
    ("Cisco NX-OS Software", ("nx-os",)),
    ("nx-os", ("nx-os",)),
    ("Nexus 7000 and 7700 Series Switches", ("nx-os",)),
    ("MDS 9000 Series Multilayer Switches", ("nx-os",)),
    ("Cisco NX-OS System Software in ACI Mode", ("aci",)),
    ("Cisco Nexus 9000 Series Fabric Switches - ACI Mode", ("aci",)),
    ("Cisco Application Policy Infrastructure Controller (APIC)", ("aci",)),
    ("Cisco Adaptive Security Appliance (ASA) Software", ("asa",)),
    ("Cisco ASA Software and FTD Software", ("asa", "ftd")),
    ("Cisco Firepower Threat Defense Software", ("ftd",)),
    ("Cisco Secure Firewall Threat Defense (FTD) Software", ("ftd",)),
    ("Cisco Secure Firewall Management Center (FMC)", ("fmc",)),
    ("Cisco Firepower Extensible Operating System (FXOS)", ("fxos",)),
    ("Cisco Identity Services Engine (ISE)", ("ise",)),
    ("Cisco Unified Communications Manager", ("cucm",)),
    ("Cisco Unified Communications Manager / Cisco Unity Connection", ("cucm",)),
    ("Cisco Wireless LAN Controller (WLC)", ("aireos",)),
    ("Cisco Small Business 220 Series Smart Plus Switches", ("small-business",)),
    ("business_350_series_managed_switches_firmware", ("small-business",)),
]
OTHERS = [
    "",
    "n/a",
    "Cisco WebEx Event Center",
    "Cisco BroadWorks",
    "Cisco APIC-EM",
    "Cisco ISE Passive Identity Connector",
    "Cisco Adaptive Security Device Manager (ASDM)",
    "Cisco Unified Communications Manager IM and Presence Service",
    "Cisco Unified Communications Manager Express",
    "Cisco Aironet Access Point Software (IOS XE Controller)",
    "Cisco Small Business RV Series Router Firmware",
    "Cisco Nexus Dashboard",
    "Cisco UCS Manager",
    "Cisco Jabber IM for Android",
]


@pytest.mark.parametrize(("name", "systems"), NAMES)
def test_a_name_means_its_systems(name: str, systems: tuple[str, ...]) -> None:
    assert tuple(systems_of(name)) == systems


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_judged_means_none(name: str) -> None:
    assert tuple(systems_of(name)) == ()


@pytest.mark.parametrize(
    ("system", "name", "release"),
    [
        ("ios", "Cisco IOS 15.2(2)E7", "15.2(2)E7"),
        ("ios-xe", "Cisco IOS XE Software 3.16.6bS ", "3.16.6bS"),
        ("ise", "Cisco Identity Services Engine Software 3.0.0 p2", "3.0.0 p2"),
        ("ise", "Cisco Identity Services Engine Software 3.3 Patch 2", "3.3 Patch 2"),
        ("cucm", "Cisco Unified Communications Manager 12.5(1)SU7a", "12.5(1)SU7a"),
        ("nx-os", "Cisco NX-OS Software ", ""),
        ("nx-os", "Nexus 9000 Series Switches", ""),
        ("aci", "Cisco NX-OS System Software in ACI Mode 14.1(1l)", "14.1(1l)"),
    ],
)
def test_a_release_may_stand_in_the_products_name(system: str, name: str, release: str) -> None:
    assert release_in(system, name) == release


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Nexus 3000 Series Switches", "nexus-3000"),
        ("Nexus 3500 Platform Switches", "nexus-3500"),
        ("Nexus 3600 Platform Switches", "nexus-3600"),
        ("Nexus 7000 and 7700 Series Switches", "nexus-7000"),
        ("Cisco Nexus 3000 and 9000 Series Switches", ""),
        ("Nexus 9500 R-Series Line Cards and Fabric Modules", "nexus-9000"),
        ("MDS 9000 Series Multilayer Switches", "mds-9000"),
        ("Cisco Catalyst 9300 Series Switches", "catalyst-9300"),
        ("Cisco Catalyst 9000 Family Switches", ""),
        ("Cisco ASR 1001-X Router", "asr-1000"),
        ("Cisco NX-OS Software 9.3(1)", ""),
    ],
)
def test_a_name_tells_its_family_where_it_is_of_one(name: str, family: str) -> None:
    assert family_of(name) == family


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("N9K-C93180YC-EX", "nexus-9000"),
        ("N3K-C3548P-10G", "nexus-3500"),
        ("N77-C7706", "nexus-7000"),
        ("C9300-48P", "catalyst-9300"),
        ("C9800-40-K9", "catalyst-9800"),
        ("ISR4331/K9", "isr-4000"),
        ("ASR-920-4SZ-D", "asr-900"),
        ("ASR1001-X", "asr-1000"),
        ("WS-C2960X-24TS-L", ""),
        ("", ""),
    ],
)
def test_a_model_tells_its_family(model: str, family: str) -> None:
    assert family_of_model(model) == family


def test_cpe_names_are_read() -> None:
    assert cpe_parts(r"cpe:2.3:o:cisco:ios:15.2\(7\)e8:*:*:*:*:*:*:*") == ("ios", "15.2(7)E8")
    assert cpe_parts("cpe:2.3:o:cisco:ios_xe:*:*:*:*:*:*:*:*") == ("ios-xe", "*")
    assert cpe_parts("cpe:2.3:a:cisco:identity_services_engine:3.1:patch3:*:*:*:*:*:*") == ("ise", "3.1 patch 3")
    assert cpe_parts("cpe:2.3:o:juniper:junos:21.4:*:*:*:*:*:*:*") is None
    assert cpe_parts("no cpe") is None
    assert hardware_family("cpe:2.3:h:cisco:nexus_93180yc-ex:-:*:*:*:*:*:*:*") == "nexus-9000"
    assert hardware_family("cpe:2.3:h:cisco:nexus_9000:-:*:*:*:*:*:*:*") == "nexus-9000"
    assert hardware_family("cpe:2.3:o:cisco:nx-os:-:*:*:*:*:*:*:*") == ""


def test_software_types_of_the_suggestion_api_are_known() -> None:
    assert system_of_software_type("NX-OS System Software") == "nx-os"
    assert system_of_software_type("IOS XE Software ") == "ios-xe"
    assert system_of_software_type("Adaptive Security Appliance (ASA) Software") == "asa"
    assert system_of_software_type("Unified Wonder") == ""
