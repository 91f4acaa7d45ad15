"""Whether what is known has grown too old, for the doctor, `knowledge status` and the console."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime

from natvakt_server.knowledge.asking.ports import AskedStore, SourceState
from natvakt_server.knowledge.ports import KnowledgeReader
from natvakt_server.knowledge.staleness import Asked, Stale, stale

SECOND_NS = 1_000_000_000
KEEP_NS = 300 * SECOND_NS


def day_of(moment_ns: int) -> date:
    return datetime.fromtimestamp(moment_ns // SECOND_NS, UTC).date()


def alarms(knowledge: KnowledgeReader, asked: AskedStore, wanted: Sequence[str], now_ns: int) -> Sequence[Stale]:
    """`wanted`: the sources that are to be asked by themselves; one that was not tried yet alarms nobody. Raises StoreUnavailable."""
    states = asked.states()
    return stale(knowledge.sources(), day_of(now_ns), [_asked(states[name]) for name in wanted if name in states])


def _asked(state: SourceState) -> Asked:
    return Asked(state.source, day_of(state.succeeded_ns).isoformat() if state.succeeded_ns else "", state.error)


class KnowledgeWatch:
    """Implements the console's `KnowledgeAge`: looks again every five minutes, since counting all facts takes a while."""

    def __init__(self, knowledge: KnowledgeReader, asked: AskedStore, wanted: Sequence[str]) -> None:
        self._knowledge, self._asked, self._wanted = knowledge, asked, wanted
        self._lock = threading.Lock()
        self._found: Sequence[Stale] = ()
        self._looked_ns: int | None = None

    def stale(self, now_ns: int) -> Sequence[Stale]:
        """Raises StoreUnavailable."""
        with self._lock:
            if self._looked_ns is None or not 0 <= now_ns - self._looked_ns < KEEP_NS:
                self._found, self._looked_ns = alarms(self._knowledge, self._asked, self._wanted, now_ns), now_ns
            return self._found
