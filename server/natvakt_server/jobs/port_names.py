"""Ports by the names people know them by: monitoring works by ifIndex, which a person has no use for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from natvakt_server.domain.estate import EstateReader
from natvakt_server.domain.incidents import Cause, IncidentChange, Member
from natvakt_server.domain.notification import Occasion

PORT_CAUSES = frozenset({Cause.INTERFACE_DOWN, Cause.INTERFACE_FLAPPING})


@dataclass
class PortNames:
    """Of the devices of one customer; each device's table is read once, when a port of it is first told of."""

    estate: EstateReader
    tenant: str
    _known: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __call__(self, device: str, index: str) -> str:
        """`Gi1/0/24`, or the index where the device has not told its ports."""
        if device not in self._known:
            table = self.estate.snapshot(self.tenant, device, "interface")
            rows = table.rows if table else ()
            self._known[device] = {str(row.get("ifIndex")): str(row.get("ifName") or row.get("ifDescr") or "") for row in rows}
        return self._known[device].get(index) or index


def named(change: IncidentChange, name: Callable[[str, str], str]) -> IncidentChange:
    incident = change.incident
    if incident.cause in PORT_CAUSES:
        incident = replace(incident, part=name(incident.device, incident.part))
    return IncidentChange(incident, [_named_member(each, name) for each in change.members])


def _named_member(member: Member, name: Callable[[str, str], str]) -> Member:
    return replace(member, part=name(member.device, member.part)) if member.cause in PORT_CAUSES else member


def told(occasion: Occasion, changes: Mapping[str, IncidentChange]) -> Occasion:
    """With the port as its incident names it now."""
    change = changes.get(occasion.incident)
    if change is None or "interface" not in occasion.facts:
        return occasion
    return replace(occasion, facts={**occasion.facts, "interface": change.incident.part})
