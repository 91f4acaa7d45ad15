"""core.memory.leak: a pool that grows steadily and is full within 60 days."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, History, Reason
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
STEADY_R_SQUARED = 0.8
FULL_SHARE = 0.95
HORIZON_DAYS = 60.0


def days_to_full(used: History, total: float) -> float | None:
    """Days until 95 % at the present growth; None where there is no steady growth."""
    if used.growth_per_day is None or used.growth_per_day <= 0 or (used.r_squared or 0.0) <= STEADY_R_SQUARED or used.last is None:
        return None
    return max(0.0, (FULL_SHARE * total - used.last) / used.growth_per_day)


def judge(device: Device, evidence: Evidence) -> Judgement:
    failures, judged, short = [], 0, False
    names = {str(row.get("index")): str(row.get("name") or row.get("index")) for row in device.table("memory").rows}
    for used in device.history("memory", "used_bytes", WINDOW_DAYS):
        index = used.key.get("index", "")
        total = next((h.last for h in device.history("memory", "total_bytes", WINDOW_DAYS, index=index)), None)
        if not total:
            continue
        if not used.enough:
            short = True
            continue
        judged += 1
        days = days_to_full(used, total)
        if days is not None and days <= evidence.policy.get("memory.leak.days", HORIZON_DAYS):
            failures.append(_failure(names.get(index, index), used, total, days))
    if not judged and not short:
        return decide([], 0, undecided=Reason.SHORT_HISTORY)
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _failure(name: str, used: History, total: float, days: float) -> Failure:
    return Failure(
        name,
        Severity.HIGH,
        (
            Fact(f"{name} used", round((used.last or 0.0) / total * 100, 1), "%", used.last_ns),
            Fact(f"{name} growth", round((used.growth_per_day or 0.0) / total * 100, 2), "%/d", used.last_ns),
            Fact(f"{name} r²", round(used.r_squared or 0.0, 2), None, used.last_ns),
            Fact(f"{name} reaches 95 % in", round(days), "d", used.last_ns),
            Fact(
                f"{name} at the earliest, 99 % sure",
                round(days * (used.growth_per_day or 0.0) / (used.growth_high or 1.0)),
                "d",
                used.last_ns,
            ),
        ),
        ("show processes memory sorted", "show memory statistics history"),
    )


RULE = Rule(
    id="core.memory.leak",
    title=Text("Memory grows steadily and will run out", "Minnet växer stadigt och tar slut"),
    impact=Text(
        "A device that runs out of memory drops sessions, refuses logins and finally restarts, usually in working hours.",
        "En enhet utan minne tappar sessioner, vägrar inloggning och startar till slut om, oftast på arbetstid.",
    ),
    recommendation=Text(
        "Match the growth against known defects of the running release and plan an upgrade; a planned restart buys time.",
        "Jämför tillväxten med kända fel i versionen och planera en uppgradering; en planerad omstart ger andrum.",
    ),
    severities=(Severity.HIGH,),
    applies_to=any_device,
    tables=("memory",),
    needs=(Need("memory", ("used_bytes", "total_bytes"), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=90,
    change=Change.RESTART,
)
