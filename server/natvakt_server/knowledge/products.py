"""Which operating system a product name means.

Sources spell loosely: "IOS", "Cisco IOS Software", "ios_xe", "Cisco IOS XE Software 3.8.0S". A name that means no system that we judge
(WebEx, BroadWorks) means none, and a claim about it is not kept. Hardware names stand for the system they run where only one runs on them.
"""

import re
from collections.abc import Iterator, Sequence

from natvakt_server.knowledge.versions.cpe import spelt
from natvakt_server.knowledge.versions.systems import is_version

_NOT_JUDGED = re.compile(
    r"\baccess points?\b|\bapic[ -]em\b|\bapic enterprise module\b|\bcommunications manager (?:im\b|express\b)"
    r"|\bpassive identity connector\b|\bmanager im (?:and|&) presence\b|\bdevice manager\b|\brommon\b"
)
"""Names that hold the words of a system and mean something else."""

_WORDS: Sequence[tuple[str, str]] = (
    (r"\bios xe\b|\bcatalyst (?:3650|3850|9\d00)\b|\b9800\b.*wireless controller", "ios-xe"),
    (r"\bios xr\b|\biosxr\b", "ios-xr"),
    (r"\baci\b|application policy infrastructure|\bapic\b", "aci"),
    (r"\bnx os\b|\bnexus \d+|\bmds 9\d+", "nx-os"),
    (r"\badaptive security appliance|\basa (?:software|5500|55\d\d)\b|^(?:cisco )?asa(?: \d.*)?$", "asa"),
    (r"\bfirepower threat defense\b|\bsecure firewall threat defense\b|^(?:cisco )?ftd\b|\(ftd\)", "ftd"),
    (r"\bfirepower management center\b|\bsecure firewall management center\b|^(?:cisco )?fmc\b|\(fmc\)", "fmc"),
    (r"\bfxos\b|\bfirepower extensible operating system", "fxos"),
    (r"\bwireless lan controller|\baireos\b", "aireos"),
    (r"\bunified communications manager\b|\bunified cm\b|^(?:cisco )?cucm\b", "cucm"),
    (r"\bidentity services engine\b|^(?:cisco )?ise(?: software)?(?: \d.*)?$", "ise"),
    (
        r"\b(?:small )?business (?:\d+x? series )?(?:smart|managed|stackable|switches)|\bsmall business .*switch"
        r"|\b\d50x? series .*switches|\bbusiness \d50 series",
        "small-business",
    ),
    (r"^(?:cisco )?ios(?: software)?(?: \d.*)?(?: unknown)?$|\bios software\b|\binternetwork operating system\b", "ios"),
)
_COMPILED = [(re.compile(pattern), system) for pattern, system in _WORDS]
_CONJUNCTION = re.compile(r"\s+(?:and|or|&)\s+|\s*[,;/]\s*")


def systems_of(product: str) -> Sequence[str]:
    """Operating-system words, in the order in which the name tells them; empty for what we do not judge."""
    name = " ".join(re.sub(r"[_-]", " ", product.lower()).split())
    if _NOT_JUDGED.search(name):
        return ()
    found = [system for part in _CONJUNCTION.split(name) if (system := _system_of(part))]
    whole = _system_of(name)
    if "aci" in found or whole == "aci":
        return ("aci",)
    return tuple(dict.fromkeys(found)) or ((whole,) if whole else ())


def _system_of(name: str) -> str:
    return next((system for pattern, system in _COMPILED if pattern.search(name)), "")


_MOST_WORDS_OF_A_RELEASE = 3


def release_in(system: str, product: str) -> str:
    """The release at the end of a product's name ("Cisco IOS 15.2(2)E7", "... Engine Software 3.3 Patch 2"); empty where there is none."""
    words = product.split()
    for count in range(min(_MOST_WORDS_OF_A_RELEASE, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        if tail[0].isdigit() and is_version(system, tail):
            return tail
    return ""


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


_CPE = re.compile(r"cpe:2\.3:(?P<part>[aoh]):cisco:(?P<product>[^:]+):(?P<version>[^:]+)(?::(?P<update>[^:]*))?(?::|$)", re.IGNORECASE)
CPE_PRODUCTS = {
    "ios": "ios",
    "ios_xe": "ios-xe",
    "ios_xr": "ios-xr",
    "nx-os": "nx-os",
    "adaptive_security_appliance_software": "asa",
    "adaptive_security_appliance": "asa",
    "firepower_threat_defense": "ftd",
    "firepower_threat_defense_software": "ftd",
    "secure_firewall_threat_defense": "ftd",
    "firepower_management_center": "fmc",
    "secure_firewall_management_center": "fmc",
    "firepower_extensible_operating_system": "fxos",
    "fxos": "fxos",
    "wireless_lan_controller_software": "aireos",
    "aireos": "aireos",
    "unified_communications_manager": "cucm",
    "identity_services_engine": "ise",
    "identity_services_engine_software": "ise",
    "application_policy_infrastructure_controller": "aci",
}


def cpe_parts(criteria: str) -> tuple[str, str] | None:
    """(operating system, version) of a CPE 2.3 name; the version is * where it names none. None for what we do not judge."""
    found = _CPE.match(criteria)
    system = CPE_PRODUCTS.get(found["product"].replace("\\", "").lower()) if found else None
    if found is None or system is None:
        return None
    return system, spelt(system, found["version"], found["update"] or "")


def hardware_family(criteria: str) -> str:
    """The family of a CPE 2.3 name of hardware; empty for any other."""
    found = _CPE.match(criteria)
    return family_of(found["product"].replace("\\", "").replace("_", " ")) if found and found["part"] == "h" else ""


_NEXUS_NUMBERS = re.compile(r"\b(?P<series>[1-9])(?P<hundreds>\d)\d{2}\w*", re.ASCII)
_NAMES: Sequence[tuple[str, str]] = (
    (r"\bmds 9\d{3}", "mds-9000"),
    (r"\basr 9\d{3}", "asr-9000"),
    (r"\basr 1\d{3}", "asr-1000"),
    (r"\basr 9\d{2}\b", "asr-900"),
    (r"\bisr 4\d{3}|\b4\d{3} series integrated services", "isr-4000"),
    (r"\bcbr[ -]?8\b", "cbr-8"),
)
_CATALYST = re.compile(r"\bcatalyst (?P<number>\d[1-9]\d{2})\w*", re.ASCII)


def family_of(product: str) -> str:
    """nexus-3000, catalyst-9300, ...: where a name is of one family of hardware; empty where it is of none or of several."""
    name = " ".join(product.lower().replace("_", " ").split())
    found = set(_families_in(name))
    return found.pop() if len(found) == 1 else ""


def _families_in(name: str) -> Iterator[str]:
    if "nexus" in name:
        yield from (_nexus(each) for each in _NEXUS_NUMBERS.finditer(name.partition("nexus")[2]))
    yield from (family for pattern, family in _NAMES if re.search(pattern, name))
    yield from (f"catalyst-{each['number'][:2]}00" for each in _CATALYST.finditer(name))


def _nexus(found: re.Match[str]) -> str:
    apart = f"{found['hundreds']}00" if found["series"] == "3" and found["hundreds"] in "56" else "000"
    return f"nexus-{found['series']}{apart}"


_MODELS: Sequence[tuple[str, str]] = (
    ("N35", "nexus-3500"), ("N3K-C35", "nexus-3500"), ("N3K-C36", "nexus-3600"), ("N3K", "nexus-3000"), ("N5K", "nexus-5000"),
    ("N6K", "nexus-6000"), ("N7K", "nexus-7000"), ("N77", "nexus-7000"), ("N9K", "nexus-9000"), ("DS-C9", "mds-9000"),
    ("ASR-9", "asr-9000"), ("A9K-", "asr-9000"), ("ASR1", "asr-1000"), ("ISR4", "isr-4000"), ("CBR-8", "cbr-8"),
)  # fmt: skip
_ASR_900 = re.compile(r"ASR-?9\d{2}\b")
_CATALYST_MODEL = re.compile(r"(?:WS-)?C(?P<number>3[68]50|[489][1-9]\d{2})(?!\d)")


def family_of_model(pid: str) -> str:
    """The family of a product id; empty where it is none of those that are judged apart."""
    model = pid.upper()
    if _ASR_900.match(model):
        return "asr-900"
    catalyst = _CATALYST_MODEL.match(model)
    if catalyst is not None:
        return f"catalyst-{catalyst['number'][:2]}00"
    return next((family for prefix, family in _MODELS if model.startswith(prefix)), "")
