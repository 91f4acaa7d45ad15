"""Incidents: what is wrong, what it explains, who has it; and the maintenance in which something is wrong on purpose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from natvakt_server.domain.estate import Row
from natvakt_server.domain.notification import Occasion, Severity
from natvakt_server.domain.observation import Landed
from natvakt_server.domain.refusal import Refusal

DAY_NS = 86_400_000_000_000
LONGEST_HOLD_NS = 30 * DAY_NS
NOTE_CHARACTERS = 500
MOST_OPEN = 1_000


class Cause(StrEnum):
    """One word for what is wrong; the same that notifications tell people in their language."""

    SITE_DOWN = "site-down"  # no agent of the site is heard
    DEVICE_DOWN = "device-down"
    SNMP_SILENT = "snmp-silent"
    INTERFACE_DOWN = "interface-down"
    INTERFACE_FLAPPING = "interface-flapping"
    CPU_HIGH = "cpu-high"
    MEMORY_HIGH = "memory-high"
    STORAGE_FULL = "storage-full"
    LOSS_HIGH = "loss-high"
    DELAY_HIGH = "delay-high"


class Why(StrEnum):
    """Why a member is silent under its incident."""

    NOT_OBSERVED = "not-observed"  # nobody looked: the agent was not heard
    BEHIND = "behind"  # it cannot be reached while the cause lasts
    DURING = "during"  # it happened while nobody at the site was heard, and was learned of afterwards
    PART_OF = "part-of"  # another sign of the same thing


@dataclass(frozen=True, slots=True)
class Member:
    """What an incident explains: a device, or a sign on a device (`cause`, `part`), from when until when (0: still)."""

    device: str
    name: str
    cause: str
    part: str
    why: Why
    since_ns: int
    until_ns: int = 0


@dataclass(frozen=True, slots=True)
class Incident:
    """`device` empty: the site itself. `cleared_ns` 0: open. `late`: learned when it was over already. `merged`: the incident that
    turned out to explain it. `maintenance`: id of the one it falls in, as long as that lasts.

    `owner` has it until `owner_until_ns` (0: nobody has it); `claims` grows with every change of owner.
    """

    id: str
    tenant: str
    site: str
    cause: Cause
    device: str
    name: str
    part: str
    severity: Severity
    started_ns: int
    raised_ns: int
    cleared_ns: int = 0
    flapping: bool = False
    late: bool = False
    merged: str = ""
    maintenance: str = ""
    members: int = 0
    owner: str = ""
    owner_until_ns: int = 0
    claims: int = 0

    @property
    def is_open(self) -> bool:
        return not self.cleared_ns

    def has_owner(self, now_ns: int) -> bool:
        return bool(self.owner) and now_ns < self.owner_until_ns


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody took an incident, or gave it back (`until_ns` 0)."""

    incident: str
    by: str
    at_ns: int
    until_ns: int
    note: str


@dataclass(frozen=True, slots=True)
class Maintenance:
    """`site` and `device` empty: all of them. Once from `start_ns` to `end_ns`; or every week on `weekdays` (0 is Monday) from
    `start_minute` of the day in `time_zone` for `minutes`, between those two moments. `ended_ns`: somebody ended it.
    """

    id: str
    tenant: str
    site: str
    device: str
    start_ns: int
    end_ns: int
    reason: str
    owner: str
    created_ns: int
    weekdays: tuple[int, ...] = ()
    start_minute: int = 0
    minutes: int = 0
    time_zone: str = "UTC"
    ended_ns: int = 0

    @property
    def is_recurring(self) -> bool:
        return bool(self.weekdays)


class AlreadyTaken(Refusal):
    """Somebody else was first: says who has the incident now."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"incident {incident.id} changed hands meanwhile: {incident.owner or 'nobody'} has it")
        self.incident = incident


class NotPlannable(ValueError):
    """Names the value, what is wrong with it and what to write instead. `word` is the key people are told it by."""

    def __init__(self, word: str, text: str) -> None:
        super().__init__(text)
        self.word = word


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """An incident as it is now, and everything it explains. Owner and claims are not touched by it."""

    incident: Incident
    members: Sequence[Member] = ()


@dataclass(frozen=True, slots=True)
class SiteChange:
    """Everything one look at a site changes, in one transaction. `through_mark`: what was read of it is done with."""

    tenant: str
    site: str
    state: bytes
    revision: int
    through_mark: int
    incidents: Sequence[IncidentChange] = ()
    occasions: Sequence[Occasion] = field(default=())


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """What monitoring knew of a site at its last look; revision 0: it never looked."""

    state: bytes
    revision: int


class IncidentWriter(Protocol):
    """What the evaluating job needs of the database."""

    def landed(self, limit: int) -> Sequence[Landed]:
        """What batches brought and nobody looked at yet, oldest first."""
        ...

    def memory(self, tenant: str, site: str) -> SiteMemory: ...
    def commit(self, change: SiteChange) -> bool:
        """All of it or nothing. False: another worker looked meanwhile, `revision` is no longer the stored one."""
        ...

    def site_tables(self, tenant: str, site: str, kind: str) -> Mapping[str, Sequence[Row]]:
        """The newest rows of one kind of document of every device of a site that has any, by device."""
        ...

    def expire_incidents(self, cleared_before_ns: int) -> int:
        """Forgets incidents, and maintenance, that were over before that moment; answers how many."""
        ...

    def release_owners(self, now_ns: int, tell: Callable[[Incident], Occasion]) -> Sequence[Incident]:
        """Takes open incidents from owners whose time ran out, and tells of it; answers them as they are now."""
        ...


Tenants = str | Sequence[str] | None
"""One customer, some of them, or with None all of them."""


class IncidentBook(Protocol):
    """What people do with incidents."""

    def open_incidents(self, tenant: Tenants = None) -> Sequence[Incident]:
        """The worst first, then the newest; what is in maintenance last. At most `MOST_OPEN`."""
        ...

    def history(self, since_ns: int, limit: int, tenant: Tenants = None) -> Sequence[Incident]:
        """Those that are over, the newest first."""
        ...

    def incident(self, tenant: str, incident_id: str) -> Incident | None: ...
    def members(self, tenant: str, incident_id: str) -> Sequence[Member]: ...
    def acknowledgements(self, tenant: str, incident_id: str) -> Sequence[Acknowledgement]:
        """The oldest first."""
        ...

    def acknowledge(self, tenant: str, given: Acknowledgement, claims: int, occasions: Sequence[Occasion] = ()) -> Incident:
        """`claims` as the page showed it. Raises AlreadyTaken where somebody changed the owner since."""
        ...

    def plan(self, maintenance: Maintenance) -> None: ...
    def end_maintenance(self, tenant: str, maintenance_id: str, at_ns: int) -> bool:
        """False: there is none of that name that still counts."""
        ...

    def maintenances(self, tenant: Tenants = None, since_ns: int = 0) -> Sequence[Maintenance]:
        """Those that did not end before that moment, the earliest first."""
        ...
