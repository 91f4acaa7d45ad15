"""What an API caller is told when something did not work: RFC 9457, with a word for programs and an id that stands in the log."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`code`: a word that stays the same; `detail`: the place, the value, the reason and the way out; `id`: stands in the server's log."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    id: str


class Refused(Exception):
    """Ends an operation with a problem. `headers` go out with it."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, dict(headers or {})


def problem(status: int, code: str, detail: str, number: str) -> Problem:
    return Problem("about:blank", HTTPStatus(status).phrase, status, code, detail, number)


def not_found(what: str) -> Refused:
    """The same whether there is no such thing or it is somebody else's."""
    return Refused(404, "not-found", f"there is no {what}, or it is not this token's to see")


def bad_argument(name: str, value: object, reason: str) -> Refused:
    return Refused(400, "bad-argument", f"{name}={str(value)[:80]!r}: {reason}")
