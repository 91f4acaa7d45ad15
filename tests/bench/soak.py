"""`make soak`: the agent over 105 devices of mixed families, ten of them no good, for an hour. Exit 1 when a promise is not kept.

The devices themselves tell when each poll reached them (`watched`), so what is measured is what a device sees, whatever the agent says.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from bench.bench_agent import ports_of
from bench.house import House, cpu_seconds, open_house, peak_resident_bytes, resident_bytes
from bench.mixed_site_process import COMMUNITY, DEVICES, address, fault, name
from bench.watched import Asked, asked_so_far, schedule
from demo.processes import tool

SITE = "soak"
GOAL_DELAY_SECONDS = 1.0
GOAL_SHARE = 0.99
MEBIBYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Sample:
    """Of the agent, at one moment."""

    seconds: float
    cpu_seconds: float
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an hour showed. Delays are those of the healthy devices' polls."""

    healthy: int
    polls: int
    missed: int
    delay_p50: float
    delay_p99: float
    delay_most: float
    cpu_seconds_a_cycle: float
    resident_first_bytes: int
    resident_last_bytes: int
    resident_peak_bytes: int
    requests_a_cycle: float
    octets_a_cycle: float
    faulty_requests_a_cycle: Mapping[str, float]

    @property
    def is_kept(self) -> bool:
        return self.missed == 0 and self.polls > 0 and self.delay_p99 < GOAL_DELAY_SECONDS


def settings(ports: Mapping[str, int]) -> str:
    """`agent.toml` with everything at its own interval: a minute for what is watched every minute."""
    targets = [
        f'[[target]]\nname = "{name(number)}"\naddress = "{address(number)}"\ncredential = "{SITE}"\nsnmp_port = {ports["snmp"]}\n'
        f"reachability_port = {ports['probe']}\n"
        for number in range(DEVICES)
    ]
    return '[spool]\nreserve = "16MiB"\n[host]\nenabled = false\n' + "".join(targets)


def judged(asked: Mapping[str, Asked], begun: float, ended: float, cycle_seconds: float, samples: Sequence[Sample], peak: int) -> Outcome:
    """`begun` and `ended` are monotonic seconds; polls before are warm-up."""
    healthy = [name(number) for number in range(DEVICES) if fault(number) is None]
    found = [schedule([at for at in asked[each].begins if at >= begun], ended, cycle_seconds) for each in healthy]
    delays = sorted(delay for each in found for delay in each.delays) or [float("inf")]
    cycles = (ended - begun) / cycle_seconds
    faulty: dict[str, float] = {}
    for number in range(DEVICES):
        kind = fault(number)
        if kind is not None:
            faulty[kind] = faulty.get(kind, 0.0) + asked[name(number)].requests / cycles
    return Outcome(
        healthy=len(healthy),
        polls=sum(each.polls for each in found),
        missed=sum(each.missed for each in found),
        delay_p50=delays[len(delays) // 2],
        delay_p99=delays[min(len(delays) - 1, int(len(delays) * GOAL_SHARE))],
        delay_most=delays[-1],
        cpu_seconds_a_cycle=(samples[-1].cpu_seconds - samples[0].cpu_seconds) / cycles,
        resident_first_bytes=samples[0].resident_bytes,
        resident_last_bytes=samples[-1].resident_bytes,
        resident_peak_bytes=peak,
        requests_a_cycle=sum(asked[each].requests for each in healthy) / cycles,
        octets_a_cycle=sum(asked[each].octets_in + asked[each].octets_out for each in healthy) / cycles,
        faulty_requests_a_cycle=faulty,
    )


def difference(later: Mapping[str, Asked], earlier: Mapping[str, Asked]) -> dict[str, Asked]:
    """What was asked in between."""
    return {
        each: Asked(
            now.requests - earlier[each].requests, now.octets_in - earlier[each].octets_in, now.octets_out - earlier[each].octets_out,
            now.begins,
        )
        for each, now in later.items()
    }  # fmt: skip


def run(house: House, minutes: float, cycle_seconds: float) -> Outcome:
    with house.guests() as guests:
        site = guests.start("soak-site", [sys.executable, "-m", "bench.mixed_site_process"])
        assert site.stdout is not None
        config = house.enrol(SITE, settings(ports_of(site.stdout.readline())), {SITE: COMMUNITY})
        agent = guests.start("soak-agent", [tool("natvakt-agent"), "run", "--config", str(config)], house.agent_environment(config))
        time.sleep(2 * cycle_seconds)  # the first polls learn the devices, and the jitter spreads over a cycle
        begun, before = time.monotonic(), asked_so_far(site)
        samples = [sample(agent.pid, 0.0)]
        for seconds in ticks(begun, minutes * 60.0):
            guests.check()
            samples.append(sample(agent.pid, seconds))
            say(f"{seconds / 60:.0f} min: agent {samples[-1].cpu_seconds:.1f} s of CPU, {samples[-1].resident_bytes / MEBIBYTE:.1f} MiB")
        ended, after = time.monotonic(), asked_so_far(site)
        return judged(difference(after, before), begun, ended, cycle_seconds, samples, peak_resident_bytes(agent.pid))


def ticks(begun: float, seconds: float) -> Iterator[float]:
    """Once a minute until the end; gives the seconds that have passed."""
    passed = 0.0
    while passed < seconds:
        time.sleep(max(0.0, min(60.0, seconds - passed)))
        passed = time.monotonic() - begun
        yield passed


def sample(pid: int, seconds: float) -> Sample:
    return Sample(seconds, cpu_seconds(pid), resident_bytes(pid))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def shown(outcome: Outcome, minutes: float) -> str:
    faulty = ", ".join(f"{kind} {requests:.0f}" for kind, requests in outcome.faulty_requests_a_cycle.items())
    return "\n".join(
        (
            f"{minutes:g} minutes, {DEVICES} devices, {outcome.healthy} of them healthy; {os.cpu_count()} cores,"
            f" load {os.getloadavg()[0]:.1f}",
            f"polls of healthy devices   {outcome.polls}, missed {outcome.missed}",
            f"delay behind the schedule  half within {outcome.delay_p50:.3f} s, 99 % within {outcome.delay_p99:.3f} s"
            f" (goal < {GOAL_DELAY_SECONDS:g} s), most {outcome.delay_most:.3f} s",
            f"agent CPU                  {outcome.cpu_seconds_a_cycle:.3f} s a cycle",
            f"agent memory               {outcome.resident_first_bytes / MEBIBYTE:.1f} MiB at first,"
            f" {outcome.resident_last_bytes / MEBIBYTE:.1f} at last, never above {outcome.resident_peak_bytes / MEBIBYTE:.1f}",
            f"asked of healthy devices   {outcome.requests_a_cycle:.0f} requests, {outcome.octets_a_cycle / 1024:.0f} KiB a cycle",
            f"asked of the others        requests a cycle: {faulty}",
            "kept" if outcome.is_kept else "MISSED",
        )
    )


def terminated(_number: int, _frame: object) -> NoReturn:
    sys.exit(1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, terminated)  # ends what it started on the way out
    with open_house() as house:
        outcome = run(house, options.minutes, 60.0)
    if options.json:
        figures = {field: getattr(outcome, field) for field in Outcome.__slots__}
        print(json.dumps({"schema": "natvakt.soak/1", "minutes": options.minutes, "kept": outcome.is_kept, **figures}))
    else:
        print(shown(outcome, options.minutes))
    return 0 if outcome.is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
