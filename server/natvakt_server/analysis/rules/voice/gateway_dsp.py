"""voice.gateway.dsp: the signal processors of a gateway are nearly all in use, or some have failed."""

from natvakt_server.analysis.applicability import gateway
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_SHARE = 0.80
STATES = {3: "critical", 4: "fatal", 5: "offline"}  # CISCO-DSP-MGMT-MIB cdspCardState


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "dsp", "voice-card|voice-port|dspfarm")
    if absent is not None:
        return absent
    limit = evidence.policy.get("gateway.dsp.share", MOST_SHARE)
    histories = device.history_by("dsp", "used_ratio", WINDOW_DAYS, "index")
    failures, judged, short = [], 0, False
    for row in device.table("dsp").rows:
        history = histories.get(str(row.get("index")))
        failure = _failed(device, row)
        if failure is None and history is not None and history.p95 is not None and history.p95 > limit:
            facts = (
                Fact(f"{_name(row)} use p95", round(history.p95 * 100, 1), "%", history.last_ns),
                Fact(f"{_name(row)} use at most", round((history.maximum or 0.0) * 100, 1), "%", history.last_ns),
                Fact("limit", round(limit * 100), "%", None),
            )
            failure = Failure(_name(row), Severity.MEDIUM, facts, ("show voice dsp group all",))
        if failure is not None:
            failures.append(failure)
        elif history is None or not history.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _failed(device: Device, row: Row) -> Failure | None:
    at_ns, failed, state = device.table("dsp").observed_ns, number(row, "processors_failed"), int(number(row, "state") or 0)
    if not failed and state not in STATES:
        return None
    facts = [Fact(f"{_name(row)} state", STATES[state], None, at_ns)] if state in STATES else []
    if failed:
        facts += [Fact(f"{_name(row)} processors failed", int(failed), "processors", at_ns)]
    return Failure(_name(row), Severity.HIGH, tuple(facts), ("show voice dsp detailed", "test voice dsp"))


def _name(row: Row) -> str:
    return str(row.get("name") or f"DSP card {row.get('index')}")


RULE = Rule(
    id="voice.gateway.dsp",
    title=Text("Voice gateway runs out of signal processors", "Röstgatewayens signalprocessorer tar slut"),
    impact=Text(
        "The next call at a busy hour gets a busy tone, or no transcoding and so no sound.",
        "Nästa samtal under en hektisk timme får upptagetton, eller ingen omkodning och alltså inget ljud.",
    ),
    recommendation=Text(
        "Add a PVDM, or use a codec that needs fewer processors; a processor that failed is replaced.",
        "Sätt i en PVDM till eller använd en codec som behöver färre processorer; en trasig processor byts.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=gateway,
    tables=(),
    beside=("dsp", "configuration"),
    needs=(Need("dsp", ("used_ratio",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("CISCO-DSP-MGMT-MIB cdspCardResourceUtilization",),
)
