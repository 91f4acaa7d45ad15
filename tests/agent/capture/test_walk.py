"""The walk of a capture: distrustful, bounded, at a pace, and honest about what is missing (promises 28 to 30)."""

import pytest
from natvakt_agent.app.capturing.snmp import Pace, SnmpCapture
from natvakt_agent.collectors.snmp.capture_walk import EVERYTHING, CaptureWalk, Walked, subtrees
from natvakt_agent.collectors.snmp.checked import Deadline
from natvakt_agent.collectors.snmp.child_messages import TypedReply
from natvakt_agent.collectors.snmp.child_session import ChildSession
from natvakt_agent.collectors.snmp.packs import PACKS
from natvakt_agent.collectors.snmp.pysnmp_service import PysnmpService
from natvakt_agent.collectors.snmp.session import AnswerRefused, NoAnswer
from testkit.capture import FakeAsker, context_of, family
from testkit.snmp import Answers, StillClock, honest, responder, v2c_target
from testkit.snmp_child import InProcessCaller

TYPES = """\
1.3.6.1.2.1.1.1.0|4|text
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.2494
1.3.6.1.2.1.1.3.0|67|4711
1.3.6.1.2.1.2.2.1.5.1|66|4294967295
1.3.6.1.2.1.2.2.1.10.1|65|1
1.3.6.1.2.1.4.20.1.1.192.0.2.1|64|192.0.2.1
1.3.6.1.2.1.25.1.2.0|4x|07ea0b19040a0000
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
1.3.6.1.4.1.2021.10.1.6.1|68x|9f78043f800000
1.3.6.1.4.1.9999.1.0|2|-7
"""


class Scripted:
    """`Asker` that gives what it is told, and raises what is an exception."""

    def __init__(self, *replies: TypedReply | Exception) -> None:
        self.replies, self.repetitions = list(replies), list[int]()

    def following(self, oid: str, repetitions: int) -> TypedReply:
        self.repetitions.append(repetitions)
        reply = self.replies.pop(0) if self.replies else TypedReply((), True)
        if isinstance(reply, Exception):
            raise reply
        return reply


def walked(asker: Scripted | FakeAsker, *bases: str, clock: StillClock | None = None, seconds: float = 60.0) -> Walked:
    walk = CaptureWalk(asker, Deadline(clock or StillClock(), seconds), lambda: None)
    return walk.run(bases or ("1.3.6.1.2.1.2",), lambda *_: None)


def numbers(*oids: str, ended: bool = False) -> TypedReply:
    return TypedReply([(oid, 2, 1) for oid in oids], ended)


def test_every_type_comes_through_the_second_engine_as_it_was_sent() -> None:
    answers = Answers.parse(TYPES)
    caller = InProcessCaller(PysnmpService())
    with responder(honest(answers)) as device:
        session = ChildSession(v2c_target(device.port), 5.0, caller)
        found = CaptureWalk(session, Deadline(StillClock(), 60.0), lambda: None).run(EVERYTHING, lambda *_: None)
    caller.close()
    assert [(oid, tag, value) for oid, tag, value in found.varbinds] == [
        (".".join(map(str, oid)), cell.tag, cell.value) for oid, cell in walk_of(answers)
    ]
    assert (found.gaps, found.ended) == ([], None)


def walk_of(answers: Answers):
    position = (0,)
    while (following := answers.after(position)) is not None:
        position = following[0]
        yield following


def test_version_1_asks_for_one_object_at_a_time() -> None:
    caller = InProcessCaller(PysnmpService())
    with responder(honest(Answers.parse("1.3.6.1.2.1.1.1.0|4|a\n1.3.6.1.2.1.1.5.0|4|b\n"))) as device:
        session = ChildSession(v2c_target(device.port, version="v1"), 5.0, caller)
        found = CaptureWalk(session, Deadline(StillClock(), 60.0), lambda: None).run(("1.3.6.1.2.1.1",), lambda *_: None)
    caller.close()
    assert [value for _, _, value in found.varbinds] == [b"a", b"b"]


def test_subtrees_hold_every_column_of_the_packs_and_none_holds_another() -> None:
    bases = subtrees(PACKS)
    for pack in PACKS:
        for column in pack.columns:
            assert any(column.oid.startswith(f"{base}.") for base in bases), column.oid
    assert not [base for base in bases if any(base.startswith(f"{other}.") for other in bases)]


def test_promise_30_a_walk_that_goes_back_ends_there_and_says_so() -> None:
    found = walked(Scripted(numbers("1.3.6.1.2.1.2.5", "1.3.6.1.2.1.2.4")))
    assert [oid for oid, _, _ in found.varbinds] == ["1.3.6.1.2.1.2.5"]
    assert [(gap.base, gap.what) for gap in found.gaps] == [("1.3.6.1.2.1.2", "OIDs that do not grow")]


def test_the_walk_leaves_what_lies_behind_the_subtree() -> None:
    found = walked(Scripted(numbers("1.3.6.1.2.1.2.5", "1.3.6.1.2.1.20.1")))
    assert [oid for oid, _, _ in found.varbinds] == ["1.3.6.1.2.1.2.5"]


def test_a_device_that_chokes_on_long_answers_is_asked_for_short_ones() -> None:
    asker = Scripted(numbers("1.3.6.1.2.1.2.1"), NoAnswer("silence"), numbers("1.3.6.1.2.1.2.2"), AnswerRefused("cut"), numbers(ended=True))
    found = walked(asker)
    assert len(found.varbinds) == 2
    assert asker.repetitions == [25, 25, 6, 6, 1]


def test_a_subtree_that_fails_is_a_gap_and_the_walk_goes_on() -> None:
    asker = Scripted(numbers("1.3.6.1.2.1.1.1", ended=True), *[AnswerRefused("cut")] * 3, numbers("1.3.6.1.2.1.3.1", ended=True))
    found = walked(asker, "1.3.6.1.2.1.1", "1.3.6.1.2.1.2", "1.3.6.1.2.1.3")
    assert len(found.varbinds) == 2
    assert [(gap.base, gap.what) for gap in found.gaps] == [("1.3.6.1.2.1.2", "answers that were none")]
    assert found.ended is None


def test_two_silent_subtrees_end_the_walk_and_one_is_enough_where_nothing_was_heard() -> None:
    asker = Scripted(numbers("1.3.6.1.2.1.1.1", ended=True), *[NoAnswer("silence")] * 9)
    found = walked(asker, "1.3.6.1.2.1.1", "1.3.6.1.2.1.2", "1.3.6.1.2.1.3", "1.3.6.1.2.1.4")
    assert isinstance(found.ended, NoAnswer)
    assert len(asker.repetitions) == 7
    mute = FakeAsker(None)
    assert isinstance(walked(mute, "1.3.6.1.2.1.1", "1.3.6.1.2.1.2").ended, NoAnswer)
    assert mute.asked == 3


def test_the_deadline_ends_the_walk_and_what_was_found_stays() -> None:
    answers = family("catalyst-9300-stack")[None]
    found = walked(FakeAsker(answers), "1.3.6.1.2.1.1", "1.3.6.1.2.1.2", clock=StillClock(tick_seconds=1.0), seconds=2.0)
    assert found.varbinds
    assert "deadline" in str(found.ended)


def test_requests_go_out_at_their_pace() -> None:
    clock = StillClock()
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        clock.pass_seconds(seconds)

    pace = Pace(10.0, clock, pause)
    for _ in range(4):
        pace.take_turn()
    clock.pass_seconds(5.0)
    pace.take_turn()
    assert waited == [pytest.approx(0.1)] * 3


def test_a_context_that_is_silent_ends_the_contexts() -> None:
    views = {None: family("catalyst-9300-stack")[None]}
    clock = StillClock()
    askers: list[FakeAsker] = []

    def opened(target, _):
        askers.append(FakeAsker(views.get(context_of(target))))
        return askers[-1]

    recorded = SnmpCapture(opened, clock, Pace(1e6, clock, lambda _: None), lambda _: None).run(v2c_target(), everything=False)
    assert [recording.context for recording in recorded.recordings] == [None]
    assert (len(askers), recorded.ended) == (2, None)
