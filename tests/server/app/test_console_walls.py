"""The console over PostgreSQL: a visitor who is limited goes through the database's own wall, pages and changes included."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from natvakt_server.app.console_walls import with_second_wall
from natvakt_server.app.stores import stores_over
from natvakt_server.store.estate.engine import TENANTS, open_engine
from natvakt_server.web.application import create_application
from sqlalchemy import Connection, event
from testkit.console import ConsoleHouse, compiled_templates
from testkit.databases import counting_ids, empty_all_tables
from testkit.two_customers import LIMITED, OTHER, OWN, Placed, add_granted, furnish


@pytest.fixture
def house(migrated_postgres: str) -> Iterator[ConsoleHouse]:
    engine = open_engine(migrated_postgres)
    made = ConsoleHouse(engine)
    house = SimpleNamespace(stores=stores_over(engine, made.ids), new_id=counting_ids())
    made.ports = with_second_wall(house, made.ports)  # type: ignore[arg-type]
    made.application = create_application(made.ports, replace(made.settings), made.surroundings, compiled_templates())
    yield made
    engine.dispose()
    empty_all_tables(migrated_postgres)


@pytest.fixture
def own(house: ConsoleHouse) -> Placed:
    furnish(house, OTHER)
    return furnish(house, OWN)


def test_promise_50_a_customers_pages_are_read_through_both_walls(house: ConsoleHouse, own: Placed) -> None:
    reader = house.browser(add_granted(house, "rut", *LIMITED["customer-administrator"]))
    seen: list[object] = []
    event.listen(house.engine, "begin", lambda connection: seen.append(_tenants(connection)))
    pages = ("", "/devices", "/assessments", "/events", f"/devices/{own.device_id}", f"/devices/{own.device_id}/configurations")
    for path in ("/", "/customers", "/agents", "/alerts", "/backups", "/search?q=holm", *(f"/customers/{OWN}{page}" for page in pages)):
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert OTHER not in answer.text, path
    assert OWN in seen
    assert set(seen) == {OWN, None}  # None: who it is, and the audit trail


def test_an_engineer_of_one_customer_changes_what_is_theirs(house: ConsoleHouse, own: Placed) -> None:
    engineer = house.browser(add_granted(house, "siv", *LIMITED["engineer-of-one"]))
    assert engineer.post(f"/customers/{OWN}/assessments", {"site": ""}).status_code == 303
    assert engineer.post(f"/agents/{own.agent_id}/scan").status_code == 303
    assert [job.state for job in house.jobs.jobs(OWN)].count("waiting") == 1


def test_staff_over_all_customers_pass_no_wall(house: ConsoleHouse, own: Placed) -> None:
    del own
    page = house.browser(house.engineer).get("/customers").text
    assert OWN in page
    assert OTHER in page


def _tenants(connection: Connection) -> object:
    return connection.get_execution_options().get(TENANTS)
