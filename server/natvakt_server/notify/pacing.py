"""How much one recipient is told at once: what is due becomes single messages while they are few, and one digest when they are many.

    a minute:  at most BURST single messages, then one digest of all that is left; what comes after it waits for the next minute
    quiet hours and digest times:  only what is critical or urgent goes out, the rest is gathered

Channels that keep incidents of their own (PagerDuty, tickets) are told each change of each incident, in line; an incident that was over
before it could be told is not told at all, and too many openings become one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.domain.notifying import SENT, Destination, Message
from natvakt_server.notify.turns import quiet_until

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
WINDOW_NS = MINUTE_NS
BURST, BURST_OF_INCIDENTS = 5, 30
HELD_NS = 5 * MINUTE_NS
NEVER_TOLD = "over before it could be told"


@dataclass(frozen=True, slots=True)
class Plan:
    """`singles` one by one, then `digest` as one. `settled` and `postponed` are written back as they are."""

    singles: Sequence[Message] = ()
    digest: Sequence[Message] = ()
    postponed: Sequence[Message] = ()
    settled: Sequence[Message] = ()


def plan(destination: Destination, due: Sequence[Message], recent: Sequence[Message], now_ns: int, *, follows_incidents: bool) -> Plan:
    """`due`: the oldest first. `recent`: what went out to the same recipient within `WINDOW_NS`."""
    held, ready = _held(destination, due, now_ns)
    if follows_incidents:
        return _in_line(ready, held, len(recent), now_ns)
    waited = [each for each in ready if not _presses(each) and not each.attempts and now_ns - each.created_ns >= HELD_NS]
    if len(waited) < 2:
        waited = []
    gathered = {each.id for each in waited}  # the end of quiet hours: what waited goes out as one
    fresh = [each for each in ready if each.id not in gathered]
    if len(fresh) <= max(BURST - len(recent), 0):
        return Plan(fresh, waited, held)
    last_digest_ns = max((each.sent_ns for each in recent if each.digest), default=None)
    if last_digest_ns is not None:
        return Plan(postponed=[*held, *_postponed(ready, last_digest_ns + WINDOW_NS)])
    if len(ready) == 1:
        return Plan(postponed=[*held, *_postponed(ready, min(each.sent_ns for each in recent) + WINDOW_NS)])
    return Plan(digest=ready, postponed=held)


def _held(destination: Destination, due: Sequence[Message], now_ns: int) -> tuple[Sequence[Message], Sequence[Message]]:
    """What waits for the end of quiet hours or for its digest, and what does not."""
    patient = [each for each in due if not _presses(each)]
    until_ns = quiet_until(destination, now_ns)
    if until_ns is None and destination.digest_minutes and patient:
        until_ns = patient[0].created_ns + destination.digest_minutes * MINUTE_NS
    if until_ns is None or until_ns <= now_ns:
        return (), due
    return _postponed(patient, until_ns), [each for each in due if _presses(each)]


def _presses(message: Message) -> bool:
    return message.urgent or message.severity is Severity.CRITICAL


def _postponed(messages: Iterable[Message], until_ns: int) -> list[Message]:
    return [replace(each, not_before_ns=until_ns) for each in messages]


def _in_line(ready: Sequence[Message], held: Sequence[Message], recent: int, now_ns: int) -> Plan:
    opened = {each.incident for each in ready if each.kind is Kind.OPENED and not each.attempts}
    over = opened & {each.incident for each in ready if each.kind is Kind.CLEARED}
    settled = [replace(each, state=SENT, sent_ns=now_ns, detail=NEVER_TOLD, digest="none") for each in ready if each.incident in over]
    left = [each for each in ready if each.incident not in over]
    openings = [each for each in left if each.kind is Kind.OPENED]
    room = max(BURST_OF_INCIDENTS - recent, 0)
    if len(openings) > BURST_OF_INCIDENTS and room:
        rest = [each for each in left if each.kind is not Kind.OPENED]
        return Plan(rest[: room - 1], openings, [*held, *_postponed(rest[room - 1 :], now_ns + WINDOW_NS)], settled)
    return Plan(left[:room], (), [*held, *_postponed(left[room:], now_ns + WINDOW_NS)], settled)
