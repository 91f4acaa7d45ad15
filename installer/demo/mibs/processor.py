"""CISCO-PROCESS-MIB, CISCO-MEMORY-POOL-MIB and CISCO-ENHANCED-MEMPOOL-MIB."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import sub

from demo.load import LoadCurve
from demo.mib import MibBuilder, Number, Value, counter32, counter64, derived, gauge, integer, text

CPU_ENTRY = "1.3.6.1.4.1.9.9.109.1.1.1.1"
MEMORY_POOL_ENTRY = "1.3.6.1.4.1.9.9.48.1.1.1"
ENHANCED_POOL_ENTRY = "1.3.6.1.4.1.9.9.221.1.1.1.1"


@dataclass(frozen=True, slots=True)
class Pool:
    """One memory pool; `used_octets` may move."""

    index: int
    name: str
    total_octets: int
    used_octets: Number

    @property
    def free_octets(self) -> Number:
        return derived(self.used_octets, partial(sub, self.total_octets))


def busy_percent(curve: LoadCurve, idle: int, mean_load: int) -> Callable[[int], int]:
    """A CPU that idles at `idle` percent and carries `mean_load` more on average, never above 95."""
    return lambda now_ns: min(95, round(idle + mean_load * curve.level(now_ns)))


def cisco_cpu(mib: MibBuilder, percent: Number, physical_index: int, index: int = 1) -> None:
    """One row of cpmCPUTotalTable, the same load over 5 s, 1 min and 5 min."""
    mib.row(
        CPU_ENTRY,
        (index,),
        {2: integer(physical_index)} | {column: gauge(percent) for column in (3, 4, 5, 6, 7, 8)},
    )


def memory_pools(mib: MibBuilder, pools: Sequence[Pool]) -> None:
    """ciscoMemoryPoolTable."""
    for pool in pools:
        used, free = pool.used_octets, pool.free_octets
        mib.row(
            MEMORY_POOL_ENTRY,
            (pool.index,),
            {2: text(pool.name), 3: integer(0), 4: integer(1), 5: gauge(used), 6: gauge(free), 7: gauge(free)},
        )


def enhanced_pools(mib: MibBuilder, physical_index: int, pools: Sequence[Pool]) -> None:
    """cempMemPoolTable with its 64-bit columns."""
    for pool in pools:
        used, free = pool.used_octets, pool.free_octets
        columns: dict[int, Value] = {
            2: integer(2),
            3: text(pool.name),
            5: integer(0),
            6: integer(1),
            7: gauge(used),
            8: gauge(free),
            9: gauge(free),
            10: gauge(free),
            12: counter32(0),
            17: gauge(derived(used, _high_half)),
            18: counter64(used),
            19: gauge(derived(free, _high_half)),
            20: counter64(free),
        }
        mib.row(ENHANCED_POOL_ENTRY, (physical_index, pool.index), columns)


def _high_half(octets: int) -> int:
    """What does not fit a 32-bit column (cempMemPoolUsedOvrflw)."""
    return octets >> 32
