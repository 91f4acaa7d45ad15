"""core.topology.spof: one box or one cable whose loss cuts off at least two managed devices."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import label
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.analysis.topology import names, topology
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

CUT_OFF = 2


def judge(device: Device, evidence: Evidence) -> Judgement:
    seen = evidence.once(topology)
    if not seen.adjacent[device.id]:
        return not_applicable("no-known-links")
    cut = frozenset().union(*seen.parts_without(device.id)[1:])
    at_ns = device.table("neighbour").observed_ns
    failures = []
    if len(cut) >= CUT_OFF:
        facts = (Fact("devices cut off", len(cut), "devices", at_ns), Fact("cut off", names(evidence, cut), None, at_ns))
        failures.append(Failure(None, Severity.MEDIUM, facts))
    for link in seen.links[device.id]:
        lost = seen.cut_off_without(device.id, link.far.id)
        if len(lost) >= CUT_OFF and device.id not in lost:
            name = label(link.near_row)
            facts = (
                Fact(f"{name} to {link.far.name}", "the only link", None, at_ns),
                Fact("cut off", names(evidence, lost), None, at_ns),
            )
            failures.append(Failure(name, Severity.MEDIUM, facts))
    return decide(failures, 1 + len(seen.links[device.id]))


RULE = Rule(
    id="core.topology.spof",
    title=Text("Single point of failure", "Enskild felpunkt"),
    impact=Text(
        "When this one box or cable fails, every device named loses its network, until a spare is on site and configured.",
        "När denna enda enhet eller kabel går sönder förlorar alla nämnda enheter sitt nät tills en reserv är på plats och konfigurerad.",
    ),
    recommendation=Text("Plan a second path around it.", "Planera en andra väg förbi den."),
    severities=(Severity.MEDIUM,),
    applies_to=network_device,
    tables=("neighbour", "interface"),
    judge=judge,
    effort_minutes=480,
    change=Change.ON_SITE,
    references=("VVoIP 5110",),
)
