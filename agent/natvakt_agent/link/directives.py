"""Policy and commands from the server: nothing is handed on that the tenant's policy key did not sign.

A command is JSON `{"id": ..., "verb": ..., "not_after": nanoseconds}`; the set of verbs is closed and lives here. A repeated id is
answered again but not carried out again. Size is checked before anything is parsed.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from natvakt_wire.errors import WireError
from natvakt_wire.signing import Domain, verify_signature
from natvakt_wire.v1 import uplink_pb2

MAX_BODY_BYTES = 60 * 1024
VERBS = frozenset({"scan-now", "fetch-config"})
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Command:
    id: str
    verb: str


class DirectiveRefused(Exception):
    """The text says what is wrong with it; for the log and, of a command, for the answer."""


class _CommandBody(msgspec.Struct, frozen=True):
    id: str
    verb: str
    not_after: int


class Directives:
    """`carry_out` says yes or no (with a reason) to a verified command that is new."""

    def __init__(self, policy_key: bytes, carry_out: Callable[[Command], str | None]) -> None:
        self._policy_key = policy_key
        self._carry_out = carry_out
        self._answered: OrderedDict[str, uplink_pb2.CommandResult] = OrderedDict()

    def policy_body(self, signed: uplink_pb2.SignedPolicy) -> bytes:
        """The verified body. Raises DirectiveRefused."""
        return self._verified(Domain.POLICY, signed.body, signed.signature)

    def answer(self, signed: uplink_pb2.SignedCommand, wall_ns: int) -> uplink_pb2.CommandResult:
        """Carry a command out, once. Raises DirectiveRefused when nobody can be answered: the signature is not the policy key's."""
        body = self._verified(Domain.COMMAND, signed.body, signed.signature)
        try:
            command = msgspec.json.decode(body, type=_CommandBody)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DirectiveRefused(f"command is not of the agreed form: {error}") from error
        known = self._answered.get(command.id)
        if known is not None:
            return known
        refusal = self._refusal(command, wall_ns)
        result = uplink_pb2.CommandResult(command=command.id, accepted=refusal is None, detail=refusal or "")
        self._answered[command.id] = result
        while len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        return result

    def _refusal(self, command: _CommandBody, wall_ns: int) -> str | None:
        if command.verb not in VERBS:
            return f"verb {command.verb[:40]!r} is none of {', '.join(sorted(VERBS))}"
        if wall_ns > command.not_after:
            return "the command is too old"
        return self._carry_out(Command(command.id, command.verb))

    def _verified(self, domain: Domain, body: bytes, signature: bytes) -> bytes:
        if len(body) > MAX_BODY_BYTES:
            raise DirectiveRefused(f"{domain.name.lower()} of {len(body)} bytes is over the limit of {MAX_BODY_BYTES}")
        try:
            verify_signature(domain, self._policy_key, signature, body)
        except WireError as error:
            raise DirectiveRefused(str(error)) from error
        return body
