"""What the console's pages cost the server at 1,000 sites and 30,000 devices: time to answer and statements, over both kinds of stores.

Every route of the console that shows something is opened, lists also filtered, sorted and far back. No browser and no TLS: what is measured
is the server's own time for a page, one request after the other.
"""

import gc
import math
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from bench.console_estate import DEVICES, SEEN, deliveries, fill
from natvakt_server.domain.series import Query, SeriesReader
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.schema import migrate
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from natvakt_server.store.timeseries.influx_store import InfluxSeries
from natvakt_server.web.application import create_application
from services.influxdb import InfluxServer, find_influxd
from services.postgres import PrivatePostgres
from sqlalchemy import Engine, event
from testkit.console import Browser, ConsoleHouse, MovingClock, compiled_templates
from testkit.console_routes import ROUTES, path_of
from testkit.databases import administer
from testkit.influxdb import settings_of

ROUNDS, GROUP = 20, 50
GOAL_MS, GOAL_STATEMENTS = 150.0, 15.0
SHARE = 0.95
BEYOND = ("/static/", "/report.", "/logout")  # files, and what is drawn for downloading
LISTS = ("/customers", "/devices", "/alerts", "/agents", "/events", "/assessments")
VARIANTS = ("?{name}-q=sw1", "?{name}-sort=-name", "?{name}-page=2")


@dataclass
class Counting:
    """A `SeriesReader` that counts its questions."""

    inner: SeriesReader
    asked: int = 0

    def lines(self, tenant: str, query: Query) -> Any:
        self.asked += 1
        return self.inner.lines(tenant, query)

    def latest(self, tenant: str, measurement: str, devices: Sequence[str], since_ns: int) -> Any:
        self.asked += 1
        return self.inner.latest(tenant, measurement, devices, since_ns)


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    p95_ms: float
    statements: int  # of SQL
    questions: int  # to the time series
    octets: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """`pages`: slowest first; `refused`: paths that did not answer 200, with their status."""

    stores: str
    pages: Sequence[Page]
    refused: Mapping[str, int]

    @property
    def slowest(self) -> Page:
        return self.pages[0]

    @property
    def busiest(self) -> Page:
        return max(self.pages, key=lambda page: page.statements)


def measure(say: Callable[[str], None]) -> Iterator[Outcome]:
    """SQLite with DuckDB, then PostgreSQL with InfluxDB. Raises NotInstalled and PostgresMissing for the second."""
    for name, opened in (("SQLite, DuckDB", _embedded), ("PostgreSQL, InfluxDB", _separate)):
        with opened() as (engine, series):
            begun = time.monotonic()
            house = ConsoleHouse(engine)
            fill(house)
            told = deliveries()
            while group := list(islice(told, GROUP)):
                series.write_group(group)
            say(f"console over {name}: 1,000 sites told in {time.monotonic() - begun:.0f} s")
            yield _visited(name, house, Counting(series))


@contextmanager
def _embedded() -> Iterator[tuple[Engine, DuckDbSeries]]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as open_parts:
        engine = open_engine(f"sqlite:///{name}/estate.db")
        open_parts.callback(engine.dispose)
        migrate(engine)
        series = DuckDbSeries(Path(name) / "series.duckdb", MovingClock())
        open_parts.callback(series.close)
        yield engine, series


@contextmanager
def _separate() -> Iterator[tuple[Engine, InfluxSeries]]:
    find_influxd()
    with tempfile.TemporaryDirectory() as name, ExitStack() as open_parts:
        cluster = PrivatePostgres.start()
        open_parts.callback(cluster.stop)
        administer(cluster, "CREATE DATABASE estate")
        engine = open_engine(cluster.url("estate"))
        open_parts.callback(engine.dispose)
        migrate(engine)
        server = InfluxServer(Path(name))
        server.start()
        open_parts.callback(server.stop)
        series = InfluxSeries(settings_of(server, "bench"), MovingClock(), "bench")
        open_parts.callback(series.close)
        yield engine, series


def _visited(name: str, house: ConsoleHouse, series: Counting) -> Outcome:
    house.ports = replace(house.ports, series=series)
    house.api = replace(house.api, console=house.ports)
    house.application = create_application(house.ports, house.settings, house.surroundings, compiled_templates(), house.api)
    browser = house.browser(house.owner)
    pages, refused = [], {}
    statements = _counted(house.engine)
    gc.collect()
    gc.freeze()  # what the bench itself holds is not the server's to walk through
    for path in sorted(set(_paths(house))):
        status = browser.get(path).status_code
        if status == 200:
            pages.append(_page(browser, path, statements, series))
        elif status not in (302, 303):
            refused[path] = status
    return Outcome(name, sorted(pages, key=lambda page: -page.p95_ms), refused)


def _paths(house: ConsoleHouse) -> Iterator[str]:
    tenant, site = SEEN.tenant, SEEN.site
    device = next(each for each in house.estate.devices(tenant, site) if SEEN.agent_device(0) in each.agent_devices)
    assessment = house.assessments.history(tenant, 1)[0]
    values = {"tenant": tenant, "site": site, "device_id": device.id, "assessment_id": assessment.id, "agent_id": f"agent-{tenant}-{site}"}
    for route in ROUTES:
        path = path_of(route, **values)
        if route.method != "GET" or any(part in path for part in BEYOND):
            continue
        yield path
        last = path.rsplit("/", 1)[-1]
        if f"/{last}" in LISTS:
            yield from (path + variant.format(name=last) for variant in VARIANTS)
    yield from (f"/search?q={words}" for words in ("sw1", "FOC125", "10.125.1", "nothing of this kind"))


def _page(browser: Browser, path: str, statements: list[str], series: Counting) -> Page:
    statements.clear()
    series.asked = 0
    octets = len(browser.get(path).data)
    asked, questions = len(statements), series.asked
    taken = []
    gc.collect()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        browser.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
    return Page(path, sorted(taken)[math.ceil(SHARE * len(taken)) - 1], asked, questions, octets)


def _counted(engine: Engine) -> list[str]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    return seen


def main() -> None:
    for outcome in measure(print):
        print(f"{outcome.stores}: {len(outcome.pages)} pages of {DEVICES * 1000:,} devices")
        for page in outcome.pages[:25]:
            print(f"  {page.p95_ms:8.1f} ms {page.statements:3} + {page.questions:2} {page.octets:9,} B  {page.path}")
        print(f"  most statements: {outcome.busiest.statements} {outcome.busiest.path}")
        for path, status in outcome.refused.items():
            print(f"  {status} {path}")


if __name__ == "__main__":
    main()
