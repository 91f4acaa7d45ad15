"""The SNMP collector: one poll of one device, table by table, within its deadline.

It never raises for what a device does. Each table says whether it was provided, is not there, was refused, or failed
and why, because that is the reason of every `unknown` verdict later on.
"""

import logging
from collections.abc import Callable, Mapping, Sequence

from natvakt_agent.collectors.snmp.checked import CheckedSession, Deadline
from natvakt_agent.collectors.snmp.engine_ids import EngineIds
from natvakt_agent.collectors.snmp.memory import DeviceMemory, SiteMemory
from natvakt_agent.collectors.snmp.pack import Pack
from natvakt_agent.collectors.snmp.packs import PACKS
from natvakt_agent.collectors.snmp.poll import Poll
from natvakt_agent.collectors.snmp.session import Session
from natvakt_agent.collectors.snmp.tables import TABLES, TableSpec
from natvakt_agent.collectors.snmp.vlan_contexts import VlanContexts, in_vlan
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Observation, TableObservation, TableStatus
from natvakt_agent.model.target import Target

logger = logging.getLogger(__name__)

REQUEST_TIMEOUT_SECONDS = 2.0
SessionOpener = Callable[[Target, float], Session]
"""Opens a session to a target with a timeout in seconds for each request; raises ValueError for an unusable credential."""


class SnmpCollector:
    """`Collector` over SNMP. One object serves all devices; a device must not be collected twice at the same time."""

    name = "snmp"

    def __init__(
        self, open_session: SessionOpener, packs: Sequence[Pack] = PACKS, timeout_seconds: float = REQUEST_TIMEOUT_SECONDS
    ) -> None:
        self._open_session = open_session
        self._packs = packs
        self._timeout_seconds = timeout_seconds
        self._memories: dict[str, DeviceMemory] = {}
        self._site = SiteMemory()
        self._engine_ids = EngineIds()

    def tables(self) -> Mapping[str, TableSpec]:
        """What this collector can fill, with keys, series and intervals."""
        return TABLES

    def forget(self, device: str) -> None:
        """Drop what is remembered of a device that is no longer polled."""
        self._memories.pop(device, None)
        self._engine_ids.forget(device)

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:
        """Ask for `tables` (None: all that apply). Without `snapshot` only series are read, and tables that have none are left out."""
        start = Instant.of(clock)
        wanted = [spec for spec in TABLES.values() if (tables is None or spec.name in tables) and (snapshot or spec.series)]
        memory = self._memories.setdefault(target.device, DeviceMemory(start.monotonic_ns, self._site))
        deadline = Deadline(clock, target.deadline_seconds)

        def session_to(place: Target) -> CheckedSession:
            return CheckedSession(
                lambda: self._open_session(place, self._timeout_seconds), deadline, memory.repetitions, self._site.indexes
            )  # fmt: skip

        def session_in(vlan: int) -> CheckedSession | None:
            place = in_vlan(target, vlan)
            return None if place is None else session_to(place)

        session = session_to(target)
        poll = Poll(session, self._packs, memory, snapshot, start.monotonic_ns, VlanContexts(session, memory, session_in))
        found = poll.run(wanted)
        seconds = (clock.monotonic_ns() - start.monotonic_ns) / 1e9
        errors = [*poll.errors(), *session.remarks(), *self._engine_alarms(target, session, found)]
        tally = session.tally
        logger.debug(
            "snmp poll done device=%s tables=%d requests=%d timeouts=%d errors=%d seconds=%.3f",
            target.device, len(found), tally.requests, tally.timeouts, len(errors), seconds,
        )  # fmt: skip
        return Observation(target.device, start.wall_ns, start.monotonic_ns, start.boot_id, found, tally.cost(seconds), errors)

    def _engine_alarms(self, target: Target, session: CheckedSession, found: Sequence[TableObservation]) -> Sequence[str]:
        """Only an engine that proved to know the key is worth an alarm."""
        if target.snmp is None or target.snmp.auth_key is None or not any(table.status is TableStatus.PROVIDED for table in found):
            return ()
        engine_id = session.engine_id
        told = self._engine_ids.noted(target.device, target.name, engine_id) if engine_id else ()
        for text in told:
            logger.warning("snmp engine id device=%s name=%s %s", target.device, target.name, text)
        return told
