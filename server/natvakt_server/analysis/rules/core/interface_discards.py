"""core.interface.discards: packets thrown away on the way out because a queue was full."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import by_index, label
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MINIMUM_PACKETS_PER_SECOND = 1.0
MEDIUM_RATIO, HIGH_RATIO = 1e-3, 1e-2
SENT = ("ifHCOutUcastPkts", "ifHCOutMulticastPkts", "ifHCOutBroadcastPkts")


def judge(device: Device, evidence: Evidence) -> Judgement:
    """The busiest hour is where discards peak: the highest discard rate against the highest packet rate."""
    discards = device.history_by("interface", "ifOutDiscards", WINDOW_DAYS, "ifIndex")
    sent = [device.history_by("interface", name, WINDOW_DAYS, "ifIndex") for name in SENT]
    failures, judged, short = [], 0, False
    for index, row in by_index(device).items():
        history = discards.get(str(index))
        if history is None or history.rate_max is None:
            continue
        packets = sum(h.rate_max or 0.0 for table in sent if (h := table.get(str(index))) is not None)
        ratio = history.rate_max / (packets + history.rate_max) if packets >= MINIMUM_PACKETS_PER_SECOND else 0.0
        if ratio > MEDIUM_RATIO:
            failures.append(_failure(label(row), ratio, history.increase or 0.0, history.last_ns))
        elif not history.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _failure(name: str, ratio: float, increase: float, at_ns: int) -> Failure:
    return Failure(
        name,
        Severity.HIGH if ratio > HIGH_RATIO else Severity.MEDIUM,
        (
            Fact(f"{name} discarded in the busy hour", round(ratio * 100, 3), "%", at_ns),
            Fact(f"{name} ifOutDiscards", round(increase), "packets/7 d", at_ns),
        ),
        (f"show interfaces {name} | include drops", f"show policy-map interface {name}"),
    )


RULE = Rule(
    id="core.interface.discards",
    title=Text("Interface discards packets in the busy hour", "Gränssnitt kastar paket under högtrafik"),
    impact=Text(
        "When it is busiest, users wait and calls break because the port cannot send all it is given.",
        "När det är som mest att göra väntar användarna och samtal bryts, för porten hinner inte sända allt.",
    ),
    recommendation=Text(
        "Enlarge the queue buffers or give the link more speed; on a WAN port, shape to the bought rate and set priorities.",
        "Öka köbuffertarna eller länkens hastighet; på en WAN-port: forma till köpt hastighet och prioritera.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=network_device,
    tables=("interface",),
    needs=(Need("interface", ("ifOutDiscards", *SENT), WINDOW_DAYS, hourly=True),),
    judge=judge,
    effort_minutes=60,
    change=Change.INTERRUPTION,
    references=("IF-MIB",),
)
