"""voice.quality.mos: more than one probe of a hundred scores a call below 4.0. A timed-out probe has no score."""

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.probes import judge_voice_probes, probe_name
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MEDIUM_SCORE, HIGH_SCORE = 4.0, 3.6
FIELDS = ("mos",)


def judge(device: Device, evidence: Evidence) -> Judgement:
    return judge_voice_probes(device, _judge_probe)


def _judge_probe(device: Device, row: Row) -> tuple[Failure | None, bool]:
    """The first percentile is below the limit exactly when more than one probe of a hundred is."""
    history = next(iter(device.history("ipsla", "mos", WINDOW_DAYS, index=str(row.get("index")))), None)
    if history is None or history.p01 is None:
        return None, False
    if history.p01 >= MEDIUM_SCORE:
        return None, history.enough
    name = probe_name(row)
    facts = (
        Fact(f"{name} MOS, first percentile", round(history.p01, 2), None, history.last_ns),
        Fact(f"{name} MOS, mean", round(history.mean or 0.0, 2), None, history.last_ns),
    )
    severity = Severity.HIGH if history.p01 < HIGH_SCORE else Severity.MEDIUM
    return Failure(name, severity, facts, (f"show ip sla statistics {row.get('index')}",)), True


RULE = Rule(
    id="voice.quality.mos",
    title=Text("Call quality is poor", "Samtalskvaliteten är dålig"),
    impact=Text(
        "Users hear gaps and metal voices between the sites named.",
        "Användarna hör hack och metalliska röster mellan platserna.",
    ),
    recommendation=Text(
        "Follow loss and jitter along the path and mend the worst part.",
        "Följ förlust och jitter längs vägen och åtgärda den sämsta delen.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=router,
    tables=("ipsla",),
    needs=(Need("ipsla", FIELDS, WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    change=Change.INTERRUPTION,
    references=("ITU-T G.107",),
)
