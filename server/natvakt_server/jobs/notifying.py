"""Tells people: asks the rules who gets an occasion, puts a message for each, and sends what is due.

Messages are sent at least once: a message whose answer was lost goes out again under the same key, by which mail programs and receivers of
webhooks tell that it is the same. Destinations do not wait for each other: each has its own thread while something is sent to it.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.escalation import Change, EscalationSettings
from natvakt_server.domain.notifying import (
    FAILED,
    SENT,
    Destination,
    Escalations,
    Message,
    NotificationSettings,
    Outbox,
    Queue,
    Settled,
    StoredOccasion,
)
from natvakt_server.notify.composing import Composer, Names, listing
from natvakt_server.notify.delivering import Delivery
from natvakt_server.notify.escalating import ENDED_BY, Escalator, changes_for
from natvakt_server.notify.pacing import WINDOW_NS, plan
from natvakt_server.notify.port import Refused, Unavailable
from natvakt_server.notify.retrying import NOTICES
from natvakt_server.notify.routing import message_to, messages_for

_log = logging.getLogger(__name__)
ROUTE_BATCH = 500
MOST_DUE = 20_000
IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class NotifierParts:
    """`start` runs a piece of work, at once or on a thread of its own."""

    outbox: Outbox
    settings: NotificationSettings
    escalations: Escalations
    chains: EscalationSettings
    delivery: Delivery
    names: Names
    clock: Clock
    new_id: Callable[[], str]
    start: Callable[[Callable[[], None]], object]


@dataclass(slots=True)
class Notifier:
    parts: NotifierParts
    _busy: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self) -> float:
        """Routes, escalates and sends what is there; answers how many seconds to wait. Raises nothing that another try may mend."""
        try:
            destinations = {each.id: each for each in self.parts.settings.destinations()}
            routed = self._route(destinations)
            if routed < ROUTE_BATCH:  # an acknowledgement that is not routed yet may end what is due
                self._escalate(destinations)
            self._send(destinations)
        except StoreUnavailable as error:
            _log.warning("event=notifications-wait reason=%s", error)
            return IDLE_SECONDS
        return 0.0 if routed == ROUTE_BATCH else IDLE_SECONDS

    def _route(self, destinations: Mapping[str, Destination]) -> int:
        """Answers how many occasions were dealt with."""
        parts = self.parts
        occasions = parts.outbox.unrouted(ROUTE_BATCH)
        if not occasions:
            return 0
        rules, chains, now_ns = parts.settings.rules(), {each.id: each for each in parts.chains.chains()}, parts.clock.wall_ns()
        messages: list[Message] = []
        changes: list[Change] = []
        for stored in occasions:
            messages += messages_for(stored, rules, destinations, self._recipients, now_ns, parts.new_id)
            messages += self._to_those_told(stored, destinations, now_ns)
            changes += changes_for(stored, rules, chains, now_ns)
        parts.outbox.route([each.id for each in occasions], messages, changes)
        _log.info("event=occasions-routed occasions=%d messages=%d", len(occasions), len(messages))
        return len(occasions)

    def _to_those_told(self, stored: StoredOccasion, destinations: Mapping[str, Destination], now_ns: int) -> Iterator[Message]:
        """Whoever a chain has woken hears that somebody has it, or that it is over."""
        if stored.told.kind in ENDED_BY:
            for queue in self.parts.escalations.told(stored.told.incident):
                destination = destinations.get(queue.destination)
                if destination is not None and destination.enabled:
                    yield message_to(stored, destination, queue.recipient, now_ns, self.parts.new_id())

    def _escalate(self, destinations: Mapping[str, Destination]) -> None:
        parts, now_ns = self.parts, self.parts.clock.wall_ns()
        due = parts.escalations.due(now_ns, ROUTE_BATCH)
        if not due:
            return
        chains = {each.id: each for each in parts.chains.chains()}
        calendars = {each.id: each for each in parts.chains.calendars()}
        escalator = Escalator(chains, calendars, destinations, self._recipients, parts.new_id)
        began = parts.outbox.occasions([each.occasion for each in due])
        for running in due:
            stepped = escalator.stepped(running, began.get(running.occasion), now_ns)
            parts.escalations.step(running, stepped.after, stepped.occasion, stepped.messages)
            _log.info(
                "event=escalation incident=%s chain=%s step=%d round=%d messages=%d standing=%s",
                *(running.incident, running.chain, running.step, running.round, len(stepped.messages), stepped.after.standing.value),
            )

    def _recipients(self, destination: Destination) -> Sequence[str]:
        channel = self.parts.delivery.channels.get(destination.channel)
        return channel.recipients(destination.settings) if channel else ()

    def _send(self, destinations: Mapping[str, Destination]) -> None:
        by_destination: dict[str, list[Queue]] = {}
        for queue in self.parts.outbox.queues(self.parts.clock.wall_ns()):
            by_destination.setdefault(queue.destination, []).append(queue)
        for name, queues in by_destination.items():
            with self._lock:
                if name in self._busy:
                    continue
                self._busy.add(name)
            self.parts.start(_Round(self, destinations.get(name), queues, name).run)

    def freed(self, destination: str) -> None:
        with self._lock:
            self._busy.discard(destination)


@dataclass(frozen=True, slots=True)
class _Round:
    """What is due for one destination, once."""

    notifier: Notifier
    destination: Destination | None
    queues: Sequence[Queue]
    name: str

    def run(self) -> None:
        try:
            for queue in self.queues:
                self._serve(queue)
        except StoreUnavailable as error:
            _log.warning("event=notifications-wait destination=%s reason=%s", self.name, error)
        except Exception as error:
            # The end of a thread: what could not even be tried is looked at again in a minute.
            _log.exception("event=notification-round-failed destination=%s", self.name)
            self._set_aside(type(error).__name__)
        finally:
            self.notifier.freed(self.name)

    def _serve(self, queue: Queue) -> None:
        parts = self.notifier.parts
        due = parts.outbox.due(queue, parts.clock.wall_ns(), MOST_DUE)
        if self.destination is None or not self.destination.enabled:
            words = "the destination was removed" if self.destination is None else "the destination is switched off"
            self._keep(due, FAILED, words)
            return
        recent = parts.outbox.sent_since(queue, parts.clock.wall_ns() - WINDOW_NS)
        channel = parts.delivery.channels.get(self.destination.channel)
        follows = channel is not None and channel.follows_incidents
        planned = plan(self.destination, due, recent, parts.clock.wall_ns(), follows_incidents=follows)
        parts.outbox.update([*planned.postponed, *planned.settled])
        rounds = [[each] for each in planned.singles] + ([planned.digest] if planned.digest else [])
        for number, messages in enumerate(rounds):
            later_ns = self._deliver(messages, self.destination)
            if later_ns:
                rest = [each for some in rounds[number + 1 :] for each in some]
                parts.outbox.update([replace(each, not_before_ns=later_ns) for each in rest])
                return

    def _set_aside(self, what: str) -> None:
        parts, later_ns = self.notifier.parts, self.notifier.parts.clock.wall_ns() + WINDOW_NS
        words = f"the server could not make it: {what}; its log has the reason"
        try:
            for queue in self.queues:
                due = parts.outbox.due(queue, parts.clock.wall_ns(), MOST_DUE)
                parts.outbox.update([replace(each, attempts=each.attempts + 1, detail=words, not_before_ns=later_ns) for each in due])
        except StoreUnavailable as error:
            _log.warning("event=notifications-wait destination=%s reason=%s", self.name, error)

    def _deliver(self, messages: Sequence[Message], destination: Destination) -> int:
        """One, or several as a digest. Answers until when the destination is let alone; 0: it could be reached."""
        parts = self.notifier.parts
        occasions = parts.outbox.occasions([each.occasion for each in listing(messages)])
        composer, first = Composer(destination, parts.names, parts.clock.wall_ns()), messages[0]
        single = len(messages) == 1
        notice = composer.single(first, occasions[first.occasion]) if single else composer.digest(messages, occasions)
        try:
            parts.delivery.deliver(notice, destination, first.recipient)
        except Unavailable as error:
            return self._postpone(messages, error)
        except Refused as error:
            self._keep(messages, FAILED, str(error))
        else:
            self._keep(messages, SENT, digest="" if single else first.id)
        return 0

    def _postpone(self, messages: Sequence[Message], error: Unavailable) -> int:
        """What is too old is given up. Answers when the rest is tried again."""
        now_ns, parts, words = self.notifier.parts.clock.wall_ns(), self.notifier.parts, str(error)
        attempts = max(each.attempts for each in messages) + 1
        later_ns = NOTICES.next_ns(attempts, now_ns, error.retry_seconds)
        self._keep([each for each in messages if NOTICES.is_over(each.created_ns, now_ns)], FAILED, words)
        waiting = [each for each in messages if not NOTICES.is_over(each.created_ns, now_ns)]
        parts.outbox.update([replace(each, attempts=each.attempts + 1, detail=words, not_before_ns=later_ns) for each in waiting])
        _log.warning("event=notification-waits destination=%s messages=%d reason=%s", self.name, len(waiting), words)
        return later_ns

    def _keep(self, messages: Sequence[Message], state: str, detail: str = "", digest: str = "") -> None:
        if not messages:
            return
        sent_ns = self.notifier.parts.clock.wall_ns() if state == SENT else 0
        self.notifier.parts.outbox.settle([each.id for each in messages], Settled(state, detail, sent_ns, digest))
        level = logging.INFO if state == SENT else logging.WARNING
        _log.log(level, "event=notification state=%s destination=%s messages=%d reason=%s", state, self.name, len(messages), detail)
