"""Requests as octets, made of pysnmp's protocol objects."""

from collections.abc import Sequence

from pyasn1.codec.ber import encoder
from pyasn1.type.base import Asn1Type
from pysnmp.proto import api

from natvakt_agent.collectors.snmp.child_messages import Kind

V1, V2 = api.PROTOCOL_MODULES[api.SNMP_VERSION_1], api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
NUMBER_OF = {"v1": 0, "v2c": 1}


def request_pdu(version: str, kind: Kind, request_id: int, oids: Sequence[str], repetitions: int) -> Asn1Type:
    """A GET, GETNEXT or GETBULK (not in v1) for these OIDs."""
    forms = V1 if version == "v1" else V2
    match kind:
        case "get":
            pdu, functions = forms.GetRequestPDU(), forms.apiPDU
        case "next":
            pdu, functions = forms.GetNextRequestPDU(), forms.apiPDU
        case "bulk":
            pdu, functions = V2.GetBulkRequestPDU(), V2.apiBulkPDU
    functions.set_defaults(pdu)
    functions.set_request_id(pdu, request_id)
    if kind == "bulk":
        functions.set_non_repeaters(pdu, 0)
        functions.set_max_repetitions(pdu, repetitions)
    functions.set_varbinds(pdu, [(oid, forms.Null("")) for oid in oids])
    return pdu


def community_message(version: str, community: bytes, pdu: Asn1Type) -> bytes:
    """A whole message of SNMPv1 or v2c."""
    forms = V1 if version == "v1" else V2
    message = forms.Message()
    forms.apiMessage.set_defaults(message)
    forms.apiMessage.set_community(message, community)
    forms.apiMessage.set_pdu(message, pdu)
    octets: bytes = encoder.encode(message)
    return octets
