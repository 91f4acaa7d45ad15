"""What is remembered of a device between polls, so that it is not asked again what does not change.

Everything here may be forgotten at any time: it only saves requests. It is forgotten when the device has restarted, and
once a day, so that a feature switched on later is found; what indexes mean also when it says that its interfaces or its
hardware changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from natvakt_agent.collectors.snmp.checked import FIRST_REPETITIONS, Column
from natvakt_agent.collectors.snmp.pack import Pack
from natvakt_agent.collectors.snmp.shape import IndexCache, Shape

LIFETIME_SECONDS = 86_400
MOST_KINDS = 256
Applying = dict[str, Sequence[Pack]]


@dataclass(slots=True)
class SiteMemory:
    """What the devices of a site have in common, so that it is held once: texts of indexes, numbers of columns, packs of each kind."""

    indexes: IndexCache = field(default_factory=IndexCache)
    numbers: dict[str, int] = field(default_factory=dict)  # of the columns that packs name
    kinds: dict[str, Applying] = field(default_factory=dict)  # by sysObjectID

    def number(self, oid: str) -> int:
        return self.numbers.setdefault(oid, len(self.numbers))

    def applying(self, sys_object_id: str) -> Applying:
        """By table: the packs of a device of this kind, as far as they were looked for."""
        if sys_object_id not in self.kinds and len(self.kinds) >= MOST_KINDS:
            self.kinds.clear()
        return self.kinds.setdefault(sys_object_id, {})


class OidSet:
    """Columns as the bits of one number: hundreds of them for every device are then a few dozen octets."""

    __slots__ = ("_bits", "_site")

    def __init__(self, site: SiteMemory) -> None:
        self._site = site
        self._bits = 0

    def __contains__(self, oid: str) -> bool:
        number = self._site.numbers.get(oid)
        return number is not None and bool(self._bits >> number & 1)

    def add(self, oid: str) -> None:
        self._bits |= 1 << self._site.number(oid)

    def discard(self, oids: Iterable[str]) -> None:
        for oid in oids:
            if oid in self:
                self._bits ^= 1 << self._site.number(oid)

    def clear(self) -> None:
        self._bits = 0


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a device says of itself at the begin of every poll: sysObjectID, sysUpTime, ifTableLastChange, entLastChangeTime."""

    sys_object_id: str = ""
    uptime_seconds: float = 0.0
    interface_change: int = 0
    entity_change: int = 0


@dataclass(slots=True)
class DeviceMemory:
    born_monotonic_ns: int
    site: SiteMemory = field(default_factory=SiteMemory)
    met: Greeting = Greeting()
    is_silent: bool = False  # it did not answer the last time
    repetitions: int = FIRST_REPETITIONS
    shapes: dict[str, Shape] = field(default_factory=dict)  # the rows of each column when it was last walked
    asks_ahead: bool = True  # whether it manages many instances of several tables in one question
    lasting: dict[str, Column] = field(default_factory=dict)
    absent: OidSet = field(init=False)  # columns the device answered "nothing" to
    had: OidSet = field(init=False)  # columns with rows at any time; not forgotten
    applying: Applying = field(init=False)

    def __post_init__(self) -> None:
        self.absent, self.had = OidSet(self.site), OidSet(self.site)
        self.applying = self.site.applying(self.met.sys_object_id)

    @property
    def sys_object_id(self) -> str:
        return self.met.sys_object_id

    def revise(self, monotonic_ns: int, met: Greeting) -> None:
        """Forget what is no longer sure, now that the device has said this of itself."""
        is_old = monotonic_ns - self.born_monotonic_ns > LIFETIME_SECONDS * 1_000_000_000
        if is_old or met.sys_object_id != self.met.sys_object_id or met.uptime_seconds < self.met.uptime_seconds:
            self.forget(monotonic_ns)
        elif (met.interface_change, met.entity_change) != (self.met.interface_change, self.met.entity_change):
            self.forget_indexes()
        if met.sys_object_id != self.met.sys_object_id:
            self.applying = self.site.applying(met.sys_object_id)
        self.met = met

    def forget_indexes(self) -> None:
        """An index may mean something else now; which MIBs the device has did not change. Tunnels that come and go do this all day."""
        self.shapes.clear()
        self.lasting.clear()

    def forget(self, monotonic_ns: int) -> None:
        """Start anew; only how much the device answers at once is a matter of its kind and stays."""
        self.born_monotonic_ns = monotonic_ns
        self.asks_ahead = True
        self.absent.clear()
        self.forget_indexes()
