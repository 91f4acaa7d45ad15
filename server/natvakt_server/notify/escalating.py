"""Escalation chains over occasions: when one begins, when it ends, and what its next step is. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from natvakt_server.domain.escalation import MOST_ROUNDS, Begin, Chain, Change, End, Escalation, OnCallCalendar, Standing
from natvakt_server.domain.notification import Kind, Occasion
from natvakt_server.domain.notifying import Destination, Message, Rule, StoredOccasion
from natvakt_server.notify.routing import Recipients, covers, message_to
from natvakt_server.notify.turns import on_call

MINUTE_NS = 60_000_000_000
ENDED_BY = {Kind.ACKNOWLEDGED: Standing.ACKNOWLEDGED, Kind.CLEARED: Standing.CLEARED}


def changes_for(stored: StoredOccasion, rules: Sequence[Rule], chains: Mapping[str, Chain], now_ns: int) -> Iterator[Change]:
    """What opens begins the chains of the rules that cover it, and so does an acknowledgement that ran out; taken or over ends them all."""
    told = stored.told
    if told.kind in ENDED_BY:
        yield End(told.incident, ENDED_BY[told.kind])
    elif told.kind is Kind.OPENED or told.facts.get("acknowledgement") == "ended":
        for name in dict.fromkeys(rule.chain for rule in rules if rule.chain in chains and covers(rule, told)):
            due_ns = now_ns + chains[name].steps[0].after_minutes * MINUTE_NS
            yield Begin(Escalation(told.incident, name, stored.id, due_ns=due_ns))


@dataclass(frozen=True, slots=True)
class Stepped:
    """`occasion` None: the messages are of the one that began it."""

    after: Escalation
    occasion: Occasion | None
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Escalator:
    """Everything a step needs to know, as it is now."""

    chains: Mapping[str, Chain]
    calendars: Mapping[str, OnCallCalendar]
    destinations: Mapping[str, Destination]
    recipients: Recipients
    new_id: Callable[[], str]

    def stepped(self, running: Escalation, began: Occasion | None, now_ns: int) -> Stepped:
        """`began`: the occasion that began it. A step that reaches nobody leads to the next one at once."""
        chain = self.chains.get(running.chain)
        if chain is None or began is None or running.step >= len(chain.steps):
            return Stepped(replace(running, standing=Standing.ENDED), None, ())
        first = running.step == 0 and running.round == 0
        told = None if first else self._escalated(running, began, now_ns)
        stored = StoredOccasion(running.occasion, told or began)
        messages = [
            message_to(stored, destination, recipient, now_ns, self.new_id(), urgent=True)
            for destination in self._reached(chain, running.step, now_ns)
            for recipient in self.recipients(destination)
        ]
        return Stepped(_next(running, chain, now_ns, reached=bool(messages)), told, messages)

    def _reached(self, chain: Chain, number: int, now_ns: int) -> Iterator[Destination]:
        step = chain.steps[number]
        people = [on_call(self.calendars[name], now_ns) for name in step.calendars if name in self.calendars]
        named = [*step.destinations, *(name for person in people if person for name in person.destinations)]
        for name in dict.fromkeys(named):
            destination = self.destinations.get(name)
            if destination is not None and destination.enabled:
                yield destination

    def _escalated(self, running: Escalation, began: Occasion, now_ns: int) -> Occasion:
        key = f"{began.key}/escalated/{running.chain}/{running.round}/{running.step}"
        return replace(began, key=key, kind=Kind.ESCALATED, at_ns=now_ns)


def _next(running: Escalation, chain: Chain, now_ns: int, *, reached: bool) -> Escalation:
    """Counted from now: after a standstill the steps follow each other as they would have."""
    following = running.step + 1
    if following < len(chain.steps):
        wait = chain.steps[following].after_minutes if reached else 0
        return replace(running, step=following, due_ns=now_ns + wait * MINUTE_NS)
    if chain.repeat_minutes and running.round + 1 < MOST_ROUNDS:
        return replace(running, step=0, round=running.round + 1, due_ns=now_ns + chain.repeat_minutes * MINUTE_NS)
    return replace(running, standing=Standing.ENDED)
