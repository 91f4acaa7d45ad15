"""What counts as wrong, by what a device is for: limits with hysteresis, how long, how bad."""

from collections.abc import Mapping
from dataclasses import dataclass

from natvakt_server.domain.incidents import Cause
from natvakt_server.domain.notification import Severity
from natvakt_server.domain.observation import Aspect
from natvakt_server.domain.registry import Role
from natvakt_server.monitoring.episodes import MINUTE_NS, Steadiness
from natvakt_server.monitoring.runs import JOIN_NS, SECOND_NS, Level

TWO_MISSES = Steadiness(dwell_ns=45 * SECOND_NS, clear_ns=45 * SECOND_NS)
"""Asked every minute: two misses in a row count, two answers in a row clear."""
SNMP_STEADINESS = Steadiness(dwell_ns=5 * MINUTE_NS, clear_ns=MINUTE_NS)
ONLY_FLAPPING = Steadiness(dwell_ns=10**18, clear_ns=45 * SECOND_NS)
SLOW_TABLE_JOIN_NS = 8 * MINUTE_NS

SILENT_AFTER_NS = 3 * MINUTE_NS
"""An agent tells of itself every minute."""

WAN = frozenset({Role.WAN_EDGE, Role.FIREWALL, Role.ROUTER})
UPLINKS = WAN | {Role.CORE, Role.DISTRIBUTION}
SERVERS = frozenset({Role.SERVER, Role.CALL_SERVER})
CRITICAL_DOWN = UPLINKS | {Role.CALL_SERVER, Role.WLC, Role.VOICE_GATEWAY}


@dataclass(frozen=True, slots=True)
class Limit:
    """Above `raise_at` for the dwell it is wrong, below `clear_at` it is right again."""

    cause: Cause
    raise_at: float
    clear_at: float
    steadiness: Steadiness
    join_ns: int = JOIN_NS

    def level(self, value: float) -> Level:
        return Level.BAD if value >= self.raise_at else Level.GOOD if value < self.clear_at else Level.BETWEEN


_TEN_MINUTES = Steadiness(dwell_ns=10 * MINUTE_NS, clear_ns=5 * MINUTE_NS)
_HALF_AN_HOUR = Steadiness(dwell_ns=30 * MINUTE_NS, clear_ns=10 * MINUTE_NS)
_FIVE_MINUTES = Steadiness(dwell_ns=5 * MINUTE_NS, clear_ns=5 * MINUTE_NS)
_FILLING = Steadiness(dwell_ns=10 * MINUTE_NS, clear_ns=10 * MINUTE_NS)

NETWORK_LIMITS: Mapping[Aspect, Limit] = {
    Aspect.CPU: Limit(Cause.CPU_HIGH, 0.90, 0.80, _TEN_MINUTES),
    Aspect.MEMORY: Limit(Cause.MEMORY_HIGH, 0.95, 0.92, _TEN_MINUTES),
    Aspect.STORAGE: Limit(Cause.STORAGE_FULL, 0.97, 0.95, _FILLING, SLOW_TABLE_JOIN_NS),
}
SERVER_LIMITS: Mapping[Aspect, Limit] = {
    Aspect.CPU: Limit(Cause.CPU_HIGH, 0.95, 0.85, _HALF_AN_HOUR),
    Aspect.MEMORY: Limit(Cause.MEMORY_HIGH, 0.97, 0.94, _HALF_AN_HOUR),
    Aspect.STORAGE: Limit(Cause.STORAGE_FULL, 0.92, 0.90, _FILLING, SLOW_TABLE_JOIN_NS),
}
WAN_LIMITS: Mapping[Aspect, Limit] = {
    **NETWORK_LIMITS,
    Aspect.LOSS: Limit(Cause.LOSS_HIGH, 0.30, 0.10, _FIVE_MINUTES),
    Aspect.DELAY: Limit(Cause.DELAY_HIGH, 0.25, 0.15, _TEN_MINUTES),
}


def limits(role: Role) -> Mapping[Aspect, Limit]:
    """By role: servers are busy by design, and loss and delay count where the carrier begins."""
    return SERVER_LIMITS if role in SERVERS else WAN_LIMITS if role in WAN else NETWORK_LIMITS


def severity(cause: Cause, role: Role | None, far_role: Role | None = None) -> Severity:
    """`far_role`: of the device at the other end of an interface. An access port that comes and goes wakes nobody."""
    if cause is Cause.SITE_DOWN:
        return Severity.CRITICAL
    if cause is Cause.DEVICE_DOWN:
        return Severity.CRITICAL if role in CRITICAL_DOWN else Severity.WARNING
    if cause is Cause.INTERFACE_DOWN:
        return Severity.CRITICAL if role in UPLINKS and far_role in UPLINKS else Severity.WARNING
    if cause is Cause.INTERFACE_FLAPPING:
        return Severity.WARNING if far_role is not None else Severity.INFORMATION
    return Severity.WARNING
