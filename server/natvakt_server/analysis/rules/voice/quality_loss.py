"""voice.quality.loss: more than half a percent of the packets of voice probes is lost."""

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.probes import judge_voice_probes, loss_share, probe_name
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MEDIUM_SHARE, HIGH_SHARE = 0.005, 0.01
FIELDS = ("packets_lost_source_destination", "packets_lost_destination_source", "packets_sent")


def judge(device: Device, evidence: Evidence) -> Judgement:
    return judge_voice_probes(device, _judge_probe)


def _judge_probe(device: Device, row: Row) -> tuple[Failure | None, bool]:
    index = str(row.get("index"))
    series = {field: next(iter(device.history("ipsla", field, WINDOW_DAYS, index=index)), None) for field in FIELDS}
    share, sent = loss_share(series), series["packets_sent"]
    if share is None or sent is None:
        return None, False
    if share <= MEDIUM_SHARE:
        return None, sent.enough
    name = probe_name(row)
    severity = Severity.HIGH if share > HIGH_SHARE else Severity.MEDIUM
    facts = (Fact(f"{name} loss", round(share * 100, 2), "%", sent.last_ns),)
    return Failure(name, severity, facts, (f"show ip sla statistics {index}",)), True


RULE = Rule(
    id="voice.quality.loss",
    title=Text("Packet loss in calls", "Paketförlust i samtal"),
    impact=Text(
        "Every lost packet is a gap in a call; fax and alarms fail altogether.",
        "Varje tappat paket är ett hål i ett samtal; fax och larm slutar fungera.",
    ),
    recommendation=Text(
        "Put calls in a priority class and open a ticket for the circuit.",
        "Lägg samtalen i en prioriterad klass och öppna ett ärende för förbindelsen.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=router,
    tables=("ipsla",),
    needs=(Need("ipsla", FIELDS, WINDOW_DAYS),),
    judge=judge,
    effort_minutes=45,
    change=Change.INTERRUPTION,
    references=("RFC 7680",),
)
