"""Sources are asked about what stands at customers, inside what they allow, and what they answer is taken in whole."""

import json

import pytest
from natvakt_server.knowledge.asking.messages import NoAnswer
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.exposure import ExposureJudge
from testkit.knowledge import cpe, eox, kev, nvd_record
from testkit.knowledge_sources import advisory, as_answer, fault, raising, suggested

ONE, TWO = "CVE-2024-10001", "CVE-2024-10002"
XE = "OSType/iosxe"


def two_versions(centre):
    """One advisory that holds for both versions, and is fixed in another release for each."""
    centre.versions = [("ios-xe", "17.03.04a"), ("ios-xe", "17.3.4a"), ("ios-xe", "17.6.1")]
    centre.sources.advisories = {
        (XE, "17.3.4a"): [advisory("cisco-sa-one", ONE, "17.3.4a", "17.3.8a")],
        (XE, "17.6.1"): [advisory("cisco-sa-one", ONE, "17.6.1", "17.6.6a")],
    }


def first_fixed(centre, version):
    (statement,) = ExposureJudge(centre.knowledge).judge("ios-xe", version).statements
    return list(statement.first_fixed)


def test_a_version_is_asked_once_however_many_customers_run_it(centre):
    two_versions(centre)
    report = centre.fetch("cisco-openvuln")
    assert centre.sources.asked("OSType") == [f"/security/advisories/v2/{XE}?version={each}" for each in ("17.3.4a", "17.6.1")]
    assert (report.complete, report.asked, report.calls, report.error) == (True, 2, 3, "")  # a token, two questions


def test_an_advisory_keeps_the_fix_of_each_version_that_was_asked(centre):
    two_versions(centre)
    centre.fetch("cisco-openvuln")
    assert [first_fixed(centre, version) for version in ("17.3.4a", "17.6.1")] == [["17.3.8a"], ["17.6.6a"]]
    # another version later, while the answers to the first two are still fresh
    centre.versions.append(("ios-xe", "17.9.1"))
    centre.sources.advisories[XE, "17.9.1"] = [advisory("cisco-sa-one", ONE, "17.9.1", "17.9.5")]
    report = centre.fetch("cisco-openvuln")
    assert (report.due, report.asked) == (1, 1)
    assert [first_fixed(centre, version) for version in ("17.3.4a", "17.6.1", "17.9.1")] == [["17.3.8a"], ["17.6.6a"], ["17.9.5"]]


def test_fresh_answers_are_not_asked_for_again_and_the_same_answer_changes_nothing(centre):
    two_versions(centre)
    centre.fetch("cisco-openvuln")
    again = centre.fetch("cisco-openvuln")
    assert (again.subjects, again.due, again.calls) == (2, 0, 0)
    centre.days_later(1)
    later = centre.fetch("cisco-openvuln")
    assert (later.asked, later.new, later.changed, later.unchanged) == (2, 0, 0, 2)


def test_a_version_without_advisories_is_answered_and_nothing_is_taken_in(centre):
    centre.versions = [("asa", "9.16(4)")]
    report = centre.fetch("cisco-openvuln")
    assert (report.complete, report.asked, report.new, report.error) == (True, 1, 0, "")
    assert centre.fetch("cisco-openvuln").calls == 0


def test_systems_without_a_version_query_are_asked_by_product(centre):
    centre.versions = [("ise", "3.1 patch 3"), ("cucm", "12.5(1)SU7a")]
    centre.fetch("cisco-openvuln")
    assert centre.sources.asked("product?") == [
        "/security/advisories/v2/product?product=Cisco Unified Communications Manager",
        "/security/advisories/v2/product?product=Cisco Identity Services Engine Software",
    ]


def test_all_pages_of_an_answer_are_read(centre):
    centre.versions = [("ios-xe", "17.3.4a")]
    centre.sources.advisories_a_page = 2
    centre.sources.advisories[XE, "17.3.4a"] = [advisory(f"cisco-sa-{n}", f"CVE-2024-1000{n}", "17.3.4a", "17.3.8a") for n in range(1, 6)]
    report = centre.fetch("cisco-openvuln")
    assert (report.new, report.calls) == (5, 4)


def test_half_an_answer_takes_nothing_in(centre):
    centre.versions = [("ios-xe", "17.3.4a")]
    centre.sources.advisories_a_page = 2
    centre.sources.advisories[XE, "17.3.4a"] = [advisory(f"cisco-sa-{n}", f"CVE-2024-1000{n}", "17.3.4a", "17.3.8a") for n in range(1, 4)]
    run = centre.start("cisco-openvuln")
    real, pages = centre.sources.answer, []

    def second_page_is_gone(request):
        if "pageIndex=2" in request.target:
            pages.append(request)
            return as_answer(500)
        return real(request)

    centre.sources.answer = second_page_is_gone
    with pytest.raises(StopIteration) as end:
        while True:
            centre.clock.move(next(run))
    assert not end.value.value.complete
    assert len(pages) > 1
    assert centre.facts("advisory") == []
    centre.sources.answer = real
    assert centre.fetch("cisco-openvuln").new == 3


def test_a_run_that_breaks_off_keeps_what_was_whole_and_goes_on_behind_it(centre):
    centre.pids = [f"C9300-{n}T" for n in range(10, 50)]
    centre.sources.eox = {pid: [eox(pid)] for pid in centre.pids}
    run = centre.start("cisco-eox")
    real = centre.sources.answer
    centre.sources.answer = lambda request: as_answer(400, {"message": "no"}) if "C9300-49T" in request.target else real(request)
    with pytest.raises(StopIteration) as end:
        while True:
            centre.clock.move(next(run))
    assert (end.value.value.asked, end.value.value.left, len(centre.facts("lifecycle"))) == (20, 20, 20)
    assert centre.asked.states()["cisco-eox"].succeeded_ns == 0
    centre.sources.answer = real
    report = centre.fetch("cisco-eox")
    assert (report.due, report.complete, len(centre.facts("lifecycle"))) == (20, True, 40)
    assert centre.asked.states()["cisco-eox"].succeeded_ns == centre.clock.now_ns


def test_products_are_asked_for_by_twenties_and_a_slash_is_no_path(centre):
    centre.pids = ["CISCO2911/K9", *(f"C9300-{n}T" for n in range(10, 34))]
    centre.sources.eox = {"CISCO2911/K9": [eox("CISCO2911/K9")]}
    report = centre.fetch("cisco-eox")
    asked = [request.target for request in centre.sources.requests if "eox" in request.target]
    assert (len(asked), report.asked, report.new) == (2, 25, 1)
    assert any("CISCO2911%2FK9" in target for target in asked)


def test_a_product_without_notice_is_answered_and_an_error_of_one_product_leaves_only_that_one_open(centre):
    centre.pids = ["C9300-24T", "C9300-48T", "C9200-24T"]
    centre.sources.eox = {"C9300-24T": [eox("C9300-24T")]}
    centre.sources.eox_errors = {"C9300-48T": ("SSA_ERR_999", "Some unknown error")}
    report = centre.fetch("cisco-eox")
    assert (report.complete, report.asked, report.left) == (True, 2, 1)
    assert report.unanswered == {"C9300-48T": "SSA_ERR_999: Some unknown error"}
    assert "C9300-48T" in centre.asked.states()["cisco-eox"].error
    centre.sources.eox_errors.clear()
    assert centre.fetch("cisco-eox").due == 1


def test_several_records_of_a_product_are_all_kept(centre):
    centre.pids = ["C9300-24T"]
    centre.sources.eox = {"C9300-24T": [eox("C9300-24T"), eox("C9300-24T", ProductBulletinNumber="EOL00002")]}
    centre.fetch("cisco-eox")
    (fact,) = centre.facts("lifecycle")
    assert {fact.bulletin, *(each.bulletin for each in fact.others)} == {"EOL00001", "EOL00002"}


def test_suggestions_are_asked_for_devices_and_the_system_counts_among_software_types(centre):
    centre.models, centre.pids = ["C9300-24T"], ["C9300-NM-8X"]
    system, other = suggested("C9300-24T", "17.9.5"), suggested("C9300-24T", "1.0", "Firmware of Something")
    centre.sources.suggestions = {"C9300-24T": [system, other]}
    centre.fetch("cisco-suggestion")
    assert [(fact.os, fact.releases) for fact in centre.facts("suggestion")] == [("ios-xe", ("17.9.5",))]
    assert "C9300-NM-8X" not in "".join(centre.sources.asked("suggestion"))


def test_the_catalogue_is_only_fetched_when_it_is_new(centre):
    centre.sources.kev = kev(ONE)
    assert centre.fetch("cisa-kev").new == 1
    centre.days_later(1)
    same = centre.fetch("cisa-kev")
    assert (same.complete, same.asked, same.new, same.unchanged) == (True, 1, 0, 0)
    assert centre.sources.requests[-1].headers["If-None-Match"] == '"one"'
    centre.sources.kev, centre.sources.kev_tag = kev(ONE, TWO), '"two"'
    centre.days_later(1)
    assert centre.fetch("cisa-kev").new == 1


def test_likelihoods_are_asked_for_what_is_known_against_the_versions(centre):
    centre.cves = [f"CVE-2024-{n}" for n in range(10_000, 10_150)]
    centre.sources.epss = {"CVE-2024-10003": 0.5}
    report = centre.fetch("first-epss")
    assert (report.asked, report.new, len(centre.sources.requests)) == (150, 1, 2)
    assert [(held.fact.score, held.as_of) for held in centre.knowledge.every("likelihood")] == [(0.5, "2026-11-24")]


def test_nvd_is_asked_for_everything_once_and_then_for_changes(centre):
    centre.versions = [("ios-xe", "17.3.4a")]
    name = "cpe:2.3:o:cisco:ios_xe"
    old = [("2024-01-01", nvd_record(f"CVE-2024-{n}", cpe("ios_xe", "17.3.4a"))) for n in range(10_000, 10_120)]
    centre.sources.nvd = {name: old}
    assert (centre.fetch("nvd").new, len(centre.sources.requests)) == (120, 2)
    centre.days_later(1)
    today = "2026-11-26T01:00:00.000+00:00"
    centre.sources.nvd[name].append((today, nvd_record("CVE-2026-10001", cpe("ios_xe", "17.3.4a"))))
    report = centre.fetch("nvd")
    assert "lastModStartDate=2026-11-" in centre.sources.asked("nvd")[-1]
    assert (report.new, report.unchanged) == (1, 0)
    centre.days_later(121)
    centre.fetch("nvd")
    assert "lastMod" not in centre.sources.asked("nvd")[-1]


# what a source may say instead of answering


def test_a_token_that_has_ended_is_renewed_once(centre):
    two_versions(centre)
    centre.sources.faults = [centre.sources._token, fault(401, {"error": "invalid_token"})]
    report = centre.fetch("cisco-openvuln")
    assert (report.complete, len(centre.sources.asked("id.cisco.com"))) == (True, 2)


def test_credentials_that_are_refused_end_the_run_and_are_not_shown(centre):
    two_versions(centre)
    centre.secrets = type(centre.secrets)("client-1", "wrong-s3cret")
    report = centre.fetch("cisco-openvuln")
    assert report.error.startswith("id.cisco.com answers 401: Client authentication failed.")
    assert len(centre.sources.requests) == 1  # a wrong secret is not tried again
    shown = json.dumps([report.error, *centre.notes, centre.asked.states()["cisco-openvuln"].error])
    assert "s3cret" not in shown
    assert "s3cret" not in repr(centre.sources.requests)


@pytest.mark.parametrize(
    "status_and_headers",
    [
        (429, {"retry_after": "90"}),
        (503, {"retry_after": "90"}),
        (403, {"retry_after": "90", "x_mashery_error_code": "ERR_403_DEVELOPER_OVER_QPS"}),
    ],
)
def test_patience_that_is_asked_for_is_given(centre, status_and_headers):
    status, headers = status_and_headers
    centre.sources.faults = [fault(status, **headers)]
    report = centre.fetch("cisa-kev")
    assert (report.complete, centre.waited) == (True, 90.0)


def test_long_patience_ends_the_run_and_holds_for_the_next_one(centre):
    centre.sources.faults = [fault(429, retry_after="7200")]
    report = centre.fetch("cisa-kev")
    assert (report.deferred, report.complete, centre.waited) == (True, False, 0.0)
    assert "it goes on at" in report.error
    centre.clock.move(3600)
    assert (centre.fetch("cisa-kev").deferred, len(centre.sources.requests)) == (True, 1)
    centre.clock.move(3600)
    assert centre.fetch("cisa-kev").complete


def test_faults_of_the_server_are_met_with_growing_patience_that_ends(centre):
    centre.cves, centre.sources.faults = [ONE], [fault(500)] * 20
    report = centre.fetch("first-epss")
    assert (len(centre.sources.requests), centre.waited) == (6, 2.0 + 4 + 8 + 16 + 32)
    assert report.error.startswith("api.first.org answers 500; 6 attempts")
    assert centre.facts("likelihood") == []


@pytest.mark.parametrize(
    "broken", [b'{"vulnerabilities": [{"cveID": "CVE-2024-1', b"[]", b"<html>", b'{"count": 2, "vulnerabilities": []}', b"\xff\xfe\x00"]
)
def test_an_answer_that_cannot_be_read_is_asked_for_again_and_never_taken_in(centre, broken):
    centre.sources.faults = [fault(200, broken)] * 3
    report = centre.fetch("cisa-kev")
    assert report.error.startswith("www.cisa.gov answers what cannot be read: ")
    assert centre.facts("exploited") == []
    assert centre.fetch("cisa-kev").new == 1


def test_an_answer_that_is_too_large_is_not_taken(centre):
    centre.sources.faults = [fault(200, b" " * (SERVICES["first-epss"].most_bytes + 1))]
    centre.cves = [ONE]
    report = centre.fetch("first-epss")
    assert report.error.startswith("api.first.org: an answer of more than 8 MiB")
    assert len(centre.sources.requests) == 1


def test_a_line_that_fails_is_tried_again(centre):
    centre.sources.faults = [raising(NoAnswer("www.cisa.gov: ConnectionResetError"))]
    assert centre.fetch("cisa-kev").complete


@pytest.mark.parametrize(
    ("status", "way_out"), [(302, "redirects are not followed"), (400, "no answer to what was asked"), (403, "does not let this server in")]
)
def test_what_will_not_get_better_is_not_tried_again(centre, status, way_out):
    centre.sources.faults = [fault(status, location="https://elsewhere.example/")]
    report = centre.fetch("cisa-kev")
    assert way_out in report.error
    assert len(centre.sources.requests) == 1


def test_an_application_without_access_to_an_api_is_told(centre):
    centre.pids = ["C9300-24T"]
    centre.sources.faults = [centre.sources._token, fault(403, {"message": "Forbidden"})]
    report = centre.fetch("cisco-eox")
    assert report.error == (
        "apix.cisco.com answers 403: Forbidden; the application in Cisco's API console needs access to the API behind cisco-eox"
    )


def test_a_key_that_nvd_refuses_is_told_and_not_taken_for_being_over_the_limit(centre):
    centre.versions = [("ios-xe", "17.3.4a")]
    centre.secrets = type(centre.secrets)(nvd_key="wrong")
    report = centre.fetch("nvd")
    assert "Invalid apiKey" in report.error
    assert "knowledge.nvd_api_key_file" in report.error


def test_pages_that_never_end_are_left(centre):
    centre.versions = [("ios-xe", "17.3.4a")]
    body = {"advisories": [advisory("cisco-sa-one", ONE, "17.3.4a", "17.3.8a")], "paging": {"next": "x?pageIndex=1&pageSize=1"}}
    centre.sources.answer = lambda request: as_answer(200, body) if "OSType" in request.target else centre.sources._token(request)
    report = centre.fetch("cisco-openvuln")
    assert "no later page" in report.error
    assert centre.facts("advisory") == []


def test_where_to_ask_next_is_never_taken_from_an_answer(centre):
    centre.versions = [("ios-xe", "17.3.4a")]
    first = {"advisories": [], "paging": {"next": "https://elsewhere.example/steal?pageIndex=2&pageSize=50"}}
    centre.sources.faults = [centre.sources._token, fault(200, first)]
    centre.fetch("cisco-openvuln")
    assert {request.host for request in centre.sources.requests} == {"id.cisco.com", "apix.cisco.com"}
    assert centre.sources.asked("pageIndex=2") == [f"/security/advisories/v2/{XE}?version=17.3.4a&pageIndex=2&pageSize=50"]


def test_only_one_process_asks_a_source_at_a_time(centre):
    two_versions(centre)
    centre.asked.take_turn("cisco-openvuln", "another", centre.clock.now_ns, centre.clock.now_ns + 10**12)
    report = centre.fetch("cisco-openvuln")
    assert (report.deferred, report.calls) == (True, 0)
    centre.clock.move(1_000)
    assert centre.fetch("cisco-openvuln").complete
