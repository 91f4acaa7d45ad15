"""Where a closed batch becomes an envelope in the spool."""

from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_wire import batch as wire_batch
from natvakt_wire.batch import Batch
from natvakt_wire.envelope import Envelope, Header, LaneClass
from natvakt_wire.gap import GapRecord, sign_gap
from natvakt_wire.ids import AgentName
from natvakt_wire.seal import RecipientPublicKey, seal
from natvakt_wire.signing import fingerprint
from natvakt_wire.v1 import uplink_pb2

from natvakt_agent.model.clock import Instant
from natvakt_agent.model.delivery import Position, SpoolFull, SpoolUnavailable
from natvakt_agent.pipeline.closed import SinkUnavailable
from natvakt_agent.spool.writer import Gap


class SpoolAppend(Protocol):
    """The part of the spool that is needed here."""

    def append(self, lane_class: LaneClass, seal: Callable[[Position], Envelope]) -> bytes: ...


class SpoolSink:
    """`BatchSink`: encode, seal for the place the spool gives, append in one transaction, then `announce` it."""

    def __init__(
        self,
        spool: SpoolAppend,
        name: AgentName,
        identity_key: Ed25519PrivateKey,
        recipient: Callable[[], RecipientPublicKey],
        is_clock_trusted: Callable[[Instant], bool],
        announce: Callable[[], None],
    ) -> None:
        self._spool = spool
        self._name = name
        self._identity_key = identity_key
        self._recipient = recipient
        self._is_clock_trusted = is_clock_trusted
        self._announce = announce

    def append(self, lane_class: LaneClass, batch: Batch) -> int:
        plain = wire_batch.encode(batch)
        closed = Instant(batch.clock.wall_ns, batch.clock.monotonic_ns, batch.clock.boot_id)
        recipient, is_trusted = self._recipient(), self._is_clock_trusted(closed)
        sizes: list[int] = []

        def seal_at(position: Position) -> Envelope:
            header = Header(
                tenant=self._name.tenant,
                site=self._name.site,
                agent=self._name.agent,
                epoch=position.epoch,
                lane=position.lane,
                lane_class=position.lane_class,
                seq=position.seq,
                previous=position.previous,
                clock_trusted=is_trusted,
                boot_id=batch.clock.boot_id,
                closed_wall_ns=batch.clock.wall_ns,
                closed_monotonic_ns=batch.clock.monotonic_ns,
            )
            envelope = seal(header, plain, recipient, self._identity_key)
            sizes.append(len(envelope.header) + len(envelope.ciphertext) + len(envelope.signature))
            return envelope

        try:
            self._spool.append(lane_class, seal_at)
        except (SpoolFull, SpoolUnavailable) as error:
            raise SinkUnavailable(str(error)) from error
        self._announce()
        return sizes[-1]


def gap_signer(name: AgentName, identity_key: Ed25519PrivateKey) -> Callable[[Gap], bytes]:
    """Makes the signed word that stands where batches were given up."""
    signer = fingerprint(identity_key.public_key().public_bytes_raw())

    def sign_one(gap: Gap) -> bytes:
        record = GapRecord(
            tenant=name.tenant,
            site=name.site,
            agent=name.agent,
            signer=signer,
            epoch=gap.epoch,
            lane=gap.lane,
            first_seq=gap.first_seq,
            last_seq=gap.last_seq,
            previous=gap.previous,
            last_digest=gap.last_digest,
            reason=gap.reason,
            batches=gap.batches,
            dropped_at=gap.dropped_wall_ns,
        )
        signed = sign_gap(record, identity_key)
        return bytes(uplink_pb2.SignedGap(body=signed.body, signature=signed.signature).SerializeToString())

    return sign_one
