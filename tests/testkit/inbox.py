"""The inbox in memory: every port of `domain.delivery`, transactional, with places where the process may die.

`crash` is called with the name of each place: "receive.torn" (statements done, nothing committed), "receive.before-commit",
"receive.after-commit", and the same for every other writing method. Raise `Crashed` there: what was not committed is gone, because each
method works on staged copies and takes them over in one go. The object itself is the disk: keep it, throw the rest away.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from natvakt_server.domain.delivery import (
    NO_PREVIOUS,
    Arrival,
    Backlog,
    BootClock,
    DocumentPart,
    Gap,
    Incoming,
    Mark,
    Outcome,
    Pending,
    QuarantineEntry,
    SessionState,
    StoreUnavailable,
)

Lane = tuple[str, bytes, int]


class Crashed(BaseException):
    """The process dies here. No `except Exception` may survive it."""


@dataclass(slots=True)
class LedgerRow:
    """`state`: pending | held | applied | quarantined | gap."""

    row: int
    incoming: Incoming
    state: str
    offset_ns: int | None = None
    lease_until_ns: int = 0
    reason: str = ""
    rejected_points: int = 0
    points: int = 0

    @property
    def lane(self) -> Lane:
        return self.incoming.agent, self.incoming.epoch, self.incoming.lane


@dataclass(frozen=True, slots=True)
class StoredDocument:
    observed_ns: int
    confirmed_ns: int
    digest: str
    rows: object


@dataclass
class MemoryInbox:
    crash: Callable[[str], None] = lambda _place: None
    away: bool = False
    rows: dict[int, LedgerRow] = field(default_factory=dict)
    digests: dict[tuple[Lane, int], bytes] = field(default_factory=dict)
    lane_marks: dict[Lane, Mark] = field(default_factory=dict)
    session_states: dict[tuple[str, bytes], SessionState] = field(default_factory=dict)
    boot_clocks: dict[tuple[str, bytes], BootClock] = field(default_factory=dict)
    document_parts: dict[tuple[str, str, str, bytes, int], DocumentPart] = field(default_factory=dict)
    part_times: dict[tuple[str, str, str, bytes, int], int] = field(default_factory=dict)
    documents: dict[tuple[str, str, str, str], StoredDocument] = field(default_factory=dict)
    apply_counts: dict[int, int] = field(default_factory=dict)
    commits: int = 0

    # -- GatewayStore --------------------------------------------------------------------------------------------------

    def marks(self, agent: str, epoch: bytes) -> Sequence[Mark]:
        self._available()
        return [mark for (owner, born, _), mark in sorted(self.lane_marks.items()) if (owner, born) == (agent, epoch)]

    def receive(self, incoming: Sequence[Incoming]) -> Sequence[Arrival]:
        self._available()
        staged_rows: list[LedgerRow] = []
        staged_marks: dict[Lane, Mark] = {}
        staged_digests: dict[tuple[Lane, int], bytes] = {}
        arrivals = []
        for item in incoming:
            lane = (item.agent, item.epoch, item.lane)
            mark = staged_marks.get(lane) or self.lane_marks.get(lane) or Mark(item.lane, 0, NO_PREVIOUS)
            place = (lane, item.last_seq)
            arrival = self._judge(item, mark, staged_digests.get(place) or self.digests.get(place))
            if arrival is Arrival.STORED:
                if item.is_gap:
                    item = replace(item, seq=mark.seq + 1)  # noqa: PLW2901
                state = "gap" if item.is_gap else "quarantined" if item.quarantine_reason else "pending"
                number = len(self.rows) + len(staged_rows) + 1
                staged_rows.append(LedgerRow(number, item, state, reason=item.quarantine_reason))
                staged_marks[lane] = Mark(item.lane, item.last_seq, item.digest)
                staged_digests[place] = item.digest
                self.crash("receive.torn")
            arrivals.append(arrival)

        def commit() -> None:
            self.rows.update({row.row: row for row in staged_rows})
            self.lane_marks.update(staged_marks)
            self.digests.update(staged_digests)

        self._commit("receive", commit)
        return arrivals

    @staticmethod
    def _judge(item: Incoming, mark: Mark, held: bytes | None) -> Arrival:
        if item.last_seq <= mark.seq:
            return Arrival.ALREADY_HAVE if held is None or held == item.digest else Arrival.FORK
        if item.seq == mark.seq + 1:
            return Arrival.STORED if item.previous == mark.digest else Arrival.FORK
        return Arrival.STORED if item.is_gap and item.seq <= mark.seq else Arrival.OUT_OF_ORDER

    def sessions(self, agent: str) -> Sequence[SessionState]:
        self._available()
        return [state for (owner, _), state in self.session_states.items() if owner == agent]

    def put_session(self, state: SessionState, expected_nonce: bytes) -> bool:
        self._available()
        key = (state.agent, state.epoch)
        stored = self.session_states.get(key)
        if (stored.nonce if stored else b"") != expected_nonce:
            return False
        self._commit("put_session", lambda: self.session_states.__setitem__(key, state))
        return True

    def learn_boot_clock(self, clock: BootClock) -> None:
        self._available()

        def commit() -> None:
            self.boot_clocks[clock.agent, clock.boot_id] = clock
            for row in self.rows.values():
                if row.state == "held" and (row.incoming.agent, row.incoming.boot_id) == (clock.agent, clock.boot_id):
                    row.state = "pending"

        self._commit("learn_boot_clock", commit)

    def inbox_bytes(self, tenant: str) -> int:
        self._available()
        waiting = [row.incoming for row in self.rows.values() if row.state in ("pending", "held")]
        return sum(len(item.envelope) for item in waiting if item.tenant == tenant)

    # -- EpochApproval -------------------------------------------------------------------------------------------------

    def approve_epoch(self, agent: str) -> int:
        self._available()
        waiting = [state for state in self.sessions(agent) if state.fenced and not state.approved]
        changed = {(state.agent, state.epoch): replace(state, approved=True) for state in waiting}
        self._commit("approve_epoch", lambda: self.session_states.update(changed))
        return len(waiting)

    # -- InboxQueue ----------------------------------------------------------------------------------------------------

    def claim(self, limit: int, now_ns: int, lease_ns: int) -> Sequence[Pending]:
        self._available()
        leased = {row.lane for row in self.rows.values() if row.state == "pending" and row.lease_until_ns > now_ns}
        free = [row for row in self.rows.values() if row.state == "pending" and row.lane not in leased]
        free.sort(key=lambda row: row.row)
        turns: Counter[object] = Counter()
        places = {}
        for row in free:
            turns[row.lane] += 1
            places[row.row] = turns[row.lane]
        taken = sorted(free, key=lambda row: (places[row.row], row.row))[:limit]

        def commit() -> None:
            for row in taken:
                row.lease_until_ns = now_ns + lease_ns

        self._commit("claim", commit)
        return [Pending(row.row, row.incoming, row.offset_ns) for row in taken]

    def release(self, rows: Sequence[int]) -> None:
        self._available()

        def commit() -> None:
            for number in rows:
                self.rows[number].lease_until_ns = 0

        self._commit("release", commit)

    def store_offset(self, row: int, offset_ns: int) -> int:
        self._available()
        stored = self.rows[row].offset_ns
        if stored is not None:
            return stored
        self._commit("store_offset", lambda: setattr(self.rows[row], "offset_ns", offset_ns))
        return offset_ns

    def hold(self, row: int) -> None:
        self._available()

        def commit() -> None:
            held = self.rows[row]
            known = (held.incoming.agent, held.incoming.boot_id) in self.boot_clocks
            held.state, held.lease_until_ns = "pending" if known else "held", 0

        self._commit("hold", commit)

    def expire_held(self, received_before_ns: int, reason: str) -> int:
        self._available()
        late = [row for row in self.rows.values() if row.state == "held" and row.incoming.received_ns < received_before_ns]

        def commit() -> None:
            for row in late:
                row.state, row.reason = "quarantined", reason

        self._commit("expire_held", commit)
        return len(late)

    def boot_clock(self, agent: str, boot_id: bytes) -> BootClock | None:
        self._available()
        return self.boot_clocks.get((agent, boot_id))

    def quarantine(self, pending: Pending, reason: str) -> None:
        self._available()

        def commit() -> None:
            row = self.rows[pending.row]
            if row.state == "pending":
                row.state, row.reason, row.lease_until_ns = "quarantined", reason, 0

        self._commit("quarantine", commit)

    # -- Effects -------------------------------------------------------------------------------------------------------

    def parts(self, agent: str, device: str, kind: str, digest: bytes) -> Sequence[DocumentPart]:
        self._available()
        return [part for key, part in sorted(self.document_parts.items()) if key[:4] == (agent, device, kind, digest)]

    def apply(self, pending: Pending, outcome: Outcome, seen_ns: int) -> None:
        self._available()
        if self.rows[pending.row].state == "applied":
            return
        documents = dict(self.documents)
        for effect in outcome.documents:
            self._stage_document(documents, pending.incoming, effect)
            self.crash("apply.torn")
        agent = pending.incoming.agent
        brought = {(agent, part.device, part.kind, part.digest, part.part): part for part in outcome.parts}

        def commit() -> None:
            row = self.rows[pending.row]
            row.state, row.lease_until_ns, row.points = "applied", 0, outcome.points
            row.rejected_points = sum(rejected.points for rejected in outcome.rejected)
            row.reason = "; ".join(sorted({rejected.reason for rejected in outcome.rejected}))
            self.documents = documents
            self.document_parts.update(brought)
            self.part_times.update(dict.fromkeys(brought, seen_ns))
            for key in [key for key in self.document_parts if key[0] == agent and key[3] in outcome.completed]:
                del self.document_parts[key], self.part_times[key]
            self.apply_counts[pending.row] = self.apply_counts.get(pending.row, 0) + 1

        self._commit("apply", commit)

    @staticmethod
    def _stage_document(documents: dict[tuple[str, str, str, str], StoredDocument], incoming: Incoming, effect) -> None:
        key = (incoming.tenant, incoming.site, effect.agent_device, effect.kind)
        stored = documents.get(key)
        if effect.rows is None:
            if stored is not None and stored.digest == effect.digest:
                documents[key] = replace(stored, confirmed_ns=max(stored.confirmed_ns, effect.observed_ns))
        elif stored is None or effect.observed_ns > stored.observed_ns:
            confirmed_ns = max(effect.observed_ns, stored.confirmed_ns if stored and stored.digest == effect.digest else 0)
            documents[key] = StoredDocument(effect.observed_ns, confirmed_ns, effect.digest, effect.rows)

    def expire_parts(self, received_before_ns: int) -> int:
        self._available()
        late = [key for key, at_ns in self.part_times.items() if at_ns < received_before_ns]

        def commit() -> None:
            for key in late:
                del self.document_parts[key], self.part_times[key]

        self._commit("expire_parts", commit)
        return len(late)

    # -- Quarantine, DeliveryReader ------------------------------------------------------------------------------------

    def quarantined(self, tenant: str | None = None, limit: int = 200) -> Sequence[QuarantineEntry]:
        found = [row for row in self.rows.values() if row.state == "quarantined" or row.rejected_points]
        entries = [
            QuarantineEntry(
                row.row,
                row.incoming.tenant,
                row.incoming.site,
                row.incoming.agent,
                row.incoming.lane,
                row.incoming.seq,
                row.reason,
                row.rejected_points,
                row.incoming.received_ns,
            )
            for row in found
            if tenant in (None, row.incoming.tenant)
        ]
        return entries[:limit]

    def replay(self, row: int) -> bool:
        stored = self.rows.get(row)
        if stored is None or not (stored.state == "quarantined" or stored.rejected_points):
            return False

        def commit() -> None:
            stored.state, stored.reason, stored.rejected_points = "pending", "", 0

        self._commit("replay", commit)
        return True

    def backlog(self, tenant: str | None = None) -> Backlog:
        rows = [row for row in self.rows.values() if tenant in (None, row.incoming.tenant)]
        count = {state: sum(row.state == state for row in rows) for state in ("pending", "held", "quarantined")}
        waiting = sum(len(row.incoming.envelope) for row in rows if row.state in ("pending", "held"))
        return Backlog(count["pending"], count["held"], count["quarantined"], waiting)

    def gaps(self, tenant: str, limit: int = 200) -> Sequence[Gap]:
        gaps = [row.incoming for row in self.rows.values() if row.state == "gap" and row.incoming.tenant == tenant]
        return [Gap(item.tenant, item.site, item.agent, item.lane, item.seq, item.last_seq, item.received_ns) for item in gaps][:limit]

    # -- transactions --------------------------------------------------------------------------------------------------

    def _available(self) -> None:
        if self.away:
            raise StoreUnavailable("the inbox was switched off by the test")

    def _commit(self, name: str, take_over: Callable[[], object]) -> None:
        self.crash(f"{name}.before-commit")
        take_over()
        self.commits += 1
        self.crash(f"{name}.after-commit")
