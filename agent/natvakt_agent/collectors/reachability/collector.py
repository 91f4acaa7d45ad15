"""Whether a device is there, how long the way is and how much gets lost on it: table `reachability`, one row a method.

ICMP first; TCP where ICMP is impossible or stays silent and the site configured a port. That SNMP answered is known to whoever
polled it and comes as a row of its own (`snmp_row`).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from natvakt_agent.collectors.reachability.prober import ProbeImpossible, Prober
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Cost, Observation, TableObservation, TableStatus, Value
from natvakt_agent.model.target import Target

TABLE = "reachability"
KEY = ("method",)
SERIES = frozenset({"up", "rtt_seconds", "loss_ratio"})
INTERVAL_SECONDS: Mapping[str, int] = MappingProxyType({TABLE: 60})


class ReachabilityCollector:
    """`probers` in the order of trust. Each gets `probes` tries, together within the target's deadline."""

    name = "reachability"

    def __init__(self, probers: Sequence[Prober], probes: int = 3, timeout_seconds: float = 1.0) -> None:
        self._probers = probers
        self._probes = probes
        self._timeout_seconds = timeout_seconds

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:  # noqa: ARG002 (no documents)
        start = Instant.of(clock)
        deadline_ns = start.monotonic_ns + round(target.deadline_seconds * 1e9)
        rows: list[Mapping[str, Value]] = []
        reasons: list[str] = []
        wanted = self._probers if tables is None or TABLE in tables else ()
        for prober in wanted:
            try:
                row = self._row(prober, target, clock, deadline_ns)
            except ProbeImpossible as error:
                reasons.append(f"{prober.method}: {error}")
                continue
            rows.append(row)
            if row["up"]:
                break
        status = TableStatus.PROVIDED if rows else TableStatus.NO_ACCESS
        found = [TableObservation(TABLE, KEY, SERIES, rows, status, "; ".join(reasons) or None)] if wanted else []
        seconds = (clock.monotonic_ns() - start.monotonic_ns) / 1e9
        return Observation(target.device, start.wall_ns, start.monotonic_ns, start.boot_id, found, Cost(seconds=seconds))

    def _row(self, prober: Prober, target: Target, clock: Clock, deadline_ns: int) -> dict[str, Value]:
        answers: list[float] = []
        sent = 0
        for sequence in range(1, self._probes + 1):
            left_seconds = (deadline_ns - clock.monotonic_ns()) / 1e9
            if left_seconds <= 0 and sent:
                break
            sent += 1
            answer = prober.probe(target, sequence, max(0.001, min(self._timeout_seconds, left_seconds)), clock)
            if answer is not None:
                answers.append(answer)
        return _row(prober.method, sent, answers)


def _row(method: str, sent: int, answers: Sequence[float]) -> dict[str, Value]:
    row: dict[str, Value] = {"method": method, "up": int(bool(answers)), "loss_ratio": 1 - len(answers) / sent}
    return row | ({"rtt_seconds": min(answers)} if answers else {})


def snmp_row(is_answering: bool) -> TableObservation:
    """The word of whoever polled the device over SNMP."""
    return TableObservation(TABLE, KEY, SERIES, [{"method": "snmp", "up": int(is_answering)}])
