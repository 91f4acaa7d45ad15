"""Policy and commands are believed only under the tenant's policy key, and a command is carried out once."""

import json

import pytest
from natvakt_agent.link.directives import MAX_BODY_BYTES, Command, DirectiveRefused, Directives
from natvakt_wire.signing import Domain, sign
from natvakt_wire.v1 import uplink_pb2
from testkit.wire import identity_key

KEY = identity_key(50)


class _Site:
    def __init__(self, refusal: str | None = None) -> None:
        self.carried_out: list[Command] = []
        self.refusal = refusal
        self.directives = Directives(KEY.public_key().public_bytes_raw(), self.carry_out)

    def carry_out(self, command: Command) -> str | None:
        self.carried_out.append(command)
        return self.refusal


def _command(domain: Domain = Domain.COMMAND, seed: int = 50, **fields: object) -> uplink_pb2.SignedCommand:
    body = json.dumps({"id": "c1", "verb": "scan-now", "not_after": 1000} | fields).encode()
    return uplink_pb2.SignedCommand(body=body, signature=sign(domain, identity_key(seed), body))


def test_a_signed_policy_is_handed_on_as_it_is() -> None:
    body = b'{"version": 2}'
    signed = uplink_pb2.SignedPolicy(body=body, signature=sign(Domain.POLICY, KEY, body))
    assert _Site().directives.policy_body(signed) == body


@pytest.mark.parametrize("signature", [sign(Domain.COMMAND, KEY, b"{}"), sign(Domain.POLICY, identity_key(51), b"{}"), bytes(64), b""])
def test_a_policy_under_another_key_or_for_another_purpose_is_refused(signature: bytes) -> None:
    with pytest.raises(DirectiveRefused, match="signature"):
        _Site().directives.policy_body(uplink_pb2.SignedPolicy(body=b"{}", signature=signature))


def test_an_oversized_policy_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(DirectiveRefused, match="over the limit"):
        _Site().directives.policy_body(uplink_pb2.SignedPolicy(body=bytes(MAX_BODY_BYTES + 1), signature=bytes(64)))


def test_a_command_is_carried_out_once_and_answered_every_time() -> None:
    site = _Site()
    for _ in range(3):
        assert site.directives.answer(_command(), wall_ns=500).accepted
    assert site.carried_out == [Command("c1", "scan-now")]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"verb": "run-shell"}, "none of fetch-config, scan-now"), ({"not_after": 499}, "too old")],
)
def test_an_unknown_or_late_command_is_answered_with_the_reason_and_not_carried_out(fields: dict[str, object], reason: str) -> None:
    site = _Site()
    result = site.directives.answer(_command(**fields), wall_ns=500)
    assert not result.accepted
    assert reason in result.detail
    assert site.carried_out == []


def test_the_sites_own_refusal_is_told() -> None:
    assert _Site("the site policy says no").directives.answer(_command(), 0).detail == "the site policy says no"


@pytest.mark.parametrize("command", [_command(Domain.POLICY), _command(seed=51), _command(id=7)], ids=["purpose", "key", "form"])
def test_a_command_that_cannot_be_believed_or_read_is_not_answered(command: uplink_pb2.SignedCommand) -> None:
    site = _Site()
    with pytest.raises(DirectiveRefused):
        site.directives.answer(command, 0)
    assert site.carried_out == []
