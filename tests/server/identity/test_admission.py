"""Who is denied, and how many returns a site has."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.identity.admission import RevocationReason, denied_agents, refusal_of
from natvakt_server.identity.site_limit import SlidingLimit
from testkit.wire import AGENT

ACTIVE = AgentRecord(AGENT, "acme", "hq", AgentState.ACTIVE, 0)


def test_promise_60_every_state_but_active_is_denied_with_its_reason():
    reasons = {state: refusal_of(replace(ACTIVE, state=state, detail="why")) for state in AgentState}
    assert reasons == {
        AgentState.ACTIVE: None,
        AgentState.AWAITING_APPROVAL: "awaiting approval",
        AgentState.REVOKED: "revoked: why",
        AgentState.FENCED: "fenced: why",
    }
    assert refusal_of(None) == "unknown agent"


def test_promise_60_the_deny_set_names_exactly_those():
    agents = [replace(ACTIVE, id=state.value, state=state) for state in AgentState]
    assert set(denied_agents(agents)) == {state.value for state in AgentState if state is not AgentState.ACTIVE}


def test_a_reason_is_the_first_word_of_what_is_recorded():
    assert RevocationReason.KEY_COMPROMISE.value == "key-compromise"


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 20)), max_size=60), st.integers(1, 4), st.integers(1, 15))
def test_no_window_ever_holds_more_than_its_count(steps, count, span):
    limit, now, passed = SlidingLimit(count, span), 0, []
    for key, later in steps:
        now += later
        recent = [at for other, at in passed if other == key and at > now - span]
        assert limit.allow(key, now) == (len(recent) < count)
        if len(recent) < count:
            passed.append((key, now))
