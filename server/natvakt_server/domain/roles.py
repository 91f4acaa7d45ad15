"""Which role a device plays, told from what it says about itself and its neighbours. A person may overrule it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from natvakt_server.domain.registry import Role

_BY_SYSTEM = {
    "asa": Role.FIREWALL,
    "ftd": Role.FIREWALL,
    "fxos": Role.FIREWALL,
    "fmc": Role.FIREWALL,
    "pix": Role.FIREWALL,
    "aireos": Role.WLC,
    "ucos": Role.CALL_SERVER,
    "cimc": Role.SERVER,
    "ise": Role.SERVER,
    "linux": Role.SERVER,
    "windows": Role.SERVER,
    "ios-xr": Role.WAN_EDGE,
    "nx-os": Role.CORE,
    "aci": Role.CORE,
    "ciscospa": Role.VOICE_GATEWAY,
}

# First match wins, so the special stands before the general. Models (PIDs) upper case, without the maker's name.
_BY_MODEL = (
    (("C9800", "AIR-CT", "WS-SVC-WISM"), Role.WLC),
    (("ASA", "FPR", "PIX", "FMC", "MX"), Role.FIREWALL),
    (("VG2", "VG3", "VG4", "SPA", "ATA"), Role.VOICE_GATEWAY),
    (("MCS-", "CUCM", "BE6", "BE7", "UCVIRTUALMACHINE"), Role.CALL_SERVER),
    (("UCS", "HX2", "SNS-", "ISE-"), Role.SERVER),
    (("SMART-UPS", "SMARTUPS", "APC", "EATON", "SYMMETRA", "9PX", "5PX"), Role.UPS),
    (("ASR", "C8500", "C8300", "C83", "NCS", "N540", "CSR1000V", "C8000V"), Role.WAN_EDGE),
    (("C94", "C95", "C96", "WS-C45", "WS-C65", "WS-C68", "C68", "N9K", "N7K", "N5K", "N3K", "N77"), Role.CORE),
    (("WS-C3850-12", "WS-C3850-24S", "WS-C3850-24X", "WS-C3750G-12S", "WS-C4948", "C9300X-12Y", "C9300X-24Y"), Role.DISTRIBUTION),
    (("ISR", "C82", "C11", "C8", "IR"), Role.ROUTER),
    (
        ("WS-", "C9", "C1000", "C12", "C13", "CBS", "SG", "SF", "SX", "IE", "MS", "CAT", "ME-", "C2", "C35", "C36", "C37", "C38"),
        Role.ACCESS,
    ),
)

_BY_CAPABILITY = (("voice", Role.VOICE_GATEWAY), ("ups", Role.UPS), ("firewall", Role.FIREWALL))
_MAKERS = ("CISCO", "MERAKI")
SWITCHES_BELOW_A_DISTRIBUTION = 3


@dataclass(frozen=True, slots=True)
class RoleEvidence:
    """`capabilities`: words of CDP/LLDP (`router`, `switch`), plus `voice` (FXS, FXO, E1 or DSP fitted), `ups`, `firewall`.
    `switches_beside`, `gateways_beside`: distinct neighbours that are switches, and that are routers or firewalls.
    `reaches_outside`: a public address, or probes over a circuit: the router of a site that faces the carrier."""

    os: str | None = None
    model: str | None = None
    capabilities: Collection[str] = field(default_factory=frozenset)
    switches_beside: int = 0
    gateways_beside: int = 0
    reaches_outside: bool = False


def derive_role(evidence: RoleEvidence) -> Role:
    """The role that fits best. An unknown device counts as access: weight 1, no claim made."""
    told = {word.lower() for word in evidence.capabilities}
    role = role_of_model(evidence.model or "")
    if role is Role.ROUTER and evidence.reaches_outside:
        return Role.WAN_EDGE
    if role is Role.ROUTER and "voice" in told:
        return Role.VOICE_GATEWAY
    if role is None:
        role = next((role for word, role in _BY_CAPABILITY if word in told), None) or _BY_SYSTEM.get(evidence.os or "")
    if role is None and "router" in told and not told & {"switch", "bridge"}:
        return Role.ROUTER
    if role in {None, Role.ACCESS}:
        return _role_by_position(evidence)
    assert role is not None
    return role


def role_of_model(text: str) -> Role | None:
    """From a PID, or a platform as CDP tells it (`cisco C9200L-48P-4X`); None for what is not known."""
    model = text.upper().strip()
    for maker in _MAKERS:
        model = model.removeprefix(maker).lstrip()
    if model != text.upper().strip() and model[:1].isdigit():
        return Role.ROUTER  # CISCO1921, CISCO2911: the old routers carry the maker's name in their PID
    return next((role for prefixes, role in _BY_MODEL if model.startswith(prefixes)), None)


def _role_by_position(evidence: RoleEvidence) -> Role:
    """The same switch is core where the other switches and the way out meet, distribution where only switches meet, else access."""
    if evidence.switches_beside < SWITCHES_BELOW_A_DISTRIBUTION:
        return Role.ACCESS
    return Role.CORE if evidence.gateways_beside else Role.DISTRIBUTION
