"""The asking side of SNMPv3 with the User-based Security Model (RFC 3412, 7; RFC 3414, 3 and 4): octets and time in, octets out.

    discovery ──► Report unknownEngineIDs ──► engine id, boots and time
    question  ──► Response
              ──► Report notInTimeWindows (authenticated) ──► its boots and time, ask again
              ──► Report unknownEngineIDs ──► another engine id, ask again

An answer counts when it carries the random message id of the question, the protection the credential asks for, and a digest of our own
key. Such an answer cannot be a replay, so what it says of boots and time is believed even where it goes back: a device whose engine was
reset is met again within one round trip (promise 35), and a captured old report changes nothing. Reports that the standard leaves
unauthenticated may end a question or begin the search for the engine anew; never do they lower the protection.
"""

import hmac
from dataclasses import dataclass
from enum import Enum

from pyasn1.codec.ber import encoder
from pyasn1.type import univ
from pyasn1.type.base import Asn1Type
from pysnmp.proto.mpmod.rfc3412 import ScopedPDU, SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

from natvakt_agent.collectors.snmp.ber_limits import INTEGER, OCTETS, SEQUENCE, Element, OutOfBounds, check, element_at
from natvakt_agent.collectors.snmp.pysnmp_answers import SCOPED_PDU, Pdu, decoded, pdu_of
from natvakt_agent.collectors.snmp.pysnmp_questions import request_pdu
from natvakt_agent.collectors.snmp.pysnmp_users import User
from natvakt_agent.collectors.snmp.session import AccessRefused, AnswerRefused

SNMP_V3, USM = 3, 3
AUTHENTICATED, PRIVATE, REPORTABLE = 1, 2, 4
LARGEST_MESSAGE_OCTETS = 65_507
STATS = "1.3.6.1.6.3.15.1.1"  # usmStats
NOT_IN_TIME, UNKNOWN_ENGINE = f"{STATS}.2.0", f"{STATS}.4.0"
REFUSALS = {
    f"{STATS}.1.0": "the device does not offer this level of security to the user",
    f"{STATS}.3.0": "the device does not know the user",
    f"{STATS}.5.0": "wrong authentication key or protocol",
    f"{STATS}.6.0": "wrong privacy key or protocol",
    "1.3.6.1.6.3.12.1.5.0": "the device does not know the context",  # snmpUnknownContexts, RFC 3413
    "1.3.6.1.6.3.12.1.4.0": "the context is not available on the device",  # snmpUnavailableContexts
}
MOST_BOOTS = 0x7FFF_FFFF
SECURITY_ELEMENTS, HEADER_ELEMENTS = 6, 4


class Forged(Exception):
    """Not an answer of our peer to our question, whoever sent it: to be passed over."""


class Next(Enum):
    ASK_AGAIN = "ask again"  # the engine's id, boots or time are known better now


@dataclass(slots=True)
class Engine:
    """What is known of the device's authoritative engine. `heard_seconds` is our monotonic time when it told its own."""

    engine_id: bytes = b""
    boots: int = 0
    time: int = 0
    heard_seconds: float = 0.0

    def time_at(self, now_seconds: float) -> int:
        return min(self.time + int(max(0.0, now_seconds - self.heard_seconds)), MOST_BOOTS)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message taken apart. `mac_at` is where its digest begins."""

    octets: bytes
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    mac: bytes
    salt: bytes
    mac_at: int
    data: bytes


class Conversation:
    """One user at one device. Not for several threads at once."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.engine = Engine()
        self.remarks: list[str] = []
        self.is_proven = False  # whether this engine answered as the user asks for once

    def forget_engine(self) -> None:
        self.engine, self.is_proven = Engine(), False

    def discovery(self, message_id: int) -> bytes:
        """The question that only an engine's id answers (RFC 3414, 4)."""
        pdu = request_pdu("v3", "get", message_id, (), 0)
        return self._message(message_id, REPORTABLE, b"", 0, 0, b"", b"", _scoped(b"", b"", pdu))

    def question(self, message_id: int, pdu: Asn1Type, now_seconds: float, context_name: str = "") -> bytes:
        engine = self.engine
        return self._secured(message_id, _scoped(engine.engine_id, context_name.encode(), pdu), engine.boots, engine.time_at(now_seconds))

    def out_of_time_question(self, message_id: int, pdu: Asn1Type) -> bytes:
        """A question whose boots are certainly wrong: a device answers it with an authenticated report, or with wrongDigests."""
        return self._secured(message_id, _scoped(self.engine.engine_id, b"", pdu), MOST_BOOTS, 0)

    def _secured(self, message_id: int, scoped: Asn1Type, boots: int, time: int) -> bytes:
        engine_id, data, salt = self.engine.engine_id, scoped, b""
        if self.user.privacy is not None:
            ciphertext, salt = self.user.encrypted(engine_id, boots, time, encoder.encode(scoped))
            data = univ.OctetString(ciphertext)
        return self._message(message_id, self.user.flags | REPORTABLE, engine_id, boots, time, self.user.name, salt, data)

    def _message(
        self, message_id: int, flags: int, engine_id: bytes, boots: int, time: int, name: bytes, salt: bytes, data: Asn1Type
    ) -> bytes:
        digest_octets = self.user.auth.digest_octets if self.user.auth is not None and flags & AUTHENTICATED else 0
        parameters = UsmSecurityParameters()
        for place, value in enumerate((engine_id, boots, time, name, bytes(digest_octets), salt)):
            parameters[place] = value
        message = SNMPv3Message()
        message["msgVersion"] = SNMP_V3
        for place, value in enumerate((message_id, LARGEST_MESSAGE_OCTETS, bytes((flags,)), USM)):
            message["msgGlobalData"][place] = value
        message["msgSecurityParameters"] = encoder.encode(parameters)
        message["msgData"][1 if isinstance(data, univ.OctetString) else 0] = data
        octets: bytes = encoder.encode(message)
        if not digest_octets:
            return octets
        at = taken_apart(octets)[1].mac_at
        return octets[:at] + self.user.mac(engine_id, octets) + octets[at + digest_octets :]

    def read(self, octets: bytes, message_id: int, most_varbinds: int, now_seconds: float) -> Pdu | Next:
        """What a datagram says to the question `message_id`. Raises Forged, AnswerRefused, AccessRefused."""
        try:
            number, incoming = taken_apart(octets)
        except OutOfBounds as error:
            raise Forged(f"unreadable: {error}") from error
        if number != message_id:
            raise Forged("another message id")
        if incoming.flags & AUTHENTICATED:
            self._check_digest(incoming)
        pdu = self._opened(incoming, most_varbinds)
        if pdu.is_report:
            return self._reported(pdu, incoming, now_seconds)
        if incoming.flags & 3 != self.user.flags:
            raise Forged("without the protection that was asked for")
        if incoming.user != self.user.name or incoming.engine_id != self.engine.engine_id:
            raise Forged("of another user or engine")
        self._learn(incoming, now_seconds)
        self.is_proven = True
        return pdu

    def _check_digest(self, incoming: Incoming) -> None:
        if self.user.auth is None or not incoming.engine_id or incoming.user != self.user.name:
            raise Forged("authenticated for somebody else")
        size = self.user.auth.digest_octets
        if len(incoming.mac) != size:
            raise Forged("a digest of another length")
        blank = incoming.octets[: incoming.mac_at] + bytes(size) + incoming.octets[incoming.mac_at + size :]
        if not hmac.compare_digest(self.user.mac(incoming.engine_id, blank), incoming.mac):
            raise Forged("a wrong digest")

    def _opened(self, incoming: Incoming, most_varbinds: int) -> Pdu:
        if not incoming.flags & PRIVATE:
            if incoming.data[0] != SEQUENCE:
                raise Forged("no plain scoped PDU where the flags say so")
            return pdu_of(decoded(incoming.data, SCOPED_PDU, most_varbinds)["data"])
        if self.user.privacy is None or not incoming.flags & AUTHENTICATED or incoming.data[0] != OCTETS:
            raise Forged("encrypted for somebody else")
        body = element_at(incoming.data, 0, len(incoming.data)).body
        plain = self.user.decrypted(incoming.engine_id, incoming.boots, incoming.time, incoming.salt, incoming.data[body:])
        return pdu_of(decoded(plain, SCOPED_PDU, most_varbinds, trailing=True)["data"])

    def _reported(self, report: Pdu, incoming: Incoming, now_seconds: float) -> Next:
        counter = report.varbinds[0].oid if report.varbinds else ""
        if counter == UNKNOWN_ENGINE:
            self._meet(incoming, now_seconds)
            return Next.ASK_AGAIN
        if counter == NOT_IN_TIME:
            if not incoming.flags & AUTHENTICATED or incoming.engine_id != self.engine.engine_id:
                raise Forged("a report of time that anybody could have sent")
            self._learn(incoming, now_seconds)
            return Next.ASK_AGAIN
        if counter in REFUSALS:
            raise AccessRefused(f"refused: {REFUSALS[counter]}")
        raise AnswerRefused(f"a report of {counter or 'nothing'} is no answer")

    def _meet(self, incoming: Incoming, now_seconds: float) -> None:
        """Anybody could have sent this report: with a false id nothing that is asked can be answered, and the next one corrects it."""
        if not 5 <= len(incoming.engine_id) <= 32:  # SnmpEngineID, RFC 3411
            raise AnswerRefused(f"an engine id of {len(incoming.engine_id)} octets; RFC 3411 allows 5 to 32")
        if incoming.engine_id != self.engine.engine_id:
            self.is_proven = False
        self.engine = Engine(incoming.engine_id, incoming.boots, incoming.time, now_seconds)

    def _learn(self, incoming: Incoming, now_seconds: float) -> None:
        if self.is_proven and incoming.boots < self.engine.boots:
            self.remarks.append(f"engineBoots went back from {self.engine.boots} to {incoming.boots}: the engine was reset or replaced")
        self.engine = Engine(incoming.engine_id, incoming.boots, incoming.time, now_seconds)


def _scoped(engine_id: bytes, context: bytes, pdu: Asn1Type) -> Asn1Type:
    scoped = ScopedPDU()
    scoped["contextEngineId"], scoped["contextName"] = engine_id, context
    scoped["data"].setComponentByType(pdu.tagSet, pdu)
    return scoped


def taken_apart(octets: bytes) -> tuple[int, Incoming]:
    """Message id and parts of a version 3 message. Raises OutOfBounds."""
    outer = element_at(octets, 0, len(octets))
    if outer.tag != SEQUENCE or outer.end != len(octets):
        raise OutOfBounds("no SNMP message")
    version = element_at(octets, outer.body, outer.end)
    header = element_at(octets, version.end, outer.end)
    security = element_at(octets, header.end, outer.end)
    data = element_at(octets, security.end, outer.end)
    if _number(octets, version) != SNMP_V3 or data.end != outer.end:
        raise OutOfBounds("no message of SNMPv3")
    check(octets[header.start : header.end], HEADER_ELEMENTS)
    check(octets[security.body : security.end], SECURITY_ELEMENTS)
    message_id, _, flags, model = _children(octets, header, HEADER_ELEMENTS)
    parameters = element_at(octets, security.body, security.end)
    engine_id, boots, time, user, mac, salt = _children(octets, parameters, SECURITY_ELEMENTS)
    if _number(octets, model) != USM or flags.end - flags.body != 1:
        raise OutOfBounds("another security model than USM")
    return _number(octets, message_id), Incoming(
        octets=octets,
        flags=octets[flags.body],
        engine_id=octets[engine_id.body : engine_id.end],
        boots=_number(octets, boots),
        time=_number(octets, time),
        user=octets[user.body : user.end],
        mac=octets[mac.body : mac.end],
        salt=octets[salt.body : salt.end],
        mac_at=mac.body,
        data=octets[data.start : data.end],
    )


def _children(octets: bytes, parent: Element, count: int) -> list[Element]:
    """Exactly so many elements. Raises OutOfBounds."""
    found, at = [], parent.body
    while at < parent.end:
        found.append(element_at(octets, at, parent.end))
        at = found[-1].end
    if len(found) != count:
        raise OutOfBounds(f"{len(found)} elements where {count} belong")
    return found


def _number(octets: bytes, element: Element) -> int:
    if element.tag != INTEGER or not 1 <= element.end - element.body <= 5:
        raise OutOfBounds("no number where one belongs")
    return int.from_bytes(octets[element.body : element.end], "big", signed=True)
