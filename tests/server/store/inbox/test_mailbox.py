"""Letters and notices as rows, over SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from natvakt_server.domain.commands import AgentCommand
from natvakt_server.domain.mailbox import Letter, LetterKind, MailboxFull, Notice, NoticeKind
from natvakt_server.store.estate.commands import SqlCommandBook
from natvakt_server.store.inbox.mailbox import SqlMailbox, SqlNoticeBoard
from sqlalchemy import Engine

SECOND = 1_000_000_000
NOW = 1_790_000_000 * SECOND
LEASE = 10 * SECOND


@pytest.fixture
def mailbox(engine: Engine) -> SqlMailbox:
    return SqlMailbox(engine)


@pytest.fixture
def board(engine: Engine) -> SqlNoticeBoard:
    return SqlNoticeBoard(engine)


def letter(number: int) -> Letter:
    return Letter(f"letter-{number}", LetterKind.ENROL, "192.0.2.1", b"body %d" % number, NOW + number)


def notice(reference: str = "", agent: str = "", tenant: str = "acme") -> Notice:
    kind = NoticeKind.COMMAND if agent else NoticeKind.RECIPIENTS
    return Notice(tenant, agent, kind, reference, b"body", b"signature", NOW + 100 * SECOND)


def command(number: int, agent: str = "agent-1") -> AgentCommand:
    return AgentCommand(f"command-{number}", "acme", agent, "scan-now", NOW + 60 * SECOND, NOW + number)


def test_letters_are_claimed_oldest_first_and_only_once(mailbox: SqlMailbox) -> None:
    for number in (2, 1):
        mailbox.ask(letter(number), 10)
    claimed = [mailbox.claim(NOW + 5, LEASE) for _ in range(3)]
    assert claimed == [letter(1), letter(2), None]


def test_a_letter_whose_worker_died_is_somebody_elses_after_the_lease(mailbox: SqlMailbox) -> None:
    mailbox.ask(letter(1), 10)
    assert mailbox.claim(NOW, LEASE) == letter(1)
    assert mailbox.claim(NOW + LEASE - 1, LEASE) is None
    assert mailbox.claim(NOW + LEASE, LEASE) == letter(1)


def test_the_first_answer_stays_and_an_answered_letter_is_not_claimed(mailbox: SqlMailbox) -> None:
    mailbox.ask(letter(1), 10)
    assert mailbox.answer("letter-1") is None
    mailbox.reply("letter-1", b"yes")
    mailbox.reply("letter-1", b"no")
    assert mailbox.answer("letter-1") == b"yes"
    assert mailbox.claim(NOW + LEASE, LEASE) is None


def test_a_full_mailbox_takes_no_more_until_one_is_answered(mailbox: SqlMailbox) -> None:
    for number in range(3):
        mailbox.ask(letter(number), 3)
    with pytest.raises(MailboxFull):
        mailbox.ask(letter(3), 3)
    mailbox.reply("letter-0", b"yes")
    mailbox.ask(letter(3), 3)


def test_a_repeated_write_changes_nothing(mailbox: SqlMailbox) -> None:
    mailbox.ask(letter(1), 10)
    mailbox.ask(replace(letter(1), body=b"other"), 10)
    assert mailbox.claim(NOW, LEASE) == letter(1)


def test_old_letters_are_forgotten_answered_or_not(mailbox: SqlMailbox) -> None:
    for number in range(3):
        mailbox.ask(letter(number), 10)
    mailbox.reply("letter-0", b"yes")
    assert mailbox.forget(NOW + 2) == 2
    assert mailbox.claim(NOW, LEASE) == letter(2)


def test_of_many_workers_each_letter_is_in_one_hand(mailbox: SqlMailbox) -> None:
    for number in range(12):
        mailbox.ask(letter(number), 100)
    with ThreadPoolExecutor(4) as pool:
        claimed = [each for each in pool.map(lambda _: mailbox.claim(NOW, LEASE), range(20)) if each is not None]
    assert sorted(each.id for each in claimed) == sorted({each.id for each in claimed})
    while (rest := mailbox.claim(NOW, LEASE)) is not None:
        claimed.append(rest)
    assert len(claimed) == 12


def test_a_notice_reaches_the_agents_it_is_for(board: SqlNoticeBoard) -> None:
    ours, mine = notice(), notice("command-1", "agent-1")
    for each in (ours, mine, notice("command-2", "agent-2"), notice(tenant="other")):
        board.publish(each)
    assert board.notices("acme", "agent-1", NOW) == [ours, mine]
    assert board.notices("acme", "agent-3", NOW) == [ours]


def test_a_later_notice_replaces_the_one_before(board: SqlNoticeBoard) -> None:
    board.publish(notice())
    renewed = replace(notice(), body=b"new", signature=b"new")
    board.publish(renewed)
    assert board.notices("acme", "agent-1", NOW) == [renewed]


def test_a_notice_that_is_over_is_not_read_and_taken_down(board: SqlNoticeBoard) -> None:
    board.publish(notice())
    assert board.notices("acme", "agent-1", NOW + 100 * SECOND) == []
    assert (board.take_down(NOW), board.take_down(NOW + 100 * SECOND)) == (0, 1)


@pytest.mark.parametrize("accepted", [True, False])
def test_an_answered_command_is_neither_signed_nor_handed_out_again(board: SqlNoticeBoard, engine: Engine, accepted: bool) -> None:
    book = SqlCommandBook(engine)
    book.add_command(command(1))
    book.add_command(command(2))
    assert [each.id for each in board.unsigned_commands(NOW)] == ["command-1", "command-2"]
    for number in (1, 2):
        board.publish(notice(f"command-{number}", "agent-1"))
    assert board.unsigned_commands(NOW) == []
    book.answer_command("agent-1", "command-1", accepted, "", NOW)
    assert [each.reference for each in board.notices("acme", "agent-1", NOW)] == ["command-2"]
    assert board.take_down(NOW) == 1
    assert board.unsigned_commands(NOW) == []


def test_a_command_that_is_over_is_not_signed(board: SqlNoticeBoard, engine: Engine) -> None:
    SqlCommandBook(engine).add_command(command(1))
    assert board.unsigned_commands(NOW + 60 * SECOND) == []
