"""A role is told from system, model, hardware and neighbours."""

import pytest
from natvakt_server.domain.registry import Role
from natvakt_server.domain.roles import RoleEvidence, derive_role


@pytest.mark.parametrize(
    ("system", "model", "role"),
    [
        ("ios-xe", "C9200L-48P-4X", Role.ACCESS),
        ("ios", "WS-C2960X-48FPS-L", Role.ACCESS),
        ("small-business", "CBS350-24P-4G", Role.ACCESS),
        ("ios", "IE-1000-8P2S-LM", Role.ACCESS),
        ("meraki", "Meraki MS225-48LP", Role.ACCESS),
        ("ios", "C29xx Stacking", Role.ACCESS),
        ("ios-xe", "WS-C3850-12S", Role.DISTRIBUTION),
        ("ios-xe", "C9500-24Y4C", Role.CORE),
        ("ios", "WS-C4506-E", Role.CORE),
        ("nx-os", "N3K-C3064PQ-10GX", Role.CORE),
        ("nx-os", None, Role.CORE),
        ("ios-xe", "C9800-L-F-K9", Role.WLC),
        ("ios-xe", "AIR-CT5760", Role.WLC),
        ("aireos", None, Role.WLC),
        ("ios-xe", "ISR4331/K9", Role.ROUTER),
        ("ios", "CISCO2911/K9", Role.ROUTER),
        ("ios-xe", "ciscoASR1002F", Role.WAN_EDGE),
        ("ios-xr", "NCS-5504", Role.WAN_EDGE),
        ("asa", "FPR1120", Role.FIREWALL),
        ("ftd", None, Role.FIREWALL),
        ("meraki", "Meraki MX68", Role.FIREWALL),
        ("ios", "VG224", Role.VOICE_GATEWAY),
        ("ucos", "ciscoUCVirtualMachine", Role.CALL_SERVER),
        ("cimc", "UCSC-C220-M6S", Role.SERVER),
        ("linux", "PowerEdge R640", Role.SERVER),
        ("windows", None, Role.SERVER),
        (None, "Smart-UPS 1500", Role.UPS),
        (None, None, Role.ACCESS),
    ],
)
def test_a_model_or_a_system_tells_the_role(system: str | None, model: str | None, role: Role) -> None:
    assert derive_role(RoleEvidence(system, model)) is role


@pytest.mark.parametrize(
    ("evidence", "role"),
    [
        (RoleEvidence("ios-xe", "ISR4331/K9", {"voice"}), Role.VOICE_GATEWAY),
        (RoleEvidence("ios-xe", "C9200L", {"voice"}), Role.ACCESS),
        (RoleEvidence(None, None, {"Router"}), Role.ROUTER),
        (RoleEvidence(None, None, {"router", "switch"}), Role.ACCESS),
        (RoleEvidence(None, None, {"ups"}), Role.UPS),
    ],
)
def test_capabilities_decide_where_the_model_leaves_it_open(evidence: RoleEvidence, role: Role) -> None:
    assert derive_role(evidence) is role


@pytest.mark.parametrize(("switches", "gateways", "role"), [(2, 2, Role.ACCESS), (3, 0, Role.DISTRIBUTION), (3, 1, Role.CORE)])
def test_the_place_in_the_network_tells_core_distribution_and_access_apart(switches: int, gateways: int, role: Role) -> None:
    evidence = RoleEvidence("ios-xe", "C9300-48P", frozenset(), switches, gateways)
    assert derive_role(evidence) is role


def test_a_server_with_many_switches_beside_it_stays_a_server() -> None:
    assert derive_role(RoleEvidence("linux", None, frozenset(), 5, 5)) is Role.SERVER
