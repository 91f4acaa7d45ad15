"""Which operating system a product name means.

Sources spell loosely: "IOS", "Cisco IOS Software", "ios_xe", "Cisco IOS XE Software 3.8.0S". A name that means no system that we judge
(WebEx, BroadWorks) means none, and a claim about it is not kept. Hardware names stand for the system they run where only one runs on them.
"""

import re
from collections.abc import Sequence

_WORDS: Sequence[tuple[str, tuple[str, ...]]] = (
    (r"\bios\b.* and .*\bios[ _-]?xe\b|\bios[ _]xe\b.* and .*\bios\b(?![ _-]?x)", ("ios", "ios-xe")),
    (r"\bios[ _-]?xe\b|\bcatalyst (?:3650|3850|9\d00)\b|\b9800\b.*wireless controller", ("ios-xe",)),
    (r"\bios[ _-]?xr\b", ("ios-xr",)),
    (r"\baci\b|application policy infrastructure|\bapic\b", ("aci",)),
    (r"\bnx[ _-]?os\b|\bnexus \d+|\bmds 9\d+", ("nx-os",)),
    (r"\badaptive[ _]security[ _]appliance(?![ _]device)|\basa[ _](?:software|5500)\b|^(?:cisco )?asa$", ("asa",)),
    (r"\bfirepower[ _]threat[ _]defense|\bsecure firewall threat defense|^(?:cisco )?ftd\b", ("ftd",)),
    (r"\bfirepower[ _]management[ _]center|\bsecure firewall management center|^(?:cisco )?fmc\b", ("fmc",)),
    (r"\bfxos\b|\bfirepower extensible operating system", ("fxos",)),
    (r"\bwireless[ _]lan[ _]controller|\baireos\b", ("aireos",)),
    (r"\bunified[ _]communications[ _]manager(?! im)", ("cucm",)),
    (r"\bidentity[ _]services[ _]engine\b|^(?:cisco )?ise$", ("ise",)),
    (
        r"\b(?:small )?business (?:\d+x? series )?(?:smart|managed|switches)|\bsmall[ _]business[ _].*switch"
        r"|\b\d50x?_series_.*switches|business_\d50_series",
        ("small-business",),
    ),
    (r"^(?:cisco )?ios(?: software)?(?: \d.*)?(?: unknown)?$|\bios software\b", ("ios",)),
)
_COMPILED = [(re.compile(pattern), systems) for pattern, systems in _WORDS]


def systems_of(product: str) -> Sequence[str]:
    """Operating-system words; empty for what we do not judge."""
    name = " ".join(product.lower().split())
    return next((systems for pattern, systems in _COMPILED if pattern.search(name)), ())


SOFTWARE_TYPES = {
    "ios software": "ios",
    "ios xe software": "ios-xe",
    "ios xr software": "ios-xr",
    "nx-os system software": "nx-os",
    "adaptive security appliance (asa) software": "asa",
    "firepower threat defense software": "ftd",
}


def system_of_software_type(software_type: str) -> str:
    """The Software Suggestion API's word; empty where it means no system that we judge."""
    known = SOFTWARE_TYPES.get(" ".join(software_type.lower().split()))
    return known or next(iter(systems_of(software_type)), "")


_CPE = re.compile(r"cpe:2\.3:[aoh]:cisco:(?P<product>[^:]+):(?P<version>[^:]+):(?P<update>[^:]*):")
CPE_PRODUCTS = {
    "ios": "ios",
    "ios_xe": "ios-xe",
    "ios_xr": "ios-xr",
    "nx-os": "nx-os",
    "adaptive_security_appliance_software": "asa",
    "firepower_threat_defense": "ftd",
    "firepower_threat_defense_software": "ftd",
    "secure_firewall_threat_defense": "ftd",
    "firepower_management_center": "fmc",
    "secure_firewall_management_center": "fmc",
    "firepower_extensible_operating_system": "fxos",
    "fxos": "fxos",
    "wireless_lan_controller_software": "aireos",
    "unified_communications_manager": "cucm",
    "identity_services_engine": "ise",
    "identity_services_engine_software": "ise",
    "application_policy_infrastructure_controller": "aci",
}


def cpe_parts(criteria: str) -> tuple[str, str] | None:
    """(operating system, version) of a CPE 2.3 name; the version is * where it names none. None for what we do not judge."""
    found = _CPE.match(criteria)
    system = CPE_PRODUCTS.get(found["product"].replace("\\", "")) if found else None
    if found is None or system is None:
        return None
    version = found["version"].replace("\\", "")
    update = found["update"].replace("\\", "")
    if system == "ise" and update.startswith(("patch", "p")) and update not in ("*", "-"):
        version = f"{version} patch {re.sub('[^0-9]', '', update)}"
    return system, version


_FAMILY_NAMES = re.compile(r"\bnexus (?P<series>\d)(?P<variant>\d00)?\d*|\bmds 9\d+", re.IGNORECASE)
_FAMILY_MODELS: Sequence[tuple[str, str]] = (
    ("N35", "nexus-3500"), ("N3K-C35", "nexus-3500"), ("N3K-C36", "nexus-3600"), ("N3K", "nexus-3000"), ("N5K", "nexus-5000"),
    ("N6K", "nexus-6000"), ("N7K", "nexus-7000"), ("N77", "nexus-7000"), ("N9K", "nexus-9000"), ("DS-C9", "mds-9000"),
)  # fmt: skip


def family_of(product: str) -> str:
    """nexus-3000, mds-9000, ...: where an advisory names hardware that runs NX-OS; empty for any other name."""
    found = _FAMILY_NAMES.search(product)
    if found is None:
        return ""
    if found["series"] is None:
        return "mds-9000"
    apart = found["variant"] if found["series"] == "3" and found["variant"] in ("500", "600") else "000"
    return f"nexus-{found['series']}{apart}"


def family_of_model(pid: str) -> str:
    """The family of a product id; empty where it is none of those that are judged apart."""
    return next((family for prefix, family in _FAMILY_MODELS if pid.upper().startswith(prefix)), "")
