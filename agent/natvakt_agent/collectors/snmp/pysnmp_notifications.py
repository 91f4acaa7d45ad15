"""The receiving side of notifications: octets in, a notification out, and for informs the octets of their answer (RFC 3416, 4.2.6, 4.2.7).

v1, v2c   the community must be one of ours
v3 trap   secured with the keys of the sender's engine: user, level of security, digest and time must hold
v3 inform secured with ours: the sender asks for our engine first, and a Report answers it (RFC 3414, 4)

What is not exactly as it must be is refused with a word that is counted; nothing is ever believed on less security than the user has
(promise 35). Only informs, and the questions that senders of informs begin with, are answered, and only once a message (promise 37).
"""

import hmac
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pyasn1.type import namedtype, univ
from pysnmp.proto import rfc1157, rfc1902, rfc1905

from natvakt_agent.collectors.snmp.ber_limits import INTEGER, OCTETS, SEQUENCE, OutOfBounds, element_at
from natvakt_agent.collectors.snmp.pysnmp_answers import PDU_FIELDS, AnsweredVarbind, Varbinds, decoded, varbind_of
from natvakt_agent.collectors.snmp.pysnmp_users import User
from natvakt_agent.collectors.snmp.pysnmp_usm import (
    AUTHENTICATED,
    LARGEST_MESSAGE_OCTETS,
    NOT_IN_TIME,
    PRIVATE,
    REPORTABLE,
    SNMP_V3,
    UNKNOWN_ENGINE,
    USM,
    Incoming,
    taken_apart,
)
from natvakt_agent.collectors.snmp.session import AnswerRefused

UPTIME, TRAP_OID = "1.3.6.1.2.1.1.3.0", "1.3.6.1.6.3.1.1.4.1.0"
GENERIC_TRAPS = "1.3.6.1.6.3.1.1.5"
ENTERPRISE_SPECIFIC = 6
RESPONSE, INFORM, TRAP, REPORT = 0xA2, 0xA6, 0xA7, 0xA8
MOST_VARBINDS = 64
TIME_WINDOW_SECONDS = 150  # RFC 3414, 2.2.3
MOST_ENGINES, MOST_REMEMBERED = 1024, 4096


class NotificationRefused(Exception):
    """Its text is one of a few words, to be counted."""


class _TrapV1(univ.Sequence):
    tagSet = rfc1157.TrapPDU.tagSet
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("enterprise", univ.ObjectIdentifier()),
        namedtype.NamedType("agent-addr", univ.OctetString(tagSet=rfc1902.IpAddress.tagSet)),
        namedtype.NamedType("generic-trap", univ.Integer()),
        namedtype.NamedType("specific-trap", univ.Integer()),
        namedtype.NamedType("time-stamp", univ.Integer(tagSet=rfc1902.TimeTicks.tagSet)),
        namedtype.NamedType("varbinds", Varbinds()),
    )


class _Trap(univ.Sequence):
    tagSet = rfc1905.SNMPv2TrapPDU.tagSet
    componentType = PDU_FIELDS


class _Inform(univ.Sequence):
    tagSet = rfc1905.InformRequestPDU.tagSet
    componentType = PDU_FIELDS


class _Pdu(univ.Choice):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("v1", _TrapV1()), namedtype.NamedType("trap", _Trap()), namedtype.NamedType("inform", _Inform())
    )


class _CommunityMessage(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("version", univ.Integer()),
        namedtype.NamedType("community", univ.OctetString()),
        namedtype.NamedType("pdu", _Pdu()),
    )


class _ScopedPdu(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("contextEngineId", univ.OctetString()),
        namedtype.NamedType("contextName", univ.OctetString()),
        namedtype.NamedType("data", _Pdu()),
    )


_COMMUNITY_MESSAGE, _SCOPED_PDU = _CommunityMessage(), _ScopedPdu()


@dataclass(frozen=True, slots=True)
class Notification:
    """`oid` is snmpTrapOID, of SNMPv1 as RFC 3584, 3.1 derives it."""

    oid: str
    is_inform: bool
    uptime_ticks: int | None
    varbinds: Sequence[AnsweredVarbind]


@dataclass(frozen=True, slots=True)
class Received:
    """`notification` is None for a question that is answered, or an inform that was sent again."""

    notification: Notification | None
    answer: bytes | None = None


@dataclass(frozen=True, slots=True)
class OwnEngine:
    """Ours, for informs. `boots` grow from one life of the process to the next; its time counts from `born_seconds`."""

    engine_id: bytes
    boots: int
    born_seconds: float

    def time_at(self, now_seconds: float) -> int:
        return int(now_seconds - self.born_seconds)


@dataclass(slots=True)
class _Heard:
    """The newest time a sender's engine told, as RFC 3414, 2.3 keeps it."""

    boots: int
    time: int
    heard_seconds: float


@dataclass(slots=True)
class _Memory:
    """What was taken lately, so that what is sent again is no second event."""

    _known: OrderedDict[bytes, None] = field(default_factory=OrderedDict)

    def is_new(self, mark: bytes) -> bool:
        if mark in self._known:
            return False
        self._known[mark] = None
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return True


class Receiver:
    """Not for several threads at once. Its memory is bounded."""

    def __init__(self, communities: Collection[bytes], users: Mapping[bytes, User], own: OwnEngine) -> None:
        self._communities = tuple(communities)
        self._users = users
        self._own = own
        self._engines: OrderedDict[bytes, _Heard] = OrderedDict()
        self._informs = _Memory()
        self._secured = _Memory()

    def receive(self, octets: bytes, source: str, now_seconds: float) -> Received:
        """Raises NotificationRefused, and nothing else whatever the octets."""
        try:
            if _version(octets) == SNMP_V3:
                return self._receive_secured(octets, source, now_seconds)
            return self._receive_plain(octets, source)
        except (OutOfBounds, AnswerRefused) as error:
            raise NotificationRefused("malformed") from error

    def _receive_plain(self, octets: bytes, source: str) -> Received:
        message = decoded(octets, _COMMUNITY_MESSAGE, MOST_VARBINDS)
        community, name = bytes(message["community"]), message["pdu"].getName()
        if not any([hmac.compare_digest(community, known) for known in self._communities]):  # noqa: C419 (all of them, whichever is right)
            raise NotificationRefused("unknown-community")
        if (name == "v1") != (int(message["version"]) == 0):
            raise NotificationRefused("malformed")
        notification = _notification(message["pdu"])
        if not notification.is_inform:
            return Received(notification)
        is_new = self._informs.is_new(source.encode() + b"\x00" + octets)
        return Received(notification if is_new else None, _answered(octets))

    def _receive_secured(self, octets: bytes, source: str, now_seconds: float) -> Received:
        message_id, incoming = taken_apart(octets)
        if incoming.engine_id != self._own.engine_id and incoming.flags & REPORTABLE:
            return Received(None, self._report(message_id, incoming, UNKNOWN_ENGINE, now_seconds))
        user = self._users.get(incoming.user)
        if user is None:
            raise NotificationRefused("unknown-user")
        if incoming.flags & (AUTHENTICATED | PRIVATE) != user.flags:
            raise NotificationRefused("wrong-security-level")
        if not 5 <= len(incoming.engine_id) <= 32:  # SnmpEngineID, RFC 3411
            raise NotificationRefused("malformed")
        if user.auth is not None:
            _check_digest(user, incoming)
            if incoming.engine_id == self._own.engine_id:
                if not self._is_in_our_time(incoming, now_seconds):
                    return Received(None, self._report(message_id, incoming, NOT_IN_TIME, now_seconds, user))
            else:
                self._check_time(incoming, now_seconds)
        scoped = _opened(user, incoming)
        notification = _notification(decoded(scoped, _SCOPED_PDU, MOST_VARBINDS, trailing=True)["data"])
        if notification.is_inform != (incoming.engine_id == self._own.engine_id):
            raise NotificationRefused("wrong-engine")
        if not notification.is_inform:
            if user.auth is not None and not self._secured.is_new(incoming.mac + octets[-16:]):
                raise NotificationRefused("replayed")
            return Received(notification)
        is_new = self._informs.is_new(source.encode() + b"\x00" + _pdu_octets(scoped))
        return Received(notification if is_new else None, self._response(message_id, scoped, user, now_seconds))

    def _is_in_our_time(self, incoming: Incoming, now_seconds: float) -> bool:
        return incoming.boots == self._own.boots and abs(incoming.time - self._own.time_at(now_seconds)) <= TIME_WINDOW_SECONDS

    def _check_time(self, incoming: Incoming, now_seconds: float) -> None:
        """RFC 3414, 3.2.7 b. The first that an engine says of its time is believed: nobody else can tell it."""
        known = self._engines.get(incoming.engine_id)
        if known is not None:
            expected = known.time + int(now_seconds - known.heard_seconds)
            is_old = incoming.boots < known.boots or (incoming.boots == known.boots and incoming.time < expected - TIME_WINDOW_SECONDS)
            if is_old:
                raise NotificationRefused("not-in-time")
        if known is None or (incoming.boots, incoming.time) > (known.boots, known.time):
            self._engines[incoming.engine_id] = _Heard(incoming.boots, incoming.time, now_seconds)
        self._engines.move_to_end(incoming.engine_id)
        if len(self._engines) > MOST_ENGINES:
            self._engines.popitem(last=False)

    def _report(self, message_id: int, incoming: Incoming, counter: str, now_seconds: float, user: User | None = None) -> bytes:
        varbinds = _ber(SEQUENCE, _ber(SEQUENCE, _oid(counter), _ber(0x41, b"\x01")))
        pdu = _ber(REPORT, _integer(0), _integer(0), _integer(0), varbinds)
        scoped = _ber(SEQUENCE, _ber(OCTETS, self._own.engine_id), _ber(OCTETS, b""), pdu)
        flags = AUTHENTICATED if user is not None else 0
        return self._message(message_id, flags, incoming.user if user else b"", user, scoped, now_seconds)

    def _response(self, message_id: int, scoped: bytes, user: User, now_seconds: float) -> bytes:
        outer = element_at(scoped, 0, len(scoped))
        return self._message(message_id, user.flags, user.name, user, _as_response(scoped[: outer.end]), now_seconds)

    def _message(self, message_id: int, flags: int, name: bytes, user: User | None, scoped: bytes, now_seconds: float) -> bytes:
        engine_id, boots, time = self._own.engine_id, self._own.boots, self._own.time_at(now_seconds)
        data, salt = scoped, b""
        if user is not None and flags & PRIVATE:
            ciphertext, salt = user.encrypted(engine_id, boots, time, scoped)
            data = _ber(OCTETS, ciphertext)
        blank = bytes(user.auth.digest_octets) if user is not None and user.auth is not None and flags & AUTHENTICATED else b""
        security = _ber(
            SEQUENCE, _ber(OCTETS, engine_id), _integer(boots), _integer(time), _ber(OCTETS, name), _ber(OCTETS, blank), _ber(OCTETS, salt)
        )
        head = _ber(SEQUENCE, _integer(message_id), _integer(LARGEST_MESSAGE_OCTETS), _ber(OCTETS, bytes((flags,))), _integer(USM))
        octets = _ber(SEQUENCE, _integer(SNMP_V3), head, _ber(OCTETS, security), data)
        if not blank or user is None:
            return octets
        at = taken_apart(octets)[1].mac_at
        return octets[:at] + user.mac(engine_id, octets) + octets[at + len(blank) :]


def _version(octets: bytes) -> int:
    outer = element_at(octets, 0, len(octets))
    version = element_at(octets, outer.body, outer.end)
    if outer.tag != SEQUENCE or version.tag != INTEGER or version.end - version.body != 1:
        raise OutOfBounds("no SNMP message")
    return octets[version.body]


def _check_digest(user: User, incoming: Incoming) -> None:
    assert user.auth is not None
    size = user.auth.digest_octets
    blank = incoming.octets[: incoming.mac_at] + bytes(size) + incoming.octets[incoming.mac_at + size :]
    if len(incoming.mac) != size or not hmac.compare_digest(user.mac(incoming.engine_id, blank), incoming.mac):
        raise NotificationRefused("wrong-digest")


def _opened(user: User, incoming: Incoming) -> bytes:
    if user.privacy is None:
        if incoming.data[0] != SEQUENCE:
            raise NotificationRefused("malformed")
        return incoming.data
    if incoming.data[0] != OCTETS:
        raise NotificationRefused("malformed")
    body = element_at(incoming.data, 0, len(incoming.data)).body
    return user.decrypted(incoming.engine_id, incoming.boots, incoming.time, incoming.salt, incoming.data[body:])


def _notification(choice: univ.Choice) -> Notification:
    name, body = choice.getName(), choice.getComponent()
    varbinds = [varbind_of(each) for each in body["varbinds"]]
    if name == "v1":
        generic, specific = int(body["generic-trap"]), int(body["specific-trap"])
        is_generic = 0 <= generic < ENTERPRISE_SPECIFIC
        oid = f"{GENERIC_TRAPS}.{generic + 1}" if is_generic else f"{body['enterprise']}.0.{specific}"
        return Notification(oid, False, int(body["time-stamp"]) & 0xFFFF_FFFF, varbinds)
    told = {each.oid: each.value for each in varbinds}
    named, uptime = told.get(TRAP_OID), told.get(UPTIME)
    if not isinstance(named, str):
        raise NotificationRefused("malformed")
    return Notification(named, name == "inform", uptime if isinstance(uptime, int) else None, varbinds)


def _answered(octets: bytes) -> bytes:
    """A Response says what the inform said: the same octets with another tag (RFC 3416, 4.2.7)."""
    outer = element_at(octets, 0, len(octets))
    version = element_at(octets, outer.body, outer.end)
    community = element_at(octets, version.end, outer.end)
    return octets[: community.end] + bytes((RESPONSE,)) + octets[community.end + 1 :]


def _as_response(scoped: bytes) -> bytes:
    at = len(scoped) - len(_pdu_octets(scoped))
    return scoped[:at] + bytes((RESPONSE,)) + scoped[at + 1 :]


def _pdu_octets(scoped: bytes) -> bytes:
    outer = element_at(scoped, 0, len(scoped))
    engine = element_at(scoped, outer.body, outer.end)
    context = element_at(scoped, engine.end, outer.end)
    return scoped[context.end : outer.end]


def _ber(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    if len(body) < 128:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


def _integer(value: int) -> bytes:
    return _ber(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _oid(text: str) -> bytes:
    """Of the few that reports carry: sub-identifiers below 128."""
    first, second, *rest = map(int, text.split("."))
    return _ber(0x06, bytes((40 * first + second, *rest)))
