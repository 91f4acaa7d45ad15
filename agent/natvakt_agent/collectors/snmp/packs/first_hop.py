"""Gateways that stand in for each other: CISCO-HSRP-MIB, VRRP-MIB (RFC 2787), VRRPV3-MIB (RFC 6527).

One set of state codes for all, HSRP's: VRRP's initialize, backup and master are told as initial, standby and active.
"""

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Pack, Row, document, series, state
from natvakt_agent.collectors.snmp.reading import Flaw, address, address_of_octets, hexadecimal, truth
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

HSRP = "1.3.6.1.4.1.9.9.106.1.2.1.1"
VRRP = "1.3.6.1.2.1.68.1.3.1"
VRRP_ADDRESS = "1.3.6.1.2.1.68.1.4.1.2"  # vrrpAssoIpAddrRowStatus: the virtual address is in the index
VRRP_THREE = "1.3.6.1.2.1.207.1.1.1.1"
VRRP_THREE_ADDRESS = "1.3.6.1.2.1.207.1.1.2.1.2"  # vrrpv3AssociatedIpAddrRowStatus, likewise
STATES = {1: "initial", 2: "learn", 3: "listen", 4: "speak", 5: "standby", 6: "active"}
AS_HSRP = {1: 1, 2: 5, 3: 6}  # VRRP's initialize, backup, master
IPV6 = 2  # InetAddressType
NOBODY = "0.0.0.0"  # noqa: S104 - compared, never bound


def vrrp_state(raw: SnmpValue) -> Value:
    if isinstance(raw, int):
        return AS_HSRP.get(raw)
    raise Flaw(f"{type(raw).__name__} where a state was expected")


def router(raw: SnmpValue) -> Value:
    """An address; 0.0.0.0 is how HSRP says that it knows of nobody."""
    shown = address(raw)
    return None if shown == NOBODY else shown


def hsrp_group(index: Index) -> Row | None:
    return {"protocol": "hsrp", "ifIndex": index[0], "group": index[1]} if len(index) == 2 else None


def vrrp_group(index: Index) -> Row | None:
    return {"protocol": "vrrp", "ifIndex": index[0], "group": index[1]} if len(index) == 2 else None


def vrrp_three_group(index: Index) -> Row | None:
    if len(index) != 3:
        return None
    return {"protocol": "vrrp-ipv6" if index[2] == IPV6 else "vrrp", "ifIndex": index[0], "group": index[1]}


def vrrp_address(index: Index) -> Row | None:
    """ifIndex, group, then the four octets of one virtual address."""
    group = vrrp_group(index[:2])
    return (
        None
        if group is None or len(index) != 6 or max(index[2:]) > 255
        else group | {"virtual_address": address_of_octets(bytes(index[2:]))}
    )


def vrrp_three_address(index: Index) -> Row | None:
    """ifIndex, group, address type, then the address with its length before it (InetAddress)."""
    group = vrrp_three_group(index[:3])
    if group is None or len(index) < 5 or index[3] != len(index) - 4 or max(index[4:]) > 255:
        return None
    return group | {"virtual_address": address_of_octets(bytes(index[4:]))}


HSRP_GROUPS = Pack(
    name="cisco-hsrp",
    mib="CISCO-HSRP-MIB",
    table="fhrp",
    index=hsrp_group,
    columns=(
        state("state", f"{HSRP}.15", STATES),
        series("priority", f"{HSRP}.3"),
        document("preempt", f"{HSRP}.4", truth),
        document("virtual_address", f"{HSRP}.11", router),
        document("active_router", f"{HSRP}.13", router),
        document("standby_router", f"{HSRP}.14", router),
        document("virtual_mac", f"{HSRP}.16", hexadecimal),
    ),
    applies=CISCO_SYSTEMS,
    tested=1,
)
VRRP_GROUPS = Pack(
    name="vrrp",
    mib="VRRP-MIB",
    table="fhrp",
    index=vrrp_group,
    columns=(
        series("state", f"{VRRP}.3", vrrp_state),
        series("priority", f"{VRRP}.5"),
        document("preempt", f"{VRRP}.12", truth),
        document("active_router", f"{VRRP}.7", router),
        document("virtual_mac", f"{VRRP}.2", hexadecimal),
    ),
    tested=1,
)
VRRP_THREE_GROUPS = Pack(
    name="vrrp-v3",
    mib="VRRPV3-MIB",
    table="fhrp",
    index=vrrp_three_group,
    columns=(
        series("state", f"{VRRP_THREE}.6", vrrp_state),
        series("priority", f"{VRRP_THREE}.7"),
        document("preempt", f"{VRRP_THREE}.10", truth),
        document("active_router", f"{VRRP_THREE}.3", router),
        document("virtual_mac", f"{VRRP_THREE}.5", hexadecimal),
    ),
    tested=1,
)
VRRP_ADDRESSES = Pack(
    name="vrrp-addresses",
    mib="VRRP-MIB",
    table="fhrp",
    index=vrrp_address,
    columns=(document("_status", VRRP_ADDRESS),),
    only_with=("vrrp",),
    founds=False,
)
VRRP_THREE_ADDRESSES = Pack(
    name="vrrp-v3-addresses",
    mib="VRRPV3-MIB",
    table="fhrp",
    index=vrrp_three_address,
    columns=(document("_status", VRRP_THREE_ADDRESS),),
    only_with=("vrrp-v3",),
    founds=False,
)
FIRST_HOP_PACKS = (HSRP_GROUPS, VRRP_GROUPS, VRRP_THREE_GROUPS, VRRP_ADDRESSES, VRRP_THREE_ADDRESSES)
