"""One poll of one device: which tables were provided, which were not, and why.

A fault in one table never takes the others with it: only a device that stays silent over two packs in a row, or has
used up its deadline, ends the poll, and then the tables that were not reached say so.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from natvakt_agent.collectors.snmp.checked import ATTEMPTS, OIDS_PER_GET, CheckedSession
from natvakt_agent.collectors.snmp.facts.device import device_facts
from natvakt_agent.collectors.snmp.memory import DeviceMemory, Greeting
from natvakt_agent.collectors.snmp.merging import merged
from natvakt_agent.collectors.snmp.pack import Pack, Row
from natvakt_agent.collectors.snmp.pack_engine import PackEngine
from natvakt_agent.collectors.snmp.session import AccessRefused, DeadlinePassed, NoAnswer, SnmpFault
from natvakt_agent.collectors.snmp.tables import TableSpec
from natvakt_agent.collectors.snmp.vlan_contexts import CONTEXT_PACKS, VlanContexts
from natvakt_agent.model.observation import TableObservation, TableStatus

SYS_OBJECT_ID, SYS_UP_TIME, INTERFACES_CHANGED = "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.31.1.5.0"
HARDWARE_CHANGED = "1.3.6.1.2.1.47.1.4.1.0"
GREETING = (SYS_OBJECT_ID, SYS_UP_TIME, INTERFACES_CHANGED, HARDWARE_CHANGED)
SILENT_PACKS_BEFORE_GIVING_UP = 2
DEVICE, COMPONENT = "device", "component"


class Poll:
    def __init__(
        self,
        session: CheckedSession,
        packs: Sequence[Pack],
        memory: DeviceMemory,
        snapshot: bool,
        monotonic_ns: int,
        contexts: VlanContexts | None = None,
    ) -> None:
        self._session = session
        self._packs = packs
        self._memory = memory
        self._snapshot = snapshot
        self._monotonic_ns = monotonic_ns
        self._contexts = contexts
        self._engine = PackEngine(session, memory, snapshot)
        self._rows: dict[str, list[Row]] = {}  # by pack
        self._faults: dict[str, SnmpFault] = {}  # by pack
        self._cut: dict[str, Exception] = {}  # by table: a VLAN of it is missing
        self._silent = 0
        self._over: SnmpFault | None = None
        self._errors: list[str] = []

    def run(self, wanted: Iterable[TableSpec]) -> list[TableObservation]:
        """The wanted tables, in order; each with its status."""
        specs = list(wanted)
        try:
            self._meet(specs)
        except (SnmpFault, ValueError) as fault:
            self._memory.is_silent = isinstance(fault, NoAnswer)
            self._errors.append(str(fault))
            return [_unread(spec, _status(fault), str(fault)) for spec in specs]
        self._memory.is_silent = False
        if self._memory.asks_ahead and not self._snapshot:
            self._ask_ahead(specs)
        found = [self._table(spec) for spec in specs]
        self._memory.repetitions = self._session.repetitions
        return found

    def errors(self) -> list[str]:
        """What went wrong or was not as it should be, for people; repeated flaws are counted, not repeated."""
        flaws: Counter[str] = self._engine.flaws + self._session.tally.flaws
        counted = [flaw if times == 1 else f"{flaw} ({times} times)" for flaw, times in flaws.items()]
        return [*self._errors, *(f"{name}: {fault}" for name, fault in (self._faults | self._cut).items()), *counted]

    def _meet(self, specs: Sequence[TableSpec]) -> None:
        """The first question: who is it, since when, and is what we remember still true? Known scalars are asked with it."""
        packs = [pack for spec in specs for pack in self._memory.applying.get(spec.name, ())]
        scalars = [oid for oid in self._engine.known_scalars(packs) if oid not in GREETING][: OIDS_PER_GET - len(GREETING)]
        answer = self._session.get((*GREETING, *scalars), 1 if self._memory.is_silent else ATTEMPTS)
        self._engine.take_scalars(answer)
        object_id, ticks = answer.get(SYS_OBJECT_ID), answer.get(SYS_UP_TIME)
        greeting = Greeting(
            sys_object_id=object_id.lstrip(".") if isinstance(object_id, str) else "",
            uptime_seconds=ticks / 100 if isinstance(ticks, int) else 0.0,
            interface_change=changed if isinstance(changed := answer.get(INTERFACES_CHANGED), int) else 0,
            entity_change=changed if isinstance(changed := answer.get(HARDWARE_CHANGED), int) else 0,
        )
        self._memory.revise(self._monotonic_ns, greeting)

    def _ask_ahead(self, specs: Sequence[TableSpec]) -> None:
        try:
            self._engine.ask_ahead([pack for spec in specs for pack in self._applying(spec.name)])
        except SnmpFault as fault:
            self._over = fault

    def _table(self, spec: TableSpec) -> TableObservation:
        packs = self._applying(spec.name)
        rows = merged(spec.key, [*((pack.founds, self._pack(pack)) for pack in packs), (True, self._of_other_vlans(spec))])
        if spec.name == DEVICE and rows and self._snapshot:
            rows = [rows[0] | self._facts(rows[0])]
        faults: list[Exception] = [self._faults[pack.name] for pack in packs if pack.name in self._faults]
        faults += [self._cut[spec.name]] if spec.name in self._cut else []
        if rows:
            detail = "; ".join(map(str, faults)) or None
            return TableObservation(spec.name, spec.key, spec.series, rows, TableStatus.PROVIDED, detail, self._snapshot and not faults)
        if faults:
            return _unread(spec, _status(faults[0]), str(faults[0]))
        return _unread(spec, TableStatus.NOT_PROVIDED, None)

    def _of_other_vlans(self, spec: TableSpec) -> Sequence[Row]:
        """What the device shows of each VLAN by itself; only whole snapshots are worth so many questions."""
        pack = CONTEXT_PACKS.get(spec.name)
        if pack is None or self._contexts is None or not self._snapshot or self._over is not None:
            return ()
        if any(self._rows.get(better) for better in pack.unless):
            return ()
        rows = self._contexts.rows(pack)
        if pack.name in self._contexts.faults:
            self._cut[spec.name] = self._contexts.faults[pack.name]
        return rows

    def _applying(self, table: str) -> Sequence[Pack]:
        """The packs of a table that a device of this kind is asked."""
        known = self._memory.applying.get(table)
        if known is None:
            known = self._memory.applying[table] = [pack for pack in self._packs if pack.table == table and self._engine.applies(pack)]
        return known

    def _pack(self, pack: Pack) -> list[Row]:
        """The pack's rows, asked for once in a poll."""
        if pack.name not in self._rows:
            self._rows[pack.name] = self._asked(pack)
        return self._rows[pack.name]

    def _asked(self, pack: Pack) -> list[Row]:
        if any(self._rows.get(better) for better in pack.unless):
            return []
        if pack.only_with and not any(self._rows.get(first) for first in pack.only_with):
            return []
        if self._over is not None:
            self._faults[pack.name] = self._over
            return []
        try:
            rows = self._engine.rows(pack)
        except SnmpFault as fault:
            self._note(pack, fault)
            return []
        self._silent = 0
        return rows

    def _note(self, pack: Pack, fault: SnmpFault) -> None:
        self._faults[pack.name] = fault
        self._silent = self._silent + 1 if isinstance(fault, NoAnswer) else 0
        if isinstance(fault, DeadlinePassed | AccessRefused) or self._silent >= SILENT_PACKS_BEFORE_GIVING_UP:
            self._over = fault

    def _facts(self, system: Row) -> Row:
        components = [row for pack in self._applying(COMPONENT) for row in self._pack(pack)]
        try:
            return device_facts(self._session, system, components)
        except SnmpFault as fault:
            self._errors.append(f"device facts: {fault}")
            return {}


def _status(fault: Exception) -> TableStatus:
    match fault:
        case NoAnswer():
            return TableStatus.UNREACHABLE
        case AccessRefused():
            return TableStatus.NO_ACCESS
        case _:
            return TableStatus.FAILED


def _unread(spec: TableSpec, status: TableStatus, detail: str | None) -> TableObservation:
    return TableObservation(spec.name, spec.key, spec.series, (), status, detail, False)
