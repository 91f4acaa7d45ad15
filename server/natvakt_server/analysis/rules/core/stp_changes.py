"""core.stp.changes: spanning tree learns the network anew far too often."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_PER_HOUR, MOST_PER_DAY = 10, 100


def judge(device: Device, evidence: Evidence) -> Judgement:
    changes = device.history_by("stp", "topology_changes", WINDOW_DAYS, "vlan")
    failures, judged, short = [], 0, False
    for row in device.table("stp").rows:
        history = changes.get(str(row.get("vlan")))
        if history is None or history.increase is None:
            short = True
            continue
        hours = max((history.last_ns - history.first_ns) / 3.6e12, 1.0)
        worst_day = max(history.daily_increase, default=0.0)
        if history.increase / hours > MOST_PER_HOUR or worst_day > MOST_PER_DAY:
            name = f"VLAN {row.get('vlan')}"
            facts = (
                Fact(f"{name} topology changes", round(history.increase), "changes/7 d", history.last_ns),
                Fact(f"{name} on the worst day", round(worst_day), "changes/d", history.last_ns),
                Fact("limit", MOST_PER_DAY, "changes/d", None),
            )
            commands = (
                f"show spanning-tree vlan {row.get('vlan')} detail | include from|occurr",
                "interface <port named there>",
                " spanning-tree portfast",
            )
            failures.append(Failure(name, Severity.MEDIUM, facts, commands))
        elif not history.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


RULE = Rule(
    id="core.stp.changes",
    title=Text("Spanning tree changes too often", "Spanning tree ändras för ofta"),
    impact=Text(
        "With every change switches forget where everybody is and flood all traffic to all ports: slow for all, at times a loop.",
        "Vid varje ändring glömmer switcharna var alla finns och skickar all trafik till alla portar: långsamt för alla, ibland en slinga.",
    ),
    recommendation=Text(
        "Find the port the changes come from; make host ports edge ports, and mend the link that goes up and down.",
        "Hitta porten som ändringarna kommer från; gör datorportar till kantportar och laga länken som går upp och ner.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("stp",),
    needs=(Need("stp", ("topology_changes",), WINDOW_DAYS, hourly=True),),
    judge=judge,
    effort_minutes=45,
    references=("BRIDGE-MIB dot1dStpTopChanges",),
)
