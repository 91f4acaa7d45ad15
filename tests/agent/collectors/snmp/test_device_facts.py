"""What a device is, told from sysObjectID, sysDescr and its parts."""

# ruff: noqa: E501 - descriptions stand as devices send them

from importlib.resources import files

import pytest
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.facts.device import main_component
from natvakt_agent.collectors.snmp.facts.families import FAMILIES
from natvakt_agent.collectors.snmp.facts.products import NAMES, product_name
from natvakt_agent.model.observation import Value
from natvakt_server.domain.registry import OPERATING_SYSTEMS
from testkit.snmp import Answers, FakeSession, StillClock, v2c_target

CISCO = "1.3.6.1.4.1.9.1.1"
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"


def facts(object_id: str, descr: str, more: str = "") -> dict[str, Value]:
    answers = Answers.parse(f"1.3.6.1.2.1.1.1.0|4|{descr}\n1.3.6.1.2.1.1.2.0|6|{object_id}\n{more}")
    observation = SnmpCollector(lambda target, timeout: FakeSession(answers)).collect(v2c_target(), ["device"], StillClock())
    return dict(observation.tables[0].rows[0])


@pytest.mark.parametrize(
    ("object_id", "descr", "os", "version"),
    [
        (CISCO, "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E8, RELEASE SOFTWARE (fc1)", "ios", "15.2(7)E8"),
        (CISCO, "Cisco Internetwork Operating System Software \\nIOS (tm) C2600 Software (C2600-I-M), Version 12.2(8)T5,", "ios", "12.2(8)T5"),
        (CISCO, "Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.5, RELEASE", "ios-xe", "16.9.5"),
        (CISCO, "Cisco IOS Software, IOS-XE Software, Catalyst L3 Switch Software (CAT3K_CAA), Version 03.06.06E RELEASE", "ios-xe", "03.06.06E"),
        (CISCO, "Cisco IOS XR Software (Cisco NCS540), Version 7.5.2[Default]\\nCopyright", "ios-xr", "7.5.2"),
        ("1.3.6.1.4.1.9.12.3.1.3.1", "Cisco NX-OS(tm) n9000, Software (n9000-dk9), Version 10.2(5), RELEASE SOFTWARE", "nx-os", "10.2(5)"),
        (CISCO, "Cisco Adaptive Security Appliance Version 9.16(4)", "asa", "9.16(4)"),
        (CISCO, "Cisco Firepower Threat Defense, Version 7.2.5 (Build 208), ASA Version 9.18(3)53", "ftd", "7.2.5 (Build 208)"),
        (CISCO, "Cisco Integrated Management Controller(Cisco IMC) UCS C240 M5, Firmware Version 4.2(3b), Copyright", "cimc", "4.2(3b)"),
        ("1.3.6.1.4.1.9.6.1.23.1.1.1.3", "CISCO SPA112 1.4.1(SR5)", "ciscospa", "1.4.1(SR5)"),
        ("1.3.6.1.4.1.9.6.1.80", "Linux, Cisco Systems, Inc WAP371 (WAP371-A-K9), Version 1.3.0.7", "wap", "1.3.0.7"),
        ("1.3.6.1.4.1.9.6.1.32.4410.1", "Linux 2.6.21, version 1.0.4.4", "wap", "1.0.4.4"),
        ("1.3.6.1.4.1.9.1.1064", "48-port 10/100/1000 Managed, Version 2.1.19", "small-business", "2.1.19"),
        ("1.3.6.1.4.1.8072.3.2.10", "Linux web1 6.1.0-13-amd64 #1 SMP x86_64", "linux", "6.1.0-13-amd64"),
        ("1.3.6.1.4.1.311.1.1.3.1.2", "Hardware: Intel64 - Software: Windows Version 6.3 (Build 20348 Multiprocessor Free)", "windows", "20348"),
        ("1.3.6.1.4.1.2636.1", "Juniper Networks", "unknown", None),
    ],
)  # fmt: skip
def test_operating_system_and_version_from_the_description(object_id: str, descr: str, os: str, version: str | None) -> None:
    found = facts(object_id, descr)
    assert (found["os"], found["version"]) == (os, version)


@pytest.mark.parametrize(
    ("object_id", "descr", "more", "expected"),
    [
        ("1.3.6.1.4.1.9.6.1.1004.24.1", "CBS350-24T-4G 24-Port Gigabit Managed Switch",
         "1.3.6.1.4.1.9.6.1.101.53.14.1.2.1|4|3.1.0.57\n1.3.6.1.4.1.9.6.1.101.53.14.1.5.1|4|DNI0001\n1.3.6.1.4.1.9.6.1.101.53.14.1.7.1|4|CBS350-24T-4G",
         {"os": "small-business", "version": "3.1.0.57", "model": "CBS350-24T-4G", "serial": "DNI0001"}),
        (CISCO, "Cisco Controller", "1.3.6.1.4.1.14179.1.1.1.14.0|4|8.10.190.0\n1.3.6.1.4.1.14179.1.1.1.3.0|4|AIR-CT3504-K9\n1.3.6.1.4.1.14179.1.1.1.4.0|4|FCW0001",
         {"os": "aireos", "version": "8.10.190.0", "model": "AIR-CT3504-K9", "serial": "FCW0001"}),
        (CISCO, "Linux release:3.10.0-1160.el7.x86_64 machine:x86_64", "1.3.6.1.2.1.54.1.1.1.1.4.1|4|12.5.1.18900-40", {"os": "ucos", "version": "12.5.1.18900-40"}),
        ("1.3.6.1.4.1.29671.2.1", "MS120-8 Cloud Managed Switch", "", {"os": "meraki", "model": "MS120-8 Cloud Managed Switch"}),
        ("1.3.6.1.4.1.9.6.1.32.321.1", "Linux, Cisco Small Business WAP321 (WAP321-E-K9), Version 1.0.6.7", "", {"os": "wap", "model": "WAP321"}),
        (CISCO, "Cisco Identity Services Engine", f"{ENTITY}.5.1|2|1\n{ENTITY}.10.1|4|Cisco ADE-OS 3.1\n{ENTITY}.13.1|4|SNS-3615-K9",
         {"os": "ise", "version": "Cisco ADE-OS 3.1", "model": "SNS-3615-K9"}),
        (CISCO, "Cisco Adaptive Security Appliance Version 9.16(2)", f"{ENTITY}.5.1|2|3\n{ENTITY}.10.1|4|9.16(4)\n{ENTITY}.13.1|4|ASA5516",
         {"os": "asa", "version": "9.16(4)", "model": "ASA5516"}),
        (CISCO, "Cisco IOS XR Software (Cisco ASR9K Series),  Version 6.4.2[Default]", "", {"os": "ios-xr", "model": "ASR9K Series"}),
    ],
)  # fmt: skip
def test_families_that_keep_their_facts_in_mibs_of_their_own(object_id: str, descr: str, more: str, expected: dict[str, Value]) -> None:
    found = facts(object_id, descr, more)
    assert {name: found[name] for name in expected} == expected


def test_a_device_without_entity_mib_is_known_by_its_product_number() -> None:
    described = "Cisco IOS Software, IE2000 Software (IE2000-UNIVERSALK9-M), Version 15.2(7)E8, RELEASE SOFTWARE (fc1)"
    assert facts("1.3.6.1.4.1.9.1.1475", described)["model"] == "ciscoIE200016TCG"
    assert facts("1.3.6.1.4.1.9.1.1348", "Linux release:3.10.0 machine:x86_64")["model"] == "ciscoUCVirtualMachine"
    assert facts("1.3.6.1.4.1.9.1.999999", described)["model"] is None
    assert product_name("1.3.6.1.4.1.9.12.3.1.3.1") is None
    assert product_name("") is None


def test_the_list_of_products_has_each_number_once_and_in_order() -> None:
    lines = files("natvakt_agent.collectors.snmp.facts").joinpath(NAMES).read_text().splitlines()[1:]
    numbers = [int(line.split(" ")[0]) for line in lines]
    assert numbers == sorted(set(numbers))
    assert all(len(line.split(" ")) == 2 and line.split(" ")[1].isalnum() for line in lines)


def test_a_stack_is_its_own_model_before_that_of_a_member() -> None:
    stack = {"class": "stack", "model": "AIR-CT5760", "serial": "S", "contained_in": 0}
    member = {"class": "chassis", "model": "AIR-CT5760-E", "serial": "M", "contained_in": 1}
    assert main_component([member, stack]) == stack


def test_a_stack_whose_members_tell_no_model_goes_by_its_own_name() -> None:
    stack = f"{ENTITY}.5.1|2|11\n{ENTITY}.4.1|2|0\n{ENTITY}.7.1|4|c93xx Stack\n{ENTITY}.5.1000|2|3\n{ENTITY}.7.1000|4|Switch 1"
    assert facts("1.3.6.1.4.1.9.1.2494", "Cisco IOS Software [Amsterdam], Catalyst L3 Switch", stack)["model"] == "c93xx Stack"


def test_every_family_speaks_a_word_of_the_registry() -> None:
    assert {family.os for family in FAMILIES} <= set(OPERATING_SYSTEMS)


def test_the_chassis_is_the_device_even_when_a_line_card_comes_first() -> None:
    card = {"class": "module", "model": "C9400-LC-48U", "serial": "A"}
    chassis = {"class": "chassis", "model": "C9404R", "serial": "B"}
    assert main_component([{"class": "stack"}, card, chassis]) == chassis
    assert main_component([card]) == card
    assert main_component([{"class": "chassis", "model": "N/A", "serial": ""}]) == {}
