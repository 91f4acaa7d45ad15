"""The worker's side of the mailbox: answers letters with the keys it holds, and puts up signed notices for the gateway to hand out."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from natvakt_wire.errors import WireError
from natvakt_wire.signing import Domain, sign

from natvakt_server.app.mailbox_letters import Answer, Granted, Refusal, RenewalLetter, Renewed, read, refusal_of, write
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.commands import AgentCommand
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.mailbox import Letter, LetterKind, LetterTray, Notice, NoticeBoard, NoticeKind
from natvakt_server.identity.enrolment import EnrolmentDesk
from natvakt_server.identity.requests import EnrolmentRequest, ReturnRequest
from natvakt_server.identity.tenant_keys import RecipientKeyring, TenantKeys

SECOND_NS = 1_000_000_000
LEASE_NS = 10 * SECOND_NS
LOOK_SECONDS = 0.1
AGAIN_SECONDS = 2.0
COMMANDS_EVERY_NS = SECOND_NS
NOTICES_EVERY_NS = 30 * SECOND_NS
RECIPIENTS_LIFE_NS = 7 * 86_400 * SECOND_NS  # renewed all the time; longer than a worker is ever away
LETTER_LIFE_NS = 600 * SECOND_NS

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClerkParts:
    """`tenants_known`: every customer's slug."""

    tray: LetterTray
    board: NoticeBoard
    desk: EnrolmentDesk
    tenants: TenantKeys
    recipients: RecipientKeyring
    tenants_known: Callable[[], Sequence[str]]
    clock: Clock


class MailboxClerk:
    """Driven by `step` on one thread. Several workers may have one each: letters are claimed."""

    def __init__(self, parts: ClerkParts) -> None:
        self._parts = parts
        self._commands_due_ns = 0
        self._notices_due_ns = 0

    def step(self) -> float:
        """Work off what waits; answers the seconds until the next look."""
        try:
            while (letter := self._parts.tray.claim(self._parts.clock.wall_ns(), LEASE_NS)) is not None:
                self._parts.tray.reply(letter.id, write(self._answer(letter)))
            self._put_up()
        except StoreUnavailable as error:
            _log.warning("mailbox waits for the database reason=%s", error)
            return AGAIN_SECONDS
        return LOOK_SECONDS

    def _answer(self, letter: Letter) -> Answer:
        try:
            return self._work_on(letter)
        except WireError as error:
            return refusal_of(error)
        except StoreUnavailable:
            raise
        except Exception:
            # The end of one letter's road: whoever asked is told, the others are not held up.
            _log.exception("letter failed kind=%s sender=%s", letter.kind, letter.sender)
            return Refusal("", "the server could not answer; its log says why")

    def _work_on(self, letter: Letter) -> Answer:
        desk = self._parts.desk
        match letter.kind:
            case LetterKind.ENROL:
                return Granted(desk.enrol(read(letter.body, EnrolmentRequest), letter.sender))
            case LetterKind.RETURN:
                return Granted(desk.return_after_absence(read(letter.body, ReturnRequest), letter.sender))
            case LetterKind.RENEW:
                asked = read(letter.body, RenewalLetter)
                return Renewed(desk.renew(asked.name, asked.csr, asked.signature).chain_pem)

    # -- notices -------------------------------------------------------------------------------------------------------

    def _put_up(self) -> None:
        now_ns = self._parts.clock.monotonic_ns()
        wall_ns = self._parts.clock.wall_ns()
        if now_ns >= self._commands_due_ns:
            self._commands_due_ns = now_ns + COMMANDS_EVERY_NS
            for command in self._parts.board.unsigned_commands(wall_ns):
                self._parts.board.publish(self._signed(command))
        if now_ns >= self._notices_due_ns:
            self._notices_due_ns = now_ns + NOTICES_EVERY_NS
            for tenant in self._parts.tenants_known():
                self._announce(tenant, wall_ns)
            self._parts.board.take_down(wall_ns)
            self._parts.tray.forget(wall_ns - LETTER_LIFE_NS)

    def _announce(self, tenant: str, wall_ns: int) -> None:
        announced = self._parts.recipients.announcement(tenant)
        self._parts.board.publish(
            Notice(tenant, "", NoticeKind.RECIPIENTS, "", announced.body, announced.signature, wall_ns + RECIPIENTS_LIFE_NS)
        )

    def _signed(self, command: AgentCommand) -> Notice:
        body = msgspec.json.encode({"id": command.id, "verb": command.verb, "not_after": command.not_after_ns}, order="deterministic")
        signature = sign(Domain.COMMAND, self._parts.tenants.policy_key(command.tenant), body)
        return Notice(command.tenant, command.agent, NoticeKind.COMMAND, command.id, body, signature, command.not_after_ns)
