"""Where must I act now?"""

from dataclasses import replace

from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.identity import AgentState
from natvakt_server.knowledge.staleness import Stale
from testkit.console import Browser, ConsoleHouse
from testkit.flaky_database import recorded_statements


def tile(page: str, customer: str) -> str:
    return next(part for part in page.split("<article") if customer in part)


def test_a_customer_whose_agent_is_heard_and_whose_devices_are_seen_is_well(house: ConsoleHouse, owner: Browser) -> None:
    house.add_switch()
    house.add_agent()
    house.add_clean_assessment()
    assert "state-ok" in tile(owner.get("/").text, "Acme AB")


def test_a_customer_without_an_agent_is_not_observed_and_told_why(owner: Browser) -> None:
    shown = tile(owner.get("/").text, "Acme AB")
    assert "state-not-observed" in shown
    assert "no agent" in shown


def test_an_agent_that_is_not_heard_stands_among_the_silent_ones(house: ConsoleHouse, owner: Browser) -> None:
    house.add_agent(seen_ago_seconds=3600)
    page = owner.get("/").text
    assert "state-not-observed" in tile(page, "Acme AB")
    silent = page.split("Silent agents")[1].split("</section>")[0]
    assert "Acme AB / hq" in silent
    assert "1\u00a0h ago" in silent


def test_a_revoked_agent_is_not_missed(house: ConsoleHouse, owner: Browser) -> None:
    house.add_agent(seen_ago_seconds=3600, state=AgentState.REVOKED)
    assert "Every agent has been heard" in owner.get("/").text


def test_high_findings_make_a_warning_and_are_listed_with_their_place(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_agent()
    house.add_assessment(device_id)
    page = owner.get("/").text
    assert "state-warning" in tile(page, "Acme AB")
    listed = page.split("<h2>Newest critical and high findings")[1].split("</section>")[0]
    assert "hq-acc1" in listed
    assert "Gi1/0/48" in listed
    assert f"/customers/acme/devices/{device_id}" in listed


def test_a_score_shows_where_it_went_since_last_time(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_assessment(device_id, age_seconds=86_400, score=80.0)
    house.add_assessment(device_id, age_seconds=60, score=71.2)
    assert "down 8.8 since last time" in tile(owner.get("/").text, "Acme AB")


def test_assessments_that_are_due_are_listed_with_the_late_ones_first(house: ConsoleHouse, owner: Browser) -> None:
    due = owner.get("/").text.split("Assessments due")[1]
    assert "overdue since" in due
    assert "Acme AB" in due


def test_an_assessment_just_made_is_not_due(house: ConsoleHouse, owner: Browser) -> None:
    house.add_clean_assessment("acme")
    house.add_clean_assessment("beta")
    assert "None is due within a week." in owner.get("/").text


def test_worst_first(house: ConsoleHouse, owner: Browser) -> None:
    house.add_switch("beta-sw", tenant="beta")
    house.add_agent("agent-b", tenant="beta")
    house.add_clean_assessment("beta")
    page = owner.get("/").text
    assert page.index("Acme AB") < page.index("Beta &amp; Söner")


def test_the_wall_view_has_no_controls_and_loads_itself_anew(house: ConsoleHouse, owner: Browser) -> None:
    page = owner.get("/?wall=1").text
    assert 'hx-trigger="every 30s" hx-select="#wall"' in page
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    assert "<nav" not in page
    assert "<form" not in page
    assert "Acme AB" in page


def test_the_number_of_statements_does_not_grow_with_the_customers(house: ConsoleHouse, owner: Browser) -> None:
    owner.get("/")
    with recorded_statements(house.engine) as few:
        owner.get("/")
    for number in range(40):
        house.administration.add_customer(Customer(f"c{number}", f"Customer {number}", schedule="weekly"))
        house.administration.add_site(Site(f"c{number}", "hq", "HQ"))
        house.add_agent(f"agent-{number}", tenant=f"c{number}")
    with recorded_statements(house.engine) as many:
        owner.get("/")
    assert len(many.texts) == len(few.texts)


def test_knowledge_that_has_grown_old_is_told_in_both_languages(house: ConsoleHouse, owner: Browser) -> None:
    assert "knowledge base" not in owner.get("/").text
    house.knowledge_age.found = [Stale("nvd", "vulnerability", None, 30), Stale("cisa-kev", "exploited", 9, 7)]
    shown = " ".join(owner.get("/").text.split("The knowledge base has grown old")[1].split("</section>")[0].split())
    assert "Vulnerabilities" in shown
    assert "has never answered" in shown
    assert "9 days old, at most 7" in shown
    assert "The knowledge base has grown old" in owner.get("/?wall=1").text
    house.accounts.put_user(replace(house.owner, language="sv"))
    shown = owner.get("/").text.split("Kunskapsbasen har blivit gammal")[1].split("</section>")[0]
    assert "senast för 9 dagar sedan, högst 7" in shown


def test_a_page_says_as_of_when(owner: Browser) -> None:
    assert 'As of <time datetime="2026-11-25T' in " ".join(owner.get("/").text.split())


def test_the_first_page_stays_under_a_hundred_kilobytes_however_many_customers(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_assessment(device_id)
    for number in range(100):
        house.administration.add_customer(Customer(f"c{number}", f"Customer {number}", schedule="weekly"))
    packed = {"Accept-Encoding": "gzip"}
    sizes = [len(owner.get(f"/static/{name}", **packed).data) for name in ("console.css", "console.js", "vendor/htmx.min.js", "icon.svg")]
    page = owner.get("/")
    assert len(page.data) + sum(sizes) < 100_000
    assert "All 102 customers" in page.text


def test_a_new_server_names_the_first_step(owner: Browser, house: ConsoleHouse) -> None:
    with house.engine.begin() as connection:
        for table in ("site", "customer"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    page = owner.get("/").text
    assert "No customer yet" in page
    assert "natvakt-server customer add" in page
