"""Lists of service contracts and people's answers, over both databases."""

from dataclasses import replace
from datetime import date

import pytest
from natvakt_server.domain.answers import GivenAnswer, NotAnAnswer, checked
from natvakt_server.domain.contracts import ContractList, ServiceContract
from natvakt_server.domain.policy import CustomerPolicy
from natvakt_server.store.estate.papers import SqlPapers

COVERED = ServiceContract("FNV1", "205", date(2027, 6, 30), "8x5xNBD")
ANSWER = GivenAnswer("acme", "voice.phone.power", "device-1", True, 7, "Anna Ek", "UPS in the rack")


def test_no_list_is_not_an_empty_list(engine):
    papers = SqlPapers(engine)
    assert papers.contracts("acme") is None
    papers.put_contracts("acme", ContractList([], 5, "cli"))
    assert papers.contracts("acme") == ContractList([], 5, "cli")


def test_a_list_replaces_the_one_before_within_its_customer(engine):
    papers = SqlPapers(engine)
    papers.put_contracts("acme", ContractList([COVERED, ServiceContract("FNV2", "206")], 5, "cli"))
    papers.put_contracts("beta", ContractList([COVERED], 6, "cli"))
    papers.put_contracts("acme", ContractList([ServiceContract("FNV3", "207")], 8, "anna\x00ek"))
    assert papers.contracts("acme") == ContractList([ServiceContract("FNV3", "207")], 8, "anna ek")
    assert papers.contracts("beta") == ContractList([COVERED], 6, "cli")
    assert papers.forget_contracts("acme")
    assert not papers.forget_contracts("acme")
    assert papers.contracts("acme") is None


def test_an_answer_is_kept_replaced_and_withdrawn_within_its_customer(engine):
    papers = SqlPapers(engine)
    papers.give(ANSWER)
    later = replace(ANSWER, holds=False, given_ns=9)
    papers.give(later)
    assert papers.answers("acme") == [later]
    assert papers.answers("beta") == []
    assert not papers.withdraw_answer("beta", ANSWER.rule, ANSWER.device)
    assert papers.withdraw_answer("acme", ANSWER.rule, ANSWER.device)
    assert papers.answers("acme") == []


@pytest.mark.parametrize(("wrong", "says"), [({"by": " "}, "nobody is named"), ({"remark": "x" * 501}, "remark has 501")])
def test_an_answer_counts_in_somebodys_name(wrong, says):
    with pytest.raises(NotAnAnswer, match=says):
        checked(replace(ANSWER, **wrong))
    assert checked(ANSWER) is ANSWER


def test_what_a_customer_sets_otherwise_replaces_what_it_set_before(engine):
    papers = SqlPapers(engine)
    assert papers.policy("acme") is None
    first = CustomerPolicy("acme", {"strict": 1.0}, {"time_servers": ("10.1.0.61", "10.1.0.62")}, 5, "erik")
    papers.put_policy(first)
    assert papers.policy("acme") == first
    papers.put_policy(CustomerPolicy("acme", {}, {}, 6, "olga"))
    assert papers.policy("acme") == CustomerPolicy("acme", {}, {}, 6, "olga")
    assert papers.policy("beta") is None
