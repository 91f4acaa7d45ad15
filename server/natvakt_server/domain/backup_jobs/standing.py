"""How every backup of a customer stands, as it was last judged: what pages list, alerts follow and the API answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from natvakt_server.domain.backup_jobs.judging import Origin, Reason, State
from natvakt_server.domain.estate import Row
from natvakt_server.domain.notification import Occasion
from natvakt_server.domain.rights import EVERYWHERE, Scope


@dataclass(frozen=True, slots=True)
class ToldJobs:
    """The newest document of backup jobs that one agent told of one device."""

    device: str
    agent_device: str
    confirmed_ns: int
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class ToldConfiguration:
    """What is kept of a network device's configuration. `read_ns`: the newest whole reading; `cut_off_ns`: the newest one that was not;
    `saved`: running means the same as startup, None where one was never read. `seen_ns`: when anything was last told of the device.
    """

    device: str
    seen_ns: int
    read_ns: int | None = None
    cut_off_ns: int | None = None
    octets: int | None = None
    usual_octets: int | None = None
    saved: bool | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """`job` is empty for the device's configuration. Moments in ns, 0 and None: not known. `since_ns`: when the state began; a book keeps
    the older one while the state is the same. `usual_ns`: when `usual_bytes` was worked out. `schedule`: as written, for people."""

    tenant: str
    device: str
    job: str
    state: State
    reason: Reason
    since_ns: int
    judged_ns: int
    told_ns: int
    origin: Origin
    schedule: str = ""
    success_ns: int | None = None
    due_ns: int | None = None
    next_ns: int | None = None
    late_ns: int | None = None
    missed: int = 0
    bytes: int | None = None
    usual_bytes: int | None = None
    usual_days: int = 0
    usual_ns: int = 0
    restore_test_ns: int | None = None
    saved: bool | None = None
    kind: str = ""
    target: str = ""
    detail: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.device, self.job


@dataclass(frozen=True, slots=True)
class PlacedStanding:
    """With the names people know it by."""

    standing: Standing
    customer: str
    site: str
    device_name: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A backup whose state is another one than before; `before` is None the first time it is judged."""

    standing: Standing
    before: State | None


class BackupSource(Protocol):
    def told_jobs(self, tenant: str) -> Sequence[ToldJobs]: ...

    def told_configurations(self, tenant: str) -> Sequence[ToldConfiguration]:
        """Of every network device; nothing at all where no configuration of this customer was ever read."""
        ...


class TurnTeller(Protocol):
    """What people hear of a backup that turned."""

    def incident(self, standing: Standing) -> str:
        """Under which name it is known to them, however often it turns."""
        ...

    def occasion(self, turn: Turn, *, is_open: bool) -> Occasion | None:
        """`is_open`: they were told that something is wrong, and not yet that it is over."""
        ...


class StandingBook(Protocol):
    def keep(self, tenant: str, standings: Sequence[Standing], teller: TurnTeller | None = None) -> Sequence[Turn]:
        """In place of all that was kept of this customer, with what there is to tell. Answers what turned, in the order given."""
        ...

    def kept(self, tenant: str) -> Sequence[Standing]: ...


class What(StrEnum):
    JOBS = "jobs"
    CONFIGURATIONS = "configurations"
    UNWELL_CONFIGURATIONS = "unwell-configurations"


class StandingReader(Protocol):
    """Each answer is one statement, within the scope."""

    def standings(self, what: What, tenant: str | None = None, scope: Scope = EVERYWHERE) -> Sequence[PlacedStanding]:
        """Of one customer, or of all, by tenant, device and job."""
        ...

    def standing(self, tenant: str, device: str, job: str, scope: Scope = EVERYWHERE) -> PlacedStanding | None: ...

    def configuration_counts(self, tenant: str | None = None, scope: Scope = EVERYWHERE) -> Mapping[State, int]: ...
