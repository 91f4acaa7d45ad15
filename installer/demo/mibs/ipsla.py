"""CISCO-RTTMON-MIB: IP SLA operations and what the latest run of each found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from demo.device import Identity
from demo.load import SECOND_NS
from demo.mib import MibBuilder, Number, Value, derived, gauge, integer, octets, text, ticks

CONTROL_ADMIN_ENTRY = "1.3.6.1.4.1.9.9.42.1.2.1.1"
ECHO_ADMIN_ENTRY = "1.3.6.1.4.1.9.9.42.1.2.2.1"
CONTROL_OPER_ENTRY = "1.3.6.1.4.1.9.9.42.1.2.9.1"
LATEST_RTT_ENTRY = "1.3.6.1.4.1.9.9.42.1.2.10.1"
CAPTURE_ENTRY = "1.3.6.1.4.1.9.9.42.1.3.1.1"
COLLECT_ENTRY = "1.3.6.1.4.1.9.9.42.1.3.2.1"
JITTER_STATISTICS_ENTRY = "1.3.6.1.4.1.9.9.42.1.3.5.1"
LATEST_JITTER_ENTRY = "1.3.6.1.4.1.9.9.42.1.5.2.1"

TYPE_ECHO, TYPE_JITTER = 1, 9
PROTOCOL_IP_ICMP_ECHO, PROTOCOL_JITTER = 2, 27
SENSE_OK, SENSE_TIMEOUT = 1, 4
STATISTICS_START_TICKS = 4500
CODEC_G711_ALAW = 2
PACKETS_A_RUN = 1000
FREQUENCY_SECONDS = 60
TOS_EXPEDITED_FORWARDING = 184


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measured: milliseconds, packets, and MOS and ICPIF as the MIB counts them (MOS in hundredths)."""

    rtt: int
    jitter: int = 0
    lost_out: int = 0
    lost_back: int = 0
    mos_hundredths: int = 0
    icpif: int = 0
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    index: int
    kind: int
    tag: str
    target: str
    latest: Callable[[int], Run]
    timeouts: Number = 0  # how many runs timed out since boot


def ip_sla(mib: MibBuilder, own: Identity, operations: Sequence[Operation]) -> None:
    for operation in operations:
        _control(mib, own, operation)
        latest = operation.latest
        mib.row(
            LATEST_RTT_ENTRY,
            (operation.index,),
            {
                1: gauge(_reading(latest, lambda run: run.rtt)),
                2: integer(_reading(latest, _sense)),
                3: integer(0),
                4: text(""),
                5: ticks(own.uptime_ticks),
                6: octets(_address(operation.target)),
            },
        )
        if operation.kind == TYPE_JITTER:
            _latest_jitter(mib, operation)


def _control(mib: MibBuilder, own: Identity, operation: Operation) -> None:
    """What is measured, how often, and whether the latest run ended."""
    index = (operation.index,)
    admin: dict[int, Value] = {2: text("partner"), 3: text(operation.tag), 4: integer(operation.kind)}
    admin |= {column: integer(value) for column, value in ((5, 5000), (6, FREQUENCY_SECONDS), (7, 5000), (8, 2), (9, 1), (10, 1))}
    mib.row(CONTROL_ADMIN_ENTRY, index, admin)
    mib.row(ECHO_ADMIN_ENTRY, index, _echo_columns(own, operation))
    runs = derived(own.engine_seconds, lambda seconds: seconds // FREQUENCY_SECONDS)
    _statistics(mib, operation, runs)
    timed_out = _reading(operation.latest, lambda run: 1 if run.timed_out else 2)
    oper: dict[int, Value] = {1: ticks(4500), 2: text(""), 3: ticks(4500), 4: gauge(2050)}
    oper |= {5: integer(2), 6: integer(timed_out), 7: integer(2), 8: integer(runs), 10: integer(6)}
    mib.row(CONTROL_OPER_ENTRY, index, oper)


def _echo_columns(own: Identity, operation: Operation) -> dict[int, Value]:
    """rttMonEchoAdminTable: where to, from where, and for jitter what kind of call is simulated."""
    is_jitter = operation.kind == TYPE_JITTER
    columns: dict[int, Value] = {
        1: integer(PROTOCOL_JITTER if is_jitter else PROTOCOL_IP_ICMP_ECHO),
        2: octets(_address(operation.target)),
        3: integer(172 if is_jitter else 28),
        5: integer(16384 if is_jitter else 0),
        6: octets(_address(own.address)),
        9: integer(TOS_EXPEDITED_FORWARDING if is_jitter else 0),
    }
    if is_jitter:
        columns |= {17: integer(20), 18: integer(PACKETS_A_RUN), 27: integer(CODEC_G711_ALAW), 28: integer(20)}
    return columns


def _statistics(mib: MibBuilder, operation: Operation, runs: Number) -> None:
    """One statistics group that began at boot, where a device begins a new one every hour: the counters never restart."""
    group = (operation.index, STATISTICS_START_TICKS)
    if operation.kind == TYPE_JITTER:
        mib.row(JITTER_STATISTICS_ENTRY, group, {2: gauge(runs)})
    else:
        mib.row(CAPTURE_ENTRY, (*group, 1, 1, 1), {5: gauge(runs)})
    mib.row(COLLECT_ENTRY, (*group, 1, 1), {1: gauge(0), 2: gauge(operation.timeouts)})


def _latest_jitter(mib: MibBuilder, operation: Operation) -> None:
    """rttMonLatestJitterOperTable; one-way sums are those of half the round trip."""
    latest = operation.latest

    def number(pick: Callable[[Run], int]) -> Callable[[int], int]:
        return _reading(latest, pick)

    mib.row(
        LATEST_JITTER_ENTRY,
        (operation.index,),
        {
            1: gauge(number(_answered)),
            2: gauge(number(lambda run: _answered(run) * run.rtt)),
            3: gauge(number(lambda run: _answered(run) * run.rtt * run.rtt)),
            4: gauge(number(lambda run: run.rtt * 9 // 10)),
            5: gauge(number(lambda run: run.rtt * 13 // 10 + run.jitter)),
            26: gauge(number(lambda run: run.lost_out)),
            27: gauge(number(lambda run: run.lost_back)),
            28: gauge(0),
            29: gauge(0),
            30: gauge(0),
            31: integer(number(_sense)),
            32: text(""),
            33: gauge(number(lambda run: _answered(run) * (run.rtt // 2))),
            37: gauge(number(lambda run: _answered(run) * (run.rtt - run.rtt // 2))),
            41: gauge(number(_answered)),
            42: gauge(number(lambda run: run.mos_hundredths)),
            43: gauge(number(lambda run: run.icpif)),
            46: gauge(number(lambda run: run.jitter)),
            47: gauge(number(lambda run: run.jitter)),
            48: gauge(number(lambda run: run.jitter)),
            49: gauge(number(lambda run: run.rtt // 2)),
            50: gauge(number(lambda run: run.rtt - run.rtt // 2)),
            51: integer(1),
        },
    )


def _reading(latest: Callable[[int], Run], pick: Callable[[Run], int]) -> Callable[[int], int]:
    """A field of the run that had ended at that time; a run starts every minute."""
    period = FREQUENCY_SECONDS * SECOND_NS
    return lambda now_ns: pick(latest(now_ns // period * period))


def _sense(run: Run) -> int:
    return SENSE_TIMEOUT if run.timed_out else SENSE_OK


def _answered(run: Run) -> int:
    return 0 if run.timed_out else PACKETS_A_RUN - run.lost_out - run.lost_back


def _address(dotted: str) -> bytes:
    return bytes(int(part) for part in dotted.split("."))
