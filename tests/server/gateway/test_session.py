"""A session as its agent meets it: Hello, Welcome, acks after commits, and every way of being sent away."""

from dataclasses import replace

import pytest
from natvakt_server.domain.identity import AgentState
from natvakt_server.gateway.pacing import Rate
from natvakt_server.gateway.session import SessionLimits
from natvakt_wire.envelope import Header
from natvakt_wire.ids import uuid7
from natvakt_wire.v1 import uplink_pb2
from testkit.gateway import DAY_NS, AgentSide, Line, batch_message
from testkit.inbox import Crashed
from testkit.wire import EPOCH, NOW_NS, seeded_random

OTHER = uuid7(NOW_NS, seeded_random(2))


@pytest.fixture
def agent() -> AgentSide:
    return AgentSide()


@pytest.fixture
def line(agent: AgentSide) -> Line:
    return Line(agent)


def test_hello_is_answered_with_nonce_marks_and_window(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    talk.say(batch_message(agent.envelope()))
    line.gateway.disconnect(talk.session)
    welcome = line.open(agent).welcome
    assert [(mark.lane, mark.through_seq, mark.digest) for mark in welcome.marks] == [(1, *agent.chain[1])]
    assert (welcome.window_batches, welcome.window_bytes) == (32, 8 * 1024 * 1024)
    assert welcome.resume_nonce != b""


def test_one_ack_stands_for_all_that_was_committed_together(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    envelopes = [agent.envelope() for _ in range(5)]
    commits = line.tally["commits"]
    talk.say(*map(batch_message, envelopes))
    assert talk.acks == [(1, 5, envelopes[-1].digest)]
    assert line.tally["commits"] == commits + 1


def test_many_agents_share_a_commit(agent: AgentSide) -> None:
    other = AgentSide(OTHER, seed=2, tenant="beta")
    line = Line(agent, other)
    talks = [line.open(agent), line.open(other)]
    for talk, side in zip(talks, (agent, other), strict=True):
        talk.session.receive(batch_message(side.envelope()))
    line.pump()
    assert [len(talk.acks) for talk in talks] == [1, 1]
    assert line.tally["commits"] == 1


def test_promise_5_when_every_ack_is_lost_the_ledger_answers_and_nothing_doubles(line: Line, agent: AgentSide) -> None:
    envelopes = [agent.envelope() for _ in range(3)]
    for _ in range(4):
        talk = line.open(agent)
        talk.say(*map(batch_message, envelopes))
        assert talk.acks == [(1, 3, envelopes[-1].digest)]
        line.gateway.disconnect(talk.session)
    assert len(line.inbox.rows) == 3


@pytest.mark.parametrize("place", ["receive.torn", "receive.before-commit", "receive.after-commit"])
def test_promise_9_no_ack_leaves_before_the_commit_and_a_resend_makes_one_ledger_row(line: Line, agent: AgentSide, place: str) -> None:
    def crash(reached: str) -> None:
        if reached == place:
            raise Crashed(place)

    talk = line.open(agent)
    envelope = agent.envelope()
    line.inbox.crash = crash
    with pytest.raises(Crashed):
        talk.say(batch_message(envelope))
    assert talk.acks == []
    line.inbox.crash = lambda _place: None
    line.restart()
    again = line.open(agent)
    again.say(batch_message(envelope))
    assert again.acks == [(1, 1, envelope.digest)]
    assert len(line.inbox.rows) == 1


def test_promise_9_while_the_database_is_away_every_batch_is_sent_back_to_the_agent(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    envelope = agent.envelope()
    line.inbox.away = True
    talk.say(batch_message(envelope))
    assert (talk.acks, talk.nacks) == ([], [(1, "RETRY_AFTER")])
    line.inbox.away = False
    talk.say(batch_message(envelope))
    assert talk.acks == [(1, 1, envelope.digest)]


def test_a_hello_while_the_database_is_away_is_sent_away_for_a_while(line: Line, agent: AgentSide) -> None:
    line.inbox.away = True
    talk = line.connect(agent.peer)
    talk.say(agent.hello())
    assert talk.end is not None
    assert (talk.end.status, talk.end.retry_after_ms >= 2000) == ("UNAVAILABLE", True)


def test_promise_24_beyond_the_inbox_quota_batches_stay_with_the_agent_and_pass_later(agent: AgentSide) -> None:
    line = Line(agent)
    talk = line.open(agent)
    first, second, third = (agent.envelope() for _ in range(3))
    line.quota = len(first.to_bytes()) + 10
    talk.say(*map(batch_message, (first, second, third)))
    assert talk.acks == [(1, 1, first.digest)]
    assert talk.nacks == [(2, "QUOTA"), (3, "QUOTA")]
    assert all(message.nack.retry_after_ms >= 60_000 for message in talk.sent if message.HasField("nack"))
    line.work()
    talk.say(batch_message(second))
    line.work()
    talk.say(batch_message(third))
    assert talk.acks[-1] == (1, 3, third.digest)


def test_promise_24_a_gap_passes_a_full_inbox(agent: AgentSide) -> None:
    line = Line(agent, quota=1)
    talk = line.open(agent)
    dropped = [agent.envelope() for _ in range(3)]
    talk.say(agent.gap(dropped))
    assert talk.acks == [(1, 3, dropped[-1].digest)]


def test_promise_40_the_certificate_says_who_speaks_whatever_the_header_says(line: Line, agent: AgentSide) -> None:
    for claimed in ({"tenant": "beta"}, {"site": "branch"}, {"agent": OTHER}):
        talk = line.open(agent)
        talk.say(batch_message(agent.envelope(**claimed)))
        agent.chain.clear()
        assert talk.end is not None
        assert talk.end.status == "PERMISSION_DENIED"
        assert line.audit.rows[-1].action == "identity-mismatch"
        assert line.audit.rows[-1].tenant == "acme"
    assert line.inbox.rows == {}


def test_promise_41_the_first_wins_and_the_epoch_is_refused_until_a_new_one_is_approved(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    first = agent.envelope()
    talk.say(batch_message(first))
    agent.chain.clear()
    talk.say(batch_message(agent.envelope()))
    assert talk.nacks == [(1, "FORK")]
    assert talk.fenced
    assert "fork" in line.audit.actions
    assert [row.incoming.digest for row in line.inbox.rows.values()] == [first.digest]

    assert line.open(agent).fenced
    fresh = AgentSide(epoch=bytes(15) + b"n")
    assert line.open(fresh).fenced
    assert line.inbox.approve_epoch(agent.name[2]) == 1
    assert line.open(agent).fenced
    assert line.open(fresh).end is None


def test_promise_41_an_old_envelope_again_is_acked_again_and_changes_nothing(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    envelopes = [agent.envelope() for _ in range(3)]
    talk.say(*map(batch_message, envelopes))
    talk.say(batch_message(envelopes[0]))
    assert talk.acks[-1] == (1, 3, envelopes[-1].digest)
    assert len(line.inbox.rows) == 3


@pytest.mark.parametrize("seq", [34, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_promise_42_a_seq_beyond_the_window_is_refused_without_change(line: Line, agent: AgentSide, seq: int) -> None:
    talk = line.open(agent)
    talk.say(batch_message(agent.envelope(seq=seq)))
    assert talk.end is not None
    assert talk.end.status == "OUT_OF_RANGE"
    assert "out-of-window" in line.audit.actions
    assert line.inbox.rows == {}
    assert line.inbox.lane_marks == {}


def test_promise_42_a_seq_ahead_within_the_window_waits_for_the_one_before(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    first, second = agent.envelope(), agent.envelope()
    talk.say(batch_message(second))
    assert (talk.acks, talk.nacks) == ([], [(2, "RETRY_AFTER")])
    talk.say(batch_message(first), batch_message(second))
    assert talk.acks == [(1, 2, second.digest)]


def test_promise_42_a_batch_of_another_epoch_than_the_sessions_is_refused(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    talk.say(batch_message(agent.envelope(epoch=bytes(16))))
    assert talk.end is not None
    assert (talk.end.status, line.audit.actions[-1], line.inbox.rows) == ("OUT_OF_RANGE", "wrong-epoch", {})


def test_promise_44_what_is_too_large_or_no_header_is_refused_before_anything_is_read(line: Line, agent: AgentSide) -> None:
    good = agent.envelope()
    for envelope in (
        replace(good, ciphertext=bytes(256 * 1024)),
        replace(good, header=bytes(5000)),
        replace(good, header=good.header[:-1]),
        replace(good, signature=b""),
    ):
        talk = line.open(agent)
        talk.say(batch_message(envelope))
        assert talk.end is not None
        assert (talk.end.status, line.audit.actions[-1]) == ("INVALID_ARGUMENT", "malformed")
    assert line.inbox.rows == {}


def test_promise_45_a_signature_that_is_not_this_agents_is_refused_and_audited(agent: AgentSide) -> None:
    other = AgentSide(OTHER, seed=2)
    line = Line(agent, other)
    good = agent.envelope()
    forger = AgentSide(agent.name[2], seed=2)
    swapped = Header.decode(good.header)
    for envelope, action in (
        (forger.envelope(), "unknown-signer"),
        (replace(good, signature=bytes(64)), "bad-signature"),
        (replace(good, ciphertext=good.ciphertext[:-1] + b"x"), "bad-signature"),
        (replace(good, header=replace(swapped, lane=2).encode()), "bad-signature"),
    ):
        talk = line.open(agent)
        talk.say(batch_message(envelope))
        assert talk.end is not None
        assert (talk.end.status, line.audit.actions[-1]) == ("PERMISSION_DENIED", action)
    assert line.inbox.rows == {}


def test_what_is_authentic_but_unworkable_is_poison_stored_once_and_the_lane_goes_on(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    poison, good = agent.envelope(schema=99), agent.envelope()
    talk.say(batch_message(poison), batch_message(good))
    assert talk.nacks == [(1, "POISON")]
    assert next(message.nack.digest for message in talk.sent if message.HasField("nack")) == poison.digest
    assert talk.acks == [(1, 2, good.digest)]
    assert [(entry.seq, entry.reason[:9]) for entry in line.inbox.quarantined("acme")] == [(1, "schema 99")]
    assert "poison" in line.audit.actions


def test_promise_11_a_gap_is_acked_with_the_digest_of_the_last_dropped_batch(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    dropped = [agent.envelope() for _ in range(3)]
    following = agent.envelope()
    talk.say(agent.gap(dropped))
    assert talk.acks == [(1, 3, dropped[-1].digest)]
    talk.say(batch_message(following))
    assert talk.acks[-1] == (1, 4, following.digest)
    assert [(gap.first_seq, gap.last_seq) for gap in line.inbox.gaps("acme")] == [(1, 3)]


def test_a_forged_gap_is_refused(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    message = agent.gap([agent.envelope()])
    message.gap.signature = bytes(64)
    talk.say(message)
    assert talk.end is not None
    assert (talk.end.status, line.inbox.rows) == ("PERMISSION_DENIED", {})


def test_promise_48_a_captured_stream_played_again_has_no_new_effect(line: Line, agent: AgentSide) -> None:
    captured = [agent.hello(), *(batch_message(agent.envelope()) for _ in range(2))]
    first = line.connect(agent.peer)
    first.say(captured[0])
    first.say(*captured[1:])
    line.work()
    points, rows = dict(line.series.points), len(line.inbox.rows)
    replayed = line.connect(agent.peer)
    for message in captured:
        replayed.say(message)
    line.work()
    assert replayed.fenced
    assert (line.series.points, len(line.inbox.rows)) == (points, rows)


def test_promise_49_an_ack_names_epoch_lane_seq_and_the_digest_of_what_was_stored(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    envelope = agent.envelope()
    talk.say(batch_message(envelope))
    (ack,) = [message.ack for message in talk.sent if message.HasField("ack")]
    assert (ack.epoch, ack.lane, ack.through_seq, ack.digest) == (EPOCH, 1, 1, envelope.digest)


def test_promise_60_a_revoked_agent_is_cut_at_the_next_tick_and_its_next_message_is_not_stored(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    line.directory.set_state(agent.name[2], AgentState.REVOKED, "stolen")
    line.admission.replace(line.directory.refused())
    line.tick(1)
    assert talk.end is not None
    assert (talk.end.status, talk.nacks) == ("UNAUTHENTICATED", [(0, "REVOKED")])
    assert "session-cut" in line.audit.actions
    again = line.open(agent)
    assert again.end is not None
    assert again.end.detail.startswith("revoked")


def test_promise_60_revocation_is_asked_for_at_every_message_without_waiting_for_a_tick(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    line.admission.replace({}, {agent.peer.fingerprint: "certificate revoked"})
    talk.say(batch_message(agent.envelope()))
    assert talk.nacks == [(0, "REVOKED")]
    assert line.inbox.rows == {}


def test_promise_61_a_stream_ends_when_its_certificate_does(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    line.tick(DAY_NS / 1e9 - 1)
    assert talk.end is None
    line.tick(1)
    assert talk.end is not None
    assert talk.end.detail.startswith("certificate-expired")


def test_promise_61_expiry_is_seen_at_a_message_before_any_tick(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    line.clock.wall += DAY_NS
    talk.say(batch_message(agent.envelope()))
    assert talk.end is not None
    assert line.inbox.rows == {}


@pytest.mark.parametrize("state", [AgentState.AWAITING_APPROVAL, AgentState.REVOKED, AgentState.FENCED])
def test_an_agent_that_is_not_active_gets_no_session(line: Line, agent: AgentSide, state: AgentState) -> None:
    line.directory.set_state(agent.name[2], state)
    talk = line.open(agent)
    assert talk.end is not None
    assert talk.end.status == "UNAUTHENTICATED"
    assert line.inbox.session_states == {}


def test_an_agent_that_is_registered_elsewhere_gets_no_session(line: Line, agent: AgentSide) -> None:
    talk = line.connect(replace(agent.peer, tenant="beta"))
    talk.say(agent.hello())
    assert talk.end is not None
    assert "not registered for this site" in talk.end.detail


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"protocol": 2}, "protocol 2"),
        ({"epoch": b"short"}, "epoch has 5"),
        ({"boot_id": b""}, "boot id has 0"),
        ({"resume_nonce": bytes(100)}, "resume nonce has 100"),
    ],
)
def test_a_hello_that_cannot_be_right_is_refused_with_the_reason(
    line: Line, agent: AgentSide, changes: dict[str, object], reason: str
) -> None:
    talk = line.connect(agent.peer)
    talk.say(agent.hello(**changes))
    assert talk.end is not None
    assert reason in talk.end.detail


def test_anything_before_hello_and_a_second_hello_end_the_stream(line: Line, agent: AgentSide) -> None:
    early = line.connect(agent.peer)
    early.say(batch_message(agent.envelope()))
    twice = line.open(agent)
    twice.say(agent.hello())
    for talk in (early, twice):
        assert talk.end is not None
        assert talk.end.detail.startswith("protocol")


def test_a_peer_that_says_nothing_is_sent_away(line: Line, agent: AgentSide) -> None:
    talk = line.connect(agent.peer)
    line.tick(14)
    assert talk.end is None
    line.tick(1)
    assert talk.end is not None
    assert talk.end.status == "DEADLINE_EXCEEDED"


def test_more_than_the_window_unanswered_ends_the_stream(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    for number in range(33):
        talk.session.receive(batch_message(agent.envelope(lane=1 + number // 32)))
    line.pump()
    assert talk.end is not None
    assert talk.end.detail.startswith("window-exceeded")


def test_promise_13_an_agent_that_is_too_fast_is_told_when_to_come_again(agent: AgentSide) -> None:
    line = Line(agent, limits=SessionLimits(messages=Rate(1, 2)))
    talk = line.open(agent)
    envelopes = [agent.envelope() for _ in range(3)]
    talk.say(*map(batch_message, envelopes))
    assert talk.nacks == [(3, "RETRY_AFTER")]
    (nack,) = [message.nack for message in talk.sent if message.HasField("nack")]
    assert 900 <= nack.retry_after_ms <= 2100
    line.tick(1)
    talk.say(batch_message(envelopes[2]))
    assert talk.acks[-1] == (1, 3, envelopes[2].digest)


def test_policy_and_commands_are_sent_once_a_session_and_answers_are_handed_on(line: Line, agent: AgentSide) -> None:
    policy = uplink_pb2.ServerMessage(policy=uplink_pb2.SignedPolicy(body=b"{}", signature=b"s"))
    line.outgoing.messages.append(policy)
    talk = line.open(agent)
    command = uplink_pb2.ServerMessage(command=uplink_pb2.SignedCommand(body=b'{"id":"c1"}', signature=b"s"))
    line.outgoing.messages.append(command)
    line.tick(5)
    line.tick(5)
    assert [message for message in talk.sent if message.HasField("policy") or message.HasField("command")] == [policy, command]
    talk.say(uplink_pb2.AgentMessage(result=uplink_pb2.CommandResult(command="c1", accepted=True)))
    assert line.outgoing.answers == [(agent.name[2], "c1", True)]


def test_a_renewal_goes_to_the_desk_and_its_result_comes_back_when_it_is_ready(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    talk.say(uplink_pb2.AgentMessage(renewal=uplink_pb2.Renewal(csr=b"csr", signature=b"sig")))
    assert line.renewals.submitted == [(agent.name[2], b"csr", b"sig")]
    line.renewals.ready.append(uplink_pb2.RenewalResult(certificate_chain=b"pem"))
    line.tick(5)
    assert talk.sent[-1].renewal.certificate_chain == b"pem"


def test_a_renewal_without_or_with_a_huge_request_is_refused_at_the_door(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)
    for csr in (b"", bytes(20_000)):
        talk.say(uplink_pb2.AgentMessage(renewal=uplink_pb2.Renewal(csr=csr)))
        assert "at most" in talk.sent[-1].renewal.refused
    assert line.renewals.submitted == []


def test_a_batch_the_store_chokes_on_holds_up_no_other_agent(agent: AgentSide) -> None:
    other = AgentSide(OTHER, seed=2, tenant="beta")
    line = Line(agent, other)
    talks = [line.open(agent), line.open(other)]
    receive = line.inbox.receive

    def choking(incoming):
        if any(item.tenant == "beta" for item in incoming):
            raise ValueError("a mistake in the store")
        return receive(incoming)

    line.inbox.receive = choking
    for talk, side in zip(talks, (agent, other), strict=True):
        talk.session.receive(batch_message(side.envelope()))
    line.pump()
    assert talks[0].acks == [(1, *agent.chain[1])]
    assert (talks[1].acks, talks[1].nacks) == ([], [(1, "RETRY_AFTER")])


def test_a_request_that_fails_takes_no_other_answer_along(line: Line, agent: AgentSide) -> None:
    talk = line.open(agent)

    def choking(*_arguments: object) -> None:
        raise ValueError("not a certificate request")

    line.renewals.submit = choking
    envelope = agent.envelope()
    talk.say(uplink_pb2.AgentMessage(renewal=uplink_pb2.Renewal(csr=b"csr")), batch_message(envelope))
    assert talk.acks == [(1, 1, envelope.digest)]
