"""What was agreed about availability: with a customer as a whole, and about named services on some of its devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

WHOLE = ""  # in the place of a service's name: the customer, its sites and devices
NAME_CHARACTERS, MOST_DEVICES = 80, 200


@dataclass(frozen=True, slots=True)
class Agreement:
    """`hours` as `monitoring.service_hours` reads them, in `time_zone`; `target`: a share such as 0.999. `needs_all`: the service is down
    while one of its devices is, else while all are. `devices`: of a service; none for the customer as a whole."""

    tenant: str
    name: str
    hours: str
    time_zone: str
    target: float
    said_ns: int
    by: str
    devices: tuple[str, ...] = ()
    needs_all: bool = True


class AgreementBook(Protocol):
    def agree(self, agreement: Agreement) -> None:
        """In place of the one of the same name."""
        ...

    def end_agreement(self, tenant: str, name: str) -> bool:
        """False: there is none of that name."""
        ...

    def agreements(self, tenant: str) -> Sequence[Agreement]:
        """By name, the customer as a whole first."""
        ...
