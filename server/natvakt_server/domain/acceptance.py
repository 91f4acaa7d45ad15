"""Findings that a customer lives with until a date, and who may say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

LONGEST_DAYS = 3 * 366
REASON_CHARACTERS = 500


class NotAcceptable(ValueError):
    """Names the value, what is wrong with it and what to write instead."""


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """Through the day `until`, in the customer's zone. `rule`, `device` and `object` say what it is about when it is listed alone."""

    tenant: str
    finding: str
    until: date
    reason: str
    by: str
    accepted_ns: int
    rule: str = ""
    device: str = ""
    object: str = ""


class AcceptanceStore(Protocol):
    def accept(self, accepted: AcceptedFinding) -> None:
        """In place of an earlier acceptance of the same finding."""
        ...

    def withdraw(self, tenant: str, finding: str) -> bool:
        """False: it was not accepted."""
        ...

    def accepted(self, tenant: str) -> Sequence[AcceptedFinding]:
        """By finding, those that have ended too."""
        ...


def checked(accepted: AcceptedFinding, today: date) -> AcceptedFinding:
    """Raises NotAcceptable: nobody lives with something for no reason, in no name, or for ever."""
    if not accepted.reason.strip() or len(accepted.reason) > REASON_CHARACTERS:
        raise NotAcceptable(f"the reason has {len(accepted.reason.strip())} characters; write 1 to {REASON_CHARACTERS}")
    if not accepted.by.strip():
        raise NotAcceptable("nobody is named who accepts it; write the name of the person at the customer")
    days = (accepted.until - today).days
    if days < 0:
        raise NotAcceptable(f"{accepted.until.isoformat()} has passed; name a day from today on")
    if days > LONGEST_DAYS:
        raise NotAcceptable(f"{accepted.until.isoformat()} is more than three years ahead; name an earlier day and look again then")
    return accepted
