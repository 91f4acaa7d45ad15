"""When a device is asked over SSH beside its daily turn."""

from natvakt_agent.app.ssh_schedule import BETWEEN_CHANGES_NS, FIRST_RETRY_NS, RETRIES, SshSchedule
from natvakt_agent.model.observation import Observation, TableObservation, TableStatus

NOW = 10**12


def told(name, row, status=TableStatus.PROVIDED):
    table = TableObservation(name, (), frozenset(), [row] if row else [], status)
    return Observation("dev-1", 0, 0, b"", [table])


def changed(running):
    return told("configchange", {"ccmHistoryRunningLastChanged": running, "ccmHistoryStartupLastChanged": 5.0})


def test_a_system_that_becomes_known_brings_the_first_fetch():
    schedule = SshSchedule()
    assert schedule.after_poll(told("device", {"os": "ios"}), NOW) == NOW
    assert schedule.system("dev-1") == "ios"
    assert schedule.after_poll(told("device", {"os": "ios"}), NOW) is None
    assert schedule.after_poll(told("device", {"sysUpTime": 7}), NOW) is None


def test_a_change_brings_a_fetch_and_the_first_word_of_it_does_not():
    schedule = SshSchedule()
    assert schedule.after_poll(changed(100.0), NOW) is None
    assert schedule.after_poll(changed(100.01), NOW) is None
    assert schedule.after_poll(changed(260.0), NOW) == NOW


def test_many_changes_are_fetched_together():
    schedule = SshSchedule()
    schedule.after_poll(changed(100.0), NOW)
    schedule.after_fetch(told("configuration", {"source": "running"}), NOW)
    assert schedule.after_poll(changed(200.0), NOW + 1) == NOW + BETWEEN_CHANGES_NS
    assert schedule.after_poll(changed(300.0), NOW + 2 * BETWEEN_CHANGES_NS) == NOW + 2 * BETWEEN_CHANGES_NS


def test_what_failed_is_tried_again_ever_later_and_then_at_its_turn():
    schedule = SshSchedule()
    silent = told("configuration", None, TableStatus.UNREACHABLE)
    waits = [schedule.after_fetch(silent, NOW) for _ in range(RETRIES + 1)]
    assert waits == [NOW + FIRST_RETRY_NS * 2**number for number in range(RETRIES)] + [None]
    schedule.after_fetch(told("configuration", {"source": "running"}), NOW)
    assert schedule.after_fetch(silent, NOW) == NOW + FIRST_RETRY_NS


def test_a_refused_login_is_not_tried_again_before_its_turn():
    assert SshSchedule().after_fetch(told("configuration", None, TableStatus.NO_ACCESS), NOW) is None
