"""core.stp.changes: spanning tree learns the network anew far too often, or addresses move to and fro between two ports."""

from zoneinfo import ZoneInfo

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import DAY_NS, Device, Evidence, History, Reason
from natvakt_server.analysis.mac_moves import MNEMONICS, Moves, moves
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
HOUR_NS = DAY_NS // 24
MOST_PER_HOUR, MOST_PER_DAY = 10, 100
MOST_MOVES_PER_DAY = 10


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Without spanning tree's own counters only what the switch complained of can be told."""
    moving = [_moving(each) for each in moves(device, ZoneInfo(evidence.time_zone)).values() if each.most_in_a_day > MOST_MOVES_PER_DAY]
    table = device.table("stp")
    if table.missing is not None:
        return decide(moving, len(moving), undecided=table.missing)
    changes = device.history_by("stp", "topology_changes", WINDOW_DAYS, "vlan")
    failures, judged, short = [], 0, False
    for row in table.rows:
        history = changes.get(str(row.get("vlan")))
        if history is None or history.increase is None:
            short = True
            continue
        failure = _changing(str(row.get("vlan")), history)
        if failure is not None:
            failures.append(failure)
        elif not history.enough:
            short = True
            continue
        judged += 1
    return decide([*failures, *moving], judged + len(moving), undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _changing(vlan: str, history: History) -> Failure | None:
    hours = max((history.last_ns - history.first_ns) / HOUR_NS, 1.0)
    increase, worst_day = history.increase or 0.0, max(history.daily_increase, default=0.0)
    if increase / hours <= MOST_PER_HOUR and worst_day <= MOST_PER_DAY:
        return None
    name = f"VLAN {vlan}"
    facts = (
        Fact(f"{name} topology changes", round(increase), "changes/7 d", history.last_ns),
        Fact(f"{name} on the worst day", round(worst_day), "changes/d", history.last_ns),
        Fact("limit", MOST_PER_DAY, "changes/d", None),
    )
    commands = (
        f"show spanning-tree vlan {vlan} detail | include from|occurr",
        "interface <port named there>",
        " spanning-tree portfast",
    )
    return Failure(name, Severity.MEDIUM, facts, commands)


def _moving(found: Moves) -> Failure:
    one, other = found.ports
    name = f"{one} - {other}"
    facts = (
        Fact(f"{name} addresses moved on the worst day", found.most_in_a_day, "moves/d", found.at_ns),
        Fact(f"{name} VLAN {found.vlan} newest address", found.mac, None, found.at_ns),
        Fact("limit", MOST_MOVES_PER_DAY, "moves/d", None),
    )
    commands = (
        f"show mac address-table address {found.mac}",
        f"show spanning-tree interface {one}",
        f"show spanning-tree interface {other}",
    )
    return Failure(name, Severity.MEDIUM, facts, commands)


RULE = Rule(
    id="core.stp.changes",
    title=Text("Spanning tree changes too often", "Spanning tree ändras för ofta"),
    impact=Text(
        "With every change switches forget where everybody is and flood all traffic to all ports: slow for all, at times a loop. "
        "Addresses that move to and fro between two ports are the sign of one.",
        "Vid varje ändring glömmer switcharna var alla finns och skickar all trafik till alla portar: långsamt för alla, ibland en slinga. "
        "Adresser som flyttar fram och tillbaka mellan två portar är tecknet på en.",
    ),
    recommendation=Text(
        "Find the port the changes come from; make host ports edge ports, mend the link that goes up and down, and open the loop.",
        "Hitta porten som ändringarna kommer från; gör datorportar till kantportar, laga länken som går upp och ner och bryt slingan.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=(),
    beside=("stp",),
    listens=MNEMONICS,
    needs=(Need("stp", ("topology_changes",), WINDOW_DAYS, hourly=True),),
    judge=judge,
    effort_minutes=45,
    references=("BRIDGE-MIB dot1dStpTopChanges", "SW_MATM-4-MACFLAP_NOTIF"),
)
