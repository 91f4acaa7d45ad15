"""Addresses that move between two ports, as switches tell of them by syslog.

IOS and IOS-XE: SW_MATM-4-MACFLAP_NOTIF, MAC_MOVE-4-NOTIF, C4K_EBM-4-HOSTFLAPPING; NX-OS: L2FM-4-L2FM_MAC_MOVE and L2FM_MAC_MOVE2. A switch
tells of the same address again at most every quarter of a minute, so that what is counted is at least what there was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from natvakt_server.analysis.evidence import Device
from natvakt_server.analysis.history import place

MNEMONICS = ("HOSTFLAPPING", "L2FM_MAC_MOVE", "L2FM_MAC_MOVE2", "MACFLAP_NOTIF", "NOTIF")
MOVED = re.compile(
    r"(?:host|mac) (?P<mac>[0-9a-f.:-]+) in vlan (?P<vlan>\d+) (?:is flapping between port|has moved (?:from|between)) "
    r"(?P<one>\S+) (?:and port|and|to) (?P<other>[^\s,;]*[^\s,;.])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moves:
    """Between two ports on the day (of the customer) with the most; `mac` and `vlan` are those of the newest."""

    ports: tuple[str, str]
    vlan: str
    mac: str
    most_in_a_day: int
    at_ns: int


def moves(device: Device, zone: ZoneInfo) -> Mapping[tuple[str, str], Moves]:
    """By the two ports, in order; what is told from either side is the same pair."""
    days: dict[tuple[str, str], dict[int, int]] = {}
    newest: dict[tuple[str, str], Moves] = {}
    for told in device.happenings:
        found = MOVED.search(told.message)
        if found is None:
            continue
        one, other = sorted((found["one"], found["other"]))
        pair = (one, other)
        counted = days.setdefault(pair, {})
        day, _ = place(told.at_ns, zone)
        counted[day] = counted.get(day, 0) + told.count
        newest[pair] = Moves(pair, found["vlan"], found["mac"], max(counted.values()), told.at_ns)
    return dict(sorted(newest.items()))
