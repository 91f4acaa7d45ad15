"""From observations to batches.

    Observation ─► series rows ─► columns of the open metrics batch ─┐ age or size
                └► documents ───► whole, or "still the same" ─► state ┼─► closed ─► outbox ─► seal, spool
    events ─────────────────────────────────────────────────► events ─┘

One thread owns it. Nothing is left out silently: every cell put in is in a batch, in the outbox, or in a counter. Times are kept as
monotonic ones and dated when the batch is closed, by the wall clock as it stands then: a clock that is set meanwhile shifts no sample
against another (promises 19 and 20).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_wire.batch import ClockNote
from natvakt_wire.envelope import LaneClass
from natvakt_wire.limits import MAX_CELLS, MAX_DOCUMENTS, MAX_ROWS, MAX_SEALED_BYTES

from natvakt_agent.model.clock import Clock
from natvakt_agent.model.observation import Observation, TableObservation, TableStatus
from natvakt_agent.pipeline.cells import Refused, document_rows, has_document, series_block
from natvakt_agent.pipeline.closed import BatchSink, ClosedBatch
from natvakt_agent.pipeline.columns import ColumnBuilder
from natvakt_agent.pipeline.documents import DocumentMemory, Snapshot, SnapshotCollection, parts_of
from natvakt_agent.pipeline.events import EventRow, OpenEvents
from natvakt_agent.pipeline.outbox import Outbox
from natvakt_agent.pipeline.statuses import COLLECTION, StatusMemory

GOAL_SEALED_BYTES = MAX_SEALED_BYTES * 3 // 4
GOAL_PLAIN_BODY_BYTES = 240 * 1024  # larger plain texts take zstd more memory than anything else in the agent
FIRST_GUESS_BYTES_PER_CELL = 2.0
RETRY_NS = 1_000_000_000
ROWS_A_PIECE = 64


@dataclass(frozen=True, slots=True)
class ClosingPolicy:
    """How old the oldest content of an open batch may become, in nanoseconds, and how often documents go whole."""

    metrics_age_ns: int
    state_age_ns: int
    whole_again_ns: int
    events_age_ns: int = 5_000_000_000


@dataclass(slots=True)
class _OpenMetrics:
    opened_ns: int
    builders: dict[tuple[str, tuple[str, ...]], ColumnBuilder] = field(default_factory=dict)
    rows: int = 0
    cells: int = 0


@dataclass(slots=True)
class _OpenState:
    opened_ns: int
    documents: SnapshotCollection = field(default_factory=SnapshotCollection)


class Pipeline:
    """`add` what was observed, `close_due` now and then, `flush` before the end."""

    def __init__(self, clock: Clock, sink: BatchSink, policy: ClosingPolicy) -> None:
        self._clock = clock
        self._policy = policy
        self._memory = DocumentMemory(policy.whole_again_ns)
        self._statuses = StatusMemory()
        self._refused = Refused()
        self._bytes_per_cell = FIRST_GUESS_BYTES_PER_CELL
        self._metrics: _OpenMetrics | None = None
        self._state: _OpenState | None = None
        self._events: OpenEvents | None = None
        self._retry_ns = 0
        self._outbox = Outbox(sink, self._on_durable)

    @property
    def outbox(self) -> Outbox:
        return self._outbox

    @property
    def refused(self) -> Mapping[str, int]:
        """Cells and rows left out so far, by reason."""
        return dict(self._refused.counts)

    def add(self, observation: Observation, own: Sequence[TableObservation] = (), share: float = 0.0, slowdown: int = 1) -> None:
        """Take in one poll, and what the agent itself has to say of the same device. May close and spool a batch that is full.

        `share` is the part of its time that the device spends on answering, `slowdown` how many times less often it is asked than planned.
        """
        for table in (*observation.tables, *own, *self._statuses.update(observation, share, slowdown)):
            if table.status is TableStatus.PROVIDED:
                self._add_series(observation, table)
                self._add_document(observation, table)

    def add_events(self, events: Iterable[EventRow]) -> None:
        """Take in what devices said by themselves. It leaves in a lane of its own, before everything else, and is never shed."""
        for event in events:
            if self._events is None:
                self._events = OpenEvents(self._clock.monotonic_ns())
            self._events.add(event)
            if self._events.is_full:
                self._close_events()

    def _add_series(self, observation: Observation, table: TableObservation) -> None:
        if not table.series:
            return
        for block in series_block(table, self._refused).pieces(ROWS_A_PIECE):
            if self._metrics is None:
                self._metrics = _OpenMetrics(self._clock.monotonic_ns())
            place = (table.name, tuple(table.key))
            builder = self._metrics.builders.get(place)
            if builder is None:
                builder = self._metrics.builders[place] = ColumnBuilder(*place)
            builder.add(observation.device, observation.monotonic_ns, block)
            self._metrics.rows += block.rows
            self._metrics.cells += block.cells
            if self._is_full(self._metrics):
                self._close_metrics()

    def _is_full(self, metrics: _OpenMetrics) -> bool:
        is_large = metrics.cells * self._bytes_per_cell >= GOAL_SEALED_BYTES
        return is_large or metrics.rows >= MAX_ROWS // 2 or metrics.cells >= MAX_CELLS // 4

    def _add_document(self, observation: Observation, table: TableObservation) -> None:
        repeated = self._memory.repeated(observation.device, table, observation.monotonic_ns)
        if repeated is not None:
            self._add_snapshot(repeated)
            return
        is_emptied = not table.rows and self._memory.has(observation.device, table.name)
        if not table.snapshot or not (has_document(table) or is_emptied):
            return
        rows = document_rows(table, self._refused)
        snapshot = self._memory.snapshot(observation.device, table.name, rows, observation.monotonic_ns)
        if table.name == COLLECTION:
            self._memory.remember(observation.device, table, snapshot)
        self._add_snapshot(snapshot)

    def _add_snapshot(self, snapshot: Snapshot) -> None:
        if self._state is None:
            self._state = _OpenState(self._clock.monotonic_ns())
        self._state.documents.add(snapshot)
        if self._state.documents.body_bytes >= GOAL_PLAIN_BODY_BYTES or len(self._state.documents) >= MAX_DOCUMENTS // 2:
            self._close_state()

    def close_due(self) -> bool:
        """Close what is old enough and offer everything closed to the spool. False when the spool does not take it now.

        While it does not, nothing is closed by age: an open batch holds more in less memory than many closed ones.
        """
        now = self._clock.monotonic_ns()
        if self._outbox.is_blocked and (now < self._retry_ns or not self._offer()):
            return False
        if self._events is not None and now - self._events.opened_ns >= self._policy.events_age_ns:
            self._close_events()
        if self._metrics is not None and now - self._metrics.opened_ns >= self._policy.metrics_age_ns:
            self._close_metrics()
        if self._state is not None and now - self._state.opened_ns >= self._policy.state_age_ns:
            self._close_state()
        return self._offer()

    def _offer(self) -> bool:
        is_taken = self._outbox.drain()
        if not is_taken:
            self._retry_ns = self._clock.monotonic_ns() + RETRY_NS
        return is_taken

    def flush(self) -> bool:
        """Close everything, whatever its age. False when the spool does not take it now."""
        self._close_events()
        self._close_state()
        self._close_metrics()
        return self._offer()

    def next_close_ns(self) -> int | None:
        """When `close_due` has something to do, in monotonic time."""
        metrics = self._metrics.opened_ns + self._policy.metrics_age_ns if self._metrics is not None else None
        state = self._state.opened_ns + self._policy.state_age_ns if self._state is not None else None
        events = self._events.opened_ns + self._policy.events_age_ns if self._events is not None else None
        return min((moment for moment in (metrics, state, events) if moment is not None), default=None)

    def _close_metrics(self) -> None:
        if self._metrics is not None:
            note = self._note()
            tables = [builder.table(note.wall_ns - note.monotonic_ns) for builder in self._metrics.builders.values()]
            self._metrics = None
            self._put(ClosedBatch(LaneClass.METRICS, tables, (), (), note))

    def _close_state(self) -> None:
        if self._state is not None:
            note = self._note()
            snapshots = self._state.documents.snapshots()
            self._state = None
            dated = [snapshot.dated(note.wall_ns - note.monotonic_ns) for snapshot in snapshots]
            documents = [part for document in dated for part in parts_of(document)]
            self._put(ClosedBatch(LaneClass.STATE, (), documents, snapshots, note))

    def _close_events(self) -> None:
        if self._events is not None:
            note = self._note()
            documents = self._events.documents(note.wall_ns - note.monotonic_ns)
            self._events = None
            self._put(ClosedBatch(LaneClass.EVENTS, (), documents, (), note))

    def _note(self) -> ClockNote:
        return ClockNote(self._clock.boot_id, self._clock.wall_ns(), self._clock.monotonic_ns())

    def _put(self, batch: ClosedBatch) -> None:
        self._outbox.put(batch)
        if not self._outbox.is_blocked:
            self._offer()

    def _on_durable(self, batch: ClosedBatch, sealed_bytes: int) -> None:
        self._memory.confirm(batch.snapshots)
        if batch.lane_class is LaneClass.METRICS and batch.cells:
            self._bytes_per_cell += (sealed_bytes / batch.cells - self._bytes_per_cell) / 4
