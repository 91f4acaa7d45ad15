"""Who gets what: rules over occasions."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from natvakt_server.domain.notification import SEVERITIES, Occasion
from natvakt_server.domain.notifying import Destination, Message, Rule, StoredOccasion

Recipients = Callable[[Destination], Sequence[str]]


def covers(rule: Rule, occasion: Occasion) -> bool:
    here = rule.tenant in ("", occasion.tenant) and rule.site in ("", occasion.site)
    return rule.enabled and here and SEVERITIES.index(occasion.severity) >= SEVERITIES.index(rule.least)


def applies(rule: Rule, occasion: Occasion) -> bool:
    return covers(rule, occasion) and occasion.kind in rule.kinds


def messages_for(
    stored: StoredOccasion,
    rules: Sequence[Rule],
    destinations: Mapping[str, Destination],
    recipients: Recipients,
    now_ns: int,
    new_id: Callable[[], str],
) -> Sequence[Message]:
    """One message to each recipient, however many rules lead there. Rules that name a destination that is gone say nothing of it."""
    wanted = dict.fromkeys(name for rule in rules if applies(rule, stored.told) for name in rule.destinations)
    return [
        message_to(stored, destination, recipient, now_ns, new_id())
        for destination in (destinations[name] for name in wanted if name in destinations)
        if destination.enabled
        for recipient in recipients(destination)
    ]


def message_to(
    stored: StoredOccasion, destination: Destination, recipient: str, now_ns: int, message_id: str, *, urgent: bool = False
) -> Message:
    told = stored.told
    return Message(
        id=message_id,
        key=message_key(told.key, destination.id, recipient),
        destination=destination.id,
        recipient=recipient,
        occasion=stored.id,
        tenant=told.tenant,
        incident=told.incident,
        kind=told.kind,
        severity=told.severity,
        urgent=urgent,
        created_ns=now_ns,
        not_before_ns=now_ns,
    )


def message_key(occasion_key: str, destination: str, recipient: str) -> str:
    return sha256("\x1f".join((occasion_key, destination, recipient)).encode()).hexdigest()
