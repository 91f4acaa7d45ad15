"""One Chromium and one served console for all tests of a file; each test gets the browser signed in."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.web.access.sessions import SESSION_COOKIE
from testkit.alerts import tell_alerts
from testkit.chromium import Chromium
from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import ConsoleHouse
from testkit.databases import migrated_file
from testkit.served_console import authority, served

__all__ = ["migrated_file"]
HOSTILE = '"><img src=x onerror="document.title=1">'


@dataclass(frozen=True, slots=True)
class Place:
    house: ConsoleHouse
    address: str
    device_id: str
    assessment_id: str
    version_id: int


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Place]:
    """A customer with two sites, a switch with a day of traffic and a changed configuration, a hostile device, an agent, assessments."""
    path = tmp_path_factory.mktemp("console") / "console.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    house = ConsoleHouse(engine)
    device_id = house.add_switch(ports=12)
    house.add_switch(HOSTILE, site="branch")
    house.add_agent()
    house.add_session("agent-1", 2.0)
    house.add_assessment(device_id, age_seconds=30 * 86_400, score=80.0)
    report = house.add_assessment(device_id)
    changed = IOS.replace("description desk 1", "description the desk by the door").replace("no service pad\n", "")
    tell_configuration(house, "acme-hq-hq-acc1", IOS, IOS, age_seconds=2 * 86_400)
    tell_configuration(house, "acme-hq-hq-acc1", changed, IOS, age_seconds=3600)
    tell_alerts(house)
    version = house.ports.configurations.configurations("acme", device_id)[0]
    with served(house.application, authority().server_identity(("127.0.0.1",))) as address:
        yield Place(house, address, device_id, report.id, version.id)
    engine.dispose()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def browser(chromium: Chromium, place: Place) -> Iterator[Chromium]:
    """Signed in as the owner, in a window of 1280 by 900."""
    chromium.window(1280, 900)
    token = place.house.keeper.open(place.house.owner.id, second_factor=True)
    chromium.set_cookies({SESSION_COOKIE: token}, place.address)
    yield chromium
    chromium.send("Network.clearBrowserCookies")
