"""core.interface.flaps: a port that goes up and down."""

from natvakt_server.analysis.applicability import firewall, network_device, router
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import by_index, is_uplink, label, neighbour_at
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
IMPORTANT_CHANGES, HOST_CHANGES = 5, 50


def judge(device: Device, evidence: Evidence) -> Judgement:
    """More changes than an uplink, access point, server or WAN port may have; a host port may follow office hours."""
    states = device.history_by("interface", "ifOperStatus", WINDOW_DAYS, "ifIndex")
    failures, judged, short = [], 0, False
    routes = router(device) or firewall(device)  # every port of theirs leads to a network, not to a host
    for index, row in by_index(device).items():
        history = states.get(str(index))
        if history is None:
            continue
        important = is_uplink(device, row, evidence) or neighbour_at(device, row) is not None or routes
        limit = IMPORTANT_CHANGES if important else HOST_CHANGES
        if history.changes > limit:
            name = label(row)
            facts = (
                Fact(f"{name} state changes", history.changes, "changes/7 d", history.last_ns),
                Fact(f"{name} limit", limit, "changes/7 d", None),
            )
            failures.append(Failure(name, Severity.MEDIUM, facts, (f"show interfaces {name}", f"show logging | include {name}")))
        elif not history.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


RULE = Rule(
    id="core.interface.flaps",
    title=Text("Interface goes up and down", "Gränssnitt går upp och ner"),
    impact=Text(
        "Everything behind the port is cut off again and again, and the whole network relearns its paths each time.",
        "Allt bakom porten kopplas bort gång på gång, och hela nätet lär om sina vägar varje gång.",
    ),
    recommendation=Text(
        "Change the cable first, then look at the peer, its power and its PoE; the log says at what times it happens.",
        "Byt kabel först, titta sedan på motparten, dess ström och PoE; loggen visar när det händer.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=network_device,
    tables=("interface",),
    beside=("neighbour",),
    needs=(Need("interface", ("ifOperStatus",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=45,
    change=Change.ON_SITE,
    references=("IF-MIB ifLastChange",),
)
