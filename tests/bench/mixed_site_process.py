"""A site of 105 devices of mixed families as a process: those of the demo, each many times, and ten among them that are no good."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from bench.faulty import answers_of, serve
from bench.watched import Ledger
from demo.device import SimulatedDevice
from demo.responder import Responder
from demo.simclock import SiteClock
from demo.site import Site, build_devices, responder_of

DEVICES = 105
COMMUNITY = "soak-Vn41z"
FAULTY = ("dead",) * 5 + ("trickling",) * 3 + ("hostile",) * 2
EVERY = DEVICES // len(FAULTY)  # the faulty ones stand among the others


def name(number: int) -> str:
    """`acc-17`, `dead-20`: what the device is like."""
    kind = fault(number)
    return f"{kind or 'good'}-{number}"


def fault(number: int) -> str | None:
    place, rest = divmod(number, EVERY)
    return FAULTY[place] if rest == EVERY // 2 and place < len(FAULTY) else None


def address(number: int) -> str:
    return f"127.8.0.{number + 1}"


def devices(now_ns: int) -> Iterator[SimulatedDevice]:
    """All 105, faulty ones too: what they would say if they were well."""
    families = list(build_devices(now_ns).values())
    for number in range(DEVICES):
        family = families[number % len(families)]
        own = replace(family.identity, name=name(number), address="10" + address(number)[3:], community=COMMUNITY)
        yield SimulatedDevice(own, family.interfaces, {COMMUNITY.encode("ascii"): family.view})


def main() -> int:
    every = list(devices(time.time_ns()))
    ledger = Ledger()
    good = {device.identity.name: device for number, device in enumerate(every) if fault(number) is None}
    site = Site(good, SiteClock(time.time_ns), 0, 0, 0, ledger.speaker(responder_of))
    for number, device in enumerate(every):
        kind = fault(number)
        if kind is not None:
            asked = ledger.of(device.identity.name)
            answers = answers_of(kind, Responder(device.views), number)
            serve(address(number), site.snmp_port, answers, lambda octets, asked=asked: asked.note(octets, time.monotonic()))
    ledger.tell_on_signal()
    print(f"ready snmp={site.snmp_port} probe={site.probe_port} control={site.control_port}", flush=True)
    site.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
