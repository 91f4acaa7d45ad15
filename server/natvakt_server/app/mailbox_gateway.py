"""The gateway's side of the mailbox: it asks, waits for answers, and reads what the worker signed. It holds no key."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from natvakt_wire.ids import AgentName
from natvakt_wire.v1 import uplink_pb2

from natvakt_server.app.mailbox_letters import (
    Granted,
    Refusal,
    RenewalLetter,
    Renewed,
    WorkerFailed,
    busy,
    error_of,
    read_answer,
    write,
)
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.commands import CommandBook
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.mailbox import Letter, LetterBox, LetterKind, MailboxFull, Notice, NoticeKind, NoticeReader
from natvakt_server.gateway.requests import Peer
from natvakt_server.identity.requests import Enrolled, EnrolmentRequest, ReturnRequest

MOST_WAITING = 500
ANSWER_SECONDS = 15.0  # agents wait 20
LOOK_SECONDS = 0.05
DETAIL_CHARACTERS = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """How letters are sent. `pause(seconds)` waits between two looks for an answer."""

    box: LetterBox
    clock: Clock
    new_id: Callable[[], str]
    pause: Callable[[float], None]

    def send(self, kind: LetterKind, sender: str, content: object) -> str:
        """The letter's id. Raises TryLater, StoreUnavailable."""
        letter = Letter(self.new_id(), kind, sender, write(content), self.clock.wall_ns())
        try:
            self.box.ask(letter, MOST_WAITING)
        except MailboxFull as error:
            _log.warning("mailbox is full kind=%s reason=%s", kind, error)
            raise busy() from error
        return letter.id

    def answer(self, letter_id: str) -> bytes:
        """Waits for it. Raises TryLater after `ANSWER_SECONDS`."""
        deadline_ns = self.clock.monotonic_ns() + int(ANSWER_SECONDS * 1e9)
        while self.clock.monotonic_ns() < deadline_ns:
            body = self.box.answer(letter_id)
            if body is not None:
                return body
            self.pause(LOOK_SECONDS)
        _log.error("no worker answered a letter within %.0f s; does `natvakt-server run --role worker` run?", ANSWER_SECONDS)
        raise busy()


class MailboxDesk:
    """Implements `gateway.enrolment.Desk`."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def enrol(self, request: EnrolmentRequest, peer: str = "") -> Enrolled:
        return self._ask(LetterKind.ENROL, peer, request)

    def return_after_absence(self, request: ReturnRequest, peer: str = "") -> Enrolled:
        return self._ask(LetterKind.RETURN, peer, request)

    def _ask(self, kind: LetterKind, peer: str, request: object) -> Enrolled:
        try:
            answer = read_answer(self._post.answer(self._post.send(kind, peer, request)))
        except StoreUnavailable as error:
            _log.warning("enrolment waits for the database kind=%s reason=%s", kind, error)
            raise busy() from error
        match answer:
            case Granted():
                return answer.enrolled
            case Refusal():
                raise error_of(answer)
            case Renewed():
                raise WorkerFailed(f"the worker answered a renewal to a letter of kind {kind}")


class MailboxRenewals:
    """Implements `gateway.ports.Renewals`. Used on the gateway's writer thread alone; what is lost here the agent asks again."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._open: dict[str, str] = {}

    def submit(self, peer: Peer, csr: bytes, signature: bytes) -> None:
        content = RenewalLetter(AgentName(peer.tenant, peer.site, peer.agent), csr, signature)
        self._open[peer.agent] = self._post.send(LetterKind.RENEW, peer.agent, content)

    def results(self, peer: Peer) -> Sequence[uplink_pb2.RenewalResult]:
        letter_id = self._open.get(peer.agent)
        body = self._post.box.answer(letter_id) if letter_id is not None else None
        if body is None:
            return ()
        del self._open[peer.agent]
        answer = read_answer(body)
        if isinstance(answer, Renewed):
            return (uplink_pb2.RenewalResult(certificate_chain=answer.chain_pem),)
        return (uplink_pb2.RenewalResult(refused=answer.text if isinstance(answer, Refusal) else "not renewed"),)


class PublishedMessages:
    """Implements `gateway.ports.OutgoingMessages` with the worker's notices."""

    def __init__(self, notices: NoticeReader, commands: CommandBook, clock: Clock) -> None:
        self._notices = notices
        self._commands = commands
        self._clock = clock

    def waiting(self, peer: Peer, policy_version: int) -> Sequence[uplink_pb2.ServerMessage]:  # noqa: ARG002 - no interval is changed from here yet
        return [_message(notice) for notice in self._notices.notices(peer.tenant, peer.agent, self._clock.wall_ns())]

    def answered(self, peer: Peer, command: str, accepted: bool, detail: str) -> None:
        self._commands.answer_command(peer.agent, command, accepted, detail[:DETAIL_CHARACTERS], self._clock.wall_ns())


def _message(notice: Notice) -> uplink_pb2.ServerMessage:
    match notice.kind:
        case NoticeKind.RECIPIENTS:
            return uplink_pb2.ServerMessage(recipients=uplink_pb2.RecipientKeys(body=notice.body, signature=notice.signature))
        case NoticeKind.COMMAND:
            return uplink_pb2.ServerMessage(command=uplink_pb2.SignedCommand(body=notice.body, signature=notice.signature))
