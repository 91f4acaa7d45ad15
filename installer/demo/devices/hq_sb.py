"""hq-sb: a small-business CBS350 behind hq-acc1.

Planted: gi24 is full duplex against half at the other end, with a few FCS errors a day; its web login is the vendor's.
"""

from collections.abc import Mapping
from dataclasses import replace

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice, Traffic
from demo.mib import MibBuilder, integer
from demo.mibs.addresses import Address, addresses
from demo.mibs.entity import Part, PartClass, entity
from demo.mibs.interfaces import interfaces
from demo.mibs.neighbours import cdp, lldp
from demo.mibs.switching import Root, Tree, bridge
from demo.mibs.system import snmp_engine, system
from demo.ports import PortFactory, PortRange, cable_curve
from demo.world import World

SB_CPU = "1.3.6.1.4.1.9.6.1.101.1"
SOFTWARE = "3.4.0.17"
FCS_ERRORS_PER_DAY = 4
HOSTS = {f"gi{number}": f"lab bench {number}" for number in range(1, 7)}
CHASSIS, FIRST_PORT = 67_109_120, 67_109_200


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-sb"]
    rows = _interfaces(world, own)
    index_of = {row.name: row.index for row in rows}
    mib = MibBuilder()
    system(mib, own, services=2)
    snmp_engine(mib, own)
    interfaces(mib, own, rows)
    entity(mib, _parts(own, rows))
    mib.scalar(f"{SB_CPU}.6", integer(1))
    for column in (7, 8, 9):
        mib.scalar(f"{SB_CPU}.{column}", integer(6))
    cdp(mib, own, rows, known)
    lldp(mib, own, rows, known)
    addresses(mib, [Address(own.address, 24, index_of["vlan 10"])])
    root = Root(24_577, known["hq-core"].base_mac)
    ports = [row for row in rows if row.connector and row.up == 1]
    bridge(
        mib, own.base_mac, ports, Tree(root, Root(32_769, own.base_mac), "gi24", 7, topology_changes=4, changed_ns=world.before(days=9.5))
    )
    return SimulatedDevice(own, rows, {own.community.encode("ascii"): mib.build()})


def _parts(own: Identity, rows: list[Interface]) -> list[Part]:
    return [
        Part(
            CHASSIS,
            PartClass.CHASSIS,
            "1",
            own.sys_descr,
            0,
            1,
            "CBS350-24T-4G",
            "FNV2502X0K1",
            SOFTWARE,
            firmware="1.0.0.4",
            hardware="V01",
        ),
        *(
            Part(FIRST_PORT + row.index, PartClass.PORT, row.name, row.long_name, CHASSIS, row.index, if_index=row.index)
            for row in rows
            if row.connector
        ),
    ]


def _interfaces(world: World, own: Identity) -> list[Interface]:
    bench = Traffic(world.offices[0], 9_000, 14_000)
    changes = {name: {"alias": alias, "traffic": bench} for name, alias in HOSTS.items()}
    damaged = cable_curve(world, "hq-acc1", "hq-sb").count_since(own.boot_ns, FCS_ERRORS_PER_DAY / 86_400)
    changes["gi24"] = {"speed_mbps": 100, "fcs_errors": damaged}
    factory = PortFactory(world, own, changes)
    rows = [replace(row, long_name=f"GigabitEthernet{row.name[2:]}") for row in factory.ethernet([PortRange("gi", 1, 28)])]
    rows.append(factory.logical("vlan 10", InterfaceType.VLAN, "mgmt"))
    return rows
