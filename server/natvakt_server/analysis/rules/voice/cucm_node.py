"""voice.cucm.node: a node of the call manager cluster is down."""

from natvakt_server.analysis.applicability import call_server
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

UP, DOWN = 2, 3  # CISCO-CCM-MIB ccmStatus


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("call_manager")
    judged = [row for row in table.rows if number(row, "status") in (UP, DOWN)]
    failures = []
    for row in judged:
        if number(row, "status") == DOWN:
            name = str(row.get("name") or row.get("address") or f"node {row.get('index')}")
            facts = [Fact(f"node {name}", "down", None, table.observed_ns)]
            facts += [
                Fact(field, str(row[field]), None, table.observed_ns) for field in ("address", "version", "description") if row.get(field)
            ]
            failures.append(Failure(name, Severity.CRITICAL, tuple(facts), ("utils service list", "show process load")))
    return decide(failures, len(judged), undecided=None if judged else Reason.NOT_PROVIDED)


RULE = Rule(
    id="voice.cucm.node",
    title=Text(
        "Call manager node is down",
        "Samtalsväxelns nod är nere",
    ),
    impact=Text(
        "Its phones have moved to another node or are dead; one more failure and nobody can call.",
        "Dess telefoner har flyttat till en annan nod eller är döda; ett fel till och ingen kan ringa.",
    ),
    recommendation=Text(
        "Look at the services of the node first, then at its disk, network and host.",
        "Titta först på nodens tjänster, sedan på dess disk, nät och värd.",
    ),
    severities=(Severity.CRITICAL,),
    applies_to=call_server,
    tables=("call_manager",),
    judge=judge,
    effort_minutes=60,
    change=Change.RESTART,
    references=("CISCO-CCM-MIB ccmStatus",),
)
