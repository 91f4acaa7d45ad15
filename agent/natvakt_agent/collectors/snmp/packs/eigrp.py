"""EIGRP neighbours: CISCO-EIGRP-MIB. The index is a handle that changes with every adjacency, so the address is the key."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, lasting, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.if_mib import IF_X
from natvakt_agent.collectors.snmp.reading import address, filled_text, scaled, text

PEER = "1.3.6.1.4.1.9.9.449.1.4.1.1"
VPN_NAME = "1.3.6.1.4.1.9.9.449.1.1.1.1.2"
milliseconds = scaled(1)


def neighbour(row: Row) -> Iterable[Row]:
    if row.get("address"):
        yield row


EIGRP_NEIGHBOURS = Pack(
    name="cisco-eigrp",
    mib="CISCO-EIGRP-MIB",
    table="eigrp_neighbour",
    index=numbers("_vpn", "as_number", "_handle"),
    columns=(
        series("hold_seconds", f"{PEER}.5"),
        series("srtt_ms", f"{PEER}.7", milliseconds),
        series("queued_packets", f"{PEER}.9"),
        series("retransmissions", f"{PEER}.12"),
        series("retries", f"{PEER}.13"),
        lasting("address", f"{PEER}.3", address),
        document("uptime", f"{PEER}.6", filled_text),
        document("ifIndex", f"{PEER}.4"),
        looked_up("interface", f"{IF_X}.1", text, at="ifIndex"),
        looked_up("vrf", VPN_NAME, filled_text, at="_vpn"),
    ),
    derive=neighbour,
    applies=CISCO_PRODUCTS,
    comes_and_goes=True,
    tested=1,
)
