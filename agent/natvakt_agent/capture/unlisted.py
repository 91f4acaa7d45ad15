"""Addresses and names in the index of an object whose table is not known: found by what was met elsewhere, and by what they look like."""

from collections.abc import Iterator

from natvakt_agent.capture.harvest import Harvest
from natvakt_agent.capture.kinds import Part
from natvakt_agent.capture.recording import Oid

CISCO_MANAGEMENT: Oid = (1, 3, 6, 1, 4, 1, 9, 9)
DEPTH, CISCO_DEPTH = 10, 12
"""Where an index may begin at the earliest: behind a group or an enterprise, a table, an entry and a column; Cisco's MIBs lie deeper."""
FEWEST_LETTERS = 3
LONGEST_NAME = 128
PRINTABLE = range(32, 127)
TYPED_LENGTHS = {1: 4, 2: 16, 3: 8, 4: 20}  # of an InetAddress, by its InetAddressType


def unlisted_spans(oid: Oid, begins: int | None, harvest: Harvest) -> Iterator[tuple[Part, int, int]]:
    """As `harvest.spans`, over a whole OID. `begins`: where its index begins, where that is known."""
    at = begins or (CISCO_DEPTH if oid[:8] == CISCO_MANAGEMENT else DEPTH)
    start = at
    while at < len(oid):
        found = _at(oid, at, at > start, harvest)
        if found is None:
            at += 1
            continue
        yield found
        at = found[2]


def _at(oid: Oid, at: int, has_type: bool, harvest: Harvest) -> tuple[Part, int, int] | None:
    length = oid[at]
    content = oid[at + 1 : at + 1 + length] if 0 < length <= LONGEST_NAME else ()
    if len(content) == length and content and max(content) <= 255:
        if has_type and length == TYPED_LENGTHS.get(oid[at - 1]):
            return Part.ADDRESS, at + 1, at + 1 + length
        if bytes(content) in harvest.addresses or bytes(content) in harvest.macs:
            return Part.MAC if length == 6 else Part.ADDRESS, at + 1, at + 1 + length
        if _is_name(content):
            return Part.NAME, at + 1, at + 1 + length
    for part, size, known in ((Part.V4, 4, harvest.addresses), (Part.MAC, 6, harvest.macs), (Part.V4, 16, harvest.addresses)):
        run = oid[at : at + size]
        if len(run) == size and max(run) <= 255 and (bytes(run) in known or (size == 4 and _is_private(run))):
            return part, at, at + size
    if len(oid) - at > FEWEST_LETTERS and _is_name(oid[at:]):
        return Part.NAME_TO_END, at, len(oid)
    return None


def _is_name(content: Oid) -> bool:
    """Printable from end to end, and letters for the most part."""
    if len(content) < FEWEST_LETTERS or not all(arc in PRINTABLE for arc in content):
        return False
    letters = sum(chr(arc).isalpha() for arc in content)
    return letters >= FEWEST_LETTERS and 2 * letters >= len(content)


def _is_private(run: Oid) -> bool:
    return (run[0] == 10 and run[1:] != (0, 0, 0)) or run[:2] == (192, 168) or (run[0] == 172 and 16 <= run[1] < 32)
