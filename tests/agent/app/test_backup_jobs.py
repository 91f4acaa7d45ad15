"""A whole agent with backup jobs of its own machine and of a target: each reaches the spool under the device it saves."""

import json
from pathlib import Path
from random import Random

import pytest
from natvakt_agent.app.agent import Agent
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.wiring import build_agent, prepare_state
from natvakt_agent.config.loading import load
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import open_spool
from testkit.agent import SECOND, START_WALL_NS, CountedBytes, FakeHost, FakeIdentity, FakeSite, HandClock, spooled

START = START_WALL_NS // SECOND
CONFIG = """
[polling]
jitter = 0.0
[spool]
reserve = "1MiB"
[host]
name = "agent-host"
[[target]]
name = "hq-win"
address = "192.0.2.62"
[[backup]]
job = "nightly"
kind = "status"
device = "hq-win"
interval = "24h"
path = "{folder}/nightly.status"
[[backup]]
job = "own"
kind = "files"
path = "{folder}/own.tar"
[[backup]]
job = "locked"
kind = "restic"
repository = "/srv/restic"
credential = "nobody"
[[backup]]
job = "off"
kind = "push"
enabled = false
"""


class World:
    def __init__(self, folder: Path) -> None:
        (folder / "agent.toml").write_text(CONFIG.format(folder=folder))
        self.config = load(folder / "agent.toml", {"NATVAKT_STATE_DIR": str(folder / "state")})
        self.paths = StatePaths(folder / "state" / "agent")
        prepare_state(self.paths)
        self.clock, self.identity, self.site = HandClock(), FakeIdentity(), FakeSite({})

    def agent(self) -> Agent:
        edges = Edges(
            clock=self.clock, random=CountedBytes(), spread=Random(1), host_reader=FakeHost(), probers=(self.site,),
            resident_bytes=lambda: 50_000_000,
        )  # fmt: skip
        return build_agent(self.config, SitePolicy(), Credentials({}, {}), self.identity, edges, "0.1.0")

    def batches(self):
        spool = open_spool(LocalDisk(self.paths.spool), SpoolOptions(reserve_bytes=0), self.clock, CountedBytes(), lambda gap: b"")
        try:
            return [batch for _, batch in spooled(spool, self.identity)]
        finally:
            spool.close()


@pytest.fixture
def batches(tmp_path):
    world = World(tmp_path)
    (tmp_path / "nightly.status").write_text(f"result=ok\nend={START - 55 * 3600}\nbytes=61000000000\n")
    (tmp_path / "own.tar").write_bytes(b"x" * 700)
    agent = world.agent()
    agent.poll_due()
    names = {plan.name for plan in agent.last_polls.values()}
    agent.stop()
    assert {"hq-win backup jobs", "agent-host backup jobs"} <= names
    ids = {device["id"]: device["name"] for device in json.loads(world.paths.devices.read_text())["devices"]}
    return ids, world.batches()


def test_rows_stand_under_the_device_that_is_saved(batches):
    ids, found = batches
    rows = {
        (ids[document.device], row["job"]): row
        for batch in found
        for document in batch.documents
        if document.kind == "backup_job"
        for row in json.loads(document.body)
    }
    assert {key: row["result"] for key, row in rows.items()} == {
        ("hq-win", "nightly"): "ok",
        ("agent-host", "own"): "ok",
        ("agent-host", "locked"): "unreadable",
    }
    assert rows["hq-win", "nightly"]["interval_seconds"] == 86_400
    assert "natvakt-agent credentials add nobody" in rows["agent-host", "locked"]["detail"]


def test_moments_and_sizes_are_kept_over_time(batches):
    ids, found = batches
    (table,) = [table for batch in found for table in batch.tables if table.measurement == "backup_job" and "nightly" in table.tags["job"]]
    at = table.tags["job"].index("nightly")
    assert ids[table.devices[at]] == "hq-win"
    assert [table.fields[name][at] for name in ("bytes", "last_end", "state")] == [61_000_000_000, START - 55 * 3600, 1]
