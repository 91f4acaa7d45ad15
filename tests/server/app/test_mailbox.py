"""Gateway and worker with only the database between them: what agents are told must be what the desk says, and no key may be needed."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace

import pytest
from natvakt_server.app.mailbox_clerk import LETTER_LIFE_NS, ClerkParts, MailboxClerk
from natvakt_server.app.mailbox_gateway import ANSWER_SECONDS, MOST_WAITING, MailboxDesk, MailboxRenewals, Post, PublishedMessages
from natvakt_server.app.mailbox_letters import WorkerFailed, read, write
from natvakt_server.domain.commands import SCAN_NOW, AgentCommand
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.gateway.requests import Peer
from natvakt_server.identity.requests import EnrolmentRequest
from natvakt_server.store.estate.commands import SqlCommandBook
from natvakt_server.store.estate.tables.mailbox import letter
from natvakt_server.store.inbox.mailbox import SqlMailbox, SqlNoticeBoard
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.errors import BadSignature, Malformed, NotAdmitted, TryLater
from natvakt_wire.ids import uuid7
from natvakt_wire.recipients import SignedAnnouncement, verify_announcement
from natvakt_wire.signing import Domain, verify_signature
from sqlalchemy import select
from testkit.identity import Applicant, IdentityHouse


@dataclass
class Line:
    """Both ends of the mailbox. The gateway's pause between two looks lets time pass and, while `works`, the worker work."""

    engine: object
    house: IdentityHouse = field(default_factory=IdentityHouse)
    works: bool = True

    def __post_init__(self):
        self.mailbox, self.board = SqlMailbox(self.engine), SqlNoticeBoard(self.engine)
        self.commands = SqlCommandBook(self.engine)
        self.clerk = MailboxClerk(
            ClerkParts(
                tray=self.mailbox,
                board=self.board,
                desk=self.house.desk,
                tenants=self.house.tenants,
                recipients=self.house.recipients,
                tenants_known=lambda: ["acme"],
                clock=self.house.clock,
            )
        )
        self.post = Post(self.mailbox, self.house.clock, lambda: uuid7(self.house.clock.wall_ns(), self.house.random), self.pause)
        self.desk = MailboxDesk(self.post)
        self.renewals = MailboxRenewals(self.post)
        self.outgoing = PublishedMessages(self.board, self.commands, self.house.clock)

    def pause(self, seconds):
        self.house.clock.advance(seconds)
        if self.works:
            self.clerk.step()

    def enrolled(self):
        applicant = Applicant()
        answer = self.desk.enrol(applicant.enrolment(self.house.desk.issue_token("acme", "hq")), "192.0.2.7")
        return applicant, Peer("acme", "hq", answer.name.agent, bytes(32), 1 << 62)

    def stored(self):
        with self.engine.connect() as connection:
            rows = connection.execute(select(letter)).all()
        return b"\n".join(bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode() for row in rows for cell in row)


@pytest.fixture
def line(engine):
    return Line(engine)


def test_an_enrolment_through_the_mailbox_is_the_desks_own_answer(line):
    applicant = Applicant()
    request = applicant.enrolment(line.house.desk.issue_token("acme", "hq"))
    answer = line.desk.enrol(request, "192.0.2.7")
    assert answer == line.house.desk.enrol(request)
    assert answer.certificate_chain.startswith(b"-----BEGIN CERTIFICATE-----")


def test_promise_56_no_token_is_in_a_letter(line):
    token = EnrolmentToken.from_text(line.house.desk.issue_token("acme", "hq"))
    line.desk.enrol(Applicant().enrolment(token.to_text()))
    stored = line.stored()
    assert b"identity_proof" in stored, "the letter is there"
    for secret in (token.secret, token.secret.hex().encode(), token.secret_text.encode(), urlsafe_b64encode(token.secret).rstrip(b"=")):
        assert secret not in stored


def test_promise_57_a_thief_of_a_letter_cannot_enrol_with_it(line):
    text = line.house.desk.issue_token("acme", "hq")
    honest = Applicant().enrolment(text)
    thief = Applicant()
    stolen = read(write(honest), EnrolmentRequest)
    forged = EnrolmentRequest(stolen.token_digest, stolen.secret_hash, thief.csr(), thief.public_raw, stolen.identity_proof)
    with pytest.raises(BadSignature):
        line.desk.enrol(forged)


@pytest.mark.parametrize("text", ["", "not-a-token", "å" * 10])
def test_a_token_that_is_none_is_refused_in_the_desks_words(line, text):
    applicant = Applicant()
    request = EnrolmentRequest.from_token(text, csr=applicant.csr(), identity_public_key=applicant.public_raw, identity_proof=bytes(64))
    with pytest.raises(NotAdmitted, match="unknown, used or too old"):
        line.desk.enrol(request, "192.0.2.7")
    assert [entry.subject for entry in line.house.refusals()] == ["192.0.2.7"]


def test_refusals_arrive_as_what_they_are(line):
    used = line.house.desk.issue_token("acme", "hq")
    line.desk.enrol(Applicant().enrolment(used))
    with pytest.raises(NotAdmitted):
        line.desk.enrol(Applicant().enrolment(used))
    with pytest.raises(Malformed):
        line.desk.enrol(Applicant().enrolment(line.house.desk.issue_token("acme", "hq"), csr=b"no request"))


def test_promise_63_an_agent_comes_back_through_the_mailbox(line):
    applicant, peer = line.enrolled()
    line.house.clock.advance(40 * 86_400)
    back = line.desk.return_after_absence(applicant.coming_back(peer.agent, line.house.clock.wall_ns()))
    assert back.name.agent == peer.agent


def test_a_renewal_is_answered_once(line):
    applicant, peer = line.enrolled()
    line.renewals.submit(peer, *applicant.renewal())
    assert line.renewals.results(peer) == ()
    line.clerk.step()
    (result,) = line.renewals.results(peer)
    assert result.certificate_chain
    assert line.renewals.results(peer) == ()


def test_promise_60_a_revoked_agent_is_not_renewed(line):
    applicant, peer = line.enrolled()
    line.house.desk.revoke(peer.agent, "cli")
    line.renewals.submit(peer, *applicant.renewal())
    line.clerk.step()
    (result,) = line.renewals.results(peer)
    assert "revoked" in result.refused
    assert not result.certificate_chain


def test_without_a_worker_an_agent_is_told_to_come_back(line):
    line.works = False
    began_ns = line.house.clock.monotonic_ns()
    with pytest.raises(TryLater):
        line.desk.enrol(Applicant().enrolment(line.house.desk.issue_token("acme", "hq")))
    assert (line.house.clock.monotonic_ns() - began_ns) / 1e9 == pytest.approx(ANSWER_SECONDS, abs=1)


def test_a_request_made_while_no_worker_ran_still_ends_in_one_agent(line):
    """The worker works off the old letter later; the agent's repeat is the same request and gets the same agent."""
    line.works = False
    request = Applicant().enrolment(line.house.desk.issue_token("acme", "hq"))
    with pytest.raises(TryLater):
        line.desk.enrol(request)
    line.works = True
    line.clerk.step()
    answer = line.desk.enrol(request)
    assert [record.id for record in line.house.registry.agents()] == [answer.name.agent]


def test_a_flood_is_told_to_come_back(line):
    line.works = False
    content = EnrolmentRequest.from_token("x", csr=b"", identity_public_key=b"", identity_proof=b"")
    for _ in range(MOST_WAITING):
        line.post.send("enrol", "192.0.2.7", content)
    with pytest.raises(TryLater):
        line.post.send("enrol", "192.0.2.8", content)


def test_a_letter_that_breaks_the_worker_is_answered_and_the_next_one_is_worked_on(line):
    request = Applicant().enrolment(line.house.desk.issue_token("acme", "hq"))
    line.house.registry.enrol, healthy = lambda *_: (_ for _ in ()).throw(RuntimeError("a mistake")), line.house.registry.enrol
    with pytest.raises(WorkerFailed, match="its log says why") as told:
        line.desk.enrol(request)
    assert "mistake" not in str(told.value)
    line.house.registry.enrol = healthy
    assert line.desk.enrol(request).certificate_chain


def test_a_letter_waits_while_the_database_is_away(line):
    request = Applicant().enrolment(line.house.desk.issue_token("acme", "hq"))
    healthy, tries = line.house.tokens.consume_token, []

    def away_once(*arguments):
        tries.append(arguments)
        if len(tries) == 1:
            raise StoreUnavailable("away")
        return healthy(*arguments)

    line.house.tokens.consume_token = away_once
    assert line.desk.enrol(request).certificate_chain
    assert len(tries) == 2


def test_an_agent_is_told_to_come_back_while_the_gateways_database_is_away(line):
    class Away:
        def ask(self, letter, most_waiting):
            raise StoreUnavailable("away")

    with pytest.raises(TryLater):
        MailboxDesk(replace(line.post, box=Away())).enrol(Applicant().enrolment(line.house.desk.issue_token("acme", "hq")))


def test_old_letters_do_not_stay(line):
    line.enrolled()
    line.house.clock.advance(LETTER_LIFE_NS / 1e9 + 1)
    line.clerk.step()
    assert line.stored() == b""


def test_the_gateway_hands_out_recipient_keys_that_the_tenants_root_signed(line):
    _, peer = line.enrolled()
    (message,) = line.outgoing.waiting(peer, 0)
    signed = SignedAnnouncement(message.recipients.body, message.recipients.signature)
    assert verify_announcement(signed, line.house.tenants.root_public("acme"), "acme").tenant == "acme"


def test_a_command_is_signed_by_the_worker_and_handed_out_until_it_is_answered(line):
    _, peer = line.enrolled()
    now_ns = line.house.clock.wall_ns()
    line.commands.add_command(AgentCommand("command-1", "acme", peer.agent, SCAN_NOW, now_ns + 10**12, now_ns))
    line.house.clock.advance(1)
    line.clerk.step()
    (command,) = [message.command for message in line.outgoing.waiting(peer, 0) if message.HasField("command")]
    policy_key = line.house.tenants.policy_key("acme").public_key().public_bytes_raw()
    verify_signature(Domain.COMMAND, policy_key, command.signature, command.body)
    line.outgoing.answered(peer, "command-1", True, "begun")
    assert not [message for message in line.outgoing.waiting(peer, 0) if message.HasField("command")]
