"""KEV, EPSS, EoX, Software Suggestion, endoflife.date and the partner's lifecycle table. All documents are made here."""

from typing import Any

import pytest
from natvakt_server.knowledge.facts import Exploited, Lifecycle, Likelihood, ReleaseCycle, Suggestion
from natvakt_server.knowledge.formats.reading import FileRefused
from testkit.knowledge import eox, eox_page, facts, kev, opened


def refusals(data: Any) -> list[str]:
    return [item.refusal for item in opened(data)[1] if item.fact is None]


class TestKev:
    def test_each_entry_is_a_fact_of_the_day_of_the_catalogue(self) -> None:
        assert facts(kev("CVE-2024-10001")) == [
            Exploited("CVE-2024-10001", "2024-05-20", "2024-06-10", "Cisco IOS XE", "Cisco Test Exploited")
        ]
        document = kev("CVE-2024-10001")
        document["vulnerabilities"][0]["knownRansomwareCampaignUse"] = "Known"
        (fact,) = facts(document)
        assert isinstance(fact, Exploited)
        assert fact.ransomware

    def test_an_entry_that_is_wrong_is_refused_by_itself(self) -> None:
        document = kev("CVE-2024-10001", "CVE-2024-1000X", "CVE-2024-10003")
        del document["vulnerabilities"][2]["dateAdded"]
        form, items = opened(document)
        assert (form, [item.fact is not None for item in items]) == ("kev", [True, False, False])
        assert "vulnerabilities[1]: cveID: 'CVE-2024-1000X' is no CVE number" in items[1].refusal
        assert "vulnerabilities[2]" in items[2].refusal
        assert "dateAdded" in items[2].refusal


class TestEpss:
    @pytest.mark.parametrize(
        ("text", "percentile"),
        [
            ("cve,epss\nCVE-2024-10001,0.25\n", None),
            ("cve,epss,percentile\nCVE-2024-10001,0.25,0.5\n", 0.5),
            ("#model_version:v2025.03.14,score_date:2026-11-01T12:55:00Z\ncve,epss,percentile\nCVE-2024-10001,0.25,0.5\n", 0.5),
            ('cve,epss,percentile\r\n\r\n"CVE-2024-10001", 0.25 ,0.5', 0.5),
        ],
    )
    def test_its_three_headers_are_read(self, text: str, percentile: float | None) -> None:
        assert opened(text)[0] == "epss"
        assert facts(text) == [Likelihood("CVE-2024-10001", 0.25, percentile)]

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("CVE-2024-10001,1.5,0.5", "line 2: epss '1.5' is no probability"),
            ("CVE-2024-10001,often,0.5", "line 2: epss 'often' is no probability"),
            ("CVE-2024-10001,nan,0.5", "line 2: epss 'nan' is no probability"),
            ("CVE-2024-10001,0.5,7", "line 2: percentile '7' is no probability"),
            ("CVE-10001,0.5,0.5", "line 2: 'CVE-10001' is no CVE number"),
            ("CVE-2024-10001,0.5", "line 2: has another number of columns than the header"),
        ],
    )
    def test_a_row_that_is_wrong_is_refused_by_itself(self, row: str, reason: str) -> None:
        (refusal,) = refusals(f"cve,epss,percentile\n{row}\n")
        assert refusal.startswith(reason)


class TestEox:
    def test_milestones_have_ciscos_names(self) -> None:
        assert facts(eox_page(eox())) == [
            Lifecycle(
                "WS-TEST-24",
                {
                    "announced": "2020-01-31",
                    "end_of_sale": "2021-01-31",
                    "end_of_software_maintenance": "2022-01-31",
                    "end_of_vulnerability_support": "2024-01-31",
                    "last_date_of_support": "2026-01-31",
                },
                "C9-TEST-24",
                "EOL00001",
                "https://example.test/eol00001",
                "2024-01-02",
            )
        ]

    def test_blank_dates_are_no_milestones(self) -> None:
        blank = {"value": " ", "dateFormat": None}
        (fact,) = facts(eox_page(eox(EndOfSaleDate=blank, EndOfSWMaintenanceReleases={"value": None}, EOXMigrationDetails=None)))
        assert isinstance(fact, Lifecycle)
        assert set(fact.milestones) == {"announced", "end_of_vulnerability_support", "last_date_of_support"}
        assert fact.replacement == ""

    def test_a_record_with_an_error_is_refused_and_its_page_is_not(self) -> None:
        error = {"EOXError": {"ErrorID": "SSA_ERR_026", "ErrorDescription": "EOX information does not exist"}}
        page = eox_page(eox(), {"EOLProductID": "", "EOXInputValue": "NONE-1 ", **error})
        form, items = opened(page)
        assert (form, len(items)) == ("eox-api", 2)
        assert refusals(page) == ["EOXRecord[1]: NONE-1: EOX information does not exist"]

    def test_a_record_without_a_product_or_with_a_wrong_date_is_refused(self) -> None:
        wrong = eox(EndOfSaleDate={"value": "2021-02-30"})
        assert [text.partition(";")[0] for text in refusals(eox_page(eox(pid=""), wrong))] == [
            "EOXRecord[0]: EOLProductID is empty",
            "EOXRecord[1]: end_of_sale: '2021-02-30' is no date",
        ]


def suggestion(release: str = "17.9.5", **more: Any) -> dict[str, Any]:
    return {"id": "1", "isSuggested": "Y", "releaseFormat1": release, "releaseFormat2": release, "releaseDate": "2024-01-02", **more}


def suggested(*suggestions: dict[str, Any], pid: str = "C9300-24T", software: str = "IOS XE Software") -> dict[str, Any]:
    return {"product": {"basePID": pid, "softwareType": software}, "suggestions": list(suggestions)}


class TestSuggestion:
    def test_both_spellings_and_both_dates_are_read(self) -> None:
        old = suggestion(
            "15.0(2)SE11", releaseFormat2="15.0.2SE11", images=[{"imageName": "a", "imageSize": "16000000"}, {"imageSize": None}]
        )
        new = suggestion("", releaseFormat2="15.2(7)E8", releaseDate="11-Mar-2021")
        (fact,) = facts({"productList": [suggested(old, new, pid="WS-C3560", software="IOS Software")]})
        dates = {"15.0(2)SE11": "2024-01-02", "15.2(7)E8": "2021-03-11"}
        assert fact == Suggestion("WS-C3560", "ios", ("15.0(2)SE11", "15.2(7)E8"), "IOS Software", dates, {"15.0(2)SE11": 16_000_000})

    def test_what_is_not_suggested_is_none_and_what_was_withdrawn_is_told(self) -> None:
        entries = [
            suggestion("17.9.5"),
            suggestion("17.12.1", isSuggested="N"),
            suggestion("17.6.1", isSuggested="N", releaseLifeCycle="DF"),
            suggestion("", releaseFormat2=""),
            suggestion("17.3.1", errorDetailsResponse={"errorCode": "E"}),
        ]
        (fact,) = facts({"fixture": {"productList": [suggested(*entries)]}})
        assert isinstance(fact, Suggestion)
        assert (fact.releases, fact.deferred) == (("17.9.5",), ("17.6.1",))

    def test_a_bare_entry_under_a_name_is_read_and_one_without_a_product_refused(self) -> None:
        form, items = opened({"a": suggested(suggestion()), "b": suggested(suggestion(), pid=" "), "note": "text"})
        assert (form, len(items)) == ("software-suggestion", 2)
        assert "basePID is empty" in items[1].refusal


PAGE = """---
title: Cisco IOS XE
category: os
releases:
  - releaseCycle: "17.18"
    lts: true
    releaseDate: 2025-08-08
    eoas: 2028-02-08
    eol: 2029-08-08
    link: https://example.test/17-18
  - releaseCycle: "17.17"
    releaseDate: 2025-03-31
    eoas: false
    eol: 2026-03-31
---
Text with --- in it.
"""


class TestEndOfLife:
    def test_a_page_of_a_system_tells_release_cycles(self) -> None:
        assert opened(PAGE)[0] == "endoflife.date"
        assert facts(PAGE) == [
            ReleaseCycle("ios-xe", "17.18", "2025-08-08", "2028-02-08", "2029-08-08", True, "https://example.test/17-18"),
            ReleaseCycle("ios-xe", "17.17", "2025-03-31", "", "2026-03-31"),
        ]

    def test_a_page_of_devices_tells_lifecycles(self) -> None:
        page = PAGE.replace("category: os", "category: device").replace(
            "eoas: 2028-02-08", "discontinued: 2028-02-08\n    releaseLabel: C9300-24T"
        )
        first, second = facts(page)
        assert first == Lifecycle(
            "C9300-24T", {"end_of_sale": "2028-02-08", "last_date_of_support": "2029-08-08"}, url="https://example.test/17-18"
        )
        assert isinstance(second, Lifecycle)
        assert second.pid == "17.17"

    def test_the_apis_answer_is_read_as_the_page_is(self) -> None:
        release = {"name": "17.18", "releaseDate": "2025-08-08", "eoasFrom": "2028-02-08", "eolFrom": "2029-08-08", "isLts": True}
        answer = {
            "schema_version": "1.2.0",
            "result": {"name": "cisco-ios-xe", "label": "Cisco IOS XE", "category": "os", "releases": [release]},
        }
        assert facts(answer) == [ReleaseCycle("ios-xe", "17.18", "2025-08-08", "2028-02-08", "2029-08-08", True)]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("---\ntitle: Cisco IOS XE\n---\n", "the page has no list `releases`"),
            ("---\ntitle: [\n---\n", "not YAML"),
            ("---\na: &x [1]\nreleases: [*x]\n---\n", "YAML with aliases is refused"),
            (PAGE.replace("Cisco IOS XE", "Debian"), "title: 'Debian' is no operating system that is judged"),
            ('{"schema_version": "1", "result": {"releases": [{"label": "x"}]}}', "not an answer of endoflife.date's API"),
            ("---\n" + "[" * 5_000, "YAML nested too deep|not YAML"),
        ],
    )
    def test_what_is_no_page_is_refused(self, text: str, reason: str) -> None:
        with pytest.raises(FileRefused, match=reason):
            opened(text)

    def test_a_release_that_is_wrong_is_refused_by_itself(self) -> None:
        page = PAGE.replace('"17.17"', '""').replace("releaseDate: 2025-08-08", "releaseDate: soon")
        assert [text.partition(";")[0] for text in refusals(page)] == [
            "releases[0].releaseDate: 'soon' is no date",
            "releases[1]: releaseCycle is empty",
        ]


class TestLifecycleTable:
    HEADER = (
        "pid,announced,end_of_sale,end_of_software_maintenance,end_of_vulnerability_support,last_date_of_support,replacement,bulletin,url"
    )

    def test_rows_are_lifecycles_and_blanks_are_nothing(self) -> None:
        form, _ = opened(f"{self.HEADER}\nWS-1,,2022-10-31,,,2027-10-31,C9200L-24T-4G,EOL14896,\n")
        assert form == "lifecycle-csv"
        assert facts(f"{self.HEADER}\nWS-1,,2022-10-31,,,2027-10-31,C9200L-24T-4G,EOL14896,\n") == [
            Lifecycle("WS-1", {"end_of_sale": "2022-10-31", "last_date_of_support": "2027-10-31"}, "C9200L-24T-4G", "EOL14896")
        ]

    def test_columns_may_be_few_and_in_any_order(self) -> None:
        assert facts("last_date_of_support,pid\n2027-10-31,WS-1=\n") == [Lifecycle("WS-1=", {"last_date_of_support": "2027-10-31"})]

    def test_a_row_that_is_wrong_is_refused_by_itself(self) -> None:
        text = "pid,end_of_sale\n,2022-10-31\nWS-1,next year\nWS-2,2022-10-31,more\nWS-3,2022-10-31\n"
        form, items = opened(text)
        assert (form, [item.fact is not None for item in items]) == ("lifecycle-csv", [False, False, False, True])

    def test_another_header_is_refused_with_the_headers_that_are_read(self) -> None:
        with pytest.raises(FileRefused, match=r"line 1: 'hostname,ip' is the header of no table.*cve,epss,percentile.*pid,announced"):
            opened("hostname,ip\na,b\n")
