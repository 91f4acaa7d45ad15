"""Assessments: history, findings, verdicts, reports, and a new one now."""

import json
from dataclasses import replace

import pytest
from natvakt_server.domain.jobs import ASSESSMENT
from natvakt_server.domain.report_mail import ReportMail
from natvakt_server.reports.signing import verify
from testkit.console import Browser, ConsoleHouse

RUN = "/customers/acme/assessments"


@pytest.fixture
def report_path(house: ConsoleHouse) -> str:
    return f"{RUN}/{house.add_assessment(house.add_switch()).id}"


def test_the_newest_of_each_customer(house: ConsoleHouse, owner: Browser) -> None:
    house.add_assessment(house.add_switch())
    page = owner.get("/assessments").text
    assert "Acme AB" in page
    assert "71.2" in page
    assert "never" in next(part for part in page.split("<tr>") if "Beta" in part)


def test_a_customers_history_is_newest_first_with_scores_over_time(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    for days, score in ((60, 55.5), (30, 66.6), (1, 77.7)):
        house.add_assessment(device_id, age_seconds=days * 86_400, score=score)
    page = owner.get(RUN).text
    table = page.split("<tbody>")[1]
    assert table.index("77.7") < table.index("66.6") < table.index("55.5")
    assert '<polyline points="0.0,' in page


def test_findings_are_listed_worst_first_with_what_to_do(owner: Browser, report_path: str) -> None:
    page = owner.get(report_path).text
    assert "severity-high" in page
    assert "duplex auto" in page
    assert 'href="#finding-core.link.duplex-' in page


def test_findings_filter_by_severity_level_and_text(owner: Browser, report_path: str) -> None:
    for query, shown in (
        ("severity=high", True),
        ("severity=low", False),
        ("level=core", True),
        ("level=voice", False),
        ("q=duplex", True),
    ):
        page = owner.get(f"{report_path}?findings-{query}").text
        assert ("duplex auto" in page) is shown, query


def test_verdicts_have_their_reasons_in_words(owner: Browser, report_path: str) -> None:
    page = owner.get(report_path).text.split('id="table-verdicts"')[1]
    assert "the device does not tell" in page or "not" in page
    assert owner.get(f"{report_path}?csv=verdicts").mimetype == "text/csv"


def test_an_assessment_that_does_not_exist_is_not_found(owner: Browser) -> None:
    assert owner.get(f"{RUN}/nothing").status_code == 404
    assert owner.get(f"{RUN}/nothing/report.pdf").status_code == 404


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    ("kind", "media_type", "start"),
    [
        ("pdf", "application/pdf", b"%PDF"),
        ("html", "text/html", b"<!"),
        ("json", "application/json", b"{"),
        ("sarif", "application/sarif+json", b"{"),
    ],
)
def test_a_report_is_downloaded_in_every_form_and_language(
    owner: Browser, report_path: str, kind: str, media_type: str, start: bytes, language: str
) -> None:
    answer = owner.get(f"{report_path}/report.{kind}?language={language}")
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.data.lstrip().startswith(start)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="acme-2026-')


def test_the_json_is_the_signed_document_to_the_byte(owner: Browser, report_path: str) -> None:
    content = owner.get(f"{report_path}/report.json").data
    assert verify(content, None).valid
    assert json.loads(content)["schema"] == "natvakt.report/1"


@pytest.mark.parametrize("path", ["report.exe", "report.pdf?language=xx", "report."])
def test_a_form_or_language_that_does_not_exist_is_not_found(owner: Browser, report_path: str, path: str) -> None:
    assert owner.get(f"{report_path}/{path}").status_code == 404


def test_assess_now_puts_a_job_in_the_queue_and_follows_it(house: ConsoleHouse, engineer: Browser) -> None:
    answer = engineer.post(RUN, {"site": "hq"})
    job = house.jobs.jobs("acme")[0]
    assert answer.location == f"/customers/acme/jobs/{job.id}"
    assert (job.kind, job.state, job.arguments) == (ASSESSMENT, "waiting", {"sites": ["hq"]})
    assert house.audited("assessment-asked") == [("user:erik", "acme/hq", "ok")]
    page = engineer.get(answer.location).text
    assert 'hx-trigger="every 1s"' in page
    assert "You may leave this page" in page


def test_all_sites_are_an_empty_list(house: ConsoleHouse, engineer: Browser) -> None:
    engineer.post(RUN, {"site": ""})
    assert house.jobs.jobs("acme")[0].arguments == {"sites": []}


def test_pressing_twice_asks_once(house: ConsoleHouse, engineer: Browser) -> None:
    first, second = engineer.post(RUN, {"site": ""}), engineer.post(RUN, {"site": ""})
    assert first.location == second.location
    assert len(house.jobs.jobs("acme")) == 1


@pytest.mark.parametrize("path", ["/customers/nobody/assessments", RUN])
def test_a_site_or_customer_that_does_not_exist_is_not_assessed(house: ConsoleHouse, engineer: Browser, path: str) -> None:
    assert engineer.post(path, {"site": "moon"}).status_code == 404
    assert house.jobs.jobs() == []


@pytest.mark.parametrize(
    ("state", "shown", "polls"),
    [("running", "Assessing: judging", True), ("done", "Open the assessment", False), ("failed", "judging", False)],
)
def test_progress_is_a_fragment_that_stops_asking_when_it_is_over(
    house: ConsoleHouse, engineer: Browser, state: str, shown: str, polls: bool
) -> None:
    engineer.post(RUN, {"site": ""})
    job = house.jobs.jobs("acme")[0]
    house.jobs.update_job(replace(job, state=state, progress=0.6, detail="judging", result="a-report"))
    fragment = engineer.get(f"/customers/acme/jobs/{job.id}", **{"HX-Request": "true"}).text
    assert shown in fragment
    assert ("hx-get=" in fragment) is polls
    assert "<!doctype" not in fragment


def test_a_job_that_waits_is_seen_among_the_assessments(house: ConsoleHouse, engineer: Browser) -> None:
    engineer.post(RUN, {"site": ""})
    assert "Waiting for a worker" in engineer.get(RUN).text


def first_finding(house: ConsoleHouse) -> tuple[str, str]:
    """Address of the newest assessment, and the id of a finding in it."""
    made = house.add_assessment(house.add_switch())
    return f"{RUN}/{made.id}", made.findings[0].id


LIVED_WITH = {"until": "2027-01-31", "by": "Anna Ek", "reason": "new switch in spring"}


def test_a_finding_is_accepted_with_name_reason_and_day_and_that_is_audited(house: ConsoleHouse, engineer: Browser) -> None:
    path, finding = first_finding(house)
    answer = engineer.post(f"{path}/findings/{finding}/acceptance", LIVED_WITH)
    assert answer.location == f"{path}#finding-{finding}"
    (kept,) = house.acceptances.accepted("acme")
    assert (kept.finding, kept.until.isoformat(), kept.by, kept.reason) == (finding, *LIVED_WITH.values())
    assert house.audited("finding-accept") == [("user:erik", finding, "ok")]
    assert "Accepted through 2027-01-31 by Anna Ek" in engineer.get(path).text


def test_an_acceptance_is_withdrawn_and_that_is_audited(house: ConsoleHouse, engineer: Browser) -> None:
    path, finding = first_finding(house)
    engineer.post(f"{path}/findings/{finding}/acceptance", LIVED_WITH)
    engineer.post(f"{path}/findings/{finding}/withdrawal", {})
    engineer.post(f"{path}/findings/{finding}/withdrawal", {})
    assert house.acceptances.accepted("acme") == []
    assert len(house.audited("finding-unaccept")) == 1


@pytest.mark.parametrize("wrong", [{"until": "soon"}, {"until": "2020-01-01"}, {"until": "2099-01-01"}, {"by": " "}, {"reason": ""}])
def test_an_acceptance_without_name_reason_or_a_day_to_come_is_refused(
    house: ConsoleHouse, engineer: Browser, wrong: dict[str, str]
) -> None:
    path, finding = first_finding(house)
    answer = engineer.post(f"{path}/findings/{finding}/acceptance", {**LIVED_WITH, **wrong})
    assert house.acceptances.accepted("acme") == []
    assert "Not accepted" in engineer.get(answer.location).text


def test_what_stands_in_no_report_is_not_accepted(house: ConsoleHouse, engineer: Browser) -> None:
    path, _ = first_finding(house)
    assert engineer.post(f"{path}/findings/0000/acceptance", LIVED_WITH).status_code == 404
    assert engineer.post(f"{path.replace('acme', 'beta')}/findings/0000/acceptance", LIVED_WITH).status_code == 404


@pytest.mark.parametrize(("kind", "media_type", "says"), [("txt", "text/plain", "Way back"), ("csv", "text/csv", "rollback")])
def test_the_plan_is_downloaded_as_text_and_csv(owner: Browser, report_path: str, kind: str, media_type: str, says: str) -> None:
    answer = owner.get(f"{report_path}/report.{kind}?language=en")
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert says in answer.text
    assert "-plan-en." in answer.headers["Content-Disposition"]


def test_the_page_says_to_whom_the_report_went_by_mail(house: ConsoleHouse, owner: Browser) -> None:
    made = house.add_assessment(house.add_switch())
    house.outbox.put([ReportMail(made.id, "anna@example.org", "acme", "sv", created_ns=1)])
    assert "anna@example.org: waiting" in owner.get(f"{RUN}/{made.id}").text
