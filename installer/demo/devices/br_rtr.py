"""br-rtr: an ISR4321, the branch's only way out.

Planted: IP SLA to headquarters with MOS 3.4, 48 ms of jitter and 5 percent loss; a backup tunnel with an MTU of 1400
against 1500 at the other end, OSPF stuck in exstart on it; SRST for 10 phones where 18 stand.
"""

from collections.abc import Mapping

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice, Traffic
from demo.devices.hq_rtr import BRANCH_WAN
from demo.devices.router import PROCESSOR_POOL_OCTETS, RouterPlan, assemble, finish
from demo.mibs.ipsla import TYPE_ECHO, TYPE_JITTER, Operation, Run
from demo.mibs.processor import busy_percent
from demo.mibs.routing import EXCHANGE_START, FULL, INTERFACE_POINT_TO_POINT, POINT_TO_POINT, OspfInterface, OspfNeighbour
from demo.mibs.voice import survivable_telephony
from demo.ports import PortFactory, PortRange
from demo.world import World, wobble

TUNNEL_MTU = 1400
SRST_PHONES = 10
LARGEST_JITTER_MS = 48


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["br-rtr"]
    plan = RouterPlan(
        model="ISR4321/K9",
        serial="FNV2405X0G1",
        supply_serial="FNV2404P0G1",
        rows=_interfaces(world, own),
        own_addresses=[("10.2.0.1", 24, "Gi0/0/1"), ("10.9.0.2", 30, "Gi0/0/0"), ("10.9.1.2", 30, "Tu10"), ("10.255.0.81", 32, "Lo0")],
        cpu_percent=busy_percent(world.offices[2], 6, 5),
        memory_used=PROCESSOR_POOL_OCTETS * 41 // 100,
        cards=[("NIM subslot 0/1", "NIM-2FXO", "FNV2406C0G1")],
        operations=[
            Operation(10, TYPE_JITTER, "voice branch-hq", "10.1.0.2", _voice_to_headquarters),
            Operation(20, TYPE_ECHO, "mpls-gateway", "10.9.0.1", lambda now_ns: Run(12 + wobble(40, now_ns, 4))),
        ],
        router_id="10.255.0.81",
        ospf_interfaces=[
            OspfInterface("10.9.0.2", POINT_TO_POINT, 1, INTERFACE_POINT_TO_POINT),
            OspfInterface("10.9.1.2", POINT_TO_POINT, 1, INTERFACE_POINT_TO_POINT),
        ],
        ospf_neighbours=[
            OspfNeighbour("10.9.0.1", "10.255.0.2", 1, FULL),
            OspfNeighbour("10.9.1.1", "10.255.0.2", 1, EXCHANGE_START, events=4_118),
        ],
        changed_days_ago=61.0,
    )
    mib = assemble(world, own, known, plan)
    survivable_telephony(mib, SRST_PHONES)
    return finish(own, plan, mib)


def _interfaces(world: World, own: Identity) -> list[Interface]:
    sent, received = BRANCH_WAN
    wan = {"alias": "hq-rtr Gi0/0/1 MPLS circuit 4711-22", "traffic": Traffic(world.offices[2], received, sent, 610, 420)}
    factory = PortFactory(world, own, {"Gi0/0/0": wan})
    rows = factory.ethernet([PortRange("Gi0/0/", 0, 1)])
    backup = Traffic(world.constants[2], 900, 900, 96, 96)
    rows.append(factory.logical("Tu10", InterfaceType.TUNNEL, "hq-rtr Tu10 backup", speed_mbps=100, mtu=TUNNEL_MTU, traffic=backup))
    rows.append(factory.logical("Lo0", InterfaceType.LOOPBACK, "router id", speed_mbps=8_000, mtu=1514))
    return rows


def _voice_to_headquarters(run_ns: int) -> Run:
    """Every run: 3.38 to 3.42 MOS, 45 to 48 ms of jitter, 50 of 1,000 packets lost."""
    return Run(
        rtt=61 + wobble(1, run_ns, 5),
        jitter=LARGEST_JITTER_MS - wobble(2, run_ns, 3) * wobble(3, run_ns, 1),
        lost_out=32,
        lost_back=18,
        mos_hundredths=338 + wobble(4, run_ns, 4),
        icpif=21,
    )
