"""SNMPv3 engine discovery as octets: the question to the empty engine id, and what of the answer is needed.

RFC 3414, section 4: a request with an empty msgAuthoritativeEngineID and no user is answered by a Report that names the engine. It is no
log-in: nothing is claimed, and only usmStatsUnknownEngineIDs is counted. Encoding: RFC 3412 section 6, RFC 3416.
"""

INTEGER, OCTETS, SEQUENCE, GET_REQUEST = 0x02, 0x04, 0x30, 0xA0
REPORTABLE = b"\x04"
USM = 3
LARGEST_MESSAGE = 65_507
MESSAGE_ID_BYTES = 4
MOST_ENGINE_ID_OCTETS = 32
FEWEST_ENGINE_ID_OCTETS = 5


class _Malformed(ValueError):
    """Not BER, or not what is expected there."""


def message_id_of(random: bytes) -> int:
    """A message id from 4 random octets; positive, so that its encoding has the same length everywhere."""
    return int.from_bytes(random[:MESSAGE_ID_BYTES], "big") & 0x7FFFFFFF


def question(message_id: int) -> bytes:
    """One datagram that any SNMPv3 agent answers."""
    header = _sequence(_integer(message_id), _integer(LARGEST_MESSAGE), _element(OCTETS, REPORTABLE), _integer(USM))
    security = _sequence(_element(OCTETS, b""), _integer(0), _integer(0), *(_element(OCTETS, b""),) * 3)
    pdu = _element(GET_REQUEST, _integer(message_id) + _integer(0) + _integer(0) + _sequence())
    scoped = _sequence(_element(OCTETS, b""), _element(OCTETS, b""), pdu)
    return _sequence(_integer(3), header, _element(OCTETS, security), scoped)


def answered(datagram: bytes) -> tuple[int, str] | None:
    """Message id and engine id (hexadecimal) of an answer; None for whatever is not one."""
    try:
        version, rest = _take(_inside(datagram, SEQUENCE), INTEGER)
        header, rest = _take(rest, SEQUENCE)
        message_id, _ = _take(header, INTEGER)
        security, _ = _take(rest, OCTETS)
        engine, _ = _take(_inside(security, SEQUENCE), OCTETS)
    except _Malformed:
        return None
    if version != b"\x03" or not FEWEST_ENGINE_ID_OCTETS <= len(engine) <= MOST_ENGINE_ID_OCTETS or len(message_id) > 5:
        return None
    return int.from_bytes(message_id, "big"), engine.hex()


def _element(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _integer(value: int) -> bytes:
    return _element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _sequence(*parts: bytes) -> bytes:
    return _element(SEQUENCE, b"".join(parts))


def _take(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the element at the front, which must have this tag, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        raise _Malformed
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 2 or len(data) < 2 + count:
            raise _Malformed
        length, start = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    if len(data) < start + length:
        raise _Malformed
    return data[start : start + length], data[start + length :]


def _inside(data: bytes, tag: int) -> bytes:
    return _take(data, tag)[0]
