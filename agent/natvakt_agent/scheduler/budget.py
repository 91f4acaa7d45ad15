"""What polling may cost a device, and how much less often it is asked when it costs more.

After each poll the cost since the one before is held against the budget. Over it in any respect, the device's tables are asked half as
often, down to an eighth; well below it three times in a row, twice as often again, up to the plan. Only what is asked by SNMP is slowed:
whether the device is there is always watched.
"""

from dataclasses import dataclass, field

MOST_SLOWDOWN = 8
CALM_POLLS = 3
IDLE_BELOW_CPU_RATIO = 0.5
SHORTEST_SPAN_SECONDS = 10.0
MINUTE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Budget:
    """Of one device. `time_share` is the part of its time that it may spend on answering; a device whose own CPU table says
    `busy_cpu_ratio` or more is over its budget whatever we cost it."""

    requests_per_minute: float = 600.0
    octets_per_minute: float = 4 * 1024.0**2
    time_share: float = 0.2
    busy_cpu_ratio: float = 0.95


@dataclass(frozen=True, slots=True)
class Spent:
    """By one poll. `seconds` is the time from the first question to the last answer; `cpu_ratio` None: the device does not tell."""

    monotonic_ns: int
    requests: int
    octets: int
    seconds: float
    cpu_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`slowdown`: how many times less often than planned; `share`: of its time, spent on us; `reason`: why it is slowed.

    `is_busy`: what is large had better wait.
    """

    slowdown: int
    share: float
    reason: str | None = None
    is_busy: bool = False


@dataclass(slots=True)
class _Ledger:
    last_ns: int
    slowdown: int = 1
    calm: int = 0
    reason: str | None = None
    cpu_ratio: float = 0.0


@dataclass(slots=True)
class Budgets:
    """Of all devices. Not thread-safe: one thread owns it."""

    budget: Budget = Budget()
    _ledgers: dict[str, _Ledger] = field(default_factory=dict)

    def charge(self, device: str, spent: Spent) -> Verdict:
        """Note what a poll cost. The first poll of a device learns it, and is free."""
        ledger = self._ledgers.get(device)
        if ledger is None:
            ledger = self._ledgers[device] = _Ledger(spent.monotonic_ns, cpu_ratio=spent.cpu_ratio or 0.0)
            return Verdict(1, 0.0, is_busy=ledger.cpu_ratio >= IDLE_BELOW_CPU_RATIO)
        span_seconds = max(SHORTEST_SPAN_SECONDS, (spent.monotonic_ns - ledger.last_ns) / 1e9)
        ledger.last_ns = spent.monotonic_ns
        used, reason = self._used(spent, span_seconds)
        if used > 1.0:
            ledger.slowdown, ledger.calm, ledger.reason = min(MOST_SLOWDOWN, 2 * ledger.slowdown), 0, reason
        elif used * 2 <= 1.0 and ledger.slowdown > 1:
            ledger.calm += 1
            if ledger.calm >= CALM_POLLS:
                ledger.slowdown, ledger.calm = ledger.slowdown // 2, 0
        else:
            ledger.calm = 0
        if spent.cpu_ratio is not None:
            ledger.cpu_ratio = spent.cpu_ratio
        is_slowed = ledger.slowdown > 1
        is_busy = is_slowed or ledger.cpu_ratio >= IDLE_BELOW_CPU_RATIO
        return Verdict(ledger.slowdown, spent.seconds / span_seconds, ledger.reason if is_slowed else None, is_busy)

    def _used(self, spent: Spent, span_seconds: float) -> tuple[float, str]:
        """The part of the budget that is used up, 1.0 for all of it, in the respect that is used most, and that respect."""
        budget, minutes = self.budget, span_seconds / MINUTE_SECONDS
        respects = [
            (spent.requests / minutes / budget.requests_per_minute, f"{spent.requests / minutes:.0f} requests a minute"),
            (spent.octets / minutes / budget.octets_per_minute, f"{spent.octets / minutes:.0f} octets a minute"),
            (spent.seconds / span_seconds / budget.time_share, f"{spent.seconds / span_seconds:.0%} of its time spent on answering"),
        ]
        if spent.cpu_ratio is not None and spent.cpu_ratio >= budget.busy_cpu_ratio:
            respects.append((1.0 + spent.cpu_ratio, f"its own CPU at {spent.cpu_ratio:.0%}"))
        return max(respects)

    def forget(self, device: str) -> None:
        self._ledgers.pop(device, None)
