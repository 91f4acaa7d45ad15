"""Neighbours by LLDP: the MIB of IEEE 802.1AB-2005, which is what devices of every make still answer."""

from collections.abc import Iterable, Mapping

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import Pack, Row, document, found_by_text, looked_up
from natvakt_agent.collectors.snmp.packs.if_mib import IF, IF_X
from natvakt_agent.collectors.snmp.reading import Flaw, address_of_octets, bits, filled_text, text
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

LLDP_MIB = "1.0.8802.1.1.2.1"
REMOTE = f"{LLDP_MIB}.4.1.1"
REMOTE_ADDRESS = f"{LLDP_MIB}.4.2.1"
LOCAL_PORT = f"{LLDP_MIB}.3.7.1"
CAPABILITIES = {0: "other", 1: "repeater", 2: "bridge", 3: "access-point", 4: "router", 5: "phone", 6: "docsis", 7: "station"}
MAC_OCTETS, NETWORK_ADDRESS_OCTETS = 6, (5, 17)  # an IANA family octet before the address


def identifier(raw: SnmpValue) -> Value:
    """A chassis or port id: text, or a MAC address, or a network address, told apart by what it is made of."""
    if not isinstance(raw, bytes):
        raise Flaw(f"{type(raw).__name__} where octets were expected")
    if raw and all(32 <= octet < 127 for octet in raw.rstrip(b"\0")):
        return text(raw)
    if len(raw) == MAC_OCTETS:
        return raw.hex(":")
    if len(raw) in NETWORK_ADDRESS_OCTETS and raw[0] in (1, 2):
        return address_of_octets(raw[1:])
    return text(raw)


def remote_index(index: Index) -> Mapping[str, Value] | None:
    """lldpRemTimeMark, lldpRemLocalPortNum, lldpRemIndex."""
    return {"_port": index[1], "index": index[2]} if len(index) == 3 else None


def as_lldp(row: Row) -> Iterable[Row]:
    if row.get("remote_name") or row.get("remote_port") or row.get("_chassis"):
        row["local_ifIndex"] = row.get("_by_name") or row.get("_by_descr") or row.get("_port")
        row["remote_name"] = row.get("remote_name") or row.get("_chassis")
        row["local_port"] = row.get("_local_id") or row.get("_local_descr")
        yield {**row, "protocol": "lldp"}


LLDP = Pack(
    name="lldp",
    mib="LLDP-MIB",
    table="neighbour",
    index=remote_index,
    columns=(
        document("remote_port", f"{REMOTE}.7", identifier),
        document("_chassis", f"{REMOTE}.5", identifier),
        document("remote_name", f"{REMOTE}.9", filled_text),
        document("remote_platform", f"{REMOTE}.10", filled_text),
        document("remote_capabilities", f"{REMOTE}.12", bits(CAPABILITIES)),
        looked_up("_local_id", f"{LOCAL_PORT}.3", identifier, at="_port"),
        looked_up("_local_descr", f"{LOCAL_PORT}.4", filled_text, at="_port"),
        found_by_text("_by_name", f"{IF_X}.1", text, at="_local_id"),
        found_by_text("_by_descr", f"{IF}.2", text, at="_local_id"),
    ),
    derive=as_lldp,
    comes_and_goes=True,
)


def address_index(index: Index) -> Mapping[str, Value] | None:
    """The neighbour's three numbers, then subtype, length and octets of its management address."""
    if len(index) < 6 or len(index) != 5 + index[4] or not all(octet < 256 for octet in index[5:]):
        return None
    return {"_port": index[1], "index": index[2], "remote_address": address_of_octets(bytes(index[5:])) if index[3] in (1, 2) else None}


def management_address(row: Row) -> Iterable[Row]:
    yield {
        "protocol": "lldp",
        "local_ifIndex": row.get("_by_name") or row.get("_by_descr") or row["_port"],
        "index": row["index"],
        "remote_address": row["remote_address"],
    }


LLDP_ADDRESSES = Pack(
    name="lldp-addresses",
    mib="LLDP-MIB",
    table="neighbour",
    index=address_index,
    columns=(
        document("_kind", f"{REMOTE_ADDRESS}.3"),
        looked_up("_local_id", f"{LOCAL_PORT}.3", identifier, at="_port"),
        found_by_text("_by_name", f"{IF_X}.1", text, at="_local_id"),
        found_by_text("_by_descr", f"{IF}.2", text, at="_local_id"),
    ),
    derive=management_address,
    founds=False,
    comes_and_goes=True,
)
