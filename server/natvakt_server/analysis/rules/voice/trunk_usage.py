"""voice.trunk.usage: the channels to the public network are nearly all busy, or were all busy once."""

from natvakt_server.analysis.applicability import gateway
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
MOST_SHARE = 0.80
KINDS = ("isdn-channels-busy", "ds1-channels-busy")


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "voice", "controller [TE]1|isdn switch-type")
    if absent is not None:
        return absent
    failures, judged, short = [], 0, False
    for row in device.table("voice").rows:
        limit = number(row, "limit")
        if row.get("kind") not in KINDS or not limit:
            continue
        history = next(iter(device.history("voice", "value", WINDOW_DAYS, kind=str(row["kind"]), index=str(row.get("index")))), None)
        if history is not None and history.p95 is not None and (history.p95 > MOST_SHARE * limit or (history.maximum or 0) >= limit):
            name = str(row.get("name") or row["kind"])
            facts = (
                Fact(f"{name} p95", round(history.p95, 1), "channels", history.last_ns),
                Fact(f"{name} at most", round(history.maximum or 0), "channels", history.last_ns),
                Fact(f"{name} there are", round(limit), "channels", device.table("voice").observed_ns),
            )
            failures.append(Failure(name, Severity.MEDIUM, facts, ("show isdn service", "show call history voice brief")))
        elif history is None or not history.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


RULE = Rule(
    id="voice.trunk.usage",
    title=Text(
        "Channels to the public network run out",
        "Kanalerna till det allmänna nätet tar slut",
    ),
    impact=Text(
        "Customers hear a busy tone at the hours when most of them call.",
        "Kunder hör upptagetton de timmar då flest ringer.",
    ),
    recommendation=Text(
        "Order channels for the busiest hour, or let calls overflow to a SIP trunk.",
        "Beställ kanaler för den mest belastade timmen, eller låt samtal svämma över till en SIP-trunk.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=gateway,
    tables=(),
    beside=("voice", "configuration"),
    needs=(Need("voice", ("value",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    references=("CISCO-POP-MGMT-MIB", "ISDN-MIB"),
)
