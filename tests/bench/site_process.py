"""A full site as a process: 105 access switches of 48 ports that answer real SNMP on loopback; every second port carries traffic."""

import random
import sys
import time

from bench.bench_wire import DEVICES, INTERFACES
from bench.watched import Ledger
from demo.device import Identity, Interface, SimulatedDevice, Traffic
from demo.load import SECOND_NS, LoadCurve, office
from demo.mib import MibBuilder
from demo.mibs.interfaces import interfaces
from demo.mibs.processor import Pool, cisco_cpu, memory_pools
from demo.mibs.system import cisco_restart, snmp_engine, system
from demo.simclock import SiteClock
from demo.site import Site, responder_of

COMMUNITY = "bench-Vn41z"
UPTIME_NS = 200 * 86_400 * SECOND_NS
MEBIBYTE = 1024**2


def address(number: int) -> str:
    """Where device `number` answers on loopback."""
    return f"127.7.0.{number + 1}"


def device(number: int, now_ns: int, curves: list[LoadCurve]) -> SimulatedDevice:
    own = Identity(
        name=f"full-acc{number + 1}",
        site="full",
        address="10" + address(number)[3:],
        community=COMMUNITY,
        sys_descr="Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_LITE_IOSXE), Version 17.9.5, RELEASE SOFTWARE (fc1)",
        sys_object_id="1.3.6.1.4.1.9.1.2861",
        platform="cisco C9200L-48P-4X",
        base_mac=bytes((0, 0x11, 0x22, 0x50, number, 0)),
        boot_ns=now_ns - UPTIME_NS,
    )
    rows = [port(number, index, own, curves[index % len(curves)]) for index in range(INTERFACES)]
    mib = MibBuilder()
    system(mib, own)
    snmp_engine(mib, own)
    cisco_restart(mib)
    interfaces(mib, own, rows)
    cisco_cpu(mib, 9, physical_index=1000)
    memory_pools(mib, [Pool(1, "Processor", 1200 * MEBIBYTE, 300 * MEBIBYTE)])
    return SimulatedDevice(own, rows, {COMMUNITY.encode("ascii"): mib.build()})


def port(number: int, index: int, own: Identity, curve: LoadCurve) -> Interface:
    carries = index % 2 == 0
    rng = random.Random(number * INTERFACES + index)
    rates = [64.0 * rng.lognormvariate(5, 2) for _ in range(2)]
    return Interface(
        index=index + 1,
        name=f"Gi1/0/{index + 1}",
        long_name=f"GigabitEthernet1/0/{index + 1}",
        alias=f"outlet {number + 1}.{index + 1}",
        up=1 if carries else 2,
        mac=own.base_mac[:5] + bytes((index + 1,)),
        traffic=Traffic(curve, *rates, rng.randrange(80, 1200), rng.randrange(80, 1200)) if carries else None,
    )


def main() -> int:
    curves = [LoadCurve(office, f"full-{number}") for number in range(8)]
    now_ns = time.time_ns()
    devices = [device(number, now_ns, curves) for number in range(DEVICES)]
    ledger = Ledger()
    site = Site({each.identity.name: each for each in devices}, SiteClock(time.time_ns), 0, 0, 0, ledger.speaker(responder_of))
    ledger.tell_on_signal()
    print(f"ready snmp={site.snmp_port} probe={site.probe_port} control={site.control_port}", flush=True)
    site.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
