"""The families of devices natvakt can name, most particular first: the first that matches decides."""

import re
from collections.abc import Sequence

from natvakt_agent.collectors.snmp.facts.family import Family

CISCO = "1.3.6.1.4.1.9."
CISCO_PRODUCTS = "1.3.6.1.4.1.9.1."
SMALL_BUSINESS = "1.3.6.1.4.1.9.6.1."
NET_SNMP = "1.3.6.1.4.1.8072."
# rlPhdUnitGenParam (CISCOSB-Physicaldescription-MIB): stack units with firmware, serial and model
SB_UNIT = "1.3.6.1.4.1.9.6.1.101.53.14.1"
# cucsComputeRackUnit (CISCO-UNIFIED-COMPUTING-COMPUTE-MIB), and cucsComputeBoard
UCS_RACK_UNIT = "1.3.6.1.4.1.9.9.719.1.9.35.1"
UCS_BOARD = "1.3.6.1.4.1.9.9.719.1.9.6.1"
# sysApplInstallPkgVersion (SYSAPPL-MIB): the first package of a unified-communications server is the product itself
UCOS_VERSION = "1.3.6.1.2.1.54.1.1.1.1.4"
# ESW 500 switches, which are numbered among the products of the enterprise (CISCO-PRODUCTS-MIB)
ESW_SWITCHES = (*range(1058, 1065), 1176, 1177)


def _find(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


VERSION = _find(r"Version:?\s+([^\s,\[#]+)")

FAMILIES: Sequence[Family] = (
    Family(
        "meraki", "cisco", descr=_find(r"^Meraki "), model=(_find(r"^(Meraki \S+)"),),
    ),
    Family(
        "meraki", "cisco", object_ids=("1.3.6.1.4.1.29671.",), model=(_find(r"^(.+?)(?:,|$)"),),
    ),
    Family("ftd", "cisco", (CISCO,), _find(r"Firepower Threat Defense"), (_find(r"Threat Defense, Version ([^,]+)"),)),
    Family("fmc", "cisco", (), _find(r"(Firepower|Firewall|Defense) Management Center"), (VERSION,)),
    Family("fxos", "cisco", (CISCO,), _find(r"FX-?OS"), (VERSION,)),
    Family("asa", "cisco", (CISCO,), _find(r"Adaptive Security Appliance"), (VERSION,), entity_version_first=True),
    Family("pix", "cisco", (CISCO,), _find(r"PIX (Security Appliance|Firewall)"), (VERSION,)),
    Family("ios-xr", "cisco", (CISCO,), _find(r"IOS[ -]XR"), (VERSION,), (_find(r"Software \((?:Cisco )?([^)]+)\)"),)),
    Family("aci", "cisco", (CISCO,), _find(r"aci-n|NX-OS\(tm\) aci|APIC"), (VERSION,)),
    Family("nx-os", "cisco", (CISCO,), _find(r"NX-OS|Data Center Nexus"), (VERSION,)),
    Family(
        "ios-xe", "cisco", (CISCO,), _find(r"IOS[ -]?XE|LINUX_IOSD|CAT\dK|\[(IOSXE|Denali|Everest|Fuji|Gibraltar|Amsterdam)\]"),
        (VERSION,),
    ),
    Family("aireos", "cisco", (CISCO,), _find(r"^Cisco Controller$"), (), version_oids=("1.3.6.1.4.1.14179.1.1.1.14",),
           model_oids=("1.3.6.1.4.1.14179.1.1.1.3",), serial_oids=("1.3.6.1.4.1.14179.1.1.1.4",)),
    Family(
        "cimc", "cisco", (CISCO,), _find(r"Integrated Management Controller|Cisco IMC"), (_find(r"Firmware Version ([^\s,]+)"),),
        model_oids=(f"{UCS_RACK_UNIT}.32", f"{UCS_BOARD}.6"), serial_oids=(f"{UCS_RACK_UNIT}.47", f"{UCS_BOARD}.14"),
    ),
    # What ISE tells is the version of the system below it, and by name: "Cisco ADE-OS 3.0"
    Family("ise", "cisco", (CISCO,), _find(r"Identity Services Engine"), (VERSION,), entity_version=(_find(r"(.+)"),)),
    Family(
        "wap", "cisco", (SMALL_BUSINESS,), _find(r"\bWAP\d|Wireless.*Access Point"), (VERSION,), model=(_find(r"\b(WAP[\w-]+)"),),
    ),
    Family("wap", "cisco", tuple(f"{SMALL_BUSINESS}{series}." for series in (31, 32, 34)), None, (VERSION,)),
    Family("ciscospa", "cisco", (f"{SMALL_BUSINESS}23.",), None, (_find(r"SPA\w+ (\S+)"),), model=(_find(r"(SPA\w+)"),)),
    Family(
        "small-business", "cisco", (SMALL_BUSINESS,), None, (VERSION,), version_oids=(f"{SB_UNIT}.2",),
        model_oids=(f"{SB_UNIT}.7", f"{SB_UNIT}.11"), serial_oids=(f"{SB_UNIT}.5",),
    ),
    Family(
        "small-business", "cisco", (CISCO,), _find(r"Catalyst 1[23]00 Series|^(SG|SF|CBS|ESW)\S* |^\d+-port .*Switch"), (VERSION,),
        version_oids=(f"{SB_UNIT}.2",), model_oids=(f"{SB_UNIT}.7", f"{SB_UNIT}.11"), serial_oids=(f"{SB_UNIT}.5",),
    ),
    Family("small-business", "cisco", tuple(f"{CISCO_PRODUCTS}{number}." for number in ESW_SWITCHES), None, (VERSION,)),
    Family("catos", "cisco", (CISCO,), _find(r"Cisco Catalyst Operating System|WS-C\d+.*NmpSW"), (_find(r"NmpSW: ([^\s,]+)"), VERSION)),
    Family("ios", "cisco", (CISCO,), _find(r"IOS|Internetwork Operating System|IE1000|Cisco Systems Catalyst"), (VERSION,)),
    Family("ucos", "cisco", (CISCO,), _find(r"^(Linux |Hardware:.*Linux|Software:\s*UCOS)|UCOS"), version_oids=(UCOS_VERSION,)),
    Family("windows", "microsoft", (), _find(r"Windows"), (_find(r"Windows Version \S+ \(Build (\d+)"), VERSION)),
    Family("linux", "linux", (), _find(r"^Linux "), (_find(r"^Linux \S+ (\S+)"),)),
)  # fmt: skip

UNKNOWN_CISCO = Family("unknown", "cisco", (CISCO,), None, (VERSION,))
UNKNOWN = Family("unknown", "")
