"""Routing neighbours and VRFs: BGP4-MIB, CISCO-BGP4-MIB, OSPF-MIB, OSPFV3-MIB, and the VRF names of MPLS and Cisco MIBs."""

from collections.abc import Mapping

from natvakt_agent.collectors.snmp.oids import Index, dotted
from natvakt_agent.collectors.snmp.pack import CISCO, IndexReader, Pack, Row, document, numbers, series, state
from natvakt_agent.collectors.snmp.reading import address, address_of_octets, filled_text
from natvakt_agent.model.observation import Value

BGP_PEER = "1.3.6.1.2.1.15.3.1"
CISCO_BGP_PEER = "1.3.6.1.4.1.9.9.187.1.2.5.1"
CISCO_BGP_VRF_PEER = "1.3.6.1.4.1.9.9.187.1.2.9.1"  # cbgpPeer3Entry: those in VRFs, too
CISCO_BGP_PREFIXES = "1.3.6.1.4.1.9.9.187.1.2.8.1"
OSPF_NEIGHBOUR = "1.3.6.1.2.1.14.10.1"
MPLS_VPN_DESCR = "1.3.6.1.3.118.1.2.2.1.2"
MPLS_L3VPN_DESCR = "1.3.6.1.2.1.10.166.11.1.2.2.1.3"
CISCO_VRF_NAME = "1.3.6.1.4.1.9.9.711.1.1.1.1.2"
BGP_STATES = {1: "idle", 2: "connect", 3: "active", 4: "opensent", 5: "openconfirm", 6: "established"}
BGP_ADMIN = {1: "stop", 2: "start"}
OSPF_STATES = {1: "down", 2: "attempt", 3: "init", 4: "twoWay", 5: "exchangeStart", 6: "exchange", 7: "loading", 8: "full"}
ADDRESS_LENGTHS = {1: 4, 2: 16, 3: 8, 4: 20}  # InetAddressType


def ipv4_peer(index: Index) -> Mapping[str, Value] | None:
    return {"remote_address": dotted(index)} if len(index) == 4 else None


def typed_peer(index: Index) -> Mapping[str, Value] | None:
    """InetAddressType, length, octets, and whatever follows (address family of a prefix count)."""
    if len(index) < 2 or ADDRESS_LENGTHS.get(index[0]) != index[1] or len(index) < index[1] + 2 or max(index[2 : 2 + index[1]]) > 255:
        return None
    return {"remote_address": address_of_octets(bytes(index[2 : 2 + index[1]])), "_family": dotted(index[2 + index[1] :])}


def vrf_peer(index: Index) -> Mapping[str, Value] | None:
    """cbgpPeer3VrfId, then the peer as in `typed_peer`."""
    return typed_peer(index[1:])


def ospf_index(index: Index) -> Mapping[str, Value] | None:
    return {"address": dotted(index[:4]), "_addressless": index[4]} if len(index) == 5 else None


def named(field: str, length_first: bool) -> IndexReader:
    """A name spelled in the index, one number for each octet."""

    def read(index: Index) -> Mapping[str, Value] | None:
        body = index[1:] if length_first else index
        if (length_first and index[:1] != (len(body),)) or not body or max(body) > 255:
            return None
        return {field: bytes(body).decode("utf-8", "replace")}

    return read


CISCO_BGP = Pack(
    name="cisco-bgp",
    mib="CISCO-BGP4-MIB",
    table="bgp_peer",
    index=typed_peer,
    columns=(
        state("state", f"{CISCO_BGP_PEER}.3", BGP_STATES),
        document("remote_as", f"{CISCO_BGP_PEER}.11"),
        document("local_as", f"{CISCO_BGP_PEER}.8"),
        state("admin", f"{CISCO_BGP_PEER}.4", BGP_ADMIN),
        series("established_transitions", f"{CISCO_BGP_PEER}.15"),
        series("established_seconds", f"{CISCO_BGP_PEER}.19"),
    ),
    applies=CISCO,
    comes_and_goes=True,
)
CISCO_BGP_VRF = Pack(
    name="cisco-bgp-vrf",
    mib="CISCO-BGP4-MIB",
    table="bgp_peer",
    index=vrf_peer,
    columns=(
        state("state", f"{CISCO_BGP_VRF_PEER}.5", BGP_STATES),
        document("remote_as", f"{CISCO_BGP_VRF_PEER}.13"),
        document("local_as", f"{CISCO_BGP_VRF_PEER}.10"),
        state("admin", f"{CISCO_BGP_VRF_PEER}.6", BGP_ADMIN),
        series("established_transitions", f"{CISCO_BGP_VRF_PEER}.20"),
        series("established_seconds", f"{CISCO_BGP_VRF_PEER}.21"),
    ),
    applies=CISCO,
    comes_and_goes=True,
    tested=1,
)
BGP = Pack(
    name="bgp4",
    mib="BGP4-MIB",
    table="bgp_peer",
    index=ipv4_peer,
    columns=(
        state("state", f"{BGP_PEER}.2", BGP_STATES),
        document("remote_as", f"{BGP_PEER}.9"),
        state("admin", f"{BGP_PEER}.3", BGP_ADMIN),
        series("established_transitions", f"{BGP_PEER}.15"),
        series("established_seconds", f"{BGP_PEER}.16"),
    ),
    comes_and_goes=True,
)


def accepted(rows: list[Row]) -> list[Row]:
    """Accepted prefixes of all address families of a peer together."""
    totals: dict[Value, int] = {}
    for row in rows:
        count = row.get("_accepted")
        if isinstance(count, int):
            totals[row["remote_address"]] = totals.get(row["remote_address"], 0) + count
    return [{"remote_address": peer, "accepted_prefixes": total} for peer, total in totals.items()]


CISCO_BGP_ACCEPTED = Pack(
    name="cisco-bgp-prefixes",
    mib="CISCO-BGP4-MIB",
    table="bgp_peer",
    index=typed_peer,
    columns=(series("_accepted", f"{CISCO_BGP_PREFIXES}.1"),),
    settle=accepted,
    applies=CISCO,
    founds=False,
)
OSPF = Pack(
    name="ospf",
    mib="OSPF-MIB",
    table="ospf_neighbour",
    index=ospf_index,
    columns=(
        state("state", f"{OSPF_NEIGHBOUR}.6", OSPF_STATES),
        series("events", f"{OSPF_NEIGHBOUR}.7"),
        document("router_id", f"{OSPF_NEIGHBOUR}.3", address),
        document("priority", f"{OSPF_NEIGHBOUR}.5"),
    ),
    comes_and_goes=True,
)
L3VPN_VRFS = Pack(
    name="mpls-l3vpn",
    mib="MPLS-L3VPN-STD-MIB",
    table="vrf",
    index=named("name", length_first=True),
    columns=(document("description", MPLS_L3VPN_DESCR, filled_text),),
)
MPLS_VRFS = Pack(
    name="mpls-vpn",
    mib="MPLS-VPN-MIB",
    table="vrf",
    index=named("name", length_first=True),
    columns=(document("description", MPLS_VPN_DESCR, filled_text),),
    unless=("mpls-l3vpn",),
)
CISCO_VRFS = Pack(
    name="cisco-vrf",
    mib="CISCO-VRF-MIB",
    table="vrf",
    index=numbers("_vrf"),
    columns=(document("name", CISCO_VRF_NAME, filled_text),),
    applies=CISCO,
)
