"""From a stored envelope to a decoded batch: everything is verified again, because the inbox is not more trusted than the wire."""

from collections.abc import Callable
from dataclasses import dataclass

from natvakt_wire import seal
from natvakt_wire.batch import Batch, decode
from natvakt_wire.envelope import Envelope, Header
from natvakt_wire.errors import WireError
from natvakt_wire.seal import RecipientPrivateKey

from natvakt_server.domain.delivery import Incoming
from natvakt_server.domain.identity import AgentState, IdentityKey
from natvakt_server.identity.admission import RevocationReason
from natvakt_server.ingest.ports import OpeningKeys, Signers


class NotUsable(Exception):
    """This batch goes to the quarantine; the text is the reason the operator reads."""


@dataclass(frozen=True, slots=True)
class Crypto:
    """The three operations on envelopes; the simulator brings cheaper ones."""

    verify: Callable[[Envelope, bytes], Header] = seal.verify
    open_sealed: Callable[[Envelope, RecipientPrivateKey], bytes] = seal.open_sealed
    decode: Callable[[bytes], Batch] = decode


class Opener:
    def __init__(self, signers: Signers, keys: OpeningKeys, crypto: Crypto) -> None:
        self._signers = signers
        self._keys = keys
        self._crypto = crypto

    def verify(self, incoming: Incoming) -> tuple[Envelope, Header]:
        """The envelope and its header, if they are what the ledger says and one of the agent's keys signed them. Raises NotUsable."""
        try:
            envelope = Envelope.from_bytes(incoming.envelope)
            header = Header.decode(envelope.header)
            key = self._key_of(incoming.agent, header)
            self._crypto.verify(envelope, key.public_key)
        except WireError as error:
            raise NotUsable(f"{type(error).__name__}: {error}") from error
        said = (header.tenant, header.site, header.agent, header.epoch, header.lane, header.seq, envelope.digest)
        stored = (incoming.tenant, incoming.site, incoming.agent, incoming.epoch, incoming.lane, incoming.seq, incoming.digest)
        if said != stored:
            raise NotUsable("the envelope is not the one its ledger row names")
        self._check_revocation(incoming)
        return envelope, header

    def open(self, envelope: Envelope, header: Header) -> Batch:
        """Raises NotUsable."""
        key = self._keys.opening_key(header.tenant, header.recipient_key_id)
        if key is None:
            raise NotUsable(f"no private key {header.recipient_key_id.hex()} of {header.tenant}: not this customer's, or destroyed")
        try:
            return self._crypto.decode(self._crypto.open_sealed(envelope, key))
        except WireError as error:
            raise NotUsable(f"{type(error).__name__}: {error}") from error

    def _key_of(self, agent: str, header: Header) -> IdentityKey:
        for key in self._signers.identity_keys(agent):
            if key.fingerprint != header.signer:
                continue
            if key.not_after_ns is not None and header.clock_trusted and header.closed_wall_ns > key.not_after_ns:
                raise NotUsable(f"signed with identity key {header.signer.hex()[:16]} after it was replaced")
            return key
        raise NotUsable(f"identity key {header.signer.hex()[:16]} was never registered for agent {agent}")

    def _check_revocation(self, incoming: Incoming) -> None:
        """What an agent sent before it was revoked stays good, unless its keys were in wrong hands."""
        record = self._signers.agent(incoming.agent)
        if record is None:
            raise NotUsable(f"agent {incoming.agent} is not registered")
        if record.state is AgentState.REVOKED and record.detail.startswith(RevocationReason.KEY_COMPROMISE):
            raise NotUsable(f"agent {incoming.agent} was revoked: {record.detail}")
