"""When the host's wall clock may be believed."""

import pytest
from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.model.clock import Instant

SECOND = 1_000_000_000
YEAR = 365 * 86_400 * SECOND
BUILD = 1_780_000_000 * SECOND
NOW = BUILD + YEAR
BOOT = b"b" * 16


def _at(wall_ns: int, monotonic_ns: int, boot_id: bytes = BOOT) -> Instant:
    return Instant(wall_ns, monotonic_ns, boot_id)


def test_a_clock_that_runs_along_with_the_monotonic_one_is_trusted() -> None:
    trust = ClockTrust(BUILD)
    assert all(trust.trusted(_at(NOW + step * SECOND, step * SECOND)) for step in range(100))


def test_promise_20_a_clock_before_the_build_is_not_trusted_until_it_was_set_and_the_server_agrees() -> None:
    trust = ClockTrust(BUILD)
    assert not trust.trusted(_at(0, 10 * SECOND))
    assert not trust.trusted(_at(NOW, 20 * SECOND)), "NTP stepped it, nobody confirmed it yet"
    trust.confirm(NOW + SECOND, _at(NOW + SECOND, 21 * SECOND))
    assert trust.trusted(_at(NOW + 2 * SECOND, 22 * SECOND))


@pytest.mark.parametrize("step_ns", [3600 * SECOND, -3600 * SECOND, 10 * YEAR, -10 * YEAR])
def test_promise_19_a_step_against_the_monotonic_clock_costs_the_trust_until_the_server_agrees(step_ns: int) -> None:
    trust = ClockTrust(BUILD - 20 * YEAR)
    assert trust.trusted(_at(NOW, 0))
    assert not trust.trusted(_at(NOW + step_ns, SECOND))
    assert not trust.trusted(_at(NOW + step_ns + SECOND, 2 * SECOND)), "standing still does not make it right"
    trust.confirm(NOW + step_ns, _at(NOW + step_ns, 3 * SECOND))
    assert trust.trusted(_at(NOW + step_ns + SECOND, 4 * SECOND))


def test_promise_19_slewing_by_ntp_is_no_step() -> None:
    trust = ClockTrust(BUILD)
    assert all(trust.trusted(_at(NOW + step * 30 * SECOND + step * SECOND, step * 30 * SECOND)) for step in range(100))


def test_promise_21_a_clock_that_the_server_contradicts_is_not_trusted() -> None:
    trust = ClockTrust(BUILD)
    assert trust.trusted(_at(NOW, 0))
    trust.confirm(NOW + 3600 * SECOND, _at(NOW, 0))
    assert not trust.trusted(_at(NOW + SECOND, SECOND))


def test_promise_21_a_clock_a_lifetime_ahead_is_not_trusted() -> None:
    assert not ClockTrust(BUILD).trusted(_at(BUILD + 50 * YEAR, 0))


def test_a_new_boot_begins_with_the_benefit_of_the_doubt() -> None:
    trust = ClockTrust(BUILD)
    trust.trusted(_at(NOW, 0))
    trust.trusted(_at(NOW + YEAR, SECOND))
    assert trust.trusted(_at(NOW, 0, b"c" * 16))
