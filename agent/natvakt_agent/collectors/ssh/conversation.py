"""One session at a device's prompt, over a `Line`: find the prompt, enable, turn paging off, ask, and know when an answer is whole.

    settle ─► prompt ─► enable? ─► paging off ─► command ─► ... the prompt alone on the last line, and quiet after it

An answer ends where the last line is exactly the prompt and nothing follows for a moment; a banner that quotes the prompt is followed by
more. Every wait is bounded by the device's deadline, every answer by its size, and silence by `Patience.silence_seconds`.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from natvakt_agent.collectors.ssh.dialects import ENABLE, Dialect
from natvakt_agent.collectors.ssh.guard import ASKS_ENTER, ASKS_NEW_SECRET, ASKS_SECRET, ASKS_USER, ASKS_YES, ESCAPES, PAGERS, RETURN
from natvakt_agent.collectors.ssh.messages import MOST_OUTPUT_OCTETS, Login, Trouble

PROMPT = re.compile(r"^[^\s>#%!][^>#\n%!]{0,120}[>#]$|^[^\s>#%!][>#]$")
QUESTIONS = (ASKS_USER, ASKS_SECRET, ASKS_NEW_SECRET, PAGERS)
TAIL_CHARACTERS = 2048
MOST_GREETING_CHARACTERS = 8 * 1024 * 1024
TURNED = "\x1dpage\x1d"
"""Stands in what was heard where a page was turned, until it is taken out with what the device wiped its question out with."""
WIPED = re.compile(TURNED + r"(?:[ \x08]*\x08|\r {2,}\r)?")


class SessionFailed(Exception):
    """The device cannot be asked; `trouble` says why, and the text is for a person. Never a secret in it."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble


class Line(Protocol):
    """Text to and from one device. Both raise SessionFailed when the session ended or its time is up."""

    def read(self, timeout_seconds: float) -> str:
        """What came, at once when something did; empty when nothing came in time."""
        ...

    def write(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long quiet means the end, in seconds: behind a prompt, behind a prompt in an answer that lacks its last line, at all, and
    before a device that has not greeted is given an empty line."""

    quiet_seconds: float = 0.2
    unfinished_seconds: float = 3.0
    silence_seconds: float = 90.0
    greeting_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` without echo, prompt, paging and escapes; the hash is of what came."""

    text: str
    octets: int
    raw_sha256: str


class Conversation:
    """Made once a session; `begin`, then `ask`."""

    def __init__(self, line: Line, dialect: Dialect, login: Login, patience: Patience) -> None:
        self._line = line
        self._dialect = dialect
        self._login = login
        self._patience = patience
        self._prompt = ""

    @property
    def prompt(self) -> str:
        return self._prompt

    def begin(self) -> None:
        """Get to a prompt that may read configurations, with paging off. Raises SessionFailed."""
        self._prompt = self._settle()
        if self._dialect.has_enable and self._prompt.endswith(">"):
            self._enable()
        for command in self._dialect.paging_off:
            self.ask(command)

    def leave(self) -> None:
        self._line.write(self._dialect.leave + RETURN)

    def ask(self, command: str, last_line: str | None = None) -> Answer:
        """The whole answer to `command`. `last_line` is what a whole one ends with, where it does. Raises SessionFailed."""
        self._line.write(command + RETURN)
        raw = self._until_prompt(last_line)
        return Answer(_stripped(raw, command, self._prompt), len(raw.encode()), sha256(raw.encode()).hexdigest())

    def _settle(self) -> str:
        """From whatever the device greets with to its prompt, answering the questions of a login that is asked inside the session."""
        answered: set[str] = set()
        while True:
            tail = self._hear(self._patience.greeting_seconds)
            if ASKS_USER.search(tail):
                self._answer_once("user", self._login.user, answered)
            elif ASKS_SECRET.search(tail):
                self._answer_once("password", self._login.password, answered)
            elif PAGERS.search(tail):
                self._line.write(_page_turn(tail))
            else:
                break
        self._line.write(RETURN)  # a banner may end like a prompt: an empty line is answered by the real one
        last = _last_line(self._hear(self._patience.silence_seconds))
        if not PROMPT.match(last):
            raise SessionFailed(Trouble.FAULT, "the device shows no prompt that is known" if last else "the device shows no prompt")
        return last

    def _answer_once(self, what: str, text: str, answered: set[str]) -> None:
        if what in answered:
            raise SessionFailed(Trouble.LOGIN_REFUSED, "the device asks again after the login was given")
        answered.add(what)
        self._line.write(text + RETURN)

    def _enable(self) -> None:
        enabled = self._prompt[:-1] + "#"
        self._line.write(ENABLE + RETURN)
        tail = self._hear(self._patience.silence_seconds)
        why = "enable is refused to this login"
        if ASKS_SECRET.search(tail):
            if not self._login.enable:
                raise SessionFailed(Trouble.PRIVILEGE, "enable asks for a password and the login in the vault holds none")
            self._line.write(self._login.enable + RETURN)
            tail = self._hear(self._patience.silence_seconds)
            why = "the enable password is not accepted"
        if _last_line(tail) != enabled:
            raise SessionFailed(Trouble.PRIVILEGE, why)
        self._prompt = enabled

    def _hear(self, wait_seconds: float) -> str:
        """The end of what the device says until it waits for us: at a prompt or a question, and quiet. Raises SessionFailed."""
        heard, total = "", 0
        while True:
            tail = ESCAPES.sub("", heard)
            is_waiting = PROMPT.match(_last_line(tail)) or any(asks.search(tail) for asks in QUESTIONS)
            piece = self._line.read(self._patience.quiet_seconds if is_waiting else wait_seconds)
            if not piece:
                _refuse_new_secret(tail)
                return tail
            total += len(piece)
            heard = (heard + piece)[-TAIL_CHARACTERS:]
            if total > MOST_GREETING_CHARACTERS:
                raise SessionFailed(Trouble.FAULT, f"more than {MOST_GREETING_CHARACTERS} characters where a prompt should be")

    def _until_prompt(self, last_line: str | None) -> str:
        """What comes until the prompt stands alone; with `TURNED` where a page was turned."""
        pages: list[str] = []
        pieces: list[str] = []  # of the page that is open
        heard, characters = "", 0
        wait_seconds = self._patience.silence_seconds
        while True:
            piece = self._line.read(wait_seconds)
            if not piece:
                if self._is_prompt(heard):
                    return "".join(pages + pieces)
                raise SessionFailed(Trouble.CUT, f"silent for {wait_seconds:g} s in the middle of an answer")
            pieces.append(piece)
            characters += len(piece)
            heard = (heard + piece)[-TAIL_CHARACTERS:]
            if characters > MOST_OUTPUT_OCTETS:
                raise SessionFailed(Trouble.CUT, f"an answer of more than {MOST_OUTPUT_OCTETS} characters")
            wait_seconds = self._patience.silence_seconds
            if self._is_prompt(heard):
                is_alone = _last_line(ESCAPES.sub("", heard)) == self._prompt
                is_whole = is_alone and (last_line is None or _ends_with_line(heard, last_line))
                wait_seconds = self._patience.quiet_seconds if is_whole else self._patience.unfinished_seconds
                continue
            tail = ESCAPES.sub("", heard)
            if PAGERS.search(tail):
                pages += [_without_pager("".join(pieces)), TURNED]
                pieces, heard = [], ""
                self._line.write(_page_turn(tail))
            else:
                _refuse_new_secret(tail)

    def _is_prompt(self, heard: str) -> bool:
        """Alone on the last line; or behind an answer whose last line has no end, which takes longer to be believed."""
        return _last_line(ESCAPES.sub("", heard)).endswith(self._prompt)


def _without_pager(text: str) -> str:
    """The line end before a pager stays."""
    return PAGERS.sub(lambda found: found.group(0)[:1] if found.group(0)[:1] in "\r\n" else "", ESCAPES.sub("", text))


def _page_turn(tail: str) -> str:
    if ASKS_ENTER.search(tail):
        return RETURN
    return "y" if ASKS_YES.search(tail) else " "


def _refuse_new_secret(tail: str) -> None:
    if ASKS_NEW_SECRET.search(tail):
        raise SessionFailed(Trouble.PASSWORD_CHANGE, "the device wants a new password before it lets anybody in")


def _last_line(text: str) -> str:
    return text.replace("\r", "\n").rsplit("\n", 1)[-1].strip("\x00 ")


def _ends_with_line(heard: str, last_line: str) -> bool:
    lines = [line.strip() for line in ESCAPES.sub("", heard).replace("\r", "\n").split("\n")]
    return last_line in [line for line in lines if line][-4:]


def _stripped(raw: str, command: str, prompt: str) -> str:
    """The answer alone. Line ends become LF, paging and what it wiped out go, a form feed is a line end."""
    text = WIPED.sub("", ESCAPES.sub("", raw))
    text = re.sub(r"\r*\n\r?", "\n", text).replace("\r", "\n").replace("\x0c", "\n").replace("\x00", "")
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if lines and lines[-1].rstrip().endswith(prompt):
        lines[-1] = lines[-1].rstrip().removesuffix(prompt)
    while lines and not lines[-1].strip():
        lines.pop()
    if lines and lines[0].strip().endswith(command):
        lines.pop(0)
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(line.rstrip() for line in lines) + "\n" if lines else ""
