"""Agents and servers that die in the middle: afterwards the server holds exactly what it holds when nothing dies (promises 1 to 18)."""

import pytest
from testkit.endtoend import Line, free_ports, until
from testkit.spans import STEPS
from testkit.tap import Tap
from testkit.totals import received

pytestmark = pytest.mark.slow
HOLD_SECONDS = 60.0


@pytest.fixture
def tap(line: Line):
    """Between agent and gateway."""
    (port,) = free_ports(1)
    opened = Tap(port, line.uplink_port)
    line.redirect_agent(port)
    yield opened
    opened.close()


def test_the_undisturbed_run_has_something_to_compare(undisturbed):
    totals = undisturbed.totals
    assert set(totals.inventory) == {"hq-rtr", "hq-acc3", "br-rtr"}
    assert {"interface", "cpu", "memory", "reachability", "sensor"} <= set(totals.points)
    assert totals.points["reachability"] % STEPS == 0
    assert len(totals.findings) >= 3


def test_an_agent_killed_while_it_polls_goes_on_where_it_was(line, undisturbed):
    span, done = undisturbed.span, 0
    line.start_server()
    for killed_after in (1, 4):
        poller = span.start_polling(line, begin=done)
        poller.says(f"step {killed_after} durable")
        line.running.pop("poller").kill()
        done = killed_after + 1
    span.poll(line, begin=done)
    span.deliver(line)
    assert span.finish(line) == undisturbed.totals


@pytest.mark.parametrize("octets", [6_000, 18_000])
def test_an_agent_killed_while_it_delivers_delivers_the_rest_once(line, undisturbed, tap, octets):
    span = undisturbed.span
    line.start_server()
    span.poll(line)
    tap.hold_after(octets)
    span.start_delivery(line)
    assert tap.held.wait(HOLD_SECONDS), "nothing was sent"
    line.kill_agent()
    tap.release()
    span.deliver(line)
    assert span.finish(line) == undisturbed.totals


def test_a_server_killed_again_and_again_while_it_takes_in_loses_and_doubles_nothing(line, undisturbed, tap):
    span = undisturbed.span
    line.start_server()
    span.poll(line)
    tap.hold_after(6_000)
    span.start_delivery(line)
    for octets in (12_000, 16_000):
        assert tap.held.wait(HOLD_SECONDS), "nothing was sent"
        line.kill_server()
        tap.hold_after(octets)
        line.start_server()
    until(lambda: received(line) > 0, "something was taken in")
    line.kill_server()
    tap.release()
    line.start_server()
    span.await_delivery(line)
    assert span.finish(line) == undisturbed.totals
