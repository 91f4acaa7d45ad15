"""What monitoring remembers of a site between two looks: what was seen, what was wrong, which incidents that became."""

import msgspec

from natvakt_server.domain.incidents import DAY_NS
from natvakt_server.domain.observation import Aspect
from natvakt_server.monitoring.runs import Run, kept

HORIZON_NS = 8 * DAY_NS
"""Longer than agents keep what they could not send: late data meets what was made of its time."""

Key = tuple[str, str, str]


class Problem(msgspec.Struct):
    """One thing wrong from `start_ns` to `end_ns` (0: still). `parent`: number of the problem that explains it, 0 for nobody; `case`: id
    of the incident it is or belongs to, empty while that is undecided. `absorbed`: number of the one it turned out to be the same as.
    `seen_ns`: when the server first knew.
    """

    number: int
    device: str  # empty: the site
    cause: str
    part: str
    start_ns: int
    raised_ns: int
    last_ns: int
    end_ns: int
    seen_ns: int
    flapping: bool = False
    parent: int = 0
    absorbed: int = 0
    case: str = ""

    @property
    def key(self) -> Key:
        return self.device, self.cause, self.part

    @property
    def until_ns(self) -> int:
        """As far as it is known to have lasted."""
        return self.end_ns or self.last_ns

    def overlaps(self, start_ns: int, end_ns: int) -> bool:
        """`end_ns` 0: for ever."""
        return (not end_ns or self.start_ns <= end_ns) and (not self.end_ns or start_ns <= self.end_ns)


class Case(msgspec.Struct):
    """An incident: its root problem's number, and what people were told of it. `print`: of what the database holds."""

    id: str
    problem: int
    name: str = ""
    severity: str = ""
    cleared_ns: int = 0
    late: bool = False
    merged: str = ""
    maintenance: str = ""
    told: bool = False
    openings: int = 0
    print: int = 0


class SiteState(msgspec.Struct):
    """`tracks` by agent device, aspect and part, joined by a space. `down`: ports without a known neighbour that were down at last."""

    tracks: dict[str, list[Run]] = {}
    problems: list[Problem] = []
    cases: list[Case] = []
    down: dict[str, tuple[int, str]] = {}
    last_number: int = 0

    def track(self, agent_device: str, aspect: Aspect, part: str) -> list[Run]:
        return self.tracks.get(track_name(agent_device, aspect, part), [])

    def forget(self, now_ns: int) -> None:
        """What is older than any data that may still come."""
        since_ns = now_ns - HORIZON_NS
        self.tracks = {name: runs for name, track in self.tracks.items() if (runs := kept(track, since_ns))}
        self.problems = [each for each in self.problems if not each.end_ns or each.end_ns >= since_ns]
        numbers = {each.number for each in self.problems}
        self.cases = [each for each in self.cases if each.problem in numbers]


def track_name(agent_device: str, aspect: Aspect, part: str) -> str:
    return f"{agent_device} {aspect.value} {part}"


def packed(state: SiteState) -> bytes:
    return msgspec.msgpack.encode(state)


class Forgotten(Exception):
    """What was remembered cannot be read: another version wrote it, or it is broken."""


def unpacked(state: bytes) -> SiteState:
    """Raises Forgotten."""
    try:
        return msgspec.msgpack.decode(state, type=SiteState) if state else SiteState()
    except msgspec.DecodeError as error:
        raise Forgotten(str(error)) from error
