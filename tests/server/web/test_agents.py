"""Agents: how they are, and a scan now."""

import pytest
from natvakt_server.domain.commands import SCAN_NOW
from natvakt_server.domain.identity import AgentState
from testkit.console import Browser, ConsoleHouse


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "state-ok"),
        ({"seen_ago_seconds": 3600}, "not heard within ten minutes"),
        ({"state": AgentState.AWAITING_APPROVAL}, "awaits approval: natvakt-server agent approve"),
        ({"state": AgentState.FENCED}, "fenced: two of the same were seen"),
        ({"state": AgentState.REVOKED}, "revoked"),
        ({"certificate_not_after_ns": 1}, "its certificate is over"),
    ],
)
def test_an_agent_is_shown_with_what_is_the_matter(house: ConsoleHouse, owner: Browser, changes: dict[str, object], said: str) -> None:
    house.add_agent(**changes)  # type: ignore[arg-type]
    assert said in owner.get("/agents/agent-1").text
    assert "Acme AB / hq" in owner.get("/agents").text


@pytest.mark.parametrize(("skew", "said"), [(0.2, "the same"), (90, "1\u00a0min 30\u00a0s ahead"), (-7200, "2\u00a0h behind")])
def test_the_clock_is_compared_with_the_servers(house: ConsoleHouse, owner: Browser, skew: float, said: str) -> None:
    house.add_agent()
    house.add_session("agent-1", skew)
    assert said in owner.get("/agents/agent-1").text


def test_the_list_filters_by_identity_and_exports(house: ConsoleHouse, owner: Browser) -> None:
    house.add_agent("agent-1")
    house.add_agent("agent-2", site="branch", state=AgentState.REVOKED)
    assert "Acme AB / branch" not in owner.get("/agents?agents-identity=active").text
    assert owner.get("/agents?csv=agents").mimetype == "text/csv"


def test_an_agent_that_does_not_exist_is_not_found(owner: Browser) -> None:
    assert owner.get("/agents/nothing").status_code == 404
    assert owner.post("/agents/nothing/scan").status_code == 404


def test_no_agent_yet_names_the_next_command(owner: Browser) -> None:
    assert "natvakt-server token issue TENANT/SITE" in owner.get("/agents").text


def test_scan_now_leaves_a_command_with_an_end(house: ConsoleHouse, engineer: Browser) -> None:
    house.add_agent()
    assert engineer.post("/agents/agent-1/scan").location == "/agents/agent-1"
    command = house.commands.waiting_commands("agent-1", house.clock.now_ns)[0]
    assert (command.verb, command.tenant, command.not_after_ns - house.clock.now_ns) == (SCAN_NOW, "acme", 600 * 1_000_000_000)
    assert house.audited("scan-asked") == [("user:erik", "agent:agent-1", "ok")]
    assert "the agent has not answered yet" in engineer.get("/agents/agent-1").text


def test_pressing_twice_asks_once(house: ConsoleHouse, engineer: Browser) -> None:
    house.add_agent()
    for _ in range(2):
        engineer.post("/agents/agent-1/scan")
    assert len(house.commands.waiting_commands("agent-1", house.clock.now_ns)) == 1


@pytest.mark.parametrize("state", [AgentState.REVOKED, AgentState.AWAITING_APPROVAL, AgentState.FENCED])
def test_only_an_active_agent_can_be_asked(house: ConsoleHouse, engineer: Browser, state: AgentState) -> None:
    house.add_agent(state=state)
    assert engineer.post("/agents/agent-1/scan").status_code == 404
    assert "Scan now" not in engineer.get("/agents/agent-1").text
