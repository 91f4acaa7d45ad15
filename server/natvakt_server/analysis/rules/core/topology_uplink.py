"""core.topology.uplink: an access switch with one way up."""

import re

from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import Link, is_up, label, links
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role

UPSTREAM = frozenset({Role.CORE, Role.DISTRIBUTION, Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY, Role.FIREWALL})
MEMBER = re.compile(r"^[A-Za-z-]+(\d+)/\d+/\d+$")
NEEDED = 2


def access_switch(device: Device) -> bool:
    return device.role is Role.ACCESS


def landing(link: Link) -> tuple[str, str]:
    """Upstream device and stack member a link lands on."""
    port = label(link.far_row) if link.far_row is not None else str(link.neighbour.get("remote_port"))
    member = MEMBER.match(port)
    return link.far.id, member[1] if member else "1"


def judge(device: Device, evidence: Evidence) -> Judgement:
    up = [link for link in links(device, evidence) if link.far.role in UPSTREAM and is_up(link.near_row)]
    if not up:
        return not_applicable("no-known-uplink")
    if len({landing(link) for link in up}) >= NEEDED:
        return decide([], 1)
    at_ns = device.table("neighbour").observed_ns
    facts = tuple(
        Fact("uplink", f"{label(link.near_row)} - {link.far.name} {link.neighbour.get('remote_port')}", None, at_ns) for link in up
    )
    return decide([Failure(label(up[0].near_row), Severity.MEDIUM, facts)], 1)


RULE = Rule(
    id="core.topology.uplink",
    title=Text("Access switch with a single uplink", "Accesswitch med en enda upplänk"),
    impact=Text(
        "One cable, one optic or one upstream member decides whether all its users have a network.",
        "En kabel, en optik eller en överordnad enhet avgör om alla dess användare har nät.",
    ),
    recommendation=Text(
        "Bundle a second uplink with LACP, landing on another member of the stack above.",
        "Lägg till en andra upplänk i bunt med LACP, till en annan medlem i stacken ovanför.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=access_switch,
    tables=("neighbour", "interface"),
    judge=judge,
    effort_minutes=90,
    change=Change.ON_SITE,
    references=("VVoIP 5116",),
)
