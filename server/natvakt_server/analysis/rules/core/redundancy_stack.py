"""core.redundancy.stack: a member of a stack is gone or not ready, or its ring is open."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import NANOSECONDS, Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
GONE_NS = 2 * 3600 * NANOSECONDS
STATES = {
    1: "waiting", 2: "progressing", 3: "added", 4: "ready", 5: "SDM mismatch", 6: "version mismatch", 7: "feature mismatch",
    8: "new master init", 9: "provisioned", 10: "invalid", 11: "removed",
}  # fmt: skip
READY, PROVISIONED = 4, 9  # provisioned: set up beforehand, never there
OPEN_RING = 2  # TruthValue false


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("stack")
    if table.missing is not None:
        chassis = [row for row in device.table("component").rows if row.get("class") == "chassis"]
        return not_applicable("one-chassis") if table.missing is Reason.NOT_PROVIDED and len(chassis) == 1 else unknown(table.missing)
    histories = device.history_by("stack", "state", WINDOW_DAYS, "member")
    newest = max((history.last_ns for history in histories.values()), default=0)
    gone = {member: history for member, history in histories.items() if newest - history.last_ns > GONE_NS}
    members = [row for row in table.rows if number(row, "state") != PROVISIONED and str(row.get("member")) not in gone]
    if len(members) + len(gone) < 2:
        return not_applicable("one-member")
    failures = []
    for row in members:
        state = int(number(row, "state") or 0)
        if state != READY:
            facts = (Fact(f"member {row.get('member')} state", STATES.get(state, "unknown"), None, table.observed_ns),)
            failures.append(Failure(f"member {row.get('member')}", Severity.HIGH, facts, ("show switch detail",)))
    for member, history in sorted(gone.items()):
        facts = (Fact(f"member {member}", "gone", None, history.last_ns),)
        failures.append(
            Failure(f"member {member}", Severity.HIGH, facts, ("show switch detail", f"show logging | include Switch {member}"))
        )
    if any(number(row, "ring_redundant") == OPEN_RING for row in members):
        down = [str(row.get("name") or row.get("ifIndex")) for row in device.table("stack_port").rows if number(row, "state") == 2]
        ring = [
            Fact("stack ring", "open", None, table.observed_ns),
            *(Fact("stack port down", name, None, table.observed_ns) for name in down),
        ]
        failures.append(Failure("stack ring", Severity.MEDIUM, tuple(ring), ("show switch stack-ports summary",)))
    return decide(failures, len(members) + len(gone))


RULE = Rule(
    id="core.redundancy.stack",
    title=Text("Stack has lost a member or its ring is open", "Stacken har tappat en medlem eller ringen är öppen"),
    impact=Text(
        "All ports of the member that is away are dead; with the ring open the next cable or member splits the stack in two.",
        "Alla portar på den medlem som är borta är döda; med öppen ring delar nästa kabel eller medlem stacken i två.",
    ),
    recommendation=Text(
        "Reseat or replace the stack cable; a member that does not come back is replaced by one with the same software.",
        "Sätt om eller byt stackkabeln; en medlem som inte kommer tillbaka byts mot en med samma programvara.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=switch,
    tables=(),
    beside=("stack", "stack_port", "component"),
    needs=(Need("stack", ("state",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
    references=("CISCO-STACKWISE-MIB cswRingRedundant",),
)
