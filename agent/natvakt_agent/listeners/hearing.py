"""From octets to events and summaries: everything between the sockets and the pipe to the agent.

    message ─► admission ─► decoding ─► severity ─► folding ─► waits ─► collected
    export  ─► admission ─► decoding ─► sums ─► ranked at the end of each span ─► collected

A message that cannot be read is counted and forgotten; one that meets a fault of ours as well: the process listens on.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from natvakt_agent.collectors.snmp.pysnmp_notifications import NotificationRefused, OwnEngine, Received, Receiver
from natvakt_agent.collectors.snmp.pysnmp_users import user_named
from natvakt_agent.listeners import notifications, syslog_cisco
from natvakt_agent.listeners.addresses import spelled
from natvakt_agent.listeners.admission import Admission, Rates
from natvakt_agent.listeners.flow_records import Collector
from natvakt_agent.listeners.folding import Folding
from natvakt_agent.listeners.messages import FlowSummary, Heard, Pushed, Settings
from natvakt_agent.listeners.talkers import Talkers

logger = logging.getLogger(__name__)

LONGEST_MESSAGE_OCTETS, LONGEST_EXPORT_OCTETS = 8192, 65_535
EXPORT_FACTOR = 10  # a router exports so many datagrams for every message it logs
MOST_WAITING = 5000
SECOND_NS = 1_000_000_000
Answer = Callable[[bytes], None]


class Hearing:
    """Called from the sockets' threads, under one lock: decoding is short, and Python runs one thread at a time anyway."""

    def __init__(self, settings: Settings, monotonic_ns: Callable[[], int]) -> None:
        rates = Rates(settings.source_per_second, settings.source_burst, settings.total_per_second, settings.total_burst)
        self._monotonic_ns = monotonic_ns
        self._least_severity = settings.least_severity
        self._messages = Admission(settings.sources, settings.networks, rates, LONGEST_MESSAGE_OCTETS)
        self._exports = Admission(settings.sources, settings.networks, _for_exports(rates), LONGEST_EXPORT_OCTETS)
        users = {
            each.name.encode(): user_named(each.name, each.auth_protocol, each.auth_key, each.privacy_protocol, each.privacy_key)
            for each in settings.users
        }
        born_ns = monotonic_ns()
        own = OwnEngine(settings.engine_id, settings.engine_boots, born_ns / SECOND_NS)
        self._receiver = Receiver(settings.communities, users, own)
        self._collector = Collector()
        self._talkers = Talkers(settings.flow_key, settings.flow_addresses)
        self._span_ns = settings.flow_interval_seconds * SECOND_NS
        self._span_begun_ns = born_ns
        self._folding = Folding()
        self._events: list[Heard] = []
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def is_welcome(self, source: str) -> bool:
        """Whether anything of this source would be looked at; costs it nothing."""
        return self._messages.is_allowed(spelled(source))

    def take_trap(self, octets: bytes, source: str, answer: Answer) -> None:
        reply = None
        with self._lock:
            now_ns, source = self._monotonic_ns(), spelled(source)
            if self._messages.judge(source, len(octets), now_ns):
                reply = self._received(octets, source, now_ns).answer
                self._counts["trap answered"] += reply is not None
        if reply is not None:
            answer(reply)

    def _received(self, octets: bytes, source: str, now_ns: int) -> Received:
        """Nothing is answered that was not understood."""
        try:
            received = self._receiver.receive(octets, source, now_ns / SECOND_NS)
            if received.notification is not None:
                self._hear("trap", notifications.heard_of(source, now_ns, received.notification))
        except NotificationRefused as reason:
            self._counts[f"trap {reason}"] += 1
        except Exception:
            self._fault("trap")
        else:
            return received
        return Received(None)

    def take_syslog(self, octets: bytes, source: str, _: Answer) -> None:
        with self._lock:
            now_ns, source = self._monotonic_ns(), spelled(source)
            if self._messages.judge(source, len(octets), now_ns):
                try:
                    self._hear("syslog", syslog_cisco.heard_of(source, now_ns, octets))
                except Exception:
                    self._fault("syslog")

    def take_export(self, octets: bytes, source: str, _: Answer) -> None:
        with self._lock:
            now_ns, source = self._monotonic_ns(), spelled(source)
            if self._exports.judge(source, len(octets), now_ns):
                try:
                    flows = self._collector.flows(source, octets)
                    for flow in flows:
                        self._talkers.add(source, flow)
                    self._counts["flow heard"] += len(flows)
                except Exception:
                    self._fault("flow")

    def _fault(self, what: str) -> None:
        self._counts[f"{what} fault"] += 1
        logger.exception("message met a fault kind=%s", what)

    def _hear(self, what: str, event: Heard) -> None:
        if event.severity > self._least_severity and not event.is_change:
            self._counts[f"{what} below-severity"] += 1
            return
        self._counts[f"{what} heard"] += 1
        self._wait(self._folding.add(event))

    def _wait(self, events: Sequence[Heard]) -> None:
        for event in events:
            if len(self._events) < MOST_WAITING:
                self._events.append(event)
            else:
                self._counts["events dropped"] += 1

    def collected(self, is_end: bool = False) -> Pushed | None:
        """What was heard since the last time; None for nothing. At the end also what would be told later."""
        with self._lock:
            now_ns = self._monotonic_ns()
            self._wait(self._folding.rest() if is_end else self._folding.due(now_ns))
            events, self._events = self._events, []
            flows: list[FlowSummary] = []
            if is_end or now_ns - self._span_begun_ns >= self._span_ns:
                flows, self._span_begun_ns = self._talkers.summaries(now_ns), now_ns
        return Pushed(now_ns, events, flows) if events or flows else None

    def counts(self) -> Mapping[str, int]:
        """Everything that was heard, and everything that was not, by kind and reason."""
        with self._lock:
            counts = Counter(self._counts)
            counts.update({f"message {reason}": count for reason, count in self._messages.counts.items()})
            counts.update({f"export {reason}": count for reason, count in self._exports.counts.items()})
            counts.update({f"flow {reason}": count for reason, count in self._collector.counts.items()})
            counts["flow exporter-refused"] += self._talkers.refused_exporters
        return {name: count for name, count in sorted(counts.items()) if count}


def _for_exports(rates: Rates) -> Rates:
    return Rates(
        rates.source_per_second * EXPORT_FACTOR,
        rates.source_burst * EXPORT_FACTOR,
        rates.total_per_second * EXPORT_FACTOR,
        rates.total_burst * EXPORT_FACTOR,
    )
