"""What devices really send, as a specification for the decoder, and its values in the port's Python types.

pysnmp's own types refuse what the RFCs forbid, and one refused value costs the whole answer. Devices in the field send gauges of 2^32-1 in
four octets (a negative number by the book) or five-octet counters in `Counter32`: such a value is read as its low 32 or 64 bits, as the
other engine does. Structure is held to the letter.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from pyasn1.codec.ber import decoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import namedtype, tag, univ
from pyasn1.type.base import Asn1Type
from pysnmp.proto import rfc1902, rfc1905

from natvakt_agent.collectors.snmp.ber_limits import OutOfBounds, check, most_elements
from natvakt_agent.collectors.snmp.session import AnswerRefused, SnmpValue

OPAQUE_FLOATS = {b"\x9f\x78\x04": ">f", b"\x9f\x79\x08": ">d"}  # net-snmp's float and double inside an Opaque
TAG_OF = {
    "integer": 2, "octets": 4, "null": 5, "object": 6, "address": 64, "counter": 65, "gauge": 66, "ticks": 67, "opaque": 68, "long": 70,
    "unsigned": 66,
}  # fmt: skip
"""Tag numbers as recordings write them; UInteger32 of SNMPv2p is a Gauge32 to SNMPv2 (RFC 2578, 7.1.7)."""
BITS_32, BITS_64 = 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF
DECODER_FAULTS = (PyAsn1Error, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError)
"""pyasn1 raises more than its own errors: 43 of 144,180 mutated messages met something else."""


class _Counter32(univ.Integer):
    tagSet = rfc1902.Counter32.tagSet


class _Gauge32(univ.Integer):
    tagSet = rfc1902.Gauge32.tagSet


class _Ticks(univ.Integer):
    tagSet = rfc1902.TimeTicks.tagSet


class _Counter64(univ.Integer):
    tagSet = rfc1902.Counter64.tagSet


class _Unsigned32(univ.Integer):
    """UInteger32 of SNMPv2p (RFC 1442), which some still send."""

    tagSet = univ.Integer.tagSet.tagImplicitly(tag.Tag(tag.tagClassApplication, tag.tagFormatSimple, 7))


class _Value(univ.Choice):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("integer", univ.Integer()),
        namedtype.NamedType("octets", univ.OctetString()),
        namedtype.NamedType("object", univ.ObjectIdentifier()),
        namedtype.NamedType("address", univ.OctetString(tagSet=rfc1902.IpAddress.tagSet)),
        namedtype.NamedType("counter", _Counter32()),
        namedtype.NamedType("gauge", _Gauge32()),
        namedtype.NamedType("ticks", _Ticks()),
        namedtype.NamedType("opaque", univ.OctetString(tagSet=rfc1902.Opaque.tagSet)),
        namedtype.NamedType("long", _Counter64()),
        namedtype.NamedType("unsigned", _Unsigned32()),
        namedtype.NamedType("null", univ.Null()),
        namedtype.NamedType("noSuchObject", rfc1905.NoSuchObject()),
        namedtype.NamedType("noSuchInstance", rfc1905.NoSuchInstance()),
        namedtype.NamedType("endOfMibView", rfc1905.EndOfMibView()),
    )


class _Varbind(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("name", univ.ObjectIdentifier()),
        namedtype.NamedType("value", _Value()),
    )


class Varbinds(univ.SequenceOf):
    componentType = _Varbind()


PDU_FIELDS = namedtype.NamedTypes(
    namedtype.NamedType("request-id", univ.Integer()),
    namedtype.NamedType("error-status", univ.Integer()),
    namedtype.NamedType("error-index", univ.Integer()),
    namedtype.NamedType("varbinds", Varbinds()),
)


class _Response(univ.Sequence):
    tagSet = rfc1905.ResponsePDU.tagSet
    componentType = PDU_FIELDS


class _Report(univ.Sequence):
    tagSet = rfc1905.ReportPDU.tagSet
    componentType = PDU_FIELDS


class _Pdu(univ.Choice):
    componentType = namedtype.NamedTypes(namedtype.NamedType("response", _Response()), namedtype.NamedType("report", _Report()))


class _CommunityMessage(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("version", univ.Integer()),
        namedtype.NamedType("community", univ.OctetString()),
        namedtype.NamedType("pdu", _Pdu()),
    )


class ScopedPdu(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("contextEngineId", univ.OctetString()),
        namedtype.NamedType("contextName", univ.OctetString()),
        namedtype.NamedType("data", _Pdu()),
    )


COMMUNITY_MESSAGE, SCOPED_PDU = _CommunityMessage(), ScopedPdu()


@dataclass(frozen=True, slots=True)
class AnsweredVarbind:
    """`kind` is the name of the alternative in `_Value`: a null or an exception has no value, and they are told apart by it.

    `octets` is what an Opaque held, of which `value` may be the number inside.
    """

    oid: str
    kind: str
    value: SnmpValue
    octets: bytes | None = None

    @property
    def typed(self) -> tuple[str, int, SnmpValue]:
        """OID, ASN.1 tag number and value as it was sent."""
        return self.oid, TAG_OF[self.kind], self.value if self.octets is None else self.octets


@dataclass(frozen=True, slots=True)
class Pdu:
    """A Response, or a Report of SNMPv3."""

    is_report: bool
    request_id: int
    error_status: int
    error_index: int
    varbinds: Sequence[AnsweredVarbind]


def decoded(octets: bytes, form: Asn1Type, most_varbinds: int, trailing: bool = False) -> Asn1Type:
    """`octets` by the specification `form`. Raises `AnswerRefused` for anything else, before much of it was decoded."""
    try:
        length = check(octets, most_elements(most_varbinds), trailing)
        found, rest = decoder.decode(octets[:length], asn1Spec=form)
    except OutOfBounds as error:
        raise AnswerRefused(f"answer cannot be read: {error}") from error
    except DECODER_FAULTS as error:
        raise AnswerRefused(f"answer cannot be read: {type(error).__name__}") from error
    if rest:
        raise AnswerRefused(f"answer cannot be read: {len(rest)} octets behind it")
    return found


def community_answer(octets: bytes, most_varbinds: int) -> tuple[int, bytes, Pdu]:
    """Version number as on the wire (0: v1, 1: v2c), community and PDU. Raises `AnswerRefused`."""
    message = decoded(octets, COMMUNITY_MESSAGE, most_varbinds)
    return int(message["version"]), bytes(message["community"]), pdu_of(message["pdu"])


def pdu_of(choice: Asn1Type) -> Pdu:
    name, body = choice.getName(), choice.getComponent()
    return Pdu(
        is_report=name == "report",
        request_id=int(body["request-id"]),
        error_status=int(body["error-status"]),
        error_index=int(body["error-index"]),
        varbinds=[varbind_of(each) for each in body["varbinds"]],
    )


def varbind_of(each: Asn1Type) -> AnsweredVarbind:
    kind, raw = each["value"].getName(), each["value"].getComponent()
    return AnsweredVarbind(str(each["name"]), kind, _plain(kind, raw), bytes(raw) if kind == "opaque" else None)


def _plain(kind: str, raw: Asn1Type) -> SnmpValue:
    match kind:
        case "integer":
            return int(raw)
        case "counter" | "gauge" | "ticks" | "unsigned":
            return int(raw) & BITS_32
        case "long":
            return int(raw) & BITS_64
        case "octets":
            return bytes(raw)
        case "object":
            return str(raw)
        case "address":
            return str(IPv4Address(bytes(raw)))
        case "opaque":
            return opaque(bytes(raw))
        case _:
            return None


def opaque(octets: bytes) -> SnmpValue:
    form = OPAQUE_FLOATS.get(octets[:3])
    if form is None or len(octets) != 3 + struct.calcsize(form):
        return octets
    number: float = struct.unpack(form, octets[3:])[0]
    return number
