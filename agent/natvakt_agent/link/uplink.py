"""The uplink thread: owns the link's core and driver, and feeds them what connections, pollers and time have to say.

    pollers ──appended──►┐
    stream thread ─news─►├─► queue ─► uplink thread ─► driver ─► spool, stream
    time ───────tick────►┘

Nothing is deleted from the spool but by the driver, on the server's acknowledgement; stopping only ends the stream.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from natvakt_wire.errors import WireError
from natvakt_wire.v1 import uplink_pb2

from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.link.connection import Connection, Ended, Heard, News, Opened, UplinkAccess
from natvakt_agent.link.core import LinkCore, LinkSettings, LinkState
from natvakt_agent.link.directives import DirectiveRefused, Directives
from natvakt_agent.link.driver import LinkDriver, LinkParts
from natvakt_agent.link.ports import SpoolPort
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.delivery import SpoolError

_log = logging.getLogger(__name__)

TICK_SECONDS = 0.5
UPKEEP_NS = 5_000_000_000
RENEWAL_RETRY_NS = 60_000_000_000


@dataclass(frozen=True, slots=True)
class UplinkHandlers:
    """What the app lends. All are called on the uplink thread, `prepare` on the stream's.

    prepare            addresses and a valid certificate (it may come back to the enrolment port for one)
    renewal            a renewal request when one is due, else None
    renewed            the answer; True when a new certificate is in place and the stream should begin anew
    recipients         newly announced recipient keys, signed by the tenant's root
    policy             a verified policy's body; policy_version: of the one in force
    """

    prepare: Callable[[], UplinkAccess]
    renewal: Callable[[], uplink_pb2.Renewal | None]
    renewed: Callable[[uplink_pb2.RenewalResult], bool]
    recipients: Callable[[uplink_pb2.RecipientKeys], None]
    policy: Callable[[bytes], None]
    policy_version: Callable[[], int]


class Uplink:
    """`start`, `appended` after every append, `stop` at the end."""

    def __init__(
        self,
        *,
        spool: SpoolPort,
        clock: Clock,
        clock_trust: ClockTrust,
        random: Callable[[], float],
        directives: Directives,
        handlers: UplinkHandlers,
        version: str,
        settings: LinkSettings | None = None,
    ) -> None:
        self._clock = clock
        self._directives = directives
        self._handlers = handlers
        self._settings = settings if settings is not None else LinkSettings()
        self._spool = spool
        core = LinkCore(lambda: spool.index, random, self._settings, version)
        self._driver = LinkDriver(core, LinkParts(spool, self, clock, clock_trust, handlers.policy_version, self._deliver))
        self._news: queue.SimpleQueue[tuple[Connection, News] | None] = queue.SimpleQueue()
        self._connection: Connection | None = None
        self._stopping = threading.Event()
        self._upkeep_due_ns = 0
        self._renewal_due_ns = 0
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)

    @property
    def driver(self) -> LinkDriver:
        """Counts and alarms for status."""
        return self._driver

    def start(self) -> None:
        self._thread.start()

    def appended(self) -> None:
        """A batch was made durable; any thread may say so."""
        self._news.put(None)

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """End stream and thread. What was not acknowledged stays in the spool."""
        self._stopping.set()
        self._news.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)

    # -- Transport, called by the driver on this thread ------------------------------------------------------------------

    def connect(self) -> None:
        self._renewal_due_ns = 0  # what an earlier stream was asked may have been lost with it
        connection = Connection(self._handlers.prepare, self._hear, self._settings.connect_timeout_ns / 1e9)
        self._connection = connection
        connection.start()

    def send(self, message: uplink_pb2.AgentMessage) -> None:
        if self._connection is not None:
            self._connection.send(message)

    def disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # -- the thread ------------------------------------------------------------------------------------------------------

    def _hear(self, connection: Connection, news: News) -> None:
        self._news.put((connection, news))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:
                # The thread must outlive a mistake: end the session, count it, begin another.
                self._driver.counts["turn_failed"] += 1
                _log.exception("uplink turn failed")
                self._stopping.wait(TICK_SECONDS)
                self._driver.restart("internal error")
        connection = self._connection
        self.disconnect()
        if connection is not None:
            connection.join(TICK_SECONDS)

    def _turn(self) -> None:
        """Wait for news at most a tick, work off all there is, then see what time brings."""
        try:
            self._work_off(self._news.get(timeout=TICK_SECONDS))
            while True:
                self._work_off(self._news.get_nowait())
        except queue.Empty:
            pass
        self._driver.tick()
        now_ns = self._clock.monotonic_ns()
        if now_ns >= self._upkeep_due_ns:
            self._upkeep_due_ns = now_ns + UPKEEP_NS
            self._upkeep()
        if self._driver.state is LinkState.OPEN and now_ns >= self._renewal_due_ns:
            self._renew(now_ns)

    def _work_off(self, item: tuple[Connection, News] | None) -> None:
        if item is None:
            self._driver.appended()
            return
        connection, news = item
        if connection is not self._connection:
            return
        match news:
            case Opened():
                self._driver.connected()
            case Heard():
                self._driver.received(news.message)
            case Ended():
                self._connection = None
                self._driver.disconnected(news.reason, news.retry_after_ns)

    def _upkeep(self) -> None:
        try:
            self._spool.maintain()
        except SpoolError as error:
            _log.error("spool upkeep failed reason=%s", error)

    def _renew(self, now_ns: int) -> None:
        request = self._handlers.renewal()
        if request is not None and self._driver.tell(uplink_pb2.AgentMessage(renewal=request)):
            self._renewal_due_ns = now_ns + RENEWAL_RETRY_NS

    def _deliver(self, message: uplink_pb2.ServerMessage) -> None:
        body = message.WhichOneof("body")
        try:
            if body == "policy":
                self._handlers.policy(self._directives.policy_body(message.policy))
            elif body == "command":
                result = self._directives.answer(message.command, self._clock.wall_ns())
                self._driver.tell(uplink_pb2.AgentMessage(result=result))
            elif body == "recipients":
                self._handlers.recipients(message.recipients)
            elif body == "renewal" and self._handlers.renewed(message.renewal):
                self._driver.restart("the certificate was renewed")
        except (DirectiveRefused, WireError) as error:
            self._driver.counts["directives_refused"] += 1
            _log.error("message of the server refused kind=%s reason=%s", body, error)
