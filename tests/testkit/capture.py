"""Recordings for the tests of `capture`: those of the project, walked as a device is, and read again by the real collector."""

from collections.abc import Mapping
from pathlib import Path

from natvakt_agent.app.capturing.snmp import Pace, SnmpCapture
from natvakt_agent.capture.recording import Recording, written
from natvakt_agent.collectors.snmp.child_messages import TypedReply
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.packs import PACKS
from natvakt_agent.collectors.snmp.session import NoAnswer
from natvakt_agent.model.observation import Observation
from natvakt_agent.model.target import Target
from testkit.snmp import RECORDINGS, Answers, FakeSession, StillClock, oid_of, v2c_target

Views = Mapping[str | None, Answers]
ENTRIES = frozenset(oid_of(column.oid)[:-1] for pack in PACKS for column in pack.columns)
FAMILIES = sorted(path.stem for path in (RECORDINGS / "families").glob("*.txt") if "@" not in path.stem)


def family(name: str) -> Views:
    """A recorded family with its contexts."""
    contexts = (RECORDINGS / "families").glob(f"{name}@*.txt")
    return {None: Answers.recorded(f"families/{name}")} | {_context(path): Answers.parse(path.read_text()) for path in contexts}


def _context(path: Path) -> str:
    return path.stem.rpartition("@")[2]


def context_of(target: Target) -> str | None:
    assert target.snmp is not None
    assert target.snmp.community is not None
    return target.snmp.community.reveal().partition("@")[2] or None


class FakeAsker:
    """`Asker` over a table of answers; None: a device that says nothing."""

    def __init__(self, answers: Answers | None) -> None:
        self.answers = answers
        self.asked = 0

    def following(self, oid: str, repetitions: int) -> TypedReply:
        self.asked += 1
        if self.answers is None:
            raise NoAnswer("no answer in time")
        found, position = [], oid_of(oid)
        while len(found) < repetitions and (after := self.answers.after(position)) is not None:
            position = after[0]
            found.append((".".join(map(str, position)), after[1].tag, after[1].value))
        return TypedReply(found, len(found) < repetitions)


def captured(views: Views, everything: bool = False) -> list[Recording]:
    """As `natvakt-agent capture` walks it, without a network."""
    clock = StillClock()
    capture = SnmpCapture(
        lambda target, _: FakeAsker(views.get(context_of(target))), clock, Pace(1e6, clock, lambda _: None), lambda _: None
    )
    return capture.run(v2c_target(), everything).recordings


def replayed(recordings: list[Recording]) -> Views:
    """The files of a capture, read as the project's recordings are."""
    return {recording.context: Answers.parse(written(recording)) for recording in recordings}


def probed(views: Views) -> Observation:
    """Everything the real collector makes of a device."""

    def opened(target: Target, _timeout_seconds: float) -> FakeSession:
        answers = views.get(context_of(target))
        return FakeSession(answers if answers is not None else Answers({}), silent=answers is None)

    return SnmpCollector(opened).collect(v2c_target(), None, StillClock())
