"""Whose place a device took: what is known of a place in the network stays when its hardware is replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from natvakt_server.store.estate.tables import estate as t


@dataclass(frozen=True, slots=True)
class Replaced:
    """A device that another one stands in the place of, or that turned out to be that one."""

    id: str
    replaced_by: str
    first_seen_ns: int


def origins(replaced: Sequence[Replaced], first_seen_ns: Mapping[str, int]) -> Mapping[str, str]:
    """Device id -> id of the first one seen in its place, for those that took a place. `first_seen_ns`: of the devices asked about."""
    before: dict[str, list[Replaced]] = {}
    for each in replaced:
        before.setdefault(each.replaced_by, []).append(each)
    found = {}
    for device_id, seen_ns in first_seen_ns.items():
        line, waiting = {device_id: (seen_ns, 0, device_id)}, [device_id]
        while waiting:
            for each in before.get(waiting.pop(), ()):
                if each.id not in line:
                    line[each.id] = (each.first_seen_ns, 1, each.id)
                    waiting.append(each.id)
        first = min(line, key=line.__getitem__)
        if first != device_id:
            found[device_id] = first
    return found


def read_origins(connection: Connection, tenant: str, first_seen_ns: Mapping[str, int]) -> Mapping[str, str]:
    query = select(t.device.c.id, t.device.c.replaced_by, t.device.c.first_seen_ns).where(
        t.device.c.tenant == tenant, t.device.c.replaced_by.is_not(None)
    )
    return origins([Replaced(*row) for row in connection.execute(query)], first_seen_ns)
