"""Addresses of the device itself: IP-MIB (RFC 4293), its forerunners, and Cisco's early copy of it."""

from collections.abc import Iterable, Mapping

from natvakt_agent.collectors.snmp.oids import Index, dotted
from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document
from natvakt_agent.collectors.snmp.reading import Flaw, address, address_of_octets, object_identifier
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

IPV4_TABLE = "1.3.6.1.2.1.4.20.1"
ADDRESS_TABLE = "1.3.6.1.2.1.4.34.1"
IPV6_TABLE = "1.3.6.1.2.1.55.1.8.1"
CISCO_TABLE = "1.3.6.1.4.1.9.10.86.1.1.2.1"
UNICAST = 1
IPV4, IPV6, IPV4_ZONE, IPV6_ZONE = 1, 2, 3, 4  # InetAddressType


def mask_length(raw: SnmpValue) -> Value:
    """255.255.255.0 -> 24. A mask with holes has no length."""
    octets = str(address(raw)).split(".")
    bits = "".join(f"{int(octet):08b}" for octet in octets)
    if "01" in bits:
        raise Flaw("network mask with holes")
    return bits.count("1")


def with_a_length(row: Row) -> Iterable[Row]:
    """Where no usable mask is told, that of the address class: what RFC 950 has a host assume, and never /0 for one address."""
    if not row.get("prefix_length") and str(row.get("address")) != "0.0.0.0":  # noqa: S104 - compared, never bound
        row["prefix_length"] = class_length(str(row["address"]))
    yield row


def class_length(address: str) -> int | None:
    first = int(address.split(".", maxsplit=1)[0])
    return next((length for bound, length in ((128, 8), (192, 16), (224, 24)) if first < bound), None)


def prefix_of_pointer(raw: SnmpValue) -> Value:
    """A RowPointer into ipAddressPrefixTable ends in the prefix length; 0.0 points nowhere."""
    pointer = object_identifier(raw)
    parts = str(pointer).split(".")
    return int(parts[-1]) if len(parts) > 10 else None


def ipv4_index(index: Index) -> Mapping[str, Value] | None:
    return {"address": dotted(index)} if len(index) == 4 else None


def typed_index(index: Index) -> Mapping[str, Value] | None:
    """InetAddressType, length, octets; zone octets are cut, so that fe80::1 on two interfaces stays one address each."""
    if (
        len(index) < 2
        or index[0] not in (IPV4, IPV6, IPV4_ZONE, IPV6_ZONE)
        or len(index) != index[1] + 2
        or max(index[2:], default=256) > 255
    ):
        return None
    return {"address": address_of_octets(bytes(index[2:]))}


def interface_and_ipv6(index: Index) -> Mapping[str, Value] | None:
    if len(index) != 17 or max(index[1:]) > 255:
        return None
    return {"ifIndex": index[0], "address": address_of_octets(bytes(index[1:]))}


def unicast(row: Row) -> Iterable[Row]:
    if row.get("_type") in (None, UNICAST) and row.get("address") is not None:
        yield row


IP_ADDRESSES = Pack(
    name="ip-address-table",
    mib="IP-MIB",
    table="address",
    index=typed_index,
    columns=(
        document("ifIndex", f"{ADDRESS_TABLE}.3"),
        document("_type", f"{ADDRESS_TABLE}.4"),
        document("prefix_length", f"{ADDRESS_TABLE}.5", prefix_of_pointer),
    ),
    derive=unicast,
    comes_and_goes=True,
)
IPV4_ADDRESSES = Pack(
    name="ip-addr-table",
    mib="IP-MIB",
    table="address",
    index=ipv4_index,
    columns=(document("ifIndex", f"{IPV4_TABLE}.2"), document("prefix_length", f"{IPV4_TABLE}.3", mask_length)),
    derive=with_a_length,
)
CISCO_ADDRESSES = Pack(
    name="cisco-ietf-ip",
    mib="CISCO-IETF-IP-MIB",
    table="address",
    index=typed_index,
    columns=(
        document("ifIndex", f"{CISCO_TABLE}.3"),
        document("_type", f"{CISCO_TABLE}.4"),
        document("prefix_length", f"{CISCO_TABLE}.5", prefix_of_pointer),
    ),
    derive=unicast,
    applies=CISCO,
)
IPV6_ADDRESSES = Pack(
    name="ipv6-addr-table",
    mib="IPV6-MIB",
    table="address",
    index=interface_and_ipv6,
    columns=(document("prefix_length", f"{IPV6_TABLE}.2"),),
)
