"""core.link.duplex: the two ends of a link disagree about duplex, or run half duplex at 100 Mbit/s and above."""

from collections.abc import Mapping
from types import MappingProxyType

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import Link, by_index, is_up, label, links, number, short
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Scope, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
HALF, FULL = 2, 3  # EtherLike-MIB dot3StatsDuplexStatus
WORDS = {HALF: "half", FULL: "full"}
SLOWEST_FULL_MBITS = 100
PORT_SPEEDS: Mapping[str, float] = MappingProxyType({"fa": 100.0, "gi": 1000.0})  # faster ones take slower optics on purpose


def duplex(device: Device, row: Row) -> str | None:
    """`half` or `full` as the port itself says; None where it does not."""
    for port in device.table("port").rows:
        if str(port.get("ifIndex")) == str(row.get("ifIndex")):
            return WORDS.get(int(number(port, "dot3StatsDuplexStatus") or 0))
    return None


def judge(device: Device, evidence: Evidence) -> Judgement:
    late = device.history_by("port", "dot3StatsLateCollisions", WINDOW_DAYS, "ifIndex")
    failures, judged, linked = [], 0, set()
    for link in links(device, evidence):
        linked.add(str(link.near_row.get("ifIndex")))
        near = duplex(device, link.near_row)
        far = duplex(link.far, link.far_row) if link.far_row is not None else None
        far = far or str(link.neighbour.get("remote_duplex") or "") or None
        if not is_up(link.near_row):
            continue
        told = _collides(device, link) if near is None or far is None else None
        told = told or _slow(device, link)
        judged += told is not None or (near is not None and far is not None)
        if near is None or far is None or near == far:
            failures += [told] if told is not None else []
        else:
            history = late.get(str(link.near_row.get("ifIndex")))
            failures.append(_mismatch(device, link, near, far, history.increase if history else None))
    for index, row in by_index(device).items():
        own = duplex(device, row)
        if str(index) in linked or own is None or not is_up(row):
            continue
        judged += 1
        if own == "half" and (number(row, "ifHighSpeed") or 0) >= SLOWEST_FULL_MBITS:
            name = label(row)
            facts = (Fact(f"{name} duplex", "half", None, device.table("port").observed_ns),)
            failures.append(Failure(name, Severity.HIGH, facts, _automatic(name)))
    return decide(failures, judged)


def _collides(device: Device, link: Link) -> Failure | None:
    """Where an end does not tell its duplex: late collisions at this end and damaged frames at the other say the same."""
    if link.far_row is None:
        return None
    late = device.history_by("port", "dot3StatsLateCollisions", WINDOW_DAYS, "ifIndex").get(str(link.near_row.get("ifIndex")))
    damaged = link.far.history_by("port", "dot3StatsFCSErrors", WINDOW_DAYS, "ifIndex").get(str(link.far_row.get("ifIndex")))
    if late is None or damaged is None or not late.increase or not damaged.increase:
        return None
    here, there = label(link.near_row), label(link.far_row)
    facts = (
        Fact(f"{device.name} {device.address} {here} dot3StatsLateCollisions", round(late.increase), "frames/7 d", late.last_ns),
        Fact(f"{link.far.name} {link.far.address} {there} dot3StatsFCSErrors", round(damaged.increase), "frames/7 d", damaged.last_ns),
    )
    return Failure(here, Severity.HIGH, facts, _automatic(here), link.far.id, there)


def _slow(device: Device, link: Link) -> Failure | None:
    """Both ports can do more, by their names, than the link runs at."""
    if link.far_row is None:
        return None
    here, there = label(link.near_row), label(link.far_row)
    speed, most = number(link.near_row, "ifHighSpeed"), min(fastest(here), fastest(there))
    if not speed or speed >= most:
        return None
    facts = (
        Fact(f"{device.name} {device.address} {here} speed", speed, "Mbit/s", device.table("interface").observed_ns),
        Fact(f"{link.far.name} {link.far.address} {there} at most", most, "Mbit/s", None),
    )
    return Failure(here, Severity.MEDIUM, facts, _automatic(here), link.far.id, there, mends_here=device.id < link.far.id)


def fastest(name: str) -> float:
    """Mbit/s that a port of that name can do; 0 where the name does not tell, as of modular and multigigabit ports."""
    return next((speed for start, speed in PORT_SPEEDS.items() if short(name).startswith(start)), 0.0)


def _automatic(name: str) -> tuple[str, ...]:
    return (f"interface {name}", " duplex auto", " speed auto")


def _mismatch(device: Device, link: Link, near: str, far: str, late_collisions: float | None) -> Failure:
    at_ns = device.table("port").observed_ns
    here, there = label(link.near_row), label(link.far_row) if link.far_row is not None else str(link.neighbour.get("remote_port"))
    facts = [
        Fact(f"{device.name} {device.address} {here} duplex", near, None, at_ns),
        Fact(f"{link.far.name} {link.far.address} {there} duplex", far, None, link.far.table("port").observed_ns or at_ns),
    ]
    if late_collisions is not None:
        facts.append(Fact(f"{device.name} {here} dot3StatsLateCollisions", round(late_collisions), "frames/7 d", at_ns))
    return Failure(here, Severity.HIGH, tuple(facts), _automatic(here), link.far.id, there, mends_here=near == "half")


RULE = Rule(
    id="core.link.duplex",
    title=Text("Duplex differs between the two ends of a link", "Duplex skiljer mellan länkens två ändar"),
    impact=Text(
        "The link works when idle and collapses under load: late collisions on one side, damaged frames on the other.",
        "Länken fungerar i vila och faller ihop under last: sena kollisioner på ena sidan, skadade ramar på den andra.",
    ),
    recommendation=Text(
        "Set both ends to automatic duplex and speed; one end fixed and the other automatic is the usual cause.",
        "Sätt automatisk duplex och hastighet i båda ändar; ena änden fast och den andra automatisk är vanligaste orsaken.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=network_device,
    tables=("interface", "port"),
    beside=("neighbour",),
    needs=(Need("port", ("dot3StatsLateCollisions", "dot3StatsFCSErrors"), WINDOW_DAYS, hourly=True),),
    judge=judge,
    effort_minutes=10,
    change=Change.INTERRUPTION,
    references=("EtherLike-MIB", "CISCO-CDP-MIB cdpCacheDuplex"),
    scope=Scope.LINK,
)
