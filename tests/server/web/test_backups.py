"""The pages of backups: what stands how and why, and where a person says when a backup should run."""

import pytest
from natvakt_server.domain.backup_jobs.judging import Origin, Reason, State
from natvakt_server.domain.backup_jobs.standing import Standing
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.domain.tiers import HOUR_NS
from testkit.console import NOW_NS, Browser, ConsoleHouse
from testkit.two_customers import add_granted


def standing(device: str, job: str, state: State, reason: Reason, **told: object) -> Standing:
    common = {"since_ns": NOW_NS - HOUR_NS, "judged_ns": NOW_NS, "told_ns": NOW_NS, "origin": Origin.SETTINGS, "schedule": "every 24h"}
    return Standing("acme", device, job, state, reason, **{**common, **told})  # type: ignore[arg-type]


@pytest.fixture
def server(house: ConsoleHouse) -> str:
    device = house.tell("acme-hq-srv", {"device": [{"name": "hq-win", "serial": "S1", "os": "windows"}]})
    switch = house.add_switch()
    late = standing(device, "nightly", State.LATE, Reason.OVERDUE, missed=1, late_ns=31 * HOUR_NS, success_ns=NOW_NS - 55 * HOUR_NS)
    house.backups.keep(
        "acme",
        [
            late,
            standing(device, "weekly =cmd", State.OK, Reason.DONE, bytes=5_000_000_000),
            standing(switch, "", State.FAILED, Reason.RUN_FAILED, saved=False),
        ],
    )
    return device


def shown(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_what_needs_somebody_comes_first_with_its_reason(engineer: Browser, server: str) -> None:
    page = shown(engineer, "/backups")
    assert "1 missed, the first was due 1\u00a0d 7\u00a0h ago" in page
    assert page.index("nightly") < page.index("weekly =cmd")
    assert "hq-acc1" in page
    assert "every 24h (from the agent&#39;s settings)" in page
    assert "nightly" not in shown(engineer, "/backups?jobs-state=ok")
    assert "'weekly" not in shown(engineer, "/backups?csv=jobs"), "it does not begin with a formula"
    assert "nightly" in shown(engineer, "/backups?csv=jobs")


def test_a_customer_shows_every_configuration(engineer: Browser, server: str) -> None:
    page = shown(engineer, "/customers/acme/backups")
    assert "no: a restart loses changes" in page
    assert "not judged" in page
    assert shown(engineer, "/customers/beta/backups").count("natvakt-agent credentials add") == 1
    assert "hq-acc1" in shown(engineer, "/customers/acme/backups?csv=configurations")


def test_a_person_says_when_it_should_run_and_takes_it_back(house: ConsoleHouse, engineer: Browser, server: str) -> None:
    place = {"device": server, "job": "nightly"}
    said = {**place, "schedule": "Daily 02:00", "zone": "Europe/Stockholm", "grace": "4,5"}
    assert engineer.post("/customers/acme/expected-backups", said).status_code == 303
    (kept,) = house.backups.expectations("acme")
    assert (kept.device, kept.job, kept.schedule, kept.grace_seconds, kept.by) == (server, "nightly", "daily 02:00", 16_200, "Erik")
    page = shown(engineer, f"/customers/acme/backups/{server}?job=nightly")
    assert "Said by Erik" in page
    assert 'value="4.5"' in page
    assert engineer.post("/customers/acme/expected-backups/withdrawal", place).status_code == 303
    assert house.backups.expectations("acme") == []
    assert [outcome for *_, outcome in house.audited("backup-expect") + house.audited("backup-forget")] == ["ok", "ok"]


@pytest.mark.parametrize("wrong", [{"schedule": "nightly"}, {"zone": "Nowhere"}, {"grace": "long"}, {"grace": "-1"}, {"grace": "nan"}])
def test_what_is_no_schedule_changes_nothing_and_says_so(
    house: ConsoleHouse, engineer: Browser, server: str, wrong: dict[str, str]
) -> None:
    fields = {"device": server, "job": "nightly", "schedule": "daily 02:00", "zone": "UTC", "grace": "6"}
    answer = engineer.post("/customers/acme/expected-backups", {**fields, **wrong})
    assert answer.status_code == 303
    assert "This is no schedule" in shown(engineer, answer.location)
    assert house.backups.expectations("acme") == []


def test_all_configurations_of_a_customer_can_be_meant_at_once(house: ConsoleHouse, engineer: Browser, server: str) -> None:
    del server
    fields = {"device": "", "job": "", "schedule": "weekly sun 03:00", "zone": "Europe/Stockholm", "grace": "12"}
    assert engineer.post("/customers/acme/expected-backups", fields).location.endswith("/customers/acme/backups")
    assert [each.schedule for each in house.backups.expectations("acme")] == ["weekly sun 03:00"]
    assert "weekly sun 03:00" in shown(engineer, "/customers/acme/backups")


def test_what_nobody_tells_of_cannot_be_expected(engineer: Browser, server: str) -> None:
    fields = {"device": server, "job": "made up", "schedule": "daily 02:00", "zone": "UTC", "grace": "6"}
    assert engineer.post("/customers/acme/expected-backups", fields).status_code == 404
    assert engineer.get(f"/customers/acme/backups/{server}?job=made+up").status_code == 404
    assert engineer.get(f"/customers/beta/backups/{server}?job=nightly").status_code == 404


def test_promise_50_who_is_limited_to_a_site_sees_its_backups_and_changes_nothing(house: ConsoleHouse, server: str) -> None:
    here = house.browser(add_granted(house, "sara", Grant(Role.CUSTOMER_READER, "acme", "hq")))
    elsewhere = house.browser(add_granted(house, "nils", Grant(Role.CUSTOMER_READER, "acme", "branch")))
    assert "hq-win" in shown(here, "/backups")
    assert "hq-win" not in shown(elsewhere, "/backups")
    assert elsewhere.get(f"/customers/acme/backups/{server}?job=nightly").status_code == 404
    fields = {"device": server, "job": "nightly", "schedule": "daily 02:00", "zone": "UTC", "grace": "6"}
    assert here.post("/customers/acme/expected-backups", fields).status_code in {403, 404}
    assert house.backups.expectations("acme") == []
