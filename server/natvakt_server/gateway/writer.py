"""The one thread that writes: takes what sessions asked since the last commit, fairly over tenants, and has the recorder carry it out.

While one transaction is being committed the next group piles up, so the busier the gateway is, the more batches share a commit.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence

from natvakt_server.domain.identity import AuditEntry
from natvakt_server.gateway.recorder import Recorder
from natvakt_server.gateway.requests import Answer, Failed, Request, Store
from natvakt_server.gateway.session import Session
from natvakt_server.gateway.tally import Tally

_log = logging.getLogger(__name__)

Asked = tuple[Session, Request]
Deliver = Callable[[Sequence[tuple[Session, Answer]]], None]

GROUP_REQUESTS = 512
GROUP_BYTES = 16 * 1024 * 1024


class Intake:
    """Requests by tenant, taken in turns: one tenant's flood lengthens only its own queue. Order within a tenant is kept."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Asked]] = {}

    def __bool__(self) -> bool:
        return bool(self._queues)

    def put(self, session: Session, request: Request) -> None:
        self._queues.setdefault(session.peer.tenant, deque()).append((session, request))

    def take(self, requests: int = GROUP_REQUESTS, octets: int = GROUP_BYTES) -> Sequence[Asked]:
        """The next group: at least one request if there is one, at most about that many requests and bytes."""
        group: list[Asked] = []
        size = 0
        while self._queues and len(group) < requests and size < octets:
            tenant, queue = next(iter(self._queues.items()))
            asked = queue.popleft()
            group.append(asked)
            size += len(asked[1].incoming.envelope) if isinstance(asked[1], Store) else 0
            del self._queues[tenant]
            if queue:
                self._queues[tenant] = queue
        return group


class Writer:
    """`deliver` is called on the writer's thread; a server passes a function that hands over to its loop."""

    def __init__(self, recorder: Recorder, deliver: Deliver, tally: Tally) -> None:
        self._recorder = recorder
        self._deliver = deliver
        self._tally = tally
        self._intake = Intake()
        self._entries: list[AuditEntry] = []
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="gateway-writer", daemon=True)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive() and not self._stopping

    def start(self) -> None:
        self._thread.start()

    def submit(self, session: Session, request: Request) -> None:
        with self._changed:
            self._intake.put(session, request)
            self._changed.notify()

    def audit(self, entry: AuditEntry) -> None:
        with self._changed:
            self._entries.append(entry)
            self._changed.notify()

    def stop(self) -> None:
        """What was asked before is still carried out. Waits for the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._intake or self._entries or self._stopping):
                    self._changed.wait()
                group, entries = self._intake.take(), self._entries
                self._entries = []
                if not group and not entries:
                    return
            self._carry_out(group, entries)

    def _carry_out(self, group: Sequence[Asked], entries: Sequence[AuditEntry]) -> None:
        try:
            self._recorder.record(entries)
        except Exception:
            # An entry that the log refuses is in the journal already; the agents' batches must go on.
            self._tally.add("audit.lost")
            _log.exception("audit entries were not stored entries=%d", len(entries))
        try:
            answers = self._recorder.execute(group)
        except Exception:
            # The thread must outlive whatever a store does: the agents are told to come back, nothing was acknowledged.
            self._tally.add("writer.failed")
            _log.exception("gateway writer failed requests=%d", len(group))
            answers = [(session, Failed(request)) for session, request in group]
        if answers:
            self._deliver(answers)
