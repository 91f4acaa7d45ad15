"""core.cpu.load: the processor is busy in work hours."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MEDIUM_SHARE, HIGH_SHARE = 0.75, 0.90


def judge(device: Device, evidence: Evidence) -> Judgement:
    """The 95th percentile of five-minute averages in work hours: one busy sample is no finding."""
    names = {str(row.get("index")): str(row.get("name") or row.get("index")) for row in device.table("cpu").rows}
    failures, judged, short = [], 0, False
    for history in device.history("cpu", "used_ratio", WINDOW_DAYS):
        busy = history.work_hours_p95
        name = names.get(history.key.get("index", ""), history.key.get("index", ""))
        if busy is not None and busy > MEDIUM_SHARE:
            facts = (
                Fact(f"{name} p95 in work hours", round(busy * 100), "%", history.last_ns),
                Fact(f"{name} mean", round((history.mean or 0.0) * 100), "%", history.last_ns),
            )
            severity = Severity.HIGH if busy > HIGH_SHARE else Severity.MEDIUM
            failures.append(Failure(name, severity, facts, ("show processes cpu sorted 5min",)))
        elif not history.enough:
            short = True
            continue
        judged += 1
    if not judged:
        short = True
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


RULE = Rule(
    id="core.cpu.load",
    title=Text("Processor is overloaded in work hours", "Processorn är överbelastad på arbetstid"),
    impact=Text(
        "Management, routing and calls slow down when users need them most, and a broadcast storm has nothing left to hit.",
        "Hantering, routning och samtal saktar in när användarna behöver dem mest, och marginalen för störningar är borta.",
    ),
    recommendation=Text(
        "Find the process on top in work hours, remove its cause, or replace the device by a larger one.",
        "Hitta processen som ligger överst på arbetstid, åtgärda orsaken, eller byt till en större enhet.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=any_device,
    tables=("cpu",),
    needs=(Need("cpu", ("used_ratio",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    references=("CISCO-PROCESS-MIB",),
)
