"""What no device tells, handed in at the console: contracts, answers, limits. What is refused names place, value and way out."""

import html
from datetime import date

import pytest
from natvakt_server.domain.acceptance import AcceptedFinding
from natvakt_server.domain.answers import GivenAnswer
from natvakt_server.domain.contracts import ServiceContract
from natvakt_server.domain.policy import CustomerPolicy
from natvakt_server.domain.registry import Role
from natvakt_server.domain.rights import Grant
from natvakt_server.domain.rights import Role as Part
from natvakt_server.reports.signing import signed
from testkit.console import NOW_NS, Browser, ConsoleHouse, of_tenant, renamed
from testkit.report import assessed, device, evidence, signer
from testkit.two_customers import add_granted
from werkzeug.test import TestResponse

PAGE = "/customers/acme/papers"
LIST = "serial,number,ends_on,service\nfnv1,205,2027-06-30,8x5xNBD\nFNV2,206,,\n"
QUESTION = "voice.emergency.routing"


def shown(browser: Browser, path: str = PAGE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def refused(answer: TestResponse) -> str:
    assert answer.status_code == 422
    return html.unescape(answer.text)


@pytest.fixture
def gateway(house: ConsoleHouse) -> str:
    """A call server whose newest report waits for somebody to try the emergency number. Answers its id."""
    device_id = house.tell("acme-hq-cucm", {"device": [{"name": "hq-cucm", "serial": "S1", "os": "ucos"}]})
    made_ns = house.clock.now_ns - 3_600_000_000_000
    what = of_tenant(evidence(device("hq-cucm", id=device_id, role=Role.CALL_SERVER), as_of_ns=made_ns), "acme")
    house.save(signed(renamed(assessed(what), house.ids()), signer().sign), made_ns)
    return device_id


class TestContracts:
    def test_a_list_is_given_shown_and_forgotten(self, house: ConsoleHouse, engineer: Browser) -> None:
        assert "Nobody has given a list" in shown(engineer)
        answer = engineer.post("/customers/acme/contracts", {"list": LIST}, form_on=PAGE)
        assert answer.status_code == 303
        kept = house.papers.contracts("acme")
        assert kept is not None
        assert list(kept.contracts) == [ServiceContract("FNV1", "205", date(2027, 6, 30), "8x5xNBD"), ServiceContract("FNV2", "206")]
        assert kept.by == house.engineer.display_name
        page = shown(engineer)
        assert "FNV1" in page
        assert "2027-06-30" in page
        assert "FNV2" in shown(engineer, f"{PAGE}?csv=contracts")
        engineer.post("/customers/acme/contracts/withdrawal", form_on=PAGE)
        assert house.papers.contracts("acme") is None
        assert [entry.action for entry in house.audit.entries(limit=2)] == ["contract-forget", "contract-import"]

    @pytest.mark.parametrize(
        ("text", "english", "swedish"),
        [
            ("", "The list is empty: its first line names the columns", "Listan är tom: dess första rad namnger kolumnerna"),
            (
                "a,b\n1,2\n",
                "Line 1: no column serial among 'a', 'b'; call it one of",
                "Rad 1: ingen kolumn serial bland 'a', 'b'; kalla den",
            ),
            (
                "serial,number,ends_on\nF1,2,soon\n",
                "Line 2: ends_on “soon” is no day; write it as 2027-06-30.",
                "Rad 2: ends_on ”soon” är ingen dag; skriv den som 2027-06-30.",
            ),
            ("serial,number\nF1,\n", "Line 2: number is empty; fill it in", "Rad 2: number är tomt; fyll i det"),
        ],
    )
    def test_a_list_that_is_none_is_refused_in_the_readers_language(
        self, house: ConsoleHouse, engineer: Browser, text: str, english: str, swedish: str
    ) -> None:
        page = refused(engineer.post("/customers/acme/contracts", {"list": text}, form_on=PAGE))
        assert english in page
        assert "Nothing was changed." in page
        assert text.strip().splitlines()[-1:] == [] or text.strip().splitlines()[-1] in page, "what was typed stands there again"
        assert house.papers.contracts("acme") is None
        engineer.post("/preferences", {"language": "sv", "back": "/"}, form_on=PAGE)
        assert swedish in refused(engineer.post("/customers/acme/contracts", {"list": text}, form_on=PAGE))


class TestAnswers:
    def test_what_waits_is_answered_and_taken_back(self, house: ConsoleHouse, engineer: Browser, gateway: str) -> None:
        page = shown(engineer)
        assert "hq-cucm" in page
        assert QUESTION in page
        assert "waits" in page
        fields = {"question": f"{QUESTION} {gateway}", "holds": "yes", "by": "Anna Ek", "remark": "called 112 from each site"}
        assert engineer.post("/customers/acme/answers", fields, form_on=PAGE).status_code == 303
        given = GivenAnswer("acme", QUESTION, gateway, True, NOW_NS, "Anna Ek", "called 112 from each site")
        assert list(house.papers.answers("acme")) == [given]
        assert "Anna Ek" in shown(engineer)
        engineer.post("/customers/acme/answers/withdrawal", {"question": fields["question"]}, form_on=PAGE)
        assert list(house.papers.answers("acme")) == []

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"holds": "maybe", "by": "Anna"}, "Choose whether all is well: “maybe” is no answer."),
            ({"holds": "yes", "by": " "}, "Nobody is named who found it out"),
            ({"holds": "no", "by": "Anna", "remark": "x" * 501}, "The remark has 501 characters; write at most 500."),
        ],
    )
    def test_an_answer_that_is_none_is_refused(
        self, house: ConsoleHouse, engineer: Browser, gateway: str, fields: dict[str, str], says: str
    ) -> None:
        answer = engineer.post("/customers/acme/answers", {"question": f"{QUESTION} {gateway}", **fields}, form_on=PAGE)
        assert says in refused(answer)
        assert list(house.papers.answers("acme")) == []

    def test_nobody_answers_what_was_not_asked(self, house: ConsoleHouse, engineer: Browser, gateway: str) -> None:
        for question in ("", "core.cpu.load x", f"core.cpu.load {gateway}", QUESTION):
            fields = {"question": question, "holds": "yes", "by": "Anna"}
            assert engineer.post("/customers/acme/answers", fields, form_on=PAGE).status_code == 404
        assert list(house.papers.answers("acme")) == []


class TestPolicy:
    def test_limits_and_servers_are_kept_and_shown(self, house: ConsoleHouse, engineer: Browser) -> None:
        fields = {
            "strict": "yes",
            "exec_timeout_minutes": "15",
            "capacity.poe.share": "0,9",
            "time_servers": "10.1.0.61\n10.1.0.62",
            "management_networks": "10.1.9.0/24",
        }
        assert engineer.post("/customers/acme/policy", fields, form_on=PAGE).status_code == 303
        assert house.papers.policy("acme") == CustomerPolicy(
            "acme",
            {"strict": 1.0, "exec_timeout_minutes": 15.0, "capacity.poe.share": 0.9},
            {"time_servers": ("10.1.0.61", "10.1.0.62"), "management_networks": ("10.1.9.0/24",)},
            NOW_NS,
            house.engineer.display_name,
        )
        page = shown(engineer)
        assert 'value="15"' in page
        assert "10.1.0.61\n10.1.0.62</textarea>" in page
        assert 'value="yes" checked' in page
        engineer.post("/customers/acme/policy", {"exec_timeout_minutes": "10"}, form_on=PAGE)
        emptied = house.papers.policy("acme")
        assert emptied is not None
        assert (emptied.numbers, emptied.places) == ({}, {}), "the default is not kept as a choice"

    @pytest.mark.parametrize(
        ("fields", "english", "swedish"),
        [
            (
                {"exec_timeout_minutes": "ten"},
                "Idle sessions end after (minutes): “ten” is no number; write one such as 10, or nothing.",
                "Overksamma sessioner slutar efter (minuter): ”ten” är inget tal; skriv ett som 10, eller inget.",
            ),
            (
                {"capacity.poe.share": "90"},
                "PoE allocated, share of the budget: “90” is not between 0 and 1; the default is 0.85.",
                "PoE tilldelat, andel av budgeten: ”90” är inte mellan 0 och 1; standard är 0,85.",
            ),
            (
                {"time_servers": "10.1.0.61\nntp.acme.example"},
                "Time servers, line 2: “ntp.acme.example” is no address; write one such as 10.1.0.61.",
                "Tidsservrar, rad 2: ”ntp.acme.example” är ingen adress; skriv en som 10.1.0.61.",
            ),
        ],
    )
    def test_what_is_no_limit_is_refused_with_place_value_and_way_out(
        self, house: ConsoleHouse, engineer: Browser, fields: dict[str, str], english: str, swedish: str
    ) -> None:
        page = refused(engineer.post("/customers/acme/policy", fields, form_on=PAGE))
        assert english in page
        assert next(iter(fields.values())) in page
        assert house.papers.policy("acme") is None
        engineer.post("/preferences", {"language": "sv", "back": "/"}, form_on=PAGE)
        assert swedish in refused(engineer.post("/customers/acme/policy", fields, form_on=PAGE))

    def test_who_may_judge_may_not_set_what_is_judged_by(self, house: ConsoleHouse) -> None:
        consultant = house.browser(add_granted(house, "cora", Grant(Part.CONSULTANT, "acme")))
        assert '<fieldset class="fields" disabled>' in shown(consultant)
        assert consultant.post("/customers/acme/policy", {"exec_timeout_minutes": "5"}, form_on=PAGE).status_code in (403, 404)
        assert house.papers.policy("acme") is None
        assert consultant.post("/customers/acme/contracts", {"list": LIST}, form_on=PAGE).status_code == 303


def test_what_the_customer_lives_with_is_listed(house: ConsoleHouse, engineer: Browser) -> None:
    assert "None is accepted." in shown(engineer)
    accepted = AcceptedFinding("acme", "f1", date(2027, 1, 1), "moves in May", "Bo Berg", NOW_NS, "core.link.duplex", "hq-acc1", "Gi1/0/48")
    house.acceptances.accept(accepted)
    page = shown(engineer)
    for text in ("core.link.duplex", "hq-acc1", "Gi1/0/48", "2027-01-01", "moves in May", "Bo Berg"):
        assert text in page
