"""Reports by mail: who gets a customer's reports, and an outbox that no restart loses and no restart sends twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

WAITING, SENT, FAILED = "waiting", "sent", "failed"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Gets every planned report of the customer, in one language (sv or en)."""

    tenant: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class ReportMail:
    """One report to one address. `detail`: why the last attempt failed."""

    assessment: str
    address: str
    tenant: str
    language: str
    state: str = WAITING
    attempts: int = 0
    detail: str = ""
    created_ns: int = 0
    not_before_ns: int = 0
    sent_ns: int = 0


class ReportOutbox(Protocol):
    def put_recipient(self, recipient: Recipient) -> None: ...
    def remove_recipient(self, tenant: str, address: str) -> bool: ...
    def recipients(self, tenant: str) -> Sequence[Recipient]: ...
    def put(self, mails: Sequence[ReportMail]) -> int:
        """Puts those that are not there yet; answers how many."""
        ...

    def due(self, now_ns: int, limit: int) -> Sequence[ReportMail]: ...
    def update(self, mail: ReportMail) -> None: ...
    def mails(self, tenant: str, assessment: str | None = None) -> Sequence[ReportMail]:
        """The newest first."""
        ...
