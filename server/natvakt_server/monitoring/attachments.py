"""Where devices hang that tell no neighbours, as servers do: from who routes to them and who switches for them.

address ── table `arp` of a router ─► MAC ── table `fdb` of a switch ─► the port with the fewest others behind it
"""

from collections.abc import Iterator, Mapping, Sequence

from natvakt_server.domain.estate import Row
from natvakt_server.monitoring.network import Cable, Network, Watched

MOST_BESIDE = 16
"""A port behind which more addresses are seen leads to another switch, not to a device."""

Tables = Mapping[str, Sequence[Row]]
Port = tuple[str, str]


def attachments(known: Network, arps: Tables, fdbs: Tables) -> list[Cable]:
    """Cables of devices that have none yet, from the switch's side."""
    macs = _addresses(arps)
    behind = _behind(known, fdbs)
    found: list[Cable] = []
    for device in known.devices.values():
        mac = macs.get(device.address) or plain(device.mac)
        if mac and not known.near(device.id):
            found.extend(_nearest(device, mac, behind))
    return found


def _addresses(arps: Tables) -> dict[str, str]:
    return {str(row.get("address")): plain(str(row.get("mac") or "")) for rows in arps.values() for row in rows if row.get("mac")}


def _behind(known: Network, fdbs: Tables) -> dict[Port, set[str]]:
    """MACs by port, without ports that lead to another watched device."""
    behind: dict[Port, set[str]] = {}
    for switch, rows in fdbs.items():
        for row in rows:
            port = (switch, str(row.get("ifIndex")))
            if row.get("mac") and row.get("ifIndex") and port not in known.ports:
                behind.setdefault(port, set()).add(plain(str(row["mac"])))
    return behind


def _nearest(device: Watched, mac: str, behind: Mapping[Port, set[str]]) -> Iterator[Cable]:
    candidates = [(len(macs), port) for port, macs in behind.items() if mac in macs and port[0] != device.id]
    if candidates:
        count, (switch, port) = min(candidates)
        if count <= MOST_BESIDE:
            yield Cable(switch, port, device.id)


def plain(mac: str) -> str:
    """`00:1B:..`, `001b.21..` and `00-1b-..` are the same."""
    return "".join(character for character in mac.casefold() if character in "0123456789abcdef")
