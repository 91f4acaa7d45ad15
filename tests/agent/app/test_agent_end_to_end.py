"""A whole agent over a site without a network: what is polled ends up sealed in the spool, and opens at the far end."""

import itertools
import json
from pathlib import Path
from random import Random

import pytest
from natvakt_agent.app.agent import Agent
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.wiring import build_agent, prepare_state
from natvakt_agent.config.addresses import Network
from natvakt_agent.config.loading import load
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.link.directives import Command
from natvakt_agent.model.target import Secret, SnmpCredential
from natvakt_agent.pipeline.own_tables import CredentialMark
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import open_spool
from testkit.agent import (
    SECOND,
    START_WALL_NS,
    SYSTEM_GROUP,
    CountedBytes,
    FakeDevice,
    FakeHost,
    FakeIdentity,
    FakeSite,
    HandClock,
    spooled,
)

CONFIG = """
[polling]
jitter = 0.0
[spool]
reserve = "1MiB"
[host]
name = "agent-host"
[[target]]
name = "hq-acc1"
address = "192.0.2.1"
credential = "monitoring"
[[target]]
name = "hq-gone"
address = "192.0.2.2"
credential = "monitoring"
"""


class World:
    def __init__(self, folder: Path, config: str = CONFIG, policy: SitePolicy | None = None) -> None:
        (folder / "agent.toml").write_text(config)
        self.config = load(folder / "agent.toml", {"NATVAKT_STATE_DIR": str(folder / "state")})
        self.paths = StatePaths(folder / "state" / "agent")
        prepare_state(self.paths)
        self.policy = policy or SitePolicy()
        self.clock = HandClock()
        self.identity = FakeIdentity()
        self.site = FakeSite({"192.0.2.1": FakeDevice(SYSTEM_GROUP), "192.0.2.2": FakeDevice({}, silent=True)})
        credential = SnmpCredential("monitoring", "v2c", community=Secret("public"))
        mark = CredentialMark("monitoring", "v2c", None, None, True)
        self.credentials = Credentials({"monitoring": credential}, {"monitoring": mark})

    def agent(self) -> Agent:
        edges = Edges(
            clock=self.clock,
            random=CountedBytes(),
            spread=Random(1),
            open_session=self.site.open_session,
            host_reader=FakeHost(),
            probers=(self.site,),
            resident_bytes=lambda: 50_000_000,
        )
        return build_agent(self.config, self.policy, self.credentials, self.identity, edges, "0.1.0")

    def envelopes(self):
        spool = open_spool(LocalDisk(self.paths.spool), SpoolOptions(reserve_bytes=0), self.clock, CountedBytes(), lambda gap: b"")
        try:
            return spooled(spool, self.identity)
        finally:
            spool.close()

    def batches(self):
        return [batch for _, batch in self.envelopes()]

    def documents(self, name: str):
        ids = {device["name"]: device["id"] for device in json.loads(self.paths.devices.read_text())["devices"]}
        return {
            document.kind: json.loads(document.body)
            for batch in self.batches()
            for document in batch.documents
            if document.device == ids[name] and not document.unchanged
        }


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_what_was_polled_opens_at_the_far_end(world):
    agent = world.agent()
    assert agent.poll_due() == 3
    agent.stop()
    measurements = {table.measurement for batch in world.batches() for table in batch.tables}
    assert {"interface", "device", "reachability", "agent", "memory", "storage", "poll"} <= measurements
    device = world.documents("hq-acc1")["device"][0]
    assert device["name"] == "hq-acc1"
    assert device["poll_address"] == "192.0.2.1"
    assert device["os"] == "ios"
    assert world.documents("hq-acc1")["interface"][0]["ifName"] == "Gi0/1"


def test_a_credential_leaves_the_site_only_as_a_mark(world):
    agent = world.agent()
    agent.poll_due()
    agent.stop()
    assert world.documents("hq-acc1")["credential"] == [{"name": "monitoring", "version": "v2c", "well_known": True}]
    assert not any(b"public" in document.body for batch in world.batches() for document in batch.documents)


def test_a_device_that_never_answered_is_introduced_by_name_and_its_tables_say_unreachable(world):
    agent = world.agent()
    agent.poll_due()
    agent.stop()
    documents = world.documents("hq-gone")
    assert documents["device"] == [{"name": "hq-gone", "poll_address": "192.0.2.2"}]
    statuses = {row["table"]: row["status"] for row in documents["collection"]}
    assert statuses["interface"] == "unreachable"
    assert statuses["reachability"] == "provided"


def test_a_described_device_is_not_introduced_again_after_a_restart(world):
    agent = world.agent()
    agent.poll_due()
    agent.stop()
    world.site.devices["192.0.2.1"].silent = True
    world.clock.move(3600)
    agent = world.agent()
    agent.poll_due()
    agent.stop()
    assert world.documents("hq-acc1")["device"][0]["os"] == "ios"


def test_the_site_policy_keeps_a_device_and_objects_out_promise_66(tmp_path):
    world = World(tmp_path, policy=SitePolicy(allowed_networks=[Network("192.0.2.1/32")], allowed_oid_prefixes=["1.3.6.1.2.1.1"]))
    agent = world.agent()
    agent.poll_due()
    assert agent.parts.planned.refused.keys() == {"hq-gone"}
    agent.stop()
    assert set(world.site.opened) == {"192.0.2.1"}
    statuses = {row["table"]: row["status"] for row in world.documents("hq-acc1")["collection"]}
    assert statuses["device"] == "provided"
    assert statuses["interface"] != "provided"


def test_thirty_days_by_the_hour_are_one_poll_a_step_and_nothing_is_caught_up(world):
    agent = world.agent()
    agent.set_minimum_interval(3600)
    for _ in range(48):
        agent.poll_due()
        agent.flush()
        world.clock.move(3600)
    agent.stop()
    assert agent.parts.scheduler.counters.shed == 0
    ports = [table for batch in world.batches() for table in batch.tables if table.measurement == "interface"]
    times = sorted({time_ns for table in ports for time_ns in table.times_ns})
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == [3600 * SECOND] * 47


def test_scan_now_polls_at_once_and_a_policy_changes_intervals(world):
    agent = world.agent()
    agent.poll_due()
    assert agent.poll_due() == 0
    assert agent.parts.wishes.carry_out(Command("c1", "scan-now")) is None
    assert agent.poll_due() == 3
    assert "allowed_verbs" in agent.parts.wishes.carry_out(Command("c2", "discover-now"))
    applied = agent.parts.wishes.offer_policy(b'{"version": 7, "intervals": {"interface": 300, "agent": 1}, "targets": ["10.0.0.1"]}')
    assert [refusal.part for refusal in applied.refused] == ["targets", "intervals.agent"]
    agent.poll_due()
    assert agent.policy_version == 7
    agent.stop()
    status = json.loads(world.paths.status.read_text())
    assert status["policy"]["policy_parts_refused"] == 2
    assert status["stopped"] is True


def test_promise_20_polling_goes_on_with_a_clock_of_1970_and_its_batches_are_marked_with_boot_and_monotonic_time(world):
    world.clock.set_wall(3 * SECOND)
    agent = world.agent()
    agent.poll_due()
    agent.flush()
    world.clock.move(60)
    world.clock.set_wall(START_WALL_NS)
    agent.poll_due()
    agent.stop()
    headers = [header for header, _ in world.envelopes() if header.lane_class == "metrics"]
    assert [header.clock_trusted for header in headers] == [False, False]  # until the server agrees
    assert {header.boot_id for header in headers} == {world.clock.boot_id}
    # with the boot's offset known, the old batch lies a minute before the new one
    offset = headers[1].closed_wall_ns - headers[1].closed_monotonic_ns
    assert headers[0].closed_monotonic_ns + offset == START_WALL_NS - 60 * SECOND


def test_promise_19_a_clock_that_is_set_between_polls_shifts_no_sample_against_another(world):
    agent = world.agent()
    agent.poll_due()
    agent.flush()
    agent.parts.scheduler.hasten(world.clock.monotonic_ns())
    agent.poll_due()
    world.clock.move(30)
    world.clock.set_wall(world.clock.wall_ns() - 3600 * SECOND)
    agent.parts.scheduler.hasten(world.clock.monotonic_ns())
    agent.poll_due()
    agent.stop()
    metrics = [(header, batch) for header, batch in world.envelopes() if header.lane_class == "metrics"]
    assert [header.clock_trusted for header, _ in metrics] == [True, False]
    times = sorted({time_ns for table in metrics[1][1].tables for time_ns in table.times_ns})
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == [30 * SECOND]
