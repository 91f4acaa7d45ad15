"""voice.quality.jitter: the 95th percentile of jitter is above 30 ms."""

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.probes import judge_voice_probes, probe_name
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
LIMIT_MS = 30.0
FIELDS = ("jitter_source_destination_ms", "jitter_destination_source_ms")


def judge(device: Device, evidence: Evidence) -> Judgement:
    return judge_voice_probes(device, _judge_probe)


def _judge_probe(device: Device, row: Row) -> tuple[Failure | None, bool]:
    index = str(row.get("index"))
    found = [h for field in FIELDS for h in device.history("ipsla", field, WINDOW_DAYS, index=index) if h.p95 is not None]
    if not found:
        return None, False
    worst = max(found, key=lambda h: h.p95 or 0.0)
    if (worst.p95 or 0.0) <= LIMIT_MS:
        return None, worst.enough
    name = probe_name(row)
    facts = (Fact(f"{name} jitter p95", round(worst.p95 or 0.0, 1), "ms", worst.last_ns),)
    return Failure(name, Severity.MEDIUM, facts, (f"show ip sla statistics {index}",)), True


RULE = Rule(
    id="voice.quality.jitter",
    title=Text("Jitter too high for calls", "För hög jitter för samtal"),
    impact=Text(
        "Packets that arrive unevenly are dropped by the phone: words go missing.",
        "Paket som kommer ojämnt kastas av telefonen: ord försvinner.",
    ),
    recommendation=Text(
        "Give calls a priority queue and shape the WAN port to the bought rate.",
        "Ge samtalen en prioriterad kö och forma WAN-porten till köpt hastighet.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=router,
    tables=("ipsla",),
    needs=(Need("ipsla", FIELDS, WINDOW_DAYS),),
    judge=judge,
    effort_minutes=45,
    change=Change.INTERRUPTION,
    references=("RFC 3550",),
)
