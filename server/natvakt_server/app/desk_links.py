"""What the gateway needs from the keys, in one process: renewals signed at once, signed messages made when asked for.

`--role all` separates these objects from the gateway, not the processes; `mailbox` does the same over SQL for split roles.
"""

import threading
from collections.abc import Sequence

import msgspec
from natvakt_wire.errors import WireError
from natvakt_wire.ids import AgentName
from natvakt_wire.signing import Domain, sign
from natvakt_wire.v1 import uplink_pb2

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.commands import AgentCommand, CommandBook
from natvakt_server.gateway.requests import Peer
from natvakt_server.identity.enrolment import EnrolmentDesk
from natvakt_server.identity.tenant_keys import RecipientKeyring, TenantKeys


class DirectRenewals:
    """Implements `gateway.ports.Renewals` with the desk in the same process."""

    def __init__(self, desk: EnrolmentDesk) -> None:
        self._desk = desk
        self._ready: dict[str, list[uplink_pb2.RenewalResult]] = {}
        self._lock = threading.Lock()

    def submit(self, peer: Peer, csr: bytes, signature: bytes) -> None:
        result = renew(self._desk, peer, csr, signature)
        with self._lock:
            self._ready.setdefault(peer.agent, []).append(result)

    def results(self, peer: Peer) -> Sequence[uplink_pb2.RenewalResult]:
        with self._lock:
            return self._ready.pop(peer.agent, [])


def renew(desk: EnrolmentDesk, peer: Peer, csr: bytes, signature: bytes) -> uplink_pb2.RenewalResult:
    try:
        issued = desk.renew(AgentName(peer.tenant, peer.site, peer.agent), csr, signature)
    except WireError as error:
        return uplink_pb2.RenewalResult(refused=str(error))
    return uplink_pb2.RenewalResult(certificate_chain=issued.chain_pem)


class SignedOutgoing:
    """Implements `gateway.ports.OutgoingMessages`: recipient keys and commands, signed when they are collected."""

    def __init__(self, tenants: TenantKeys, recipients: RecipientKeyring, commands: CommandBook, clock: Clock) -> None:
        self._tenants = tenants
        self._recipients = recipients
        self._commands = commands
        self._clock = clock

    def waiting(self, peer: Peer, policy_version: int) -> Sequence[uplink_pb2.ServerMessage]:  # noqa: ARG002 - no interval is changed from here yet
        announced = self._recipients.announcement(peer.tenant)
        keys = uplink_pb2.RecipientKeys(body=announced.body, signature=announced.signature)
        messages = [uplink_pb2.ServerMessage(recipients=keys)]
        for command in self._commands.waiting_commands(peer.agent, self._clock.wall_ns()):
            messages.append(uplink_pb2.ServerMessage(command=self._signed(peer.tenant, command)))
        return messages

    def answered(self, peer: Peer, command: str, accepted: bool, detail: str) -> None:
        self._commands.answer_command(peer.agent, command, accepted, detail[:500], self._clock.wall_ns())

    def _signed(self, tenant: str, command: AgentCommand) -> uplink_pb2.SignedCommand:
        body = msgspec.json.encode({"id": command.id, "verb": command.verb, "not_after": command.not_after_ns}, order="deterministic")
        return uplink_pb2.SignedCommand(body=body, signature=sign(Domain.COMMAND, self._tenants.policy_key(tenant), body))
