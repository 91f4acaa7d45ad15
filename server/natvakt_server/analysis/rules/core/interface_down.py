"""core.interface.down: a port that someone described, enabled, and that is down."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import DOWN, is_enabled, is_physical, is_tunnel, label, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("interface")
    failures, judged = [], 0
    for row in table.rows:
        described = str(row.get("ifAlias") or "").strip()
        if not described or not is_enabled(row) or not (is_physical(row) or is_tunnel(row)):
            continue
        judged += 1
        if number(row, "ifOperStatus") == DOWN:
            name = label(row)
            facts = (
                Fact(f"{name} ifOperStatus", "down", None, table.observed_ns),
                Fact(f"{name} ifAlias", described, None, table.observed_ns),
            )
            failures.append(Failure(name, Severity.MEDIUM, facts, (f"interface {name}", " shutdown")))
    return decide(failures, judged)


RULE = Rule(
    id="core.interface.down",
    title=Text("Described port is enabled but down", "Beskriven port är påslagen men nere"),
    impact=Text(
        "Something that once mattered enough to be described is not connected: a lost redundancy nobody sees.",
        "Något som var viktigt nog att beskrivas är inte anslutet: en redundans som ingen ser att den saknas.",
    ),
    recommendation=Text(
        "Repair the connection, or shut the port and clear its description if it is no longer used.",
        "Laga anslutningen, eller stäng porten och ta bort beskrivningen om den inte används längre.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=network_device,
    tables=("interface",),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
    references=("IF-MIB",),
)
