"""What stands in the mailbox's letters and answers, as JSON both sides agree on.

Letters hold what was asked, never a token: `EnrolmentRequest` carries its hashes. Answers hold certificates and public keys, or a refusal.
"""

from typing import TypeVar

import msgspec
from natvakt_wire.errors import STATUS_BY_ERROR, Malformed, NotAdmitted, TryLater, WireError
from natvakt_wire.ids import AgentName

from natvakt_server.identity.requests import Enrolled

T = TypeVar("T")
_ERRORS = {kind.__name__: kind for kind in STATUS_BY_ERROR}


class RenewalLetter(msgspec.Struct, frozen=True):
    """`name`: from the certificate of the stream it came over."""

    name: AgentName
    csr: bytes
    signature: bytes


class Granted(msgspec.Struct, frozen=True, tag="granted"):
    enrolled: Enrolled


class Renewed(msgspec.Struct, frozen=True, tag="renewed"):
    chain_pem: bytes


class Refusal(msgspec.Struct, frozen=True, tag="refused"):
    """`error`: the name of a class in `natvakt_wire.errors`; any other means that the worker failed, and its log says why."""

    error: str
    text: str


Answer = Granted | Renewed | Refusal


class WorkerFailed(Exception):
    """The worker could not work on a letter, for a reason of its own."""


def write(content: object) -> bytes:
    return msgspec.json.encode(content)


def read(body: bytes, kind: type[T]) -> T:
    """Raises Malformed."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError, Malformed) as error:
        raise Malformed(f"the letter is no {kind.__name__}") from error


def read_answer(body: bytes) -> Answer:
    """Raises WorkerFailed."""
    try:
        answer: Answer = msgspec.json.decode(body, type=Answer)
    except (msgspec.ValidationError, msgspec.DecodeError, Malformed) as error:
        raise WorkerFailed("the worker's answer cannot be read; do gateway and worker run the same version?") from error
    return answer


def refusal_of(error: WireError) -> Refusal:
    kind = next((kind for kind in type(error).__mro__ if kind in STATUS_BY_ERROR), NotAdmitted)
    return Refusal(kind.__name__, str(error))


def error_of(refusal: Refusal) -> WireError | WorkerFailed:
    kind = _ERRORS.get(refusal.error)
    return WorkerFailed(refusal.text) if kind is None else kind(refusal.text)


def busy() -> TryLater:
    return TryLater("the server has no hand free to look at this request; try again in a minute")
