"""voice.quality.delay: the 95th percentile of the one-way delay is above 150 ms; half the round trip where clocks differ."""

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import Device, Evidence, History, Row
from natvakt_server.analysis.probes import judge_voice_probes, probe_name
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MEDIUM_MS, HIGH_MS = 150.0, 250.0
ONE_WAY = ("one_way_source_destination_ms", "one_way_destination_source_ms")
FIELDS = (*ONE_WAY, "rtt_ms")


def judge(device: Device, evidence: Evidence) -> Judgement:
    return judge_voice_probes(device, _judge_probe)


def _judge_probe(device: Device, row: Row) -> tuple[Failure | None, bool]:
    measured = one_way(device, str(row.get("index")))
    if measured is None:
        return None, False
    delay_ms, how, history = measured
    if delay_ms <= MEDIUM_MS:
        return None, history.enough
    name = probe_name(row)
    severity = Severity.HIGH if delay_ms > HIGH_MS else Severity.MEDIUM
    facts = (Fact(f"{name} delay p95 ({how})", round(delay_ms, 1), "ms", history.last_ns),)
    return Failure(name, severity, facts, (f"show ip sla statistics {row.get('index')}",)), True


def one_way(device: Device, index: str) -> tuple[float, str, History] | None:
    """Milliseconds one way. Unsynchronised clocks give 0 or nothing, then half the round trip stands for it."""
    found = [h for field in ONE_WAY for h in device.history("ipsla", field, WINDOW_DAYS, index=index) if h.p95]
    if found:
        worst = max(found, key=lambda h: h.p95 or 0.0)
        return worst.p95 or 0.0, "one way", worst
    rtt = next(iter(device.history("ipsla", "rtt_ms", WINDOW_DAYS, index=index)), None)
    return None if rtt is None or rtt.p95 is None else (rtt.p95 / 2, "RTT/2", rtt)


RULE = Rule(
    id="voice.quality.delay",
    title=Text("Delay too long for calls", "För lång fördröjning för samtal"),
    impact=Text(
        "People talk at the same time and give up.",
        "Folk talar samtidigt och ger upp.",
    ),
    recommendation=Text("Find the segment that adds the delay and shorten the path.", "Hitta delen som ger fördröjningen och korta vägen."),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=router,
    tables=("ipsla",),
    needs=(Need("ipsla", FIELDS, WINDOW_DAYS),),
    judge=judge,
    effort_minutes=45,
    change=Change.INTERRUPTION,
    references=("ITU-T G.114",),
)
