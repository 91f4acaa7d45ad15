"""Lists over many customers, one page at a time: what is wanted as data, so that a database finds it and a rule about it is checked once.

A list never holds what its asker may not see: the `Scope` of the permission it takes is an argument of every read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from natvakt_server.domain.assessment import Assessment
from natvakt_server.domain.estate import Customer, Device, Site
from natvakt_server.domain.events import StoredEvent
from natvakt_server.domain.identity import AgentRecord
from natvakt_server.domain.rights import Scope

T = TypeVar("T")
Value = str | int | float | bool


class Comparison(StrEnum):
    """The words NetBox has for them. Texts are compared whatever their case, but for IS and IS_NOT."""

    IS = ""
    IS_NOT = "n"
    HOLDS = "ic"
    HOLDS_NOT = "nic"
    STARTS = "isw"
    STARTS_NOT = "nisw"
    ENDS = "iew"
    ENDS_NOT = "niew"
    ALIKE = "ie"
    ALIKE_NOT = "nie"
    BELOW = "lt"
    AT_MOST = "lte"
    ABOVE = "gt"
    AT_LEAST = "gte"
    EMPTY = "empty"


POSITIVE: Mapping[Comparison, Comparison] = {
    Comparison.IS_NOT: Comparison.IS,
    Comparison.HOLDS_NOT: Comparison.HOLDS,
    Comparison.STARTS_NOT: Comparison.STARTS,
    Comparison.ENDS_NOT: Comparison.ENDS,
    Comparison.ALIKE_NOT: Comparison.ALIKE,
}
"""What each denial denies. A denial holds where there is no value at all."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where one of `values` fits; a denial where none does. EMPTY has one truth value: whether there is to be nothing."""

    field: str
    comparison: Comparison
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Order:
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """`text` is looked for in every text a person would search by. Equal rows keep the order of their ids."""

    conditions: Sequence[Condition] = ()
    text: str = ""
    order: Sequence[Order] = ()
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`count`: of all that fit, on whatever page."""

    count: int
    items: Sequence[T]


@dataclass(frozen=True, slots=True)
class CustomerEvent:
    tenant: str
    event: StoredEvent


class EstateListing(Protocol):
    """Each read is two statements at most, however many customers there are. A field that a list does not have raises KeyError."""

    def list_customers(self, scope: Scope, wish: Wish) -> Page[Customer]: ...
    def list_sites(self, scope: Scope, wish: Wish) -> Page[Site]: ...
    def list_devices(self, scope: Scope, wish: Wish) -> Page[Device]:
        """Those that are listed on pages; without the names their agents have for them."""
        ...

    def list_agents(self, scope: Scope, wish: Wish) -> Page[AgentRecord]: ...
    def list_assessments(self, scope: Scope, wish: Wish) -> Page[Assessment]:
        """Of whole customers, and of single sites that are held and nothing else. Without `document` and `inputs`."""
        ...

    def list_events(self, scope: Scope, wish: Wish) -> Page[CustomerEvent]: ...
