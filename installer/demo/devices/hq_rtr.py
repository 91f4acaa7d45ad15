"""hq-rtr: an ISR4331 with PRI and SIP trunk, the WAN edge of headquarters. Its SNMP community is the well-known `private`.

Planted: memory grows by one percent a day for thirty days; DSP use is at 91 percent in the busy hours.
Near misses: an IP SLA probe whose MOS is 0 where it timed out; OSPF two-way to hq-fw, both with priority 0.
"""

from collections.abc import Callable, Mapping

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice, Traffic
from demo.devices.router import PROCESSOR_POOL_OCTETS, RouterPlan, assemble, finish
from demo.load import SECOND_NS
from demo.mibs.ipsla import FREQUENCY_SECONDS, TYPE_ECHO, TYPE_JITTER, Operation, Run
from demo.mibs.processor import busy_percent
from demo.mibs.routing import (
    BROADCAST,
    EXCHANGE,
    FULL,
    INTERFACE_POINT_TO_POINT,
    OTHER_DESIGNATED,
    POINT_TO_POINT,
    TWO_WAY,
    OspfInterface,
    OspfNeighbour,
)
from demo.mibs.voice import dsp, survivable_telephony
from demo.ports import PortFactory, PortRange
from demo.world import HOUR_NS, Number, World, line, steps, wobble

LEAK_STARTS_PERCENT, LEAK_DAYS, FULL_PERCENT = 45, 30, 94
DSP_BUSY_PERCENT = 91
TIMEOUT_HOURS_BEFORE_EPOCH = (2, 9, 15, 20, 50, 75, 98, 123)
BRANCH_WAN = (1_200_000.0, 1_900_000.0)  # octets a second in and out

ADDRESSES = (
    ("10.1.0.2", 24, "Lo1"),
    ("10.1.9.2", 29, "Gi0/0/0"),
    ("10.9.0.1", 30, "Gi0/0/1"),
    ("10.9.1.1", 30, "Tu10"),
    ("10.255.0.2", 32, "Lo0"),
)


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-rtr"]
    plan = RouterPlan(
        model="ISR4331/K9",
        serial="FNV2405X0F1",
        supply_serial="FNV2404P0F1",
        rows=_interfaces(world, own),
        own_addresses=ADDRESSES,
        cpu_percent=busy_percent(world.offices[1], 7, 6),
        memory_used=_leak(world),
        cards=[
            ("NIM subslot 0/1", "NIM-1MFT-T1/E1", "FNV2406C0F1"),
            ("subslot 0/1 PVDM", "PVDM4-64", "FNV2406C0F2"),
        ],
        operations=[
            Operation(20, TYPE_JITTER, "sip-provider", "203.0.113.20", _provider(world), _timeouts(world)),
            Operation(30, TYPE_ECHO, "mpls-gateway", "10.9.0.2", lambda now_ns: Run(11 + wobble(30, now_ns, 4))),
        ],
        router_id="10.255.0.2",
        ospf_interfaces=[
            OspfInterface("10.1.9.2", BROADCAST, 0, OTHER_DESIGNATED, "10.1.9.1"),
            OspfInterface("10.9.0.1", POINT_TO_POINT, 1, INTERFACE_POINT_TO_POINT),
            OspfInterface("10.9.1.1", POINT_TO_POINT, 1, INTERFACE_POINT_TO_POINT),
        ],
        ospf_neighbours=[
            OspfNeighbour("10.1.9.1", "10.255.0.1", 1, FULL),
            OspfNeighbour("10.1.9.3", "10.255.0.3", 0, TWO_WAY),
            OspfNeighbour("10.9.0.2", "10.255.0.81", 1, FULL),
            OspfNeighbour("10.9.1.2", "10.255.0.81", 1, EXCHANGE, events=4_120),
        ],
        changed_days_ago=20.4,
    )
    mib = assemble(world, own, known, plan)
    dsp(mib, _dsp_use(world), DSP_BUSY_PERCENT)
    survivable_telephony(mib, 60)
    return finish(own, plan, mib)


def _interfaces(world: World, own: Identity) -> list[Interface]:
    received, sent = BRANCH_WAN
    wan = {"alias": "br-rtr Gi0/0/0 MPLS circuit 4711-22", "traffic": Traffic(world.offices[2], received, sent, 420, 610)}
    factory = PortFactory(world, own, {"Gi0/0/1": wan})
    rows = factory.ethernet([PortRange("Gi0/0/", 0, 2)])
    backup = Traffic(world.constants[2], 900, 900, 96, 96)
    rows.append(factory.logical("Tu10", InterfaceType.TUNNEL, "br-rtr Tu10 backup", speed_mbps=100, mtu=1500, traffic=backup))
    rows.append(factory.logical("E1 0/1/0", InterfaceType.DS1, "PRI Telia 08-555 10 00", speed_mbps=2))
    rows.append(factory.logical("Lo0", InterfaceType.LOOPBACK, "router id", speed_mbps=8_000, mtu=1514))
    rows.append(factory.logical("Lo1", InterfaceType.LOOPBACK, "management", speed_mbps=8_000, mtu=1514))
    return rows


def _leak(world: World) -> Number:
    """From 45 percent, one percent of the pool more each day, over the thirty days before the epoch and on."""
    percent = PROCESSOR_POOL_OCTETS / 100
    straight = line(world, (LEAK_STARTS_PERCENT + LEAK_DAYS) * percent, percent)
    lowest, highest = round(LEAK_STARTS_PERCENT * percent), round(FULL_PERCENT * percent)
    return lambda now_ns: min(max(straight(now_ns), lowest), highest) + wobble(2, now_ns, 3_000_000)


def _dsp_use(world: World) -> Number:
    """Calls fill the DSPs to 91 percent in the busiest tenth of the week."""
    curve = world.offices[0]
    return lambda now_ns: min(DSP_BUSY_PERCENT, round(8 + 36 * curve.level(now_ns)))


def _timed_out_runs(world: World) -> list[int]:
    """The starts of the runs that got no answer, each just before an instant at which the demo polls."""
    period = FREQUENCY_SECONDS * SECOND_NS
    return [(world.epoch_ns - hours * HOUR_NS) // period * period for hours in TIMEOUT_HOURS_BEFORE_EPOCH]


def _provider(world: World) -> Callable[[int], Run]:
    timed_out = frozenset(_timed_out_runs(world))

    def latest(run_ns: int) -> Run:
        if run_ns in timed_out:
            return Run(0, timed_out=True)
        return Run(18 + wobble(20, run_ns, 3), 2 + wobble(21, run_ns, 2), mos_hundredths=432 + wobble(22, run_ns, 2), icpif=1)

    return latest


def _timeouts(world: World) -> Number:
    return steps(*_timed_out_runs(world))
