"""voice.gateway.codec: the gateway is short of transcoding sessions."""

from natvakt_server.analysis.applicability import gateway_or_call_server
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_SHARE = 0.80
KIND = "transcoding-sessions-free"


def judge(device: Device, evidence: Evidence) -> Judgement:
    """What is told is what is free, so that the fifth percentile of it is the 95th of what is used."""
    absent = missing(device, "voice", "dspfarm|transcod")
    if absent is not None:
        return absent
    row = next((row for row in device.table("voice").rows if row.get("kind") == KIND), None)
    limit = number(row, "limit") if row is not None else None
    if row is None or not limit:
        return not_applicable("no-transcoding")
    history = next(iter(device.history("voice", "value", WINDOW_DAYS, kind=KIND)), None)
    if history is None or history.p05 is None:
        return unknown(Reason.SHORT_HISTORY)
    used = 1 - history.p05 / limit
    if used > MOST_SHARE:
        facts = (
            Fact("transcoding sessions used p95", round(used * 100, 1), "%", history.last_ns),
            Fact("transcoding sessions", round(limit), "sessions", device.table("voice").observed_ns),
        )
        return decide(
            [Failure(None, Severity.MEDIUM, facts, ("show dspfarm all", "voice class codec 1", " codec preference 1 g711alaw"))], 1
        )
    return decide([], 1, undecided=None if history.enough else Reason.SHORT_HISTORY)


RULE = Rule(
    id="voice.gateway.codec",
    title=Text(
        "Transcoding sessions run out",
        "Omkodningssessionerna tar slut",
    ),
    impact=Text(
        "Calls between parts that speak different codecs are refused at busy hours.",
        "Samtal mellan delar med olika codec nekas under hektiska timmar.",
    ),
    recommendation=Text(
        "Let regions and dial peers agree on one codec so that less must be transcoded; else add processors.",
        "Låt regioner och dial-peers enas om en codec så att mindre måste kodas om; annars fler processorer.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=gateway_or_call_server,
    tables=(),
    beside=("voice", "configuration"),
    needs=(Need("voice", ("value",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=45,
    references=("CISCO-DSP-MGMT-MIB",),
)
