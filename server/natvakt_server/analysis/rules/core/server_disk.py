"""core.server.disk: a volume is over 90 %, or full within 30 days."""

from natvakt_server.analysis.applicability import server
from natvakt_server.analysis.evidence import Device, Evidence, History, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
FULL_SHARE = 0.90
HORIZON_DAYS = 30.0
STEADY_R_SQUARED = 0.8
# File systems that are no volumes: memory, pseudo and read-only images.
NOT_VOLUMES = ("tmpfs", "devtmpfs", "squashfs", "overlay", "ramdisk", "memory", "cached", "buffers", "swap", "compactdisc")


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("storage")
    used_by = device.history_by("storage", "used_bytes", WINDOW_DAYS, "index")
    failures, judged, short = [], 0, False
    for row in table.rows:
        used, total = number(row, "used_bytes"), number(row, "total_bytes")
        name = str(row.get("name") or row.get("index"))
        words = f"{name} {row.get('fs_type') or ''}".casefold()
        if not total or used is None or any(word in words for word in NOT_VOLUMES):
            continue
        judged += 1
        history = used_by.get(str(row.get("index")))
        days = days_to_full(history, total)
        if used / total > FULL_SHARE or (days is not None and days <= HORIZON_DAYS):
            failures.append(_failure(name, used / total, days, table.observed_ns))
        short = short or history is None or not history.enough
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short else None)


def days_to_full(used: History | None, total: float) -> float | None:
    """Days until the volume is full at the present, steady growth."""
    if used is None or used.growth_per_day is None or used.growth_per_day <= 0 or (used.r_squared or 0.0) <= STEADY_R_SQUARED:
        return None
    return None if used.last is None else max(0.0, (total - used.last) / used.growth_per_day)


def _failure(name: str, share: float, days: float | None, at_ns: int) -> Failure:
    facts = [Fact(f"{name} used", round(share * 100, 1), "%", at_ns)]
    if days is not None:
        facts.append(Fact(f"{name} full in", round(days), "d", at_ns))
    return Failure(name, Severity.HIGH, tuple(facts))


RULE = Rule(
    id="core.server.disk",
    title=Text("Volume is full or will soon be", "Volymen är full eller snart full"),
    impact=Text(
        "A server whose volume is full stops writing: databases, mail and logs fail at once.",
        "En server med full volym slutar skriva: databaser, e-post och loggar slutar fungera samtidigt.",
    ),
    recommendation=Text(
        "Find what grows, clean or rotate it, and extend the volume before the date named.",
        "Hitta det som växer, rensa eller rotera det, och utöka volymen före det angivna datumet.",
    ),
    severities=(Severity.HIGH,),
    applies_to=server,
    tables=("storage",),
    needs=(Need("storage", ("used_bytes", "total_bytes"), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=30,
    references=("HOST-RESOURCES-MIB",),
)
