"""What gives away whose a recording is, collected before anything is replaced: so that a name is found again wherever it is told."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from natvakt_wire.scrubbing.vocabulary import is_ordinary

from natvakt_agent.capture.addresses import V4_BITS, V6_BITS, Network
from natvakt_agent.capture.kinds import REPLACED_WHOLE, Kind, Part
from natvakt_agent.capture.objects import INDEXES, entry_of, kind_of
from natvakt_agent.capture.outputs import told
from natvakt_agent.capture.recording import IP_ADDRESS, OCTETS, Oid, Recording, Varbind, oid_of
from natvakt_agent.capture.vocabulary import is_product, is_technical
from natvakt_agent.capture.words import RUN

MODEL_COLUMNS = tuple(
    map(oid_of, ("1.3.6.1.2.1.47.1.1.1.1.13", "1.3.6.1.2.1.47.1.1.1.1.10", "1.3.6.1.2.1.47.1.1.1.1.12", "1.3.6.1.2.1.33.1.1.1"))
)
"""entPhysicalModelName, -SoftwareRev, -MfgName, upsIdentManufacturer: their words are nobody's."""
NAMED_COLUMNS = tuple(map(oid_of, ("1.3.6.1.2.1.31.1.1.1.18", "1.3.6.1.4.1.9.9.46.1.3.1.1.4", "1.3.6.1.2.1.17.7.1.4.3.1.1")))
"""ifAlias, vtpVlanName, dot1qVlanStaticName: what people wrote there they write in configurations, too."""
MASKS_OF = {oid_of("1.3.6.1.2.1.4.20.1.3"): 4, oid_of("1.3.6.1.2.1.4.21.1.11"): 4}
"""Columns that tell the mask of the address in their index: ipAdEntNetMask, ipRouteMask."""
CIDR_ROUTE = oid_of("1.3.6.1.2.1.4.24.4.1")  # ipCidrRouteEntry: destination, mask, tos, next hop

ADDRESS_IN_TEXT = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){3}|[0-9a-f]{12}|(?:[0-9a-f]{4}\.){2}")

FEWEST_LETTERS, FEWEST_DIGITS = 3, 5
DOMAIN_ENDS = frozenset(("com", "net", "org", "edu", "gov", "mil", "int", "info", "local", "lan", "internal", "arpa", "example"))
"""Last labels of domains that name nobody; those of countries are told by their two letters."""
PLACEHOLDERS = frozenset(("", "n/a", "na", "none", "unknown", "not available", "unspecified", "default", "null", "any", "all"))
ADDRESS_AND_MASK = re.compile(r"\b(\d{1,3}(?:\.\d{1,3}){3})(?:/(\d{1,2})\b|\s+((?:0|255)(?:\.\d{1,3}){3})\b)")
V6_PREFIX = re.compile(r"(?<![\w:.])([0-9A-Fa-f:]*:[0-9A-Fa-f:]+)/(\d{1,3})\b")
SERIAL_SAID = re.compile(
    r"\b(?:serial(?: number| no\.?)?\s*[:=]?|processor board id|sn\s*[:=])\s*(?=[A-Za-z-]*[0-9])([A-Za-z0-9-]{6,})", re.IGNORECASE
)


@dataclass(slots=True)
class Harvest:
    """`words` and `phrases` by what they were first met as; a phrase is a name of several words, one of them at least an ordinary one."""

    words: dict[str, Kind] = field(default_factory=dict)
    phrases: dict[str, Kind] = field(default_factory=dict)
    addresses: set[bytes] = field(default_factory=set)
    macs: set[bytes] = field(default_factory=set)
    networks: set[Network] = field(default_factory=set)
    technical: set[str] = field(default_factory=set)

    def take_recordings(self, recordings: Iterable[Recording]) -> None:
        varbinds = [varbind for recording in recordings for varbind in recording.varbinds]
        for varbind in varbinds:
            if varbind.tag == OCTETS and isinstance(varbind.value, bytes) and _is_below(varbind.oid, MODEL_COLUMNS):
                self.technical |= {run.lower() for run in RUN.findall(as_text(varbind.value) or "")}
        for varbind in varbinds:
            self._take_value(varbind)
            self._take_index(varbind)

    def take_text(self, text: str) -> None:
        """A configuration or the output of a command."""
        self._take_networks(text)
        for kind, value in told(text):
            self.take(kind, value)
        for domain in [phrase for phrase, kind in self.phrases.items() if kind is Kind.NAME and "." in phrase]:
            for name in re.findall(rf"(?<![\w.-])([\w-]+)\.{re.escape(domain)}\b", text, re.IGNORECASE):
                self.take(Kind.NAME, name)
        for serial in SERIAL_SAID.findall(text):
            self.take(Kind.SERIAL, serial)

    def take(self, kind: Kind, text: str) -> None:
        """A value that has to be found again wherever it stands."""
        plain = text.strip().lower()
        if plain in PLACEHOLDERS or ADDRESS_IN_TEXT.search(plain):
            return  # an address is replaced as one wherever it stands
        runs = RUN.findall(plain)
        for run in runs:
            if self._is_telling(run):
                self.words.setdefault(run, kind)
        if 2 <= len(runs) <= 12 and any(run not in self.words for run in runs):
            self.phrases.setdefault(plain, kind)

    def _take_label(self, text: str) -> None:
        """Words of a description that are neither ordinary nor technical; those with digits may be models of neighbours."""
        for run in RUN.findall(text.lower()):
            if run.isalpha() and len(run) > FEWEST_LETTERS and self._is_telling(run) and not is_technical(run):
                self.words.setdefault(run, Kind.LABEL)

    def _is_telling(self, run: str) -> bool:
        least = FEWEST_DIGITS if run.isdigit() else FEWEST_LETTERS
        return len(run) >= least and not is_ordinary(run) and not is_product(run) and run not in self.technical | DOMAIN_ENDS

    def _take_value(self, varbind: Varbind) -> None:
        value = varbind.value
        if varbind.tag == IP_ADDRESS and isinstance(value, str):
            self.addresses.add(IPv4Address(value).packed)
            for column, octets in MASKS_OF.items():
                if varbind.oid[: len(column)] == column:
                    self._take_network(bytes(varbind.oid[len(column) :][:octets]), _length_of_mask(IPv4Address(value).packed))
        if varbind.tag != OCTETS or not isinstance(value, bytes):
            return
        kind = kind_of(varbind.oid)
        text = as_text(value)
        if kind is Kind.ADDRESS and len(value) in (4, 16):
            self.addresses.add(value)
        elif kind is Kind.MAC and len(value) == 6:
            self.macs.add(value)
        elif kind in REPLACED_WHOLE and text is not None:
            self.take(kind, text)
        elif text is not None:
            if _is_below(varbind.oid, NAMED_COLUMNS):
                self._take_label(text)
            self._take_networks(text)
            for serial in SERIAL_SAID.findall(text):
                self.take(Kind.SERIAL, serial)

    def _take_index(self, varbind: Varbind) -> None:
        entry = entry_of(varbind.oid)
        if entry is None:
            return
        index = varbind.oid[len(entry) + 1 :]
        if entry == CIDR_ROUTE and len(index) >= 8 and max(index[:8]) <= 255:
            self._take_network(bytes(index[:4]), _length_of_mask(bytes(index[4:8])))
        for part, arcs, following in _addresses_in(INDEXES[entry], index):
            if part is Part.MAC:
                self.macs.add(arcs)
                continue
            self.addresses.add(arcs)
            if following is not None and entry in PREFIXED:
                self._take_network(arcs, following)

    def _take_networks(self, text: str) -> None:
        for address, length, mask in ADDRESS_AND_MASK.findall(text):
            try:
                self._take_network(IPv4Address(address).packed, int(length) if length else _length_of_mask(IPv4Address(mask).packed))
            except AddressValueError:
                continue
        for address, length in V6_PREFIX.findall(text):
            try:
                self._take_network(IPv6Address(address).packed, int(length))
            except AddressValueError:
                continue

    def _take_network(self, octets: bytes, length: int | None) -> None:
        bits = V4_BITS if len(octets) == 4 else V6_BITS
        if length is None or len(octets) not in (4, 16) or not 0 < length < bits:
            return
        self.networks.add(Network(int.from_bytes(octets, "big") >> (bits - length) << (bits - length), length, bits))


PREFIXED = frozenset(map(oid_of, ("1.3.6.1.2.1.4.32.1", "1.3.6.1.4.1.9.10.86.1.1.1.1", "1.3.6.1.2.1.4.24.7.1")))
"""Entries whose index tells the prefix length right behind the address: ipAddressPrefix, cIpAddressPfx, inetCidrRoute."""


def _is_below(oid: Oid, columns: Iterable[Oid]) -> bool:
    return any(oid[: len(column)] == column for column in columns)


def as_text(octets: bytes) -> str | None:
    """Octets that are text: UTF-8, else Latin-1 where it is all letters; None for anything else."""
    body = octets.rstrip(b"\0")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("latin-1")
        if sum(letter.isalnum() or letter in " .,-_/()" for letter in text) < len(text) or not any(octet < 128 for octet in body):
            return None
    return text if all(letter.isprintable() or letter in "\r\n\t" for letter in text) else None


def _length_of_mask(mask: bytes) -> int | None:
    """The prefix length of a mask or of a wildcard, None for what is neither."""
    number = int.from_bytes(mask, "big")
    for candidate in (number, number ^ 0xFFFFFFFF):
        inverted = candidate ^ 0xFFFFFFFF
        if candidate and inverted & (inverted + 1) == 0:
            return 32 - inverted.bit_length()
    return None


def _addresses_in(parts: Iterable[Part], index: Oid) -> Iterator[tuple[Part, bytes, int | None]]:
    """Addresses spelled in an index, each with the sub-identifier behind it."""
    for part, start, end in spans(parts, index):
        if part in (Part.V4, Part.MAC, Part.TYPED_ADDRESS, Part.ADDRESS) and max(index[start:end], default=256) <= 255:
            octets = bytes(index[start:end])
            if len(octets) in ((6,) if part is Part.MAC else (4, 16)):
                yield part, octets, index[end] if end < len(index) else None


FIXED: Mapping[Part, int] = {Part.NUMBER: 1, Part.V4: 4, Part.MAC: 6}


def spans(parts: Iterable[Part], index: Oid) -> Iterator[tuple[Part, int, int]]:
    """Each part with where its content begins and ends in `index`, lengths and types left out; ends early where the index does."""
    at = 0
    for part in parts:
        if part is Part.NAME_TO_END:
            yield part, at, len(index)
            return
        if part in FIXED:
            start, end = at, at + FIXED[part]
        else:
            at += 1 if part is Part.TYPED_ADDRESS else 0
            if at >= len(index):
                return
            start, end = at + 1, at + 1 + index[at]
        if end > len(index):
            return
        yield part, start, end
        at = end
