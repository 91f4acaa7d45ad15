"""core.interface.utilisation: the 95th percentile of traffic against the speed of the port."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, History, Reason
from natvakt_server.analysis.interfaces import by_index, label, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MEDIUM_SHARE, HIGH_SHARE = 0.70, 0.85
OCTETS = ("ifHCInOctets", "ifHCOutOctets")


def judge(device: Device, evidence: Evidence) -> Judgement:
    histories = {name: device.history_by("interface", name, WINDOW_DAYS, "ifIndex") for name in OCTETS}
    failures, judged, short = [], 0, False
    for index, row in by_index(device).items():
        speed = number(row, "ifHighSpeed")
        found = [(name, h) for name in OCTETS if (h := histories[name].get(str(index))) is not None and h.rate_p95 is not None]
        if not speed or not found:
            continue
        name, busiest = max(found, key=lambda item: item[1].rate_p95 or 0.0)
        share = (busiest.rate_p95 or 0.0) * 8 / (speed * 1e6)
        if share > MEDIUM_SHARE:
            failures.append(_failure(label(row), name, busiest, share, speed))
        elif not busiest.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _failure(name: str, field: str, history: History, share: float, speed: float) -> Failure:
    return Failure(
        name,
        Severity.HIGH if share > HIGH_SHARE else Severity.MEDIUM,
        (
            Fact(f"{name} {field} p95", round((history.rate_p95 or 0.0) * 8 / 1e6, 1), "Mbit/s", history.last_ns),
            Fact(f"{name} speed", speed, "Mbit/s", None),
            Fact(f"{name} utilisation p95", round(share * 100, 1), "%", history.last_ns),
        ),
        (f"show interfaces {name}",),
    )


RULE = Rule(
    id="core.interface.utilisation",
    title=Text("Interface is close to its capacity", "Gränssnitt nära sin kapacitet"),
    impact=Text(
        "A link this full has no room for a busy day: everything over it becomes slow at the same time.",
        "En så full länk saknar utrymme för en intensiv dag: allt över den blir långsamt samtidigt.",
    ),
    recommendation=Text(
        "Find the top talkers, then bundle a second link, raise the speed, or shape and prioritise.",
        "Hitta de största användarna; lägg sedan till en länk i bunt, höj hastigheten eller forma och prioritera.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM, Severity.LOW),
    applies_to=network_device,
    tables=("interface",),
    needs=(Need("interface", OCTETS, WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    change=Change.INTERRUPTION,
    references=("IF-MIB",),
)
