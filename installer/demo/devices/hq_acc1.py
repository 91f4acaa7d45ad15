"""hq-acc1: a C9200L-48P-4X with thirty phones, two access points and the cable to hq-sb.

Planted: Gi1/0/48 half duplex with late collisions, 700 of 740 W of PoE, a phone at Gi1/0/12 without voice VLAN.
Near miss: Gi1/0/3, four FCS errors in 4 x 10^8 frames.
"""

from collections.abc import Mapping

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice, Traffic
from demo.hardware import Member, Optic, PowerSupply, catalyst
from demo.load import SECOND_NS
from demo.mib import MibBuilder
from demo.mibs.addresses import Address, addresses
from demo.mibs.interfaces import interfaces, stacked
from demo.mibs.neighbours import cdp, lldp
from demo.mibs.processor import Pool, busy_percent, cisco_cpu, enhanced_pools, memory_pools
from demo.mibs.system import cisco_restart, configuration_history, snmp_engine, system
from demo.ports import PortFactory, PortRange
from demo.world import DAY_NS, World, steps

SOFTWARE = "17.09.05"
LATE_COLLISIONS_PER_WEEK = 812
BUSY_FRAMES_PER_WEEK = 400_000_000
FRAME_OCTETS = 200


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-acc1"]
    rows = _interfaces(world, own)
    mib = MibBuilder()
    system(mib, own)
    snmp_engine(mib, own)
    cisco_restart(mib)
    configuration_history(mib, own, changed_ns=world.before(days=30.2), saved_ns=world.before(days=30.1))
    interfaces(mib, own, rows)
    index_of = {row.name: row.index for row in rows}
    stacked(mib, index_of["Po1"], [index_of["Te1/1/1"], index_of["Te1/1/2"]])
    optics = [Optic(f"Te1/1/{port}", "SFP-10G-SR", f"NVD2418B1{port:02d}", -41 - port, -25) for port in (1, 2)]
    supply = PowerSupply("A", "PWR-C5-1KWAC", "FNV2411P0B1")
    catalyst("c92xxL Stack", SOFTWARE, [Member(1, "C9200L-48P-4X", "FNV2412X0B1", rows, (supply,), optics, inlet_celsius=28)]).write(mib)
    cisco_cpu(mib, busy_percent(world.offices[0], 11, 5), physical_index=1000)
    memory_pools(mib, [Pool(1, "Processor", 367_001_600, 141_557_760)])
    enhanced_pools(mib, 1000, [Pool(1, "Processor", 367_001_600, 141_557_760)])
    cdp(mib, own, rows, known)
    lldp(mib, own, rows, known)
    addresses(mib, [Address(own.address, 24, index_of["Vl10"])])
    return SimulatedDevice(own, rows, {own.community.encode("ascii"): mib.build()})


def _interfaces(world: World, own: Identity) -> list[Interface]:
    half_busy = world.servers[2]
    frames_per_second = BUSY_FRAMES_PER_WEEK / (7 * DAY_NS / SECOND_NS)
    changes = {
        "Gi1/0/3": {
            "traffic": Traffic(
                world.offices[3], frames_per_second * FRAME_OCTETS, frames_per_second * FRAME_OCTETS, FRAME_OCTETS, FRAME_OCTETS
            ),
            "fcs_errors": steps(*(world.before(days=days) for days in (6.4, 4.3, 3.2, 1.6))),
        },
        "Gi1/0/48": {
            "speed_mbps": 100,
            "late_collisions": half_busy.count_since(own.boot_ns, LATE_COLLISIONS_PER_WEEK / (7 * 86_400)),
        },
    }
    factory = PortFactory(world, own, changes)
    rows = factory.ethernet([PortRange("Gi1/0/", 1, 48), PortRange("Te1/1/", 1, 4, 10_000)])
    rows.append(factory.bundle("Po1", [row for row in rows if row.name in ("Te1/1/1", "Te1/1/2")], "hq-core Po11"))
    rows.append(factory.logical("Vl10", InterfaceType.PROP_VIRTUAL, "mgmt"))
    return rows
