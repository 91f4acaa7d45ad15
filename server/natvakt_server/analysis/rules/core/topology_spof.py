"""core.topology.spof: one box whose loss cuts off at least two managed devices."""

from collections.abc import Mapping

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import links
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

CUT_OFF = 2


def graph(evidence: Evidence) -> Mapping[str, frozenset[str]]:
    """Who is linked to whom, by device id, as either end told."""
    edges: dict[str, set[str]] = {device.id: set() for device in evidence.devices}
    for device in evidence.devices:
        for link in links(device, evidence):
            edges[device.id].add(link.far.id)
            edges[link.far.id].add(device.id)
    return {node: frozenset(found) for node, found in edges.items()}


def parts_without(edges: Mapping[str, frozenset[str]], removed: str) -> list[set[str]]:
    """Connected parts of what was connected to `removed`, once it is gone; largest first."""
    left, parts = set(edges[removed]), []
    while left:
        start = min(left)
        part, border = {start}, [start]
        while border:
            for neighbour in edges[border.pop()] - part - {removed}:
                part.add(neighbour)
                border.append(neighbour)
        parts.append(part)
        left -= part
    return sorted(parts, key=lambda p: (-len(p), min(p)))


def judge(device: Device, evidence: Evidence) -> Judgement:
    edges = graph(evidence)
    if not edges[device.id]:
        return not_applicable("no-known-links")
    cut = sorted(node for part in parts_without(edges, device.id)[1:] for node in part)
    if len(cut) < CUT_OFF:
        return decide([], 1)
    names = sorted(found.name for node in cut if (found := evidence.device(node)) is not None)
    facts = (
        Fact("devices cut off", len(cut), "devices", device.table("neighbour").observed_ns),
        Fact("cut off", ", ".join(names), None, device.table("neighbour").observed_ns),
    )
    return decide([Failure(None, Severity.MEDIUM, facts)], 1)


RULE = Rule(
    id="core.topology.spof",
    title=Text("Single point of failure", "Enskild felpunkt"),
    impact=Text(
        "When this one box fails, every device named loses its network, until a spare is on site and configured.",
        "När denna enda enhet går sönder förlorar alla nämnda enheter sitt nät tills en reserv är på plats och konfigurerad.",
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
