"""A running agent and who it may be: revoked, renewed, or on a machine that thinks it is 1970."""

import sys
import time
from itertools import pairwise

import pytest
from natvakt_server.app.series import open_series
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.series import Query
from natvakt_server.store.estate.tables.delivery import lane, ledger
from sqlalchemy import select
from testkit.endtoend import TENANT, until
from testkit.totals import backlog_of, received, stores_of

pytestmark = pytest.mark.slow
POLLING = """
[polling]
jitter = 0.0
minimum_interval = "1s"
reachability_interval = "1s"
reachability_probes = 1
[batch]
metrics_age = "1s"
state_age = "1s"
"""
REVOKED_WITHIN_SECONDS = 10.0
FIFTY_YEARS_SECONDS = 50 * 365 * 86_400


def agent_id(line):
    (agent,) = line.server_json("agent", "list")["agents"]
    return agent["id"]


def devices_known(line):
    _, _, stores = stores_of(line)
    try:
        return len(stores.reader.devices(TENANT))
    finally:
        stores.close()


def seqs(line):
    """Sequence numbers on the ledger by epoch and lane, and whether a gap was declared."""
    _, _, stores = stores_of(line)
    try:
        with stores.engine.connect() as connection:
            rows = connection.execute(
                select(lane.c.epoch, lane.c.lane, ledger.c.seq, ledger.c.is_gap).join(ledger, ledger.c.lane_id == lane.c.id)
            ).all()
    finally:
        stores.close()
    found = {}
    for epoch, number, seq, is_gap in rows:
        assert not is_gap
        found.setdefault((bytes(epoch), number), []).append(seq)
    return {place: sorted(numbers) for place, numbers in found.items()}


def reachability_times(line):
    """When each device was asked whether it is there, as the server has it; the server must be stopped."""
    configuration, paths, stores = stores_of(line)
    series = open_series(configuration, paths, SystemClock(), "test")
    try:
        devices = [each for device in stores.reader.devices(TENANT) for each in device.agent_devices]
        lines = series.lines(TENANT, Query("reachability", ["up"], devices, 0, 1 << 62))
        return {device: sorted({at for line in lines if line.key.device == device for at in line.times_ns}) for device in devices}
    finally:
        series.close()
        stores.close()


def test_promise_60_a_revoked_agents_open_stream_is_cut_and_it_says_why(line):
    line.start_server()
    line.write_agent_settings(polls=True, settings=POLLING)
    line.start_agent()
    until(lambda: line.connected() and received(line) > 0, "the agent delivers")
    line.server_json("agent", "revoke", agent_id(line), "--reason", "key-compromise")
    line.running["agent"].says("revoked", REVOKED_WITHIN_SECONDS)
    until(lambda: not line.connected(), "the stream is cut", REVOKED_WITHIN_SECONDS)
    taken = received(line)
    until(lambda: line.pending() >= 3, "the agent goes on polling into its spool")
    assert received(line) == taken
    assert "revoked" in str(line.agent_status())
    line.stop_agent()


def test_an_agents_certificate_is_renewed_while_it_runs_and_nothing_is_lost(line):
    line.gateway_settings = 'agent_certificate_life = "20s"'
    line.write_server_settings()
    line.start_server()
    line.agent_state.joinpath("agent", "identity", "tls.pem").unlink()  # it comes back for one of the short-lived
    line.write_agent_settings(polls=True, settings=POLLING)
    agent = line.start_agent()
    until(lambda: agent.text().count("certificate renewed") >= 2, "two renewals", 90)
    until(line.connected, "the stream is open again")
    line.stop_agent()
    line.write_agent_settings(polls=False)
    line.start_agent()
    until(lambda: line.connected() and line.pending() == 0, "the rest is delivered")
    line.stop_agent()
    until(lambda: backlog_of(line).pending == 0, "the inbox is worked off")
    line.stop_server()
    for place, numbers in seqs(line).items():
        assert numbers == list(range(1, len(numbers) + 1)), place
    assert backlog_of(line).quarantined == 0
    for times in reachability_times(line).values():
        pauses = [(after - before) / 1e9 for before, after in pairwise(times)]
        assert max(pauses) < 10, "no poll's result is missing"


@pytest.mark.parametrize("offset_seconds", [-FIFTY_YEARS_SECONDS, -3 * 86_400])
def test_promise_19_what_an_agent_with_a_wrong_clock_measures_is_dated_right(line, offset_seconds):
    began_ns = time.time_ns()
    line.start_server()
    line.write_agent_settings(polls=True, settings=POLLING)
    agent = line.start_agent(command=[sys.executable, "-m", "testkit.agent_elsewhen", str(offset_seconds), "run"])
    until(lambda: devices_known(line) >= 3 or not agent.alive, "the agent delivers")
    assert agent.alive, agent.text()[-3000:]
    line.stop_agent()
    until(lambda: backlog_of(line).pending == 0, "the inbox is worked off")
    assert backlog_of(line).quarantined == 0
    line.stop_server()
    found = reachability_times(line)
    assert found
    for times in found.values():
        assert began_ns - 2_000_000_000 <= min(times)
        assert max(times) <= time.time_ns()
