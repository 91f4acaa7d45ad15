"""hq-acc1: a C9200L-48P-4X with thirty phones, two access points and the cable to hq-sb.

Planted: Gi1/0/48 half duplex with late collisions, 700 of 740 W of PoE, a phone at Gi1/0/12 without voice VLAN.
Near miss: Gi1/0/3, four FCS errors in 4 x 10^8 frames.
"""

from collections.abc import Mapping

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice, Traffic
from demo.devices.catalyst import HQ_VLANS, Power, SwitchPlan, assemble, finish, headquarters_trees
from demo.hardware import Member, Optic, PowerSupply, catalyst
from demo.mibs.processor import Pool, busy_percent
from demo.ports import PortFactory, PortRange, cable_curve
from demo.world import World, steps

SOFTWARE = "17.09.05"
WEEK_SECONDS = 7 * 86_400
LATE_COLLISIONS_PER_WEEK = 812
BUSY_FRAMES_PER_WEEK = 400_000_000
BUSY_FRAME_OCTETS = 200
FCS_DAYS_BEFORE_EPOCH = (6.4, 4.3, 3.2, 1.6)
CAMERAS = {f"Gi1/0/{number}": (4, 30_000) for number in range(31, 36)}
DOOR_STATION = {"Gi1/0/36": (4, 28_000)}


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-acc1"]
    rows = _interfaces(world, own)
    optics = [Optic(f"Te1/1/{port}", "SFP-10G-SR", f"NVD2418B1{port:02d}", -41 - port, -25) for port in (1, 2)]
    supply = PowerSupply("A", "PWR-C5-1KWAC", "FNV2411P0B1")
    member = Member(1, "C9200L-48P-4X", "FNV2412X0B1", rows, (supply,), optics, inlet_celsius=28)
    plan = SwitchPlan(
        rows=rows,
        hardware=catalyst("c92xxL Stack", SOFTWARE, [member]),
        cpu_percent=busy_percent(world.offices[0], 11, 5),
        pools=[Pool(1, "Processor", 367_001_600, 141_557_760)],
        vlan_names=HQ_VLANS,
        trees=headquarters_trees(world, own, known, toward_core="Po1"),
        own_addresses=[(own.address, 24, "Vl10")],
        changed_days_ago=30.2,
        power=Power(740, 48, CAMERAS | DOOR_STATION),
        voice_vlans={"Gi1/0/12": None},
    )
    return finish(own, plan, *assemble(world, own, known, plan))


def _interfaces(world: World, own: Identity) -> list[Interface]:
    octets_per_second = BUSY_FRAMES_PER_WEEK / WEEK_SECONDS * BUSY_FRAME_OCTETS
    collisions = cable_curve(world, "hq-acc1", "hq-sb").count_since(own.boot_ns, LATE_COLLISIONS_PER_WEEK / WEEK_SECONDS)
    changes = {
        "Gi1/0/3": {
            "traffic": Traffic(world.offices[3], octets_per_second, octets_per_second, BUSY_FRAME_OCTETS, BUSY_FRAME_OCTETS),
            "fcs_errors": steps(*(world.before(days=days) for days in FCS_DAYS_BEFORE_EPOCH)),
        },
        "Gi1/0/48": {"speed_mbps": 100, "late_collisions": collisions},
        "Gi1/0/36": {"alias": "door station", "traffic": Traffic(world.constants[0], 3_000, 1_500)},
    }
    camera = Traffic(world.constants[1], 380_000, 9_000)
    changes |= {name: {"alias": f"camera {number}", "traffic": camera} for number, name in enumerate(CAMERAS, 1)}
    factory = PortFactory(world, own, changes)
    rows = factory.ethernet([PortRange("Gi1/0/", 1, 48), PortRange("Te1/1/", 1, 4, 10_000)])
    rows.append(factory.bundle("Po1", [row for row in rows if row.name in ("Te1/1/1", "Te1/1/2")], "hq-core Po11"))
    rows.append(factory.logical("Vl10", InterfaceType.PROP_VIRTUAL, "mgmt"))
    return rows
