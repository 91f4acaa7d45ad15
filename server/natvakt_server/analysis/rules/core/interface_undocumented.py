"""core.interface.undocumented: an uplink without a description, or with one that names another device than stands there."""

import re

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, devices_by_name
from natvakt_server.analysis.interfaces import by_index, is_uplink, label, neighbour_at
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.neighbours import host_part

WORD = re.compile(r"[A-Za-z0-9_-]+")
SHORTEST_NAME = 4  # a shorter one may be a word like any other


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("interface")
    failures, judged = [], 0
    for row in by_index(device).values():
        if not is_uplink(device, row, evidence):
            continue
        judged += 1
        neighbour, told = neighbour_at(device, row), str(row.get("ifAlias") or "").strip()
        if neighbour is None or (told and not contradicts(told, str(neighbour.get("remote_name") or ""), evidence)):
            continue
        name, peer = label(row), f"{neighbour.get('remote_name')} {neighbour.get('remote_port')}"
        failures.append(
            Failure(
                name,
                Severity.LOW,
                (Fact(f"{name} ifAlias", told, None, table.observed_ns), Fact(f"{name} neighbour", peer, None, table.observed_ns)),
                (f"interface {name}", f" description {peer}"),
            )
        )
    return decide(failures, judged)


def contradicts(told: str, neighbour: str, evidence: Evidence) -> bool:
    """The description names another managed device than the one that CDP or LLDP sees there, and not that one."""
    words = {word.casefold() for word in WORD.findall(told)}
    seen = host_part(neighbour)
    return bool(seen) and seen not in words and any(name in words for name in evidence.once(devices_by_name) if len(name) >= SHORTEST_NAME)


RULE = Rule(
    id="core.interface.undocumented",
    title=Text("Uplink without a true description", "Upplänk utan sann beskrivning"),
    impact=Text(
        "Whoever repairs this at night must first find out what the port leads to.",
        "Den som felsöker på natten måste först ta reda på vart porten leder.",
    ),
    recommendation=Text("Describe the port with peer and port.", "Beskriv porten med motpart och port."),
    severities=(Severity.LOW,),
    applies_to=network_device,
    tables=("interface", "neighbour"),
    judge=judge,
    effort_minutes=5,
)
