"""When an answer is whole, without a network: a line that says what the test wants, and nothing waits."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.collectors.ssh.conversation import Conversation, Patience, SessionFailed
from natvakt_agent.collectors.ssh.dialects import IOS
from natvakt_agent.collectors.ssh.guard import Guard, NotAllowed
from natvakt_agent.collectors.ssh.messages import Login, Trouble

QUIET = ""
LOGIN = Login("natvakt", "canary-login", "canary-enable", "")
PATIENCE = Patience()


@dataclass
class SaidLine:
    """Says the pieces in order; an empty one is a wait that nothing came in. What it is sent it echoes, if `echo`."""

    pieces: list[str]
    written: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def read(self, timeout_seconds: float) -> str:
        self.waits.append(timeout_seconds)
        return self.pieces.pop(0) if self.pieces else QUIET

    def write(self, text: str) -> None:
        self.written.append(text)


def begun(*pieces: str) -> tuple[Conversation, SaidLine]:
    quiet_start = ["\r\nhq-acc1#", QUIET, "\r\nhq-acc1#", QUIET]
    paging = [piece for word in IOS.paging_off for piece in (f"{word}\r\nhq-acc1#", QUIET)]
    line = SaidLine([*quiet_start, *paging, *pieces])
    conversation = Conversation(line, IOS, LOGIN, PATIENCE)
    conversation.begin()
    line.waits.clear()
    return conversation, line


def test_the_prompt_is_found_behind_a_banner_that_ends_like_one():
    assert begun()[0].prompt == "hq-acc1#"


def test_an_answer_ends_at_the_prompt_alone_and_quiet():
    conversation, line = begun("show clock\r\n", "12:00\r\n", "hq-acc1#", QUIET)
    assert conversation.ask("show clock").text == "12:00\n"
    assert line.waits == [PATIENCE.silence_seconds] * 3 + [PATIENCE.quiet_seconds]


def test_a_banner_that_quotes_the_prompt_does_not_end_a_configuration():
    text = ["show running-config\r\nbanner motd ^C\r\nhq-acc1#", QUIET]
    conversation, line = begun(text[0], "\r\n^C\r\nend\r\nhq-acc1#", QUIET)
    assert conversation.ask("show running-config", "end").text == "banner motd ^C\nhq-acc1#\n^C\nend\n"
    assert PATIENCE.unfinished_seconds in line.waits


def test_an_answer_without_a_line_end_is_believed_after_longer():
    conversation, line = begun("show x\r\nlast wordhq-acc1#", QUIET)
    assert conversation.ask("show x").text == "last word\n"
    assert line.waits == [PATIENCE.silence_seconds, PATIENCE.unfinished_seconds]


def test_a_page_is_turned_and_what_wiped_the_question_out_is_gone():
    conversation, line = begun("show x\r\n first\r\n --More-- ", "\x08\x08\x08   \x08\x08\x08 second\r\nhq-acc1#", QUIET)
    assert conversation.ask("show x").text == " first\n second\n"
    assert line.written[-1] == " "


def test_escape_codes_of_a_terminal_are_taken_out():
    conversation, _ = begun("\x1b[Kshow x\r\n\x1b[7mfirst\x1b[m\r\n\x1b[Khq-acc1#", QUIET)
    assert conversation.ask("show x").text == "first\n"


def test_promise_31_silence_in_the_middle_is_no_answer():
    conversation, _ = begun("show x\r\nfirst\r\n", QUIET)
    with pytest.raises(SessionFailed) as told:
        conversation.ask("show x")
    assert told.value.trouble is Trouble.CUT


def test_an_answer_without_end_is_left():
    conversation, _ = begun(*["x" * 65536] * 100)
    with pytest.raises(SessionFailed, match="more than"):
        conversation.ask("show x")


def test_a_question_for_a_new_password_is_never_answered():
    line = SaidLine(["\r\nYour password has expired.\r\nNew password: ", QUIET])
    with pytest.raises(SessionFailed) as told:
        Conversation(line, IOS, LOGIN, PATIENCE).begin()
    assert (told.value.trouble, line.written) == (Trouble.PASSWORD_CHANGE, [])


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60), st.integers(1, 7))
def test_any_cut_into_pieces_gives_the_same_answer(content, size):
    said = f"show x\r\n{content}|\r\nhq-acc1#"
    conversation, _ = begun(*[said[start : start + size] for start in range(0, len(said), size)], QUIET)
    assert conversation.ask("show x").text == f"{content}|".rstrip() + "\n"


GUARD = Guard({"show running-config", "terminal length 0", "exit"}, "natvakt", ("canary-login", "canary-enable"))


@given(st.text(max_size=40))
def test_nothing_passes_the_guard_but_what_is_on_its_list(text):
    if text not in ("\n", "show running-config\n", "terminal length 0\n", "exit\n"):
        with pytest.raises(NotAllowed):
            GUARD.check(text, "hq-acc1#")


@pytest.mark.parametrize("heard", ["hq-acc1#", "\nNew password: ", "Enter new password: ", "Confirm password: ", "Old Password: "])
def test_a_secret_passes_only_where_the_device_asks_for_one(heard):
    GUARD.check("canary-login\n", "\r\nPassword: ")
    with pytest.raises(NotAllowed) as told:
        GUARD.check("canary-login\n", heard)
    assert "canary" not in str(told.value)


def test_several_lines_in_one_write_do_not_pass():
    with pytest.raises(NotAllowed):
        GUARD.check("show running-config\nconfigure terminal\n", "hq-acc1#")
