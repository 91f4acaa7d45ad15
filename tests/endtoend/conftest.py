"""One simulated site and one enrolled line for all tests of this process; each test works on a copy of it."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from testkit.databases import postgres
from testkit.endtoend import Line, SimulatedSite, closing, free_ports, start_site
from testkit.influxdb import influx_server
from testkit.spans import Span
from testkit.totals import Totals

__all__ = ["influx_server", "postgres"]


SLOWEST_SECONDS = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real processes on a busy machine: what a test waits for has its own deadlines, this only ends what hangs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(SLOWEST_SECONDS))


@dataclass(frozen=True)
class Undisturbed:
    span: Span
    totals: Totals


@pytest.fixture(scope="session")
def span() -> Span:
    return Span.ending(time.time_ns())


@pytest.fixture(scope="session")
def simulated_site(tmp_path_factory: pytest.TempPathFactory, span: Span) -> Iterator[SimulatedSite]:
    site = start_site(tmp_path_factory.mktemp("site"), span.last_ns)
    yield site
    site.running.stop()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, simulated_site: SimulatedSite) -> Line:
    """A server that was founded and an agent that was enrolled; nothing of it runs any more."""
    uplink, enrolment, console = free_ports(3)
    line = Line(tmp_path_factory.mktemp("template"), simulated_site, uplink, enrolment, console)
    line.agent_settings = "[polling]\njitter = 0.0"
    try:
        line.found()
        line.start_server()
        line.enrol()
        line.stop_server()
    finally:
        line.close()
    return line


def copied(template: Line, folder: Path) -> Line:
    shutil.copytree(template.folder, folder, dirs_exist_ok=True)
    for log in folder.glob("*.log"):
        log.unlink()
    line = replace(template, folder=folder, running={})
    line.write_server_settings()
    line.write_agent_settings(polls=True)
    return line


@pytest.fixture
def line(template: Line, tmp_path: Path) -> Iterator[Line]:
    yield from closing(copied(template, tmp_path / "line"))


@pytest.fixture(scope="session")
def undisturbed(template: Line, span: Span, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """What the server holds after the span when nothing went wrong."""
    line = copied(template, tmp_path_factory.mktemp("undisturbed") / "line")
    try:
        line.start_server()
        span.poll(line)
        span.deliver(line)
        return Undisturbed(span, span.finish(line))
    finally:
        line.close()
