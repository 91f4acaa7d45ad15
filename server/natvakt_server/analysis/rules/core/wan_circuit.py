"""core.wan.circuit: an IP SLA probe over the circuit loses packets, times out or answers much later than it used to."""

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import Device, Evidence, History, Reason, Row
from natvakt_server.analysis.probes import loss_share, probe_name
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
LOSS_SHARE, TIMEOUT_SHARE, RTT_FACTOR = 0.005, 0.01, 2.0
FIELDS = ("packets_lost_source_destination", "packets_lost_destination_source", "packets_sent", "timeouts", "completions", "rtt_ms")


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("ipsla")
    if not table.rows:
        return not_applicable("no-ip-sla")
    failures, judged, short = [], 0, False
    for row in table.rows:
        index = str(row.get("index"))
        series = {f: next(iter(device.history("ipsla", f, WINDOW_DAYS, index=index)), None) for f in FIELDS}
        failure = _loss(row, series) or _timeouts(row, series) or _slower(row, series)
        if failure is not None:
            failures.append(failure)
        elif not any(h is not None and h.enough for h in series.values()):
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _loss(row: Row, series: dict[str, History | None]) -> Failure | None:
    share = loss_share(series)
    if share is None or share <= LOSS_SHARE:
        return None
    return Failure(
        probe_name(row),
        Severity.HIGH,
        (Fact(f"{probe_name(row)} loss", round(share * 100, 2), "%", _at(series)),),
        ("show ip sla statistics",),
    )


def _timeouts(row: Row, series: dict[str, History | None]) -> Failure | None:
    timeouts, completions = series["timeouts"], series["completions"]
    if timeouts is None or completions is None or not timeouts.increase or not completions.increase:
        return None
    share = timeouts.increase / (timeouts.increase + completions.increase)
    if share <= TIMEOUT_SHARE:
        return None
    facts = (Fact(f"{probe_name(row)} timeouts", round(share * 100, 2), "%", timeouts.last_ns),)
    return Failure(probe_name(row), Severity.MEDIUM, facts, ("show ip sla statistics",))


def _slower(row: Row, series: dict[str, History | None]) -> Failure | None:
    rtt = series["rtt_ms"]
    if rtt is None or not rtt.enough or not rtt.median or rtt.p95 is None or rtt.p95 <= RTT_FACTOR * rtt.median:
        return None
    name = probe_name(row)
    facts = (
        Fact(f"{name} RTT p95", round(rtt.p95, 1), "ms", rtt.last_ns),
        Fact(f"{name} RTT median", round(rtt.median, 1), "ms", rtt.last_ns),
    )
    return Failure(name, Severity.MEDIUM, facts, ("show ip sla statistics",))


def _at(series: dict[str, History | None]) -> int | None:
    return max((h.last_ns for h in series.values() if h is not None), default=None)


RULE = Rule(
    id="core.wan.circuit",
    title=Text("WAN circuit loses packets or answers late", "WAN-förbindelsen tappar paket eller svarar sent"),
    impact=Text(
        "Everything between the sites suffers: calls break, files crawl, remote desktops freeze.",
        "Allt mellan platserna drabbas: samtal bryts, filer kryper och fjärrskrivbord fryser.",
    ),
    recommendation=Text(
        "Open a ticket with the carrier and enclose the measured loss with times.",
        "Öppna ett ärende hos operatören och bifoga uppmätt förlust med tider.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=router,
    tables=("ipsla",),
    needs=(Need("ipsla", FIELDS, WINDOW_DAYS),),
    judge=judge,
    effort_minutes=30,
    references=("CISCO-RTTMON-MIB",),
)
