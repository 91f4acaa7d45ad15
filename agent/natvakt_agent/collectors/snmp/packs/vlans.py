"""VLANs: CISCO-VTP-MIB where there is one, Q-BRIDGE-MIB (RFC 4363) for all others."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, numbers
from natvakt_agent.collectors.snmp.reading import text

VTP_VLAN = "1.3.6.1.4.1.9.9.46.1.3.1.1"
BRIDGE_VLAN_NAME = "1.3.6.1.2.1.17.7.1.4.3.1.1"
ETHERNET = 1  # vtpVlanType; the FDDI and token ring VLANs 1002 to 1005 exist on every Cisco switch and mean nothing


def ethernet(row: Row) -> Iterable[Row]:
    if row.get("_type") in (None, ETHERNET):
        yield row


def with_a_name(row: Row) -> Iterable[Row]:
    """The name is optional in Q-BRIDGE-MIB: a VLAN that was given none is called by its number."""
    yield {**row, "name": row.get("name") or f"VLAN {row['id']}"}


VTP_VLANS = Pack(
    name="cisco-vtp",
    mib="CISCO-VTP-MIB",
    table="vlan",
    index=numbers("_domain", "id"),
    columns=(document("name", f"{VTP_VLAN}.4", text), document("_type", f"{VTP_VLAN}.3")),
    derive=ethernet,
    applies=CISCO,
)
BRIDGE_VLANS = Pack(
    name="q-bridge",
    mib="Q-BRIDGE-MIB",
    table="vlan",
    index=numbers("id"),
    columns=(document("name", BRIDGE_VLAN_NAME, text),),
    derive=with_a_name,
    unless=("cisco-vtp",),
    comes_and_goes=True,
)
