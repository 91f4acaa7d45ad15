"""What discovery hands to a running agent becomes polls and documents, without a restart."""

import json
from random import Random

import pytest
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.discovering.joining import AgentListener
from natvakt_agent.app.discovering.scout import table_of
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.wiring import build_agent, prepare_state
from natvakt_agent.config.loading import load
from natvakt_agent.config.schema import TargetEntry
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.discovery.plan import Plan, PlannedDevice
from natvakt_agent.model.target import Secret, SnmpCredential
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import open_spool
from testkit.agent import SYSTEM_GROUP, CountedBytes, FakeDevice, FakeHost, FakeIdentity, FakeSite, HandClock, spooled

SETTINGS = """
[polling]
jitter = 0.0
[spool]
reserve = "1MiB"
[host]
name = "agent-host"
[[target]]
name = "sw1"
address = "192.0.2.1"
credential = "plain"
"""


@pytest.fixture
def running(tmp_path):
    (tmp_path / "agent.toml").write_text(SETTINGS)
    config = load(tmp_path / "agent.toml", {"NATVAKT_STATE_DIR": str(tmp_path / "state")})
    paths = StatePaths(tmp_path / "state" / "agent")
    prepare_state(paths)
    site = FakeSite({f"192.0.2.{n}": FakeDevice(SYSTEM_GROUP) for n in (1, 2, 3)})
    credentials = Credentials({"plain": SnmpCredential("plain", "v2c", Secret("c0mmunity"))}, {})
    clock, identity = HandClock(), FakeIdentity()
    edges = Edges(clock, CountedBytes(), Random(1), site.open_session, FakeHost(), (site,))
    agent = build_agent(config, SitePolicy(), credentials, identity, edges, "0.1.0")
    listener = AgentListener(agent, SitePolicy(), credentials)
    yield agent, listener, clock, identity, paths, site
    agent.stop()


def test_a_discovered_target_is_polled_beside_the_others(running):
    agent, listener, clock, *_ = running
    agent.poll_due()
    listener.take_up([TargetEntry(name="sw2", address="192.0.2.2", credential="plain")])
    clock.move(60)
    agent.poll_due()
    assert {poll.name for poll in agent.last_polls.values() if poll.answered} >= {"sw1", "sw2"}


def test_targets_taken_up_twice_keep_their_ids_and_the_earlier_ones_stay(running):
    agent, listener, clock, *_ = running
    for name, address in (("sw2", "192.0.2.2"), ("sw3", "192.0.2.3"), ("sw2", "192.0.2.2")):
        listener.take_up([TargetEntry(name=name, address=address, credential="plain")])
        clock.move(60)
        agent.poll_due()
    assert sorted(target.name for target in agent.parts.planned.targets.values()) == ["agent-host", "sw1", "sw2", "sw3"]


def test_the_plan_goes_upstream_as_the_table_discovered_of_this_machine(running):
    agent, listener, _, identity, paths, _ = running
    device = PlannedDevice(approve=True, name="sw9", address="192.0.2.9", credential="plain", serial="S9", found_by=["cdp"])
    plan = Plan(
        made_at="2026-11-18T12:00:00Z", complete=True, networks=["192.0.2.0/24"], seeds=[], packets_per_second=100.0, devices=[device]
    )
    listener.tell(table_of(plan))
    listener.note({"automatic": True, "state": "found 1 devices"})
    agent.poll_due()
    agent.stop()
    assert json.loads(paths.status.read_text())["discovery"]["state"] == "found 1 devices"
    spool = open_spool(LocalDisk(paths.spool), SpoolOptions(reserve_bytes=1024**2), HandClock(), CountedBytes(), lambda gap: b"")
    try:
        found = [document for _, batch in spooled(spool, identity) for document in batch.documents if document.kind == "discovered"]
    finally:
        spool.close()
    assert {document.device for document in found} == {agent.parts.planned.host}
    assert json.loads(found[0].body)[0]["serial"] == "S9"
