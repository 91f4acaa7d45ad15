"""core.interface.undocumented: an uplink without a description."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import by_index, is_uplink, label, neighbour_at
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("interface")
    failures, judged = [], 0
    for row in by_index(device).values():
        if not is_uplink(device, row, evidence):
            continue
        judged += 1
        neighbour = neighbour_at(device, row)
        if neighbour is None or str(row.get("ifAlias") or "").strip():
            continue
        name, peer = label(row), f"{neighbour.get('remote_name')} {neighbour.get('remote_port')}"
        failures.append(
            Failure(
                name,
                Severity.LOW,
                (Fact(f"{name} ifAlias", "", None, table.observed_ns), Fact(f"{name} neighbour", peer, None, table.observed_ns)),
                (f"interface {name}", f" description {peer}"),
            )
        )
    return decide(failures, judged)


RULE = Rule(
    id="core.interface.undocumented",
    title=Text("Uplink without description", "Upplänk utan beskrivning"),
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
