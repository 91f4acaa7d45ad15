"""The service of the child process "ssh": one call a device, one thread a call."""

import logging
from collections.abc import Callable
from contextlib import suppress

from natvakt_agent.collectors.ssh import messages
from natvakt_agent.collectors.ssh.conversation import Conversation, Patience, SessionFailed
from natvakt_agent.collectors.ssh.dialects import Dialect, dialect_named
from natvakt_agent.collectors.ssh.messages import MOST_FETCH_OCTETS, Fetch, Fetched, Greeting, Output, Trouble
from natvakt_agent.collectors.ssh.netmiko_line import KeyChanged, greet, opened
from natvakt_agent.collectors.ssh.parsing import rows_of
from natvakt_agent.collectors.ssh.reading import distrust, privilege, refusal


class SshService:
    """Holds nothing between calls: not a connection, not a secret."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience

    def start(self, push: Callable[[bytes], None]) -> None:  # noqa: ARG002 (it pushes nothing)
        """What a device does wrong is in the answer; the libraries would write it to the log too, with their tracebacks."""
        for library in ("paramiko", "netmiko"):
            logging.getLogger(library).setLevel(logging.CRITICAL)

    def stop(self) -> None:
        """Keeps nothing that needs an end."""

    def handle(self, method: str, argument: bytes) -> bytes:
        if method == messages.GREET:
            asked = messages.decode_greet(argument)
            try:
                return messages.encode(Greeting(greet(asked.address, asked.port, asked.deadline_seconds)))
            except SessionFailed as error:
                return messages.encode(Greeting(trouble=error.trouble, detail=str(error)))
        if method == messages.FETCH:
            return messages.encode(self._fetch(messages.decode_fetch(argument)))
        raise LookupError(f"the SSH service has no method {method!r}")

    def _fetch(self, wanted: Fetch) -> Fetched:
        dialect = dialect_named(wanted.dialect)
        if dialect is None or not set(wanted.commands) <= set(dialect.commands()):
            return Fetched([], trouble=Trouble.FAULT, detail="a command outside the allow-list was asked for; nothing was sent")
        outputs: list[Output] = []
        level: int | None = None
        try:
            with opened(wanted.address, wanted.port, dialect, wanted.login, wanted.pinned, wanted.deadline_seconds) as line:
                conversation = Conversation(line, dialect, wanted.login, self._patience)
                conversation.begin()
                if dialect.privilege in wanted.commands:
                    level = privilege(conversation.ask(dialect.privilege).text)
                for command in wanted.commands:
                    if command != dialect.privilege:
                        outputs.append(_asked(conversation, command, dialect, command in wanted.parsed))
                        _refuse_flood(outputs)
                with suppress(SessionFailed):  # everything is told; a device that hangs up first is not at fault
                    conversation.leave()
        except KeyChanged as error:
            return Fetched([], trouble=Trouble.KEY_CHANGED, detail=str(error), offered=error.offered)
        except SessionFailed as error:
            return Fetched(outputs, level, error.trouble, str(error))
        return Fetched(outputs, level)


def _refuse_flood(outputs: list[Output]) -> None:
    if sum(output.octets for output in outputs) > MOST_FETCH_OCTETS:
        outputs.pop()
        raise SessionFailed(Trouble.CUT, f"answers of more than {MOST_FETCH_OCTETS} octets together")


def _asked(conversation: Conversation, command: str, dialect: Dialect, is_parsed: bool) -> Output:
    last_line = dialect.last_line if command in dialect.configurations().values() else None
    answer = conversation.ask(command, last_line)
    output = Output(command, answer.text, answer.octets, answer.raw_sha256, refusal(answer.text), distrust(answer.text))
    if not is_parsed or output.refusal or output.unparsed:
        return output
    return output.with_rows(rows_of(answer.text, command, dialect))


def make() -> SshService:
    return SshService(Patience())
