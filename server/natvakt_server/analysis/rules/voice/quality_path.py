"""voice.quality.path: how a call between two sites would sound in the worst hour of the week, and where the path loses it."""

from dataclasses import dataclass

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import by_index, is_up, label
from natvakt_server.analysis.probes import judge_voice_probes, probe_name
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text
from natvakt_server.analysis.voice_path import PathScore, path_score
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MEDIUM_R, HIGH_R = 80.0, 70.0
FIELDS = (
    *("packets_sent", "packets_lost_source_destination", "packets_lost_destination_source", "rtt_ms"),
    *("one_way_source_destination_ms", "one_way_destination_source_ms", "jitter_source_destination_ms", "jitter_destination_source_ms"),
)
COUNTERS = ("ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards", "ifHCInUcastPkts", "ifHCOutUcastPkts")


@dataclass(frozen=True, slots=True)
class Measured:
    delay_ms: float
    jitter_ms: float
    loss_ratio: float
    at_ns: int
    enough: bool


def judge(device: Device, evidence: Evidence) -> Judgement:
    owners = evidence.once(addresses_of_devices)

    def judge_probe(near: Device, row: Row) -> tuple[Failure | None, bool]:
        seen = measured(near, row)
        if seen is None:
            return None, False
        score = path_score(seen.delay_ms, seen.jitter_ms, seen.loss_ratio, str(row.get("codec") or ""))
        if score.r >= MEDIUM_R:
            return None, seen.enough
        return _failure(near, owners.get(str(row.get("target"))), row, seen, score), True

    return judge_voice_probes(device, judge_probe)


def addresses_of_devices(evidence: Evidence) -> dict[str, Device]:
    """Devices by every address they have."""
    found = {str(row.get("address")): device for device in evidence.devices for row in device.table("address").rows}
    return found | {device.address: device for device in evidence.devices}


def measured(device: Device, row: Row) -> Measured | None:
    """The worse direction, each part in its worst hour. Without synchronised clocks one way is half of the round trip."""
    index = str(row.get("index"))
    series = {field: next(iter(device.history("ipsla", field, WINDOW_DAYS, index=index)), None) for field in FIELDS}
    one_way = [h.highest_hour for name in FIELDS[4:6] if (h := series[name]) is not None and h.highest_hour is not None]
    jitter = [h.highest_hour for name in FIELDS[6:8] if (h := series[name]) is not None and h.highest_hour is not None]
    lost = [h.highest_hour for name in FIELDS[1:3] if (h := series[name]) is not None and h.highest_hour is not None]
    sent, rtt = series["packets_sent"], series["rtt_ms"]
    delay = (
        max(one_way) if one_way and max(one_way) > 0 else rtt.highest_hour / 2 if rtt is not None and rtt.highest_hour is not None else None
    )
    if delay is None or not jitter or sent is None or not sent.mean:
        return None
    return Measured(delay, max(jitter), sum(lost) / sent.mean, sent.last_ns, sent.enough)


def _failure(device: Device, far: Device | None, row: Row, seen: Measured, score: PathScore) -> Failure:
    name = f"{device.site} - {far.site}" if far is not None and far.site != device.site else probe_name(row)
    facts = [
        Fact(f"{probe_name(row)} R in the worst hour", round(score.r, 1), None, seen.at_ns),
        Fact("MOS by E-model", round(score.mos, 2), None, seen.at_ns),
        Fact("loss", round(seen.loss_ratio * 100, 2), "%", seen.at_ns),
        Fact("jitter", round(seen.jitter_ms, 1), "ms", seen.at_ns),
        Fact("delay one way", round(seen.delay_ms, 1), "ms", seen.at_ns),
        Fact("taken from R by loss", round(score.loss_cost, 1), None, None),
        Fact("taken from R by delay and jitter", round(score.delay_cost, 1), None, None),
    ]
    worst = max((found for end in (device, far) if end is not None and (found := worst_interface(end)) is not None), default=None)
    if worst is not None:
        facts.append(Fact(f"worst segment {worst[1]}", round(worst[0] * 100, 4), "% lost or damaged", seen.at_ns))
    severity = Severity.HIGH if score.r < HIGH_R else Severity.MEDIUM
    return Failure(name, severity, tuple(facts), (f"show ip sla statistics {row.get('index')}", "show policy-map interface"))


def worst_interface(device: Device) -> tuple[float, str] | None:
    """Of its routed interfaces the one that lost or damaged the largest share of packets in the window; None where none did."""
    interfaces = by_index(device)
    routed = {str(row.get("ifIndex")) for row in device.table("address").rows}
    counted = {field: device.history_by("interface", field, WINDOW_DAYS, "ifIndex") for field in COUNTERS}
    found: list[tuple[float, str]] = []
    for index in sorted(routed):
        row = interfaces.get(index)
        grown = {field: (counted[field][index].increase or 0.0) if index in counted[field] else 0.0 for field in COUNTERS}
        packets, bad = sum(grown[field] for field in COUNTERS[4:]), sum(grown[field] for field in COUNTERS[:4])
        if row is not None and is_up(row) and packets > 0 and bad > 0:
            found.append((bad / (packets + bad), f"{device.name} {device.address} {label(row)}"))
    return max(found, default=None)


RULE = Rule(
    id="voice.quality.path",
    title=Text("Calls between two sites sound bad in the worst hour", "Samtal mellan två platser låter illa under den sämsta timmen"),
    impact=Text(
        "When the line is busiest people call each other back on their mobiles, or give up.",
        "När förbindelsen är som mest belastad ringer folk upp varandra på mobilen i stället, eller ger upp.",
    ),
    recommendation=Text(
        "Mend the part that costs most: loss and jitter with a priority queue and a shaper at the bought rate, delay with another path.",
        "Åtgärda den del som kostar mest: förlust och jitter med prioritetskö och shaper på den köpta hastigheten, fördröjning med "
        "en annan väg.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=router,
    tables=("ipsla",),
    beside=("address", "interface"),
    needs=(Need("ipsla", FIELDS, WINDOW_DAYS), Need("interface", COUNTERS, WINDOW_DAYS, hourly=True)),
    judge=judge,
    effort_minutes=60,
    change=Change.INTERRUPTION,
    references=("ITU-T G.107", "ITU-T G.113 Appendix I"),
)
