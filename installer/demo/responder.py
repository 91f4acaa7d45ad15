"""An SNMP agent as a pure function: datagram and time in, datagram or silence out (RFC 1157, RFC 3416).

Speaks v1 and v2c, GET, GETNEXT and GETBULK. Silence is the answer to whatever a real agent would drop: a community it
does not know, another version, a write, octets that are not SNMP. A Cisco switch shows the bridge of one VLAN under
`community@vlan`; such contexts are views of their own.
"""

from collections.abc import Mapping

from demo.ber import (
    COUNTER64,
    END_OF_MIB_VIEW,
    GET_BULK_REQUEST,
    GET_NEXT_REQUEST,
    GET_REQUEST,
    GET_RESPONSE,
    INTEGER,
    NO_SUCH_INSTANCE,
    NO_SUCH_OBJECT,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    BerError,
    decode_header,
    encode,
    encode_signed,
    expect,
    expect_integer,
    iterate,
)
from demo.mib import View

MAXIMUM_RESPONSE_OCTETS = 8192
HEADROOM_OCTETS = 64  # message and PDU headers around the community and the bindings
MAXIMUM_REPETITIONS = 500

ERROR_TOO_BIG = 1
ERROR_NO_SUCH_NAME = 2
_NO_ERROR = encode(INTEGER, b"\x00")


class Responder:
    """The SNMP agent of one device. `views` maps a community (with `@context` where there is one) to what it shows."""

    def __init__(self, views: Mapping[bytes, View]) -> None:
        self._views = dict(views)

    def answer(self, datagram: bytes, now_ns: int) -> bytes | None:
        """The response, or None where an agent stays silent. Never raises for what is in the datagram."""
        try:
            return self._answer(datagram, now_ns)
        except BerError:
            return None

    def _answer(self, datagram: bytes, now_ns: int) -> bytes | None:
        start, end = expect(datagram, 0, len(datagram), SEQUENCE)
        version, offset = expect_integer(datagram, start, end)
        community_start, community_end = expect(datagram, offset, end, OCTET_STRING)
        community = datagram[community_start:community_end]
        view = self._views.get(community)
        if view is None or version not in (0, 1):
            return None
        kind, start, end = decode_header(datagram, community_end, end)
        if kind not in (GET_REQUEST, GET_NEXT_REQUEST, GET_BULK_REQUEST) or (kind == GET_BULK_REQUEST and version == 0):
            return None
        _, request_id_end = expect_integer(datagram, start, end)
        request_id = datagram[start:request_id_end]
        first, offset = expect_integer(datagram, request_id_end, end)
        second, offset = expect_integer(datagram, offset, end)
        list_start, list_end = expect(datagram, offset, end, SEQUENCE)
        names = [_binding_name(datagram, *span) for span in iterate(datagram, list_start, list_end)]
        room = MAXIMUM_RESPONSE_OCTETS - HEADROOM_OCTETS - len(community)
        status, index, content = _NO_ERROR, _NO_ERROR, b""
        if kind == GET_BULK_REQUEST:
            content = _bulk(view, names, max(first, 0), min(max(second, 0), MAXIMUM_REPETITIONS), now_ns, room)
        else:
            bindings = [_one(view, kind, name, now_ns, version) for name in names]
            content = b"".join(binding for binding in bindings if binding is not None)
            failed = next((position for position, binding in enumerate(bindings, 1) if binding is None), 0)
            if failed:
                status, index = encode(INTEGER, bytes((ERROR_NO_SUCH_NAME,))), encode(INTEGER, encode_signed(failed))
                content = datagram[list_start:list_end]
            elif len(content) > room:
                status, content = encode(INTEGER, bytes((ERROR_TOO_BIG,))), b""
        pdu = encode(GET_RESPONSE, request_id + status + index + encode(SEQUENCE, content))
        header = encode(INTEGER, bytes((version,))) + encode(OCTET_STRING, community)
        return encode(SEQUENCE, header + pdu)


def _binding_name(data: bytes, tag: int, start: int, end: int) -> bytes:
    if tag != SEQUENCE:
        raise BerError("a variable binding is not a SEQUENCE")
    name_start, name_end = expect(data, start, end, OBJECT_IDENTIFIER)
    decode_header(data, name_end, end)
    return data[name_start:name_end]


def _one(view: View, kind: int, name: bytes, now_ns: int, version: int) -> bytes | None:
    """The binding that answers one GET or GETNEXT name; None is v1's noSuchName."""
    if kind == GET_REQUEST:
        position = view.exact(name)
        binding = None if position is None else view.binding(position, now_ns)
        if binding is not None:
            return None if version == 0 and _is_counter64(binding) else binding
        missing = NO_SUCH_INSTANCE if view.has_object(name) else NO_SUCH_OBJECT
        return None if version == 0 else _exception(name, missing)
    found = view.next_binding(view.after(name), now_ns)
    while version == 0 and found is not None and _is_counter64(found[1]):
        found = view.next_binding(found[0], now_ns)
    if found is not None:
        return found[1]
    return None if version == 0 else _exception(name, END_OF_MIB_VIEW)


def _is_counter64(binding: bytes) -> bool:
    """v1 has no Counter64: such instances are skipped (RFC 2576, section 4.1.2.1)."""
    _, start, end = decode_header(binding, 0, len(binding))
    _, _, name_end = decode_header(binding, start, end)
    return binding[name_end] == COUNTER64


def _name_of(binding: bytes) -> bytes:
    _, start, end = decode_header(binding, 0, len(binding))
    _, name_start, name_end = decode_header(binding, start, end)
    return binding[name_start:name_end]


def _exception(name: bytes, tag: int) -> bytes:
    return encode(SEQUENCE, encode(OBJECT_IDENTIFIER, name) + bytes((tag, 0)))


def _column(view: View, name: bytes, repetitions: int, now_ns: int, room: int) -> bytes:
    """One column alone, which is how most tables are walked; at the end of the view its end is told once."""
    found, room, ended = view.run(view.after(name), repetitions, now_ns, room)
    if ended:
        last = _exception(_name_of(found[-1]) if found else name, END_OF_MIB_VIEW)
        if len(last) <= room:
            found.append(last)
    return b"".join(found)


def _bulk(view: View, names: list[bytes], non_repeaters: int, repetitions: int, now_ns: int, room: int) -> bytes:
    """Bindings of a GETBULK: whole rows until the room or the repetitions end (RFC 3416, section 4.2.3)."""
    if non_repeaters == 0 and len(names) == 1:
        return _column(view, names[0], repetitions, now_ns, room)
    bindings: list[bytes] = []
    for name in names[:non_repeaters]:
        found = view.next_binding(view.after(name), now_ns)
        binding = _exception(name, END_OF_MIB_VIEW) if found is None else found[1]
        room -= len(binding)
        if room < 0:
            return b"".join(bindings)
        bindings.append(binding)
    positions = [view.after(name) for name in names[non_repeaters:]]
    latest = [_exception(name, END_OF_MIB_VIEW) for name in names[non_repeaters:]]
    for _ in range(repetitions if positions else 0):
        ended = 0
        for column, position in enumerate(positions):
            found = view.next_binding(position, now_ns)
            if found is None:
                ended += 1
                binding = latest[column] = _exception(_name_of(latest[column]), END_OF_MIB_VIEW)
            else:
                positions[column], binding = found
                latest[column] = binding
            room -= len(binding)
            if room < 0:
                return b"".join(bindings)
            bindings.append(binding)
        if ended == len(positions):
            break
    return b"".join(bindings)
