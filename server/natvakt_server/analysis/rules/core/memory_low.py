"""core.memory.low: a memory pool is nearly full."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

MEDIUM_SHARE, HIGH_SHARE = 0.85, 0.95
# Pools that are full by design: swap and page caches of servers, and IOS pools that hold a fixed reservation.
FIXED_POOLS = ("lsmpi_io", "driver text", "cached", "buffers", "shared", "swap", "reserve")


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("memory")
    failures, judged = [], 0
    for row in table.rows:
        used, total = number(row, "used_bytes"), number(row, "total_bytes")
        name = str(row.get("name") or row.get("index"))
        if not total or used is None or any(word in name.casefold() for word in FIXED_POOLS):
            continue
        judged += 1
        share = used / total
        if share > MEDIUM_SHARE:
            facts = (
                Fact(f"{name} used", round(share * 100, 1), "%", table.observed_ns),
                Fact(f"{name} total", round(total / 2**20), "MiB", table.observed_ns),
            )
            severity = Severity.HIGH if share > HIGH_SHARE else Severity.MEDIUM
            failures.append(Failure(name, severity, facts, ("show processes memory sorted",)))
    return decide(failures, judged)


RULE = Rule(
    id="core.memory.low",
    title=Text("Memory is nearly full", "Minnet är nästan fullt"),
    impact=Text(
        "A device short of memory refuses new sessions and may restart.",
        "En enhet med ont om minne vägrar nya sessioner och kan starta om.",
    ),
    recommendation=Text(
        "Find what holds the memory; restart in a window if it leaks, enlarge or replace if it is needed.",
        "Ta reda på vad som håller minnet; starta om i ett fönster om det läcker, utöka eller byt om det behövs.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=any_device,
    tables=("memory",),
    judge=judge,
    effort_minutes=60,
    change=Change.RESTART,
    references=("CISCO-MEMORY-POOL-MIB", "CISCO-ENHANCED-MEMPOOL-MIB"),
)
