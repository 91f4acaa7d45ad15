"""core.interface.errors: frames that arrive broken, against the packets of the same direction."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, History, Reason
from natvakt_server.analysis.interfaces import by_index, label
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MINIMUM_PACKETS = 100_000
MEDIUM_RATIO, HIGH_RATIO = 1e-4, 1e-3
FCS_RATIO, FCS_DAYS = 1e-6, 3
DIRECTIONS = {"in": "ifInErrors", "out": "ifOutErrors"}
PACKETS = {
    "in": ("ifHCInUcastPkts", "ifHCInMulticastPkts", "ifHCInBroadcastPkts"),
    "out": ("ifHCOutUcastPkts", "ifHCOutMulticastPkts", "ifHCOutBroadcastPkts"),
}


class Counters:
    """The increases of one device's interfaces over the window, by ifIndex."""

    def __init__(self, device: Device) -> None:
        names = {*DIRECTIONS.values(), *PACKETS["in"], *PACKETS["out"]}
        self.by_field = {name: device.history_by("interface", name, WINDOW_DAYS, "ifIndex") for name in names}
        self.fcs = device.history_by("port", "dot3StatsFCSErrors", WINDOW_DAYS, "ifIndex")

    def packets(self, direction: str, index: str) -> float:
        found = (self.by_field[name].get(index) for name in PACKETS[direction])
        return sum(h.increase or 0.0 for h in found if h is not None)

    def packets_by_day(self, index: str) -> list[float]:
        days = [h.daily_increase for name in PACKETS["in"] if (h := self.by_field[name].get(index)) is not None]
        return [sum(values) for values in zip(*days, strict=False)]


def judge(device: Device, evidence: Evidence) -> Judgement:
    counters, failures, judged, short = Counters(device), [], 0, False
    for index, row in by_index(device).items():
        errors = counters.by_field["ifInErrors"].get(str(index))
        if errors is None:
            continue
        found = [f for f in (*_ratios(counters, str(index), label(row)), _fcs(counters, str(index), label(row))) if f is not None]
        failures.extend(found[:1])
        if found or errors.enough:
            judged += 1
        else:
            short = True
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _ratios(counters: Counters, index: str, name: str) -> list[Failure | None]:
    found: list[Failure | None] = []
    for direction, field in DIRECTIONS.items():
        errors = counters.by_field[field].get(index)
        packets = counters.packets(direction, index)
        if errors is None or errors.increase is None or packets < MINIMUM_PACKETS:
            continue
        ratio = errors.increase / (packets + errors.increase)
        if ratio > MEDIUM_RATIO:
            severity = Severity.HIGH if ratio > HIGH_RATIO else Severity.MEDIUM
            found.append(_failure(name, severity, field, errors, ratio, packets))
    return found


def _fcs(counters: Counters, index: str, name: str) -> Failure | None:
    """FCS errors in more than one frame of a million, on at least three days of the week."""
    fcs = counters.fcs.get(index)
    packets = counters.packets_by_day(index)
    if fcs is None or fcs.increase is None or sum(packets) < MINIMUM_PACKETS:
        return None
    bad_days = sum(count > FCS_RATIO * frames > 0 for count, frames in zip(fcs.daily_increase, packets, strict=False))
    if bad_days < FCS_DAYS:
        return None
    return _failure(name, Severity.MEDIUM, "dot3StatsFCSErrors", fcs, fcs.increase / sum(packets), sum(packets))


def _failure(name: str, severity: Severity, field: str, errors: History, ratio: float, packets: float) -> Failure:
    return Failure(
        name,
        severity,
        (
            Fact(f"{name} {field}", round(errors.increase or 0.0), "packets/7 d", errors.last_ns),
            Fact(f"{name} packets", round(packets), "packets/7 d", errors.last_ns),
            Fact(f"{name} ratio", round(ratio * 100, 4), "%", errors.last_ns),
        ),
        (f"show interfaces {name} counters errors", f"show interfaces {name} transceiver detail"),
    )


RULE = Rule(
    id="core.interface.errors",
    title=Text("Interface receives damaged frames", "Gränssnitt tar emot skadade ramar"),
    impact=Text(
        "Damaged frames are sent again or lost: slow transfers, broken calls, and a cable or optic that is about to fail.",
        "Skadade ramar sänds om eller försvinner: långsam trafik, brutna samtal och en kabel eller optik på väg att ge upp.",
    ),
    recommendation=Text(
        "Check cable, patch and optic at both ends, clean fibre connectors, replace what is damaged, then watch the counters.",
        "Kontrollera kabel, panel och optik i båda ändar, rengör fiberkontakter, byt det som är skadat och följ räknarna.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=any_device,
    tables=("interface",),
    needs=(
        Need("interface", (*DIRECTIONS.values(), *PACKETS["in"], *PACKETS["out"]), WINDOW_DAYS, hourly=True),
        Need("port", ("dot3StatsFCSErrors",), WINDOW_DAYS, hourly=True),
    ),
    judge=judge,
    effort_minutes=45,
    change=Change.ON_SITE,
    references=("IF-MIB", "EtherLike-MIB"),
)
