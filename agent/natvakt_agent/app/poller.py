"""One turn at one device: every collector that is due, one after the other, inside the device's deadline.

Runs in a pool thread and never raises: what goes wrong is told in the observation, because it is the reason of an `unknown` later.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from natvakt_agent.app.own_collectors import unread
from natvakt_agent.collectors.reachability.collector import snmp_row
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Cost, Observation, TableObservation, TableStatus
from natvakt_agent.model.target import Collector, Target
from natvakt_agent.scheduler.plan import Poll, TableRef

logger = logging.getLogger(__name__)

SNMP = "snmp"
SSH = "ssh"
FIRST_ASKED = ("reachability", "host", "agent", "vault", SNMP, SSH, "backup")
SHORTEST_DEADLINE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """What one poll brought. `failures` are collectors that broke, which is a fault of ours."""

    poll: Poll
    observation: Observation
    failures: int = 0


class Poller:
    """Shared by all pool threads; holds no state of its own. `held`: why a device, by its id, is sent no credential now (promise 38)."""

    def __init__(self, collectors: Mapping[str, Collector], clock: Clock, held: Callable[[str], str | None] = lambda _: None) -> None:
        self._collectors = collectors
        self._clock = clock
        self._held = held

    def run(self, poll: Poll, target: Target) -> Turn:
        start = Instant.of(self._clock)
        tables: list[TableObservation] = []
        errors: list[str] = []
        cost, failures = Cost(), 0
        held = self._held(target.device)
        for collector, refs in _groups(poll.tables):
            names = [ref.table for ref in refs]
            if held is not None and collector == SNMP:
                tables += [unread(name, TableStatus.NO_ACCESS, held) for name in names]
                errors.append(held)
                continue
            if collector == SNMP and _is_silent(tables, errors):
                tables += [unread(name, TableStatus.UNREACHABLE, "did not answer earlier in this poll") for name in names]
                continue
            try:
                found = self._ask(collector, refs[0].snapshot, names, poll, target)
            except Exception as error:  # a pool thread's edge: told, logged and counted
                logger.exception("collector broke collector=%s device=%s", collector, poll.device)
                tables += [unread(name, TableStatus.FAILED, f"the collector broke: {type(error).__name__}") for name in names]
                failures += 1
                continue
            tables += found.tables
            errors += found.errors
            cost = _sum(cost, found.cost)
        tables += _snmp_answer(poll, tables) if held is None else []
        observation = Observation(target.device, start.wall_ns, start.monotonic_ns, start.boot_id, tables, cost, errors)
        return Turn(poll, observation, failures)

    def _ask(self, collector: str, snapshot: bool, names: Sequence[str], poll: Poll, target: Target) -> Observation:
        left_seconds = (poll.deadline_ns - self._clock.monotonic_ns()) / 1e9
        hurried = replace(target, deadline_seconds=max(SHORTEST_DEADLINE_SECONDS, min(target.deadline_seconds, left_seconds)))
        return self._collectors[collector].collect(hurried, names, self._clock, snapshot)


def _groups(tables: Sequence[TableRef]) -> list[tuple[str, list[TableRef]]]:
    """Tables by collector and kind; a table due with its document is not also asked without it."""
    whole = {(ref.collector, ref.table) for ref in tables if ref.snapshot}
    wanted = [ref for ref in tables if ref.snapshot or (ref.collector, ref.table) not in whole]

    def order(ref: TableRef) -> tuple[int, str, bool]:
        return FIRST_ASKED.index(ref.collector), ref.collector, not ref.snapshot

    return [(key[1], list(refs)) for key, refs in groupby(sorted(wanted, key=order), key=order)]


def _is_silent(tables: Sequence[TableObservation], errors: Sequence[str]) -> bool:
    """Whether SNMP was asked in this poll and nothing came back at all."""
    asked = [table for table in tables if table.name != "reachability"]
    return bool(errors) and any(table.status is TableStatus.UNREACHABLE for table in asked) and not _answered(asked)


def _answered(tables: Sequence[TableObservation]) -> bool:
    return any(table.status in (TableStatus.PROVIDED, TableStatus.NOT_PROVIDED) for table in tables)


def _snmp_answer(poll: Poll, tables: Sequence[TableObservation]) -> list[TableObservation]:
    """SNMP as a third method of reachability, where SNMP was asked."""
    asked = {ref.table for ref in poll.tables if ref.collector == SNMP}
    return [snmp_row(_answered([table for table in tables if table.name in asked]))] if asked else []


def _sum(one: Cost, other: Cost) -> Cost:
    return Cost(
        one.requests + other.requests,
        one.varbinds + other.varbinds,
        one.octets + other.octets,
        one.seconds + other.seconds,
        one.timeouts + other.timeouts,
    )
