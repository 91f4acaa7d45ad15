"""Promise 35: SNMPv3 engines that restart, go back in time, change or lie. Both engines against a device of our own making."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from natvakt_agent.app.snmp_engines import engine_for
from natvakt_agent.collectors.snmp.child_session import ChildSession
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.collectors.snmp.session import AccessRefused, NoAnswer, Session, SnmpFault
from natvakt_agent.model.target import Target
from testkit.snmp import OCTETS, Answers, Cell, StillClock, datagram_responder, oid_of
from testkit.snmp_child import InProcessCaller
from testkit.snmp_v3 import USER, Message, V3Device, v3_target

NAME = "1.3.6.1.2.1.1.5.0"
ANSWERS = Answers.parse(f"1.3.6.1.2.1.1.1.0|4|a switch\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1\n1.3.6.1.2.1.1.3.0|67|100\n{NAME}|4|sw1")
TRUE = {NAME: b"sw1"}
SECONDS = 0.3
Opener = Callable[[Target, float], Session]


@pytest.fixture(params=["gufo", "pysnmp"])
def opened(request: pytest.FixtureRequest) -> Iterator[Opener]:
    if request.param == "gufo":
        yield GufoSession
        return
    caller = InProcessCaller()
    yield lambda target, seconds: ChildSession(target, seconds, caller)
    caller.close()


@contextmanager
def talking(device: V3Device, opened: Opener) -> Iterator[Session]:
    """A session that has been answered once, so that it knows the engine."""
    with datagram_responder(device.reply) as port:
        session = opened(v3_target(port), SECONDS)
        assert session.get_many([NAME]) == TRUE
        device.asked.clear()
        yield session


@pytest.mark.parametrize(("boots", "time"), [(8, 3), (2, 3), (7, 90_000), (7, 1)], ids=["reboot", "reset", "forward", "back"])
def test_promise_35_boots_and_time_are_met_again_within_one_extra_round_trip(opened: Opener, boots: int, time: int) -> None:
    device = V3Device(ANSWERS)
    with talking(device, opened) as session:
        device.boots, device.time = boots, time
        assert session.get_many([NAME]) == TRUE
        assert len(device.asked) == 2
        assert session.get_many([NAME]) == TRUE
        assert len(device.asked) == 3


def test_promise_35_a_storm_of_reboots_ends_every_question(opened: Opener) -> None:
    """A device that restarts again before each question is asked gives up nobody's time but its own."""
    device = V3Device(ANSWERS)
    with datagram_responder(lambda packet: restarted(device, packet)) as port, pytest.raises(SnmpFault):
        opened(v3_target(port), SECONDS).get_many([NAME])
    assert len(device.asked) <= 7


def restarted(device: V3Device, packet: bytes) -> list[bytes]:
    device.boots += 1
    return device.reply(packet)


def test_promise_35_a_changed_engine_id_is_met_anew(opened: Opener) -> None:
    device = V3Device(ANSWERS)
    with talking(device, opened) as session:
        device.engine_id = bytes.fromhex("80001f8804") + b"device-two"
        for _ in range(2):  # gufo begins anew with the second attempt, which the collector makes
            try:
                found = session.get_many([NAME])
            except NoAnswer:
                continue
        assert found == TRUE
        assert session.engine_id == device.engine_id
        assert all(asked.flags & 3 == 3 for asked in device.asked if asked.user)


def test_promise_35_a_report_of_old_times_changes_nothing(opened: Opener) -> None:
    """An authenticated report of before is repeated instead of each answer: it answers another question."""
    device = V3Device(ANSWERS)
    with talking(device, opened) as session:
        device.boots = 8
        assert session.get_many([NAME]) == TRUE
        old_report = next(octets for octets in device.sent if device.sent.index(octets) >= 2)
    with datagram_responder(lambda packet: [old_report, *device.reply(packet)]) as port:
        assert opened(v3_target(port), SECONDS).get_many([NAME]) == TRUE


LIES: dict[str, Callable[[Message], Message]] = {
    "neither authenticated nor private": lambda message: replace(message, flags=0),
    "not private": lambda message: replace(message, flags=1),
    "forged digest": lambda message: replace(message, forged_mac=bytes(24)),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_promise_35_an_answer_with_less_protection_than_asked_for_is_not_taken(lie: Callable[[Message], Message]) -> None:
    caller, device = InProcessCaller(), V3Device(ANSWERS)

    def false(message: Message) -> Message:
        return lie(replace(message, cells=[(oid_of(NAME), Cell(OCTETS, b"false"))])) if message.flags == 3 else message

    with talking(device, lambda target, seconds: ChildSession(target, seconds, caller)) as session:
        device.change = false
        with pytest.raises(SnmpFault):
            session.get_many([NAME])
        assert all(asked.flags & 3 == 3 for asked in device.asked if asked.user)
    caller.close()


def test_promise_35_an_engine_that_checks_no_digest_is_used_only_where_the_site_says_so_and_tells_it() -> None:
    target = v3_target(161)
    assert engine_for(target, "gufo") == "pysnmp"
    assert engine_for(replace(target, snmp_engine="gufo"), "pysnmp") == "gufo"
    assert "does not check" in GufoSession(target, SECONDS).remarks()[0]


def test_promise_35_a_refused_user_is_never_asked_for_with_less(opened: Opener) -> None:
    device = V3Device(ANSWERS)
    with datagram_responder(device.reply) as port:
        for changed in ({"user": "nobody"}, {"auth_protocol": "sha"}):
            with pytest.raises(AccessRefused):
                opened(v3_target(port, **changed), SECONDS).get_many([NAME])
    assert all(asked.flags & 3 == 3 for asked in device.asked if asked.user)
    assert {asked.user for asked in device.asked} <= {b"", USER, b"nobody"}


def test_promise_35_another_engine_behind_a_known_device_raises_an_alarm(opened: Opener) -> None:
    device, clock = V3Device(ANSWERS), StillClock()
    collector = SnmpCollector(opened, timeout_seconds=SECONDS)
    with datagram_responder(device.reply) as port:
        target = v3_target(port)
        assert not [text for text in collector.collect(target, ["device"], clock).errors if "engine id" in text]
        device.engine_id = bytes.fromhex("80001f8804") + b"device-two"
        told = [text for text in collector.collect(target, ["device"], clock).errors if "engine id" in text]
        assert len(told) == 1
        assert b"device-one".hex() in told[0]
        assert b"device-two".hex() in told[0]
        assert not [text for text in collector.collect(target, ["device"], clock).errors if "engine id" in text]


def test_two_devices_with_one_engine_id_are_told_and_do_not_disturb_each_other(opened: Opener) -> None:
    one, other, clock = V3Device(ANSWERS, boots=7), V3Device(ANSWERS, boots=900, time=50), StillClock()
    collector = SnmpCollector(opened, timeout_seconds=SECONDS)
    with datagram_responder(one.reply) as first, datagram_responder(other.reply) as second:
        for _ in range(2):
            for name, port in (("first", first), ("second", second)):
                observation = collector.collect(v3_target(port, name), ["device"], clock)
                assert [table.rows[0]["sysName"] for table in observation.tables] == ["sw1"]
    assert any("is also that of first" in text for text in observation.errors)
    assert sum(asked.boots not in (0, 900) for asked in other.asked) == 0


def test_promise_35_boots_that_go_back_are_told() -> None:
    caller, device = InProcessCaller(), V3Device(ANSWERS)
    with talking(device, lambda target, seconds: ChildSession(target, seconds, caller)) as session:
        device.boots = 2
        session.get_many([NAME])
        assert session.remarks() == ("engineBoots went back from 7 to 2: the engine was reset or replaced",)
    caller.close()
