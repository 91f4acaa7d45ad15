"""What every store of assessments must do. Subclass `AssessmentsContract` and give it the fixture `assessments`."""

from abc import abstractmethod
from dataclasses import replace

import pytest
from natvakt_server.domain.assessment import Assessment, AssessmentStore

NOW_NS = 1_800_000_000_000_000_000


def assessment(number: int, tenant: str = "acme") -> Assessment:
    return Assessment(
        id=f"a{number}",
        tenant=tenant,
        sites=("branch", "hq"),
        made_ns=NOW_NS + number,
        scores={"core": 71.2, "security": None},
        coverage={"core": 93.0},
        counts={"critical": 1, "high": 2},
        document=b"\x00signed\xff",
        inputs=b"frozen",
    )


class AssessmentsContract:
    @pytest.fixture
    @abstractmethod
    def assessments(self) -> AssessmentStore: ...

    def test_an_assessment_comes_back_to_the_byte(self, assessments: AssessmentStore) -> None:
        assessments.save(assessment(1))
        assert assessments.load("acme", "a1") == assessment(1)
        assert assessments.find("a1") == assessment(1)

    def test_what_was_signed_is_never_replaced(self, assessments: AssessmentStore) -> None:
        assessments.save(assessment(1))
        assessments.save(replace(assessment(1), document=b"other"))
        assert assessments.load("acme", "a1") == assessment(1)

    def test_promise_40_another_customers_assessment_is_not_there(self, assessments: AssessmentStore) -> None:
        assessments.save(assessment(1))
        assert assessments.load("beta", "a1") is None
        assert list(assessments.history("beta")) == []
        assert assessments.find("a2") is None

    def test_the_history_is_newest_first_and_light(self, assessments: AssessmentStore) -> None:
        for number in (1, 3, 2):
            assessments.save(assessment(number))
        history = assessments.history("acme", 2)
        assert [each.id for each in history] == ["a3", "a2"]
        assert history[0] == replace(assessment(3), document=b"", inputs=b"")
