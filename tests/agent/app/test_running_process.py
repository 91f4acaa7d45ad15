"""The real process: it begins, is told to stop, and leaves everything it polled in the spool."""

import json
import os
import signal
import subprocess
import sys

import pytest
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.enrolled import EnrolledIdentity, NotEnrolled
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.wiring import build_agent, prepare_state
from natvakt_agent.config.loading import load
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.link.identity_files import IdentityFiles
from natvakt_agent.model.delivery import SpoolRefused
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import open_spool
from testkit.agent import CountedBytes, FakeHost, FakeIdentity, FakeSite, HandClock, spooled
from testkit.enrolled import enrolled

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


@pytest.fixture
def paths(tmp_path):
    paths = StatePaths(tmp_path / "agent")
    prepare_state(paths)
    return paths


def settings(folder):
    path = folder / "agent.toml"
    path.write_text('[polling]\njitter = 0.0\n[spool]\nreserve = "64KiB"\n')
    return path


def test_promise_06_sigterm_with_no_server_ends_cleanly_and_removes_nothing(paths, tmp_path):
    far_end = enrolled(paths)
    environment = os.environ | {"NATVAKT_STATE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "natvakt_agent.app.main", "run", "--config", str(settings(tmp_path))]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert any("agent begins" in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert process.returncode == 0
    status = json.loads(paths.status.read_text())
    assert status["stopped"] is True
    spool = open_spool(LocalDisk(paths.spool), SpoolOptions(reserve_bytes=0), HandClock(), CountedBytes(), lambda gap: b"")
    batches = spooled(spool, far_end)
    spool.close()
    assert len(batches) == status["pipeline"]["batches"]


def test_a_second_start_on_the_same_state_folder_is_refused(paths, tmp_path):
    config = load(settings(tmp_path), {"NATVAKT_STATE_DIR": str(tmp_path)})
    edges = Edges(clock=HandClock(), random=CountedBytes(), host_reader=FakeHost(), probers=(FakeSite({}),))
    first = build_agent(config, SitePolicy(), Credentials({}, {}), FakeIdentity(), edges, "0.1.0")
    with pytest.raises(SpoolRefused):
        build_agent(config, SitePolicy(), Credentials({}, {}), FakeIdentity(), edges, "0.1.0")
    first.stop()


def test_promise_23_without_its_spool_folder_the_agent_refuses_to_start(paths, tmp_path):
    paths.spool.rmdir()
    config = load(settings(tmp_path), {"NATVAKT_STATE_DIR": str(tmp_path)})
    edges = Edges(clock=HandClock(), random=CountedBytes(), host_reader=FakeHost(), probers=(FakeSite({}),))
    with pytest.raises(SpoolRefused, match="spool"):
        build_agent(config, SitePolicy(), Credentials({}, {}), FakeIdentity(), edges, "0.1.0")


def test_an_identity_is_read_back_and_a_missing_one_says_how_to_enrol(paths):
    files = IdentityFiles(paths.identity, CountedBytes())
    with pytest.raises(NotEnrolled, match="natvakt-agent enrol"):
        EnrolledIdentity(files, HandClock())
    far_end = enrolled(paths)
    identity = EnrolledIdentity(files, HandClock())
    assert identity.name == far_end.name
    assert identity.recipient() == far_end.opening_key.public
    assert identity.certificate_end_ns() is None
