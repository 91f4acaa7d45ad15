"""OCTET STRINGs by what they hold."""

from natvakt_agent.capture.addresses import AddressMap
from natvakt_agent.capture.harvest import Harvest, as_text
from natvakt_agent.capture.keyed import Key
from natvakt_agent.capture.kinds import REPLACED_WHOLE, Kind
from natvakt_agent.capture.tally import Tally
from natvakt_agent.capture.texts import Texts

ADDRESS_LENGTHS = (4, 8, 16, 20)  # with a zone: 8, 20 (RFC 4001)
MAC_OCTETS, BRIDGE_OCTETS, DATE_LENGTHS = 6, 8, (8, 11)
IANA_V4, IANA_V6 = 1, 2  # IANA address families, before the address in an identifier of LLDP
ENGINE_HEAD_OCTETS = 5  # enterprise with the highest bit set, and the format of what follows (RFC 3411)
FEW_DIFFERENT = 4
TEXT_KINDS = REPLACED_WHOLE | {Kind.TECHNICAL, Kind.LABEL, Kind.UNLISTED}


class OctetMap:
    def __init__(self, key: Key, addresses: AddressMap, texts: Texts, harvest: Harvest, tally: Tally) -> None:
        self._key, self._addresses, self._texts, self._harvest, self._tally = key, addresses, texts, harvest, tally
        self._known: dict[tuple[Kind, bytes], bytes] = {}

    def replaced(self, octets: bytes, kind: Kind) -> bytes:
        """As long as before, but where a text holds an address."""
        if kind is Kind.KEPT or not octets:
            return octets
        if kind in TEXT_KINDS:
            return self._text_or_binary(octets, kind)
        match kind, len(octets):
            case Kind.ADDRESS, length if length in ADDRESS_LENGTHS and self._is_binary_address(octets):
                return self._address(octets)
            case Kind.MAC, 6:
                return self._mac(octets)
            case Kind.BRIDGE, 8:
                return octets[:2] + self._mac(octets[2:])
            case Kind.ENGINE, _:
                return self._engine(octets)
            case Kind.IDENTIFIER, _:
                return self._identifier(octets)
            case Kind.SECRET, _:
                return self._drawn(octets, Kind.SECRET)
        return self._text_or_binary(octets, Kind.UNLISTED)

    @staticmethod
    def _is_binary_address(octets: bytes) -> bool:
        """16 octets may be an address written out (`192.168.100.200`, padded); four or eight are an address where one is told."""
        return len(octets) in (4, 8) or as_text(octets) is None or not all(octet in b"0123456789.:abcdefABCDEF\0" for octet in octets)

    def _text_or_binary(self, octets: bytes, kind: Kind) -> bytes:
        text = as_text(octets)
        if text is None:
            return self._binary(octets, kind)
        body = octets.rstrip(b"\0")
        new = self._texts.replaced(text, Kind.LABEL if kind is Kind.UNLISTED else kind)
        encoding = "utf-8" if body == text.encode() else "latin-1"
        return new.encode(encoding, "replace") + octets[len(body) :]

    def _binary(self, octets: bytes, kind: Kind) -> bytes:
        """Not text. What is known by its length is replaced as that; bits and times stay; anything else is drawn anew."""
        if octets in self._harvest.macs or (len(octets) == MAC_OCTETS and kind is not Kind.KEPT):
            return self._mac(octets)
        if octets in self._harvest.addresses:
            return self._address(octets)
        if _is_date(octets) or len(set(octets)) <= FEW_DIFFERENT or kind is Kind.TECHNICAL:
            return octets
        if len(octets) in (4, 16):
            return self._address(octets)
        return octets if len(octets) < ADDRESS_LENGTHS[0] else self._drawn(octets, kind)

    def _address(self, octets: bytes) -> bytes:
        new = self._addresses.octets(octets)
        if new != octets:
            self._tally.count(Kind.ADDRESS, octets)
        return new

    def _mac(self, octets: bytes) -> bytes:
        new = self._addresses.mac(octets)
        if new != octets:
            self._tally.count(Kind.MAC, octets)
        return new

    def _drawn(self, octets: bytes, kind: Kind) -> bytes:
        self._tally.count(kind, octets)
        return self._key.stream("octets", octets)

    def _identifier(self, octets: bytes) -> bytes:
        if as_text(octets) is not None:
            return self._text_or_binary(octets, Kind.LABEL)
        if len(octets) == MAC_OCTETS:
            return self._mac(octets)
        if (octets[0], len(octets)) in ((IANA_V4, 5), (IANA_V6, 17)):
            return octets[:1] + self._address(octets[1:])
        return self._binary(octets, Kind.UNLISTED)

    def _engine(self, octets: bytes) -> bytes:
        """The vendor and the way it was made stay (RFC 3411, SnmpEngineID)."""
        if len(octets) <= ENGINE_HEAD_OCTETS:
            return octets
        self._tally.count(Kind.ENGINE, octets)
        if not octets[0] & 0x80:  # the vendor's own twelve octets
            return octets[:4] + self._key.stream("engine", octets[4:])
        head, body = octets[:ENGINE_HEAD_OCTETS], octets[ENGINE_HEAD_OCTETS:]
        match head[-1], len(body):
            case (1, 4) | (2, 16):
                return head + self._addresses.octets(body)
            case (3, 6):
                return head + self._addresses.mac(body)
            case _:
                return head + self._key.stream("engine", body)


def _is_date(octets: bytes) -> bool:
    """DateAndTime (RFC 2579): year, month, day, hour, minute, second, tenths, and where told the distance from UTC."""
    if len(octets) not in DATE_LENGTHS:
        return False
    year, month, day = int.from_bytes(octets[:2], "big"), octets[2], octets[3]
    is_day = (year == 0 or 1970 <= year <= 2100) and month <= 12 and day <= 31
    return is_day and octets[4] < 24 and octets[5] < 60 and octets[6] <= 60 and octets[7] < 10
