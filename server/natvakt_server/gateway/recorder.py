"""The half of the gateway that touches the store: answers what sessions ask, many agents' batches in one transaction.

Synchronous and confined to one thread: the server's writer thread calls `execute` with whatever has piled up, the simulator calls it step
by step. Acks exist only as answers of `execute`, so none can be older than its commit.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from natvakt_wire.v1 import uplink_pb2

from natvakt_server.domain.delivery import Arrival, BootClock, GatewayStore, Incoming, SessionState, StoreUnavailable
from natvakt_server.domain.identity import AgentState, AuditEntry, AuditLog
from natvakt_server.gateway.ports import AgentDirectory, OutgoingMessages, Renewals
from natvakt_server.gateway.requests import (
    Answer,
    Begin,
    Begun,
    Collect,
    Collected,
    Confirm,
    Failed,
    Fence,
    NotBegun,
    Request,
    Store,
    Stored,
    SubmitRenewal,
    TellResult,
)
from natvakt_server.gateway.resume import Refused, judge
from natvakt_server.gateway.tally import Tally

_log = logging.getLogger(__name__)
_Asker = TypeVar("_Asker")

TRUSTED_SKEW_NS = 60_000_000_000  # an agent's clock this near ours is believed when it says when its boot began


class Recorder:
    """`inbox_quota_bytes`: how much of one tenant may wait in the inbox, as a function of the tenant."""

    def __init__(
        self,
        *,
        store: GatewayStore,
        directory: AgentDirectory,
        outgoing: OutgoingMessages,
        renewals: Renewals,
        audit: AuditLog,
        inbox_quota_bytes: Callable[[str], int],
        tally: Tally,
    ) -> None:
        self._store = store
        self._directory = directory
        self._outgoing = outgoing
        self._renewals = renewals
        self._audit = audit
        self._quota = inbox_quota_bytes
        self._tally = tally

    def execute(self, group: Sequence[tuple[_Asker, Request]]) -> Sequence[tuple[_Asker, Answer]]:
        """Carry out the requests, in order for each asker. `_Asker` is whoever gets the answer: a Session."""
        answers: list[tuple[_Asker, Answer]] = []
        batches: list[tuple[_Asker, Store]] = []
        for asker, request in group:
            if isinstance(request, Store):
                batches.append((asker, request))
                continue
            if any(waiting is asker for waiting, _ in batches):
                answers.extend(self._receive(batches))
                batches = []
            answer = self._one(request)
            if answer is not None:
                answers.append((asker, answer))
        answers.extend(self._receive(batches))
        return answers

    def record(self, entries: Iterable[AuditEntry]) -> None:
        """Audit entries of sessions. What the log cannot take now goes at least to the journal."""
        for entry in entries:
            _log.warning(
                "audit action=%s subject=%s actor=%s outcome=%s detail=%s",
                entry.action,
                entry.subject,
                entry.actor,
                entry.outcome,
                entry.detail,
            )
            try:
                self._audit.record(entry)
            except StoreUnavailable:
                self._tally.add("audit.lost")
                _log.error("audit entry was not stored: the database is away")

    def _one(self, request: Request) -> Answer | None:
        try:
            match request:
                case Begin():
                    return self._begin(request)
                case Confirm():
                    self._confirm(request)
                case Fence():
                    self._fence(request)
                case Collect():
                    return self._collect(request)
                case SubmitRenewal():
                    self._renewals.submit(request.peer, request.csr, request.signature)
                case TellResult():
                    self._outgoing.answered(request.peer, request.command, request.accepted, request.detail)
        except StoreUnavailable as error:
            self._tally.add("store.unavailable")
            _log.warning("store is away request=%s reason=%s", type(request).__name__, error)
            return Failed(request)
        except Exception:
            # The end of one agent's request: a mistake in it must not take the answers of the others along.
            self._tally.add("store.failed")
            _log.exception("request failed request=%s", type(request).__name__)
            return Failed(request)
        return None

    # -- batches -------------------------------------------------------------------------------------------------------

    def _receive(self, batches: Sequence[tuple[_Asker, Store]]) -> Sequence[tuple[_Asker, Answer]]:
        if not batches:
            return ()
        try:
            arrivals = self._within_quota([request.incoming for _, request in batches])
        except StoreUnavailable as error:
            self._tally.add("store.unavailable")
            _log.warning("store is away batches=%d reason=%s", len(batches), error)
            return [(asker, Failed(request)) for asker, request in batches]
        except Exception:
            # One batch is more than the store can take: it must not hold up other agents, so each gets a transaction of its own.
            self._tally.add("store.failed")
            _log.exception("group could not be stored batches=%d", len(batches))
            return self._receive_apart(batches)
        self._tally.add("commits")
        grouped: dict[int, tuple[_Asker, list[tuple[Incoming, Arrival]]]] = {}
        for (asker, request), arrival in zip(batches, arrivals, strict=True):
            grouped.setdefault(id(asker), (asker, []))[1].append((request.incoming, arrival))
        return [(asker, Stored(results)) for asker, results in grouped.values()]

    def _receive_apart(self, batches: Sequence[tuple[_Asker, Store]]) -> Sequence[tuple[_Asker, Answer]]:
        by_asker: dict[int, list[tuple[_Asker, Store]]] = {}
        for asker, request in batches:
            by_asker.setdefault(id(asker), []).append((asker, request))
        if len(by_asker) == 1:
            return [(asker, Failed(request)) for asker, request in batches]
        return [answer for own in by_asker.values() for answer in self._receive(own)]

    def _within_quota(self, incoming: Sequence[Incoming]) -> Sequence[Arrival]:
        """Gap records always pass: they are how a full site makes room."""
        used = {tenant: self._store.inbox_bytes(tenant) for tenant in {item.tenant for item in incoming}}
        full: set[int] = set()
        stopped: set[tuple[str, bytes, int]] = set()
        for position, item in enumerate(incoming):
            lane = (item.agent, item.epoch, item.lane)
            if not item.is_gap and (lane in stopped or used[item.tenant] + len(item.envelope) > self._quota(item.tenant)):
                full.add(position)
                stopped.add(lane)
            else:
                used[item.tenant] += len(item.envelope)
        if full:
            self._tally.add("quota", len(full))
        passed = iter(self._store.receive([item for position, item in enumerate(incoming) if position not in full]))
        return [Arrival.QUOTA if position in full else next(passed) for position in range(len(incoming))]

    # -- sessions ------------------------------------------------------------------------------------------------------

    def _begin(self, begin: Begin) -> Answer:
        peer = begin.peer
        record = self._directory.agent(peer.agent)
        if record is None or (record.tenant, record.site) != (peer.tenant, peer.site):
            return self._refused(begin, "this agent is not registered for this site", fenced=False)
        if record.state is not AgentState.ACTIVE:
            return self._refused(begin, f"the agent is {record.state.value}", fenced=record.state is AgentState.FENCED)
        while True:
            marks = self._store.marks(peer.agent, begin.epoch)
            verdict = judge(begin, self._store.sessions(peer.agent), {mark.lane: mark for mark in marks})
            if isinstance(verdict, Refused):
                if verdict.fork:
                    self._fence(Fence(peer.agent, begin.epoch, verdict.detail))
                return self._refused(begin, verdict.detail, fenced=True)
            if self._store.put_session(verdict.state, verdict.expected_nonce):
                break
        self._learn_boot_clock(begin)
        self._directory.touch(peer.agent, begin.received_ns, begin.version)
        self.record(self._entry(begin, action, detail, "ok") for action, detail in verdict.notes)
        return Begun(verdict.state.nonce, marks, self._directory.identity_keys(peer.agent))

    def _refused(self, begin: Begin, detail: str, *, fenced: bool) -> NotBegun:
        self._tally.add("begin.refused")
        self.record([self._entry(begin, "fenced" if fenced else "not-admitted", detail, "refused")])
        return NotBegun(detail, fenced)

    def _entry(self, begin: Begin, action: str, detail: str, outcome: str) -> AuditEntry:
        subject = f"{begin.peer.tenant}/{begin.peer.site}"
        return AuditEntry(begin.received_ns, f"agent:{begin.peer.agent}", action, subject, outcome, detail, begin.peer.tenant)

    def _learn_boot_clock(self, begin: Begin) -> None:
        near = abs(begin.wall_ns - begin.received_ns) <= TRUSTED_SKEW_NS
        wall_ns = begin.wall_ns if near else begin.received_ns
        clock = BootClock(begin.peer.agent, begin.boot_id, wall_ns - begin.monotonic_ns, "agent" if near else "server")
        self._store.learn_boot_clock(clock)

    def _confirm(self, request: Confirm) -> None:
        """Only while nobody has begun a newer session of the same epoch."""
        for state in self._store.sessions(request.agent):
            if state.epoch == request.epoch and state.nonce == request.nonce and not state.confirmed:
                self._store.put_session(_confirmed(state), state.nonce)

    def _fence(self, request: Fence) -> None:
        while True:
            state = next((state for state in self._store.sessions(request.agent) if state.epoch == request.epoch), None)
            if state is None or state.fenced or self._store.put_session(_fenced(state, request.detail), state.nonce):
                return

    def _collect(self, request: Collect) -> Collected:
        results = [uplink_pb2.ServerMessage(renewal=result) for result in self._renewals.results(request.peer)]
        return Collected([*self._outgoing.waiting(request.peer, request.policy_version), *results])


def _confirmed(state: SessionState) -> SessionState:
    return replace(state, confirmed=True)


def _fenced(state: SessionState, detail: str) -> SessionState:
    return replace(state, fenced=True, detail=detail)
