"""What collector and child say to each other, as msgpack over the child's pipes. Secrets travel here and nowhere else.

Only these structs hold secrets as plain text; their `repr` shows none.
"""

from enum import StrEnum

import msgspec

FETCH = "fetch"
GREET = "greet"
MOST_OUTPUT_OCTETS = 4 * 1024 * 1024
"""Of one command; all commands of a fetch together stay below the 16 MiB of a frame."""
MOST_FETCH_OCTETS = 12 * 1024 * 1024


class Trouble(StrEnum):
    """Why a device told nothing, sorted by what a person has to do."""

    UNREACHABLE = "unreachable"  # no connection, or no SSH behind it
    LOGIN_REFUSED = "login-refused"  # the device does not take this login
    PRIVILEGE = "privilege"  # logged in, but may not see what is asked for
    KEY_CHANGED = "key-changed"  # another host key than the pinned one: nothing was sent
    PASSWORD_CHANGE = "password-change"  # noqa: S105  (the device wants a new password before anything else)
    CUT = "cut"  # the session ended, fell silent or never ended its answer
    DEADLINE = "deadline"  # the time for this device was up
    FAULT = "fault"  # what the device speaks is not understood


class HostKey(msgspec.Struct, frozen=True):
    """`algorithm` is SSH's name of the key type (`ssh-rsa`, `ssh-ed25519`), `blob` the public key as sent (RFC 4253, 6.6)."""

    algorithm: str
    blob: bytes


class Login(msgspec.Struct, frozen=True):
    user: str
    password: str
    enable: str
    private_key: str

    def __repr__(self) -> str:
        return f"Login({self.user!r}, ***)"


class Greet(msgspec.Struct, frozen=True):
    """Shake hands up to the host key and hang up: no name and no credential is sent."""

    address: str
    port: int
    deadline_seconds: float


class Greeting(msgspec.Struct, frozen=True):
    key: HostKey | None = None
    trouble: Trouble | None = None
    detail: str = ""


class Fetch(msgspec.Struct, frozen=True):
    """Log in where the host key is `pinned`, and run `commands` of the dialect in this order. `parsed` are those to be read into rows."""

    address: str
    port: int
    dialect: str
    login: Login
    pinned: HostKey
    commands: list[str]
    parsed: list[str]
    deadline_seconds: float


class Output(msgspec.Struct, frozen=True):
    """One command's answer. `refusal`: the device's own words where it does not do that; `unparsed`: why the text is not trusted.

    `raw_sha256` is of the octets as they came. It stays at the site: with everything else known, it would let a secret be guessed.
    """

    command: str
    text: str
    octets: int
    raw_sha256: str
    refusal: str | None = None
    unparsed: str | None = None
    rows: list[dict[str, str]] | None = None

    def with_rows(self, rows: list[dict[str, str]] | None) -> "Output":
        return msgspec.structs.replace(self, rows=rows)


class Fetched(msgspec.Struct, frozen=True):
    """`outputs` up to where it went wrong, if it did. `offered` is the key that was shown in place of the pinned one."""

    outputs: list[Output]
    privilege: int | None = None
    trouble: Trouble | None = None
    detail: str = ""
    offered: HostKey | None = None


def encode(message: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(message)


def decode_greet(body: bytes) -> Greet:
    """Raises ValueError, as do the others."""
    return msgspec.msgpack.decode(body, type=Greet)


def decode_fetch(body: bytes) -> Fetch:
    return msgspec.msgpack.decode(body, type=Fetch)


def decode_greeting(body: bytes) -> Greeting:
    return msgspec.msgpack.decode(body, type=Greeting)


def decode_fetched(body: bytes) -> Fetched:
    return msgspec.msgpack.decode(body, type=Fetched)
