"""Is this envelope from who its certificate says, and is it in a shape that can be worked on? No opening key is needed.

Three answers: a header (fine), `Refused` (not from this agent or not readable: nothing is stored), `Poison` (authentic, but no worker will
ever open it: stored in quarantine, so that the chain goes on).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from natvakt_wire.envelope import SCHEMA_VERSION, Envelope, Header
from natvakt_wire.errors import BadSignature, LimitExceeded, Malformed
from natvakt_wire.gap import GapRecord, SignedGap
from natvakt_wire.limits import MAX_GAP_BYTES
from natvakt_wire.signing import SIGNATURE_BYTES

from natvakt_server.domain.identity import IdentityKey
from natvakt_server.gateway.requests import Peer

Verify = Callable[[Envelope, bytes], Header]
VerifyGap = Callable[[SignedGap, bytes], GapRecord]

MAX_SEQ = (1 << 62) - 1  # what every database's integer holds, with room


@dataclass(frozen=True, slots=True)
class Authentic:
    header: Header
    poison: str = ""


class Refused(Exception):
    """Not to be stored. `status` is the name of a gRPC status code, `action` the word for the audit trail."""

    def __init__(self, status: str, action: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.action = action
        self.detail = detail


def authenticate(envelope: Envelope, peer: Peer, epoch: bytes, keys: Sequence[IdentityKey], verify: Verify) -> Authentic:
    """Limits, then header, then identity, then signature. Raises Refused."""
    try:
        envelope.check_limits()
        header = Header.decode(envelope.header)
    except (LimitExceeded, Malformed) as error:
        raise Refused("INVALID_ARGUMENT", "malformed", str(error)) from error
    _check_names(peer, header.tenant, header.site, header.agent)
    _check_epoch(epoch, header.epoch)
    _check_seq(header.lane, header.seq)
    key = _registered(keys, header.signer)
    try:
        verify(envelope, key.public_key)
    except BadSignature as error:
        raise Refused("PERMISSION_DENIED", "bad-signature", str(error)) from error
    except (LimitExceeded, Malformed) as error:
        return Authentic(header, str(error))
    if header.schema > SCHEMA_VERSION:
        return Authentic(header, f"schema {header.schema} is newer than {SCHEMA_VERSION}, the newest this server reads")
    return Authentic(header)


def authenticate_gap(gap: SignedGap, peer: Peer, epoch: bytes, keys: Sequence[IdentityKey], verify: VerifyGap) -> GapRecord:
    """As `authenticate`, for the word that batches were lost by policy. Raises Refused."""
    if len(gap.body) > MAX_GAP_BYTES or len(gap.signature) != SIGNATURE_BYTES:
        raise Refused("INVALID_ARGUMENT", "malformed", f"gap record of {len(gap.body)} bytes with a signature of {len(gap.signature)}")
    try:
        record = GapRecord.decode(gap.body)
    except (LimitExceeded, Malformed) as error:
        raise Refused("INVALID_ARGUMENT", "malformed", str(error)) from error
    _check_names(peer, record.tenant, record.site, record.agent)
    _check_epoch(epoch, record.epoch)
    _check_seq(record.lane, record.last_seq)
    key = _registered(keys, record.signer)
    try:
        return verify(gap, key.public_key)
    except (BadSignature, LimitExceeded, Malformed) as error:
        raise Refused("PERMISSION_DENIED", "bad-signature", str(error)) from error


def _check_names(peer: Peer, tenant: str, site: str, agent: str) -> None:
    said = f"{tenant}/{site}/{agent}"
    proven = f"{peer.tenant}/{peer.site}/{peer.agent}"
    if said != proven:
        raise Refused("PERMISSION_DENIED", "identity-mismatch", f"the certificate says {proven}, the header says {said}")


def _check_epoch(session: bytes, said: bytes) -> None:
    if said != session:
        raise Refused("OUT_OF_RANGE", "wrong-epoch", f"this session is for epoch {session.hex()}, the batch is of {said.hex()}")


def _check_seq(lane: int, seq: int) -> None:
    if seq > MAX_SEQ:
        raise Refused("OUT_OF_RANGE", "out-of-window", f"lane {lane}: seq {seq} is beyond every window")


def _registered(keys: Sequence[IdentityKey], signer: bytes) -> IdentityKey:
    for key in keys:
        if key.fingerprint == signer:
            return key
    raise Refused("PERMISSION_DENIED", "unknown-signer", f"identity key {signer.hex()[:16]} was never registered for this agent")
