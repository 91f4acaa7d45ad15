"""One device's recordings and outputs, anonymised: what belongs together before belongs together afterwards, and no original is left.

recordings, outputs ── harvest ── maps drawn from a key of this capture ── values, indexes, texts ── recordings, outputs, tally
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from natvakt_wire.scrubbing.marks import MARK

from natvakt_agent.capture.addresses import AddressMap
from natvakt_agent.capture.harvest import Harvest, spans
from natvakt_agent.capture.keyed import Key
from natvakt_agent.capture.kinds import KIND_OF_PART, NAMES, Kind, Part
from natvakt_agent.capture.objects import INDEXES, entry_of, kind_of
from natvakt_agent.capture.octets import OctetMap
from natvakt_agent.capture.recording import (
    COUNTER64,
    GAUGE,
    INTEGER,
    IP_ADDRESS,
    OBJECT_ID,
    OCTETS,
    OPAQUE,
    Oid,
    Recording,
    Varbind,
    dotted,
    oid_of,
    written,
)
from natvakt_agent.capture.tally import Replaced, Tally
from natvakt_agent.capture.texts import Texts
from natvakt_agent.capture.unlisted import unlisted_spans
from natvakt_agent.capture.words import RUN, WordMap

SURELY_TELLING = 6  # letters: shorter words are drawn by chance
FIRST_DOCUMENTED_AS = 64_496  # RFC 5398; the private ones follow
FIRST_PRIVATE_AS, PRIVATE_AS = 64_512, 1_023  # RFC 6996
NUMBERS = frozenset((INTEGER, GAUGE, COUNTER64))


@dataclass(frozen=True, slots=True)
class Capture:
    """What is anonymised together. `outputs`: texts by command. `known`: what is known to be somebody's, by kind: credentials, the target.

    `entries`: OIDs of tables' entries; below them the index begins behind the column.
    """

    recordings: Sequence[Recording]
    outputs: Mapping[str, str]
    known: Sequence[tuple[Kind, str]] = ()
    entries: frozenset[Oid] = frozenset()


@dataclass(frozen=True, slots=True)
class Anonymised:
    """`collisions`: objects left out because two became the same. `remaining`: originals still there; above 0 nothing may leave."""

    recordings: Sequence[Recording]
    outputs: Mapping[str, str]
    replaced: Mapping[str, Replaced]
    collisions: int
    remaining: int


def anonymised(capture: Capture, key: Key, keep_names: bool = False) -> Anonymised:
    """`keep_names`: names of devices, of networks and descriptions stay."""
    harvest = Harvest()
    harvest.take_recordings(capture.recordings)
    for text in capture.outputs.values():
        harvest.take_text(text)
    for kind, value in capture.known:
        harvest.take(kind, value)
    tally, addresses = Tally(), AddressMap(key, harvest.networks)
    words = WordMap(key)
    texts = Texts(addresses, words, harvest, tally, keep_names)
    varbinds = _Varbinds(OctetMap(key, addresses, texts, harvest, tally), capture.entries, harvest, key, tally)
    collisions, recordings = 0, []
    for recording in capture.recordings:
        kept: dict[Oid, Varbind] = {}
        for varbind in recording.varbinds:
            new = varbinds.replaced(varbind)
            collisions += new.oid in kept
            kept.setdefault(new.oid, new)
        recordings.append(replace(recording, varbinds=sorted(kept.values(), key=lambda each: each.oid)))
    outputs = {command: texts.output(text) for command, text in capture.outputs.items()}
    kept_kinds = NAMES if keep_names else frozenset()
    originals = {word for word, kind in harvest.words.items() if kind not in kept_kinds and len(word) >= SURELY_TELLING} - words.drawn
    return Anonymised(recordings, outputs, tally.replaced(), collisions, _remaining(recordings, outputs.values(), originals))


def _remaining(recordings: Iterable[Recording], outputs: Iterable[str], originals: set[str]) -> int:
    """How many originals stand somewhere yet: a last look at what is about to be written, whatever was meant to be replaced."""
    texts = [*map(written, recordings), *(MARK.sub("", text) for text in outputs)]
    return len({run.lower() for text in texts for run in RUN.findall(text)} & originals)


class _Varbinds:
    def __init__(self, octets: OctetMap, entries: frozenset[Oid], harvest: Harvest, key: Key, tally: Tally) -> None:
        self._octets, self._entries, self._harvest, self._key, self._tally = octets, entries, harvest, key, tally

    def replaced(self, varbind: Varbind) -> Varbind:
        kind = kind_of(varbind.oid)
        value = varbind.value
        match varbind.tag, value:
            case (tag, bytes()) if tag in (OCTETS, OPAQUE):
                value = self._octets.replaced(value, kind) if tag == OCTETS else value
            case (tag, str()) if tag == IP_ADDRESS:
                value = str(IPv4Address(self._octets.replaced(IPv4Address(value).packed, Kind.ADDRESS)))
            case (tag, str()) if tag == OBJECT_ID and entry_of(oid_of(value)) is not None:
                value = dotted(self._oid(oid_of(value)))
            case (tag, int()) if tag in NUMBERS and kind is Kind.AS_NUMBER:
                value = self._as_number(value)
        return Varbind(self._oid(varbind.oid), varbind.tag, value)

    def _as_number(self, number: int) -> int:
        """A number of somebody as one that is nobody's; private ones, and none at all, stay."""
        if number == 0 or FIRST_DOCUMENTED_AS <= number < 65_536 or number >= 4_200_000_000:
            return number
        self._tally.count(Kind.AS_NUMBER, number)
        return FIRST_PRIVATE_AS + int.from_bytes(self._key.stream("as number", number.to_bytes(4, "big")), "big") % PRIVATE_AS

    def _oid(self, oid: Oid) -> Oid:
        entry = entry_of(oid)
        if entry is not None:
            head = len(entry) + 1
            return oid[:head] + self._index(oid[head:], spans(INDEXES[entry], oid[head:]))
        begins = next((length + 1 for length in range(len(oid) - 2, 0, -1) if oid[:length] in self._entries), None)
        return self._index(oid, unlisted_spans(oid, begins, self._harvest))

    def _index(self, index: Oid, pieces: Iterable[tuple[Part, int, int]]) -> Oid:
        out: list[int] = []
        at = 0
        for part, start, end in pieces:
            content = index[start:end]
            new = self._arcs(part, content)
            out += index[at:start]
            if len(new) != len(content) and start > 0 and part is not Part.NAME_TO_END:
                out[-1] = len(new)
            out += new
            at = end
        return (*out, *index[at:])

    def _arcs(self, part: Part, content: Oid) -> Oid:
        if part in (Part.NUMBER, Part.OID) or not content or max(content) > 255:
            return content
        kind = Kind.MAC if part is Part.MAC else KIND_OF_PART.get(part, Kind.ADDRESS)
        return tuple(self._octets.replaced(bytes(content), kind))
