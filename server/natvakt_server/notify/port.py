"""Where channels meet the rest: what is said, what goes out, what came back.

A channel is pure. It makes of a notice what has to be sent, and judges the answer; sending is for `notify/transports/`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol

from natvakt_server.domain.notification import Kind, Occasion, Severity


class NotDelivered(Exception):
    """The text names who answered, what, and the way out; never a secret, and no address that holds one."""


class Unavailable(NotDelivered):
    """It may be taken later. `retry_seconds`: not before so long, as the other side asked; 0: it did not say."""

    def __init__(self, text: str, retry_seconds: float = 0.0) -> None:
        super().__init__(text)
        self.retry_seconds = retry_seconds


class Refused(NotDelivered):
    """It will never be taken as it is."""


class SettingsRefused(ValueError):
    """`field`: which setting; `problem`: a key of the words that people are told."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.field, self.problem = name, problem


@dataclass(frozen=True, slots=True)
class Field:
    """A setting of a channel. `secret` ones are sealed and never shown again. `example` is shown in the form; `stand_in` is a value that
    is checked in place of a secret that nobody can read any more.
    """

    name: str
    secret: bool = False
    required: bool = True
    example: str = ""
    choices: Sequence[str] = ()
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one recipient is told, in its language. `key` stays the same when it is sent again.

    `occasions` are the data behind the words, at most as many as a digest lists; `count` is how many there are. `at_ns`: when it happened;
    `sent_ns`: now.
    """

    key: str
    subject: str  # one line
    lines: Sequence[str]
    kind: Kind
    severity: Severity
    incident: str
    occasions: Sequence[Occasion]
    count: int
    at_ns: int
    sent_ns: int
    link: str = ""

    @property
    def is_digest(self) -> bool:
        return self.count > 1

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Target:
    """One recipient with the channel's settings, opened."""

    settings: Mapping[str, str]
    recipient: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> str:
        """Empty where it is not set."""
        return self.secrets.get(name) or self.settings.get(name, "")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends: stands in messages. `sender`: the address mail comes from."""

    partner: str
    sender: str
    version: str


@dataclass(frozen=True, slots=True)
class HttpCall:
    """`url`, `headers` and `body` may hold secrets and are not printed."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Mail:
    message: EmailMessage = field(repr=False)


@dataclass(frozen=True, slots=True)
class SyslogLine:
    host: str
    port: int
    transport: str  # udp | tcp | tls
    line: bytes


Outgoing = HttpCall | Mail | SyslogLine


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back by HTTP; the body at most some kilobytes of it. Mail and syslog answer nothing worth judging: status 0."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""


class Channel(Protocol):
    """`follows_incidents`: the other side keeps an incident of its own for each of ours, so none may be lost in a digest that ends it."""

    @property
    def name(self) -> str: ...
    @property
    def fields(self) -> Sequence[Field]: ...
    @property
    def follows_incidents(self) -> bool: ...
    def check(self, target: Target) -> None:
        """Raises SettingsRefused."""
        ...

    def recipients(self, settings: Mapping[str, str]) -> Sequence[str]:
        """Each gets a message of its own; one empty text where the destination is one place."""
        ...

    def outgoing(self, notice: Notice, target: Target, origin: Origin) -> Outgoing | None:
        """None: the other side need not hear of this one."""
        ...

    def judge(self, answer: Answer) -> None:
        """Returns when it was delivered. Raises Unavailable, Refused."""
        ...


class Transport(Protocol):
    def send(self, outgoing: Outgoing) -> Answer:
        """Raises Unavailable, Refused."""
        ...


class MailTransport(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken it. Raises Unavailable, Refused."""
        ...
