"""Resume nonces: who may go on with an epoch, and how a clone, a snapshot and a restored server are told apart."""

import copy

import pytest
from natvakt_server.domain.delivery import BootClock
from testkit.gateway import HOUR_NS, SECOND_NS, AgentSide, Line, batch_message
from testkit.inbox import Crashed
from testkit.wire import AGENT, BOOT_ID, EPOCH, NOW_NS


@pytest.fixture
def agent() -> AgentSide:
    return AgentSide()


@pytest.fixture
def line(agent: AgentSide) -> Line:
    return Line(agent)


def test_a_new_epoch_is_registered_and_audited(line: Line, agent: AgentSide) -> None:
    line.open(agent)
    assert [(row.action, row.outcome) for row in line.audit.rows] == [("epoch-registered", "ok")]
    assert [state.epoch for state in line.inbox.sessions(AGENT)] == [EPOCH]


def test_each_session_hands_out_a_new_nonce(line: Line, agent: AgentSide) -> None:
    nonces = {line.open(agent).welcome.resume_nonce for _ in range(5)}
    assert len(nonces) == 5


def test_a_welcome_that_was_lost_is_said_again(line: Line, agent: AgentSide) -> None:
    line.open(agent)
    lost = line.open(agent, keep_nonce=True).welcome.resume_nonce
    again = line.open(agent)
    assert again.welcome.resume_nonce == lost
    assert line.open(agent).end is None


def test_a_hello_that_was_late_on_a_dead_connection_does_no_harm(line: Line, agent: AgentSide) -> None:
    line.open(agent)
    late = agent.hello()
    line.open(agent)
    line.connect(agent.peer).say(late)
    assert line.open(agent).end is None


def test_a_newer_stream_ends_the_one_before(line: Line, agent: AgentSide) -> None:
    first = line.open(agent)
    second = line.open(agent)
    line.pump()
    assert first.end is not None
    assert (first.end.status, first.end.detail.split(":")[0]) == ("ABORTED", "superseded")
    assert second.end is None


def test_promise_43_a_clone_is_fenced_and_the_agent_itself_goes_on(line: Line, agent: AgentSide) -> None:
    line.open(agent)
    clone = copy.copy(agent)
    clone.chain = dict(agent.chain)
    line.open(agent).say(batch_message(agent.envelope()))
    cloned = line.open(clone, keep_nonce=True)
    assert cloned.fenced
    assert "fenced" in line.audit.actions
    talk = line.open(agent)
    talk.say(batch_message(agent.envelope()))
    assert talk.acks == [(1, *agent.chain[1])]


def test_promise_43_a_machine_restored_from_an_old_snapshot_is_fenced(line: Line, agent: AgentSide) -> None:
    line.open(agent).say(batch_message(agent.envelope()))
    snapshot = (agent.nonce, dict(agent.chain))
    for _ in range(3):
        line.open(agent).say(batch_message(agent.envelope()))
    agent.nonce, agent.chain = snapshot
    assert line.open(agent, keep_nonce=True).fenced


def test_promise_43_a_snapshot_of_the_running_session_shows_at_its_first_contradiction(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    talk.say(batch_message(agent.envelope()))
    snapshot = dict(agent.chain)
    talk.say(batch_message(agent.envelope()), batch_message(agent.envelope()))
    agent.chain = snapshot
    restored = line.open(agent, keep_nonce=True)
    assert restored.fenced
    assert restored.end is not None
    assert "restored from a snapshot" in restored.end.detail


def test_promise_43_an_agent_whose_history_differs_at_the_mark_is_a_fork(line: Line, agent: AgentSide) -> None:
    line.open(agent).say(batch_message(agent.envelope()))
    agent.acked[1] = (1, bytes(32))
    assert line.open(agent, keep_nonce=True).fenced
    agent.acked.clear()
    assert line.open(agent, keep_nonce=True).fenced


def test_promise_27_a_server_restored_from_a_backup_shows_its_older_marks_and_gets_the_rest_again(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    envelopes = [agent.envelope()]
    talk.say(batch_message(envelopes[0]))
    backup = copy.deepcopy((line.inbox.rows, line.inbox.lane_marks, line.inbox.digests, line.inbox.session_states))
    for _ in range(3):
        envelopes.append(agent.envelope())
        line.open(agent).say(batch_message(envelopes[-1]))
    agent.acked[1] = (4, envelopes[3].digest)
    line.inbox.rows, line.inbox.lane_marks, line.inbox.digests, line.inbox.session_states = backup
    line.restart()

    talk = line.open(agent)
    assert [(mark.through_seq, mark.digest) for mark in talk.welcome.marks] == [(1, envelopes[0].digest)]
    assert "server-behind" in line.audit.actions
    talk.say(*map(batch_message, envelopes[1:]))
    assert talk.acks == [(1, 4, envelopes[3].digest)]


def test_promise_27_what_the_agent_no_longer_has_is_declared_lost_by_a_gap(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    envelopes = [agent.envelope() for _ in range(4)]
    agent.acked[1] = (3, envelopes[2].digest)
    talk = line.open(agent)
    assert "server-behind" in line.audit.actions
    talk.say(agent.gap(envelopes[:3]), batch_message(envelopes[3]))
    assert talk.acks == [(1, 4, envelopes[3].digest)]


def test_promise_27_an_epoch_that_the_restored_server_never_saw_is_taken_up(line: Line, agent: AgentSide) -> None:
    line.open(agent)
    line.inbox.session_states.clear()
    assert line.open(agent).end is None
    assert line.open(agent).end is None
    assert "server-behind" in line.audit.actions


@pytest.mark.parametrize("place", ["put_session.before-commit", "put_session.after-commit"])
def test_a_crash_while_a_session_begins_locks_no_honest_agent_out(line: Line, agent: AgentSide, place: str) -> None:
    def crash(reached: str) -> None:
        if reached == place:
            raise Crashed(place)

    line.open(agent)
    line.inbox.crash = crash
    with pytest.raises(Crashed):
        line.open(agent)
    line.inbox.crash = lambda _place: None
    line.restart()
    talk = line.open(agent)
    talk.say(batch_message(agent.envelope()))
    assert talk.acks == [(1, *agent.chain[1])]


def test_two_gateways_that_begin_for_one_agent_at_once_agree_on_one_nonce(line: Line, agent: AgentSide) -> None:
    line.open(agent)
    put = line.inbox.put_session
    raced = []

    def put_after_somebody_else(state, expected_nonce):
        if not raced:
            raced.append(True)
            other = line.inbox.session_states[AGENT, EPOCH]
            line.inbox.session_states[AGENT, EPOCH] = type(other)(AGENT, EPOCH, other.nonce[:-1] + b"x", other.nonce)
        return put(state, expected_nonce)

    line.inbox.put_session = put_after_somebody_else
    talk = line.open(agent)
    assert talk.welcome.resume_nonce == line.inbox.session_states[AGENT, EPOCH].nonce
    assert talk.welcome.resume_nonce.endswith(b"x")


def test_promise_19_the_skew_of_the_agents_clock_is_kept_and_its_boot_dated_by_the_nearer_clock(line: Line, agent: AgentSide) -> None:
    talk = line.connect(agent.peer)
    talk.say(agent.hello())
    assert line.inbox.boot_clock(AGENT, BOOT_ID) == BootClock(AGENT, BOOT_ID, NOW_NS - 50 * SECOND_NS, "agent")
    agent.nonce = talk.welcome.resume_nonce
    hello = agent.hello(wall_ns=NOW_NS - HOUR_NS)
    line.connect(agent.peer).say(hello)
    assert line.inbox.boot_clock(AGENT, BOOT_ID) == BootClock(AGENT, BOOT_ID, NOW_NS - 50 * SECOND_NS, "server")
    assert [state.skew_ns for state in line.inbox.sessions(AGENT)] == [-HOUR_NS]
