"""CISCO-CDP-MIB and LLDP-MIB (IEEE 802.1AB), made from the cable list."""

from collections.abc import Mapping, Sequence

from demo.device import Identity, Interface
from demo.estate import Endpoint, cables_of, endpoints_of
from demo.mib import MibBuilder, integer, octets, text

CDP_INTERFACE_ENTRY = "1.3.6.1.4.1.9.9.23.1.1.1.1"
CDP_CACHE_ENTRY = "1.3.6.1.4.1.9.9.23.1.2.1.1"
CDP_GLOBAL = "1.3.6.1.4.1.9.9.23.1.3"
LLDP_LOCAL = "1.0.8802.1.1.2.1.3"
LLDP_LOCAL_PORT_ENTRY = "1.0.8802.1.1.2.1.3.7.1"
LLDP_REMOTE_ENTRY = "1.0.8802.1.1.2.1.4.1.1"
LLDP_REMOTE_ADDRESS_ENTRY = "1.0.8802.1.1.2.1.4.2.1"

DOMAIN = "nordlund.example"
CAPABLE_ROUTER = 0x01
CAPABLE_SWITCH = 0x08
CAPABLE_IGMP = 0x20
CAPABLE_PHONE = 0x80
ROUTER_AND_SWITCH = CAPABLE_ROUTER | CAPABLE_SWITCH | CAPABLE_IGMP
LLDP_BRIDGE = bytes((0x20,))
LLDP_BRIDGE_ROUTER = bytes((0x28,))
LLDP_PHONE = bytes((0x24,))
ADDRESS_LENGTH = 4


def cdp(mib: MibBuilder, own: Identity, rows: Sequence[Interface], known: Mapping[str, Identity]) -> None:
    """cdpCacheTable of a device: managed neighbours and endpoints, as each far end announces itself."""
    index_of = {row.name: row.index for row in rows}
    mib.scalar(f"{CDP_GLOBAL}.1", integer(1))
    mib.scalar(f"{CDP_GLOBAL}.2", integer(60))
    mib.scalar(f"{CDP_GLOBAL}.3", integer(180))
    mib.scalar(f"{CDP_GLOBAL}.4", text(f"{own.name}.{DOMAIN}"))
    for number, cable in enumerate(cables_of(own.name), 1):
        local, far = cable.local, cable.far
        peer = known[far.device]
        capabilities = CAPABLE_SWITCH | CAPABLE_IGMP if far.device == "hq-sb" else ROUTER_AND_SWITCH
        mib.row(
            CDP_CACHE_ENTRY,
            (index_of[local.port], number),
            {
                3: integer(1),
                4: octets(_address(peer.address)),
                5: text(peer.sys_descr),
                6: text(f"{peer.name}.{DOMAIN}"),
                7: text(far.long_port),
                8: text(peer.platform),
                9: octets(capabilities.to_bytes(4, "big")),
                10: text("nordlund"),
                12: integer(int(far.duplex)),
            }
            | ({} if far.native_vlan is None else {11: integer(far.native_vlan)}),
        )
    for number, endpoint in enumerate(endpoints_of(own.name), 100):
        _cdp_endpoint(mib, index_of[endpoint.port], number, endpoint)
    for row in rows:
        if row.connector and row.admin_up:
            mib.row(CDP_INTERFACE_ENTRY, (row.index,), {2: integer(1), 6: text(row.long_name)})


def _cdp_endpoint(mib: MibBuilder, if_index: int, number: int, endpoint: Endpoint) -> None:
    capabilities = CAPABLE_PHONE | 0x10 if endpoint.is_phone else 0x02 | CAPABLE_ROUTER
    mib.row(
        CDP_CACHE_ENTRY,
        (if_index, number),
        {
            3: integer(1),
            4: octets(_address(endpoint.address)),
            5: text(endpoint.software),
            6: text(endpoint.name),
            7: text("Port 1" if endpoint.is_phone else "GigabitEthernet0"),
            8: text(endpoint.platform),
            9: octets(capabilities.to_bytes(4, "big")),
            10: text(""),
            12: integer(3),
        },
    )


def lldp(mib: MibBuilder, own: Identity, rows: Sequence[Interface], known: Mapping[str, Identity]) -> None:
    """Local and remote LLDP tables; the local port number is the ifIndex."""
    index_of = {row.name: row.index for row in rows}
    mib.scalar(f"{LLDP_LOCAL}.1", integer(4))
    mib.scalar(f"{LLDP_LOCAL}.2", octets(own.base_mac))
    mib.scalar(f"{LLDP_LOCAL}.3", text(f"{own.name}.{DOMAIN}"))
    mib.scalar(f"{LLDP_LOCAL}.4", text(own.sys_descr))
    for row in rows:
        if row.connector:
            mib.row(LLDP_LOCAL_PORT_ENTRY, (row.index,), {2: integer(5), 3: text(row.name), 4: text(row.alias or row.long_name)})
    for number, cable in enumerate(cables_of(own.name), 1):
        local, far = cable.local, cable.far
        peer = known[far.device]
        index = (0, index_of[local.port], number)
        capabilities = LLDP_BRIDGE if far.device == "hq-sb" else LLDP_BRIDGE_ROUTER
        mib.row(
            LLDP_REMOTE_ENTRY,
            index,
            {
                4: integer(4),
                5: octets(peer.base_mac),
                6: integer(5),
                7: text(far.port),
                8: text(far.long_port),
                9: text(f"{peer.name}.{DOMAIN}"),
                10: text(peer.sys_descr),
                11: octets(capabilities),
                12: octets(capabilities),
            },
        )
        _lldp_address(mib, index, peer.address)
    for number, endpoint in enumerate(endpoints_of(own.name), 100):
        if endpoint.is_phone:
            _lldp_phone(mib, (0, index_of[endpoint.port], number), endpoint)


def _lldp_phone(mib: MibBuilder, index: tuple[int, int, int], endpoint: Endpoint) -> None:
    mac = endpoint.name.removeprefix("SEP")
    mib.row(
        LLDP_REMOTE_ENTRY,
        index,
        {
            4: integer(5),
            5: octets(b"\x01" + _address(endpoint.address)),
            6: integer(7),
            7: text(f"{mac}:P1"),
            8: text("SW PORT"),
            9: text(endpoint.name),
            10: text(f"{endpoint.platform}, V6, {endpoint.software}"),
            11: octets(LLDP_PHONE),
            12: octets(LLDP_PHONE),
        },
    )
    _lldp_address(mib, index, endpoint.address)


def _lldp_address(mib: MibBuilder, index: tuple[int, int, int], address: str) -> None:
    mib.row(LLDP_REMOTE_ADDRESS_ENTRY, (*index, 1, ADDRESS_LENGTH, *_address(address)), {3: integer(2), 4: integer(1)})


def _address(dotted: str) -> bytes:
    return bytes(int(part) for part in dotted.split("."))
