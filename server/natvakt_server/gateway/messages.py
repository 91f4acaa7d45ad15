"""From wire messages to what the core works with, and back. Pure; sizes of a Hello are judged here."""

from collections.abc import Collection

from natvakt_wire.envelope import Envelope, LaneClass
from natvakt_wire.gap import GapRecord
from natvakt_wire.ids import EPOCH_BYTES
from natvakt_wire.limits import BOOT_ID_BYTES
from natvakt_wire.v1 import uplink_pb2

from natvakt_server.domain.delivery import Incoming
from natvakt_server.gateway.authenticity import Authentic
from natvakt_server.gateway.requests import Begin, Begun, LaneFacts, Peer

PROTOCOL = 1
MAX_TEXT = 200
MAX_NONCE_BYTES = 64


def hello_fault(hello: uplink_pb2.Hello, lanes: int) -> str:
    """What is wrong with a Hello, or nothing. `lanes`: how many may be named."""
    if hello.protocol != PROTOCOL:
        return f"protocol {hello.protocol} is not {PROTOCOL}, the one this server speaks"
    if len(hello.epoch) != EPOCH_BYTES:
        return f"epoch has {len(hello.epoch)} bytes, expected {EPOCH_BYTES}"
    if len(hello.boot_id) != BOOT_ID_BYTES:
        return f"boot id has {len(hello.boot_id)} bytes, expected {BOOT_ID_BYTES}"
    if len(hello.lanes) > lanes:
        return f"{len(hello.lanes)} lanes are over the limit of {lanes}"
    if len(hello.resume_nonce) > MAX_NONCE_BYTES:
        return f"resume nonce has {len(hello.resume_nonce)} bytes"
    return ""


_LANE_CLASSES = {uplink_pb2.LANE_CLASS_EVENTS: LaneClass.EVENTS, uplink_pb2.LANE_CLASS_STATE: LaneClass.STATE}


def lane_classes(hello: uplink_pb2.Hello) -> dict[int, str]:
    """What each offered lane carries. `metrics` is what gaps are made of, so it stands for what an older agent does not say."""
    return {offer.lane: _LANE_CLASSES.get(offer.lane_class, LaneClass.METRICS).value for offer in hello.lanes}


def begin_of(hello: uplink_pb2.Hello, peer: Peer, fresh: bytes, received_ns: int) -> Begin:
    lanes = [LaneFacts(offer.lane, offer.oldest_seq, offer.next_seq, offer.acked_through, offer.acked_digest) for offer in hello.lanes]
    return Begin(
        peer=peer,
        epoch=hello.epoch,
        resume_nonce=hello.resume_nonce,
        lanes=lanes,
        boot_id=hello.boot_id,
        wall_ns=hello.wall_ns,
        monotonic_ns=hello.monotonic_ns,
        version=hello.version[:MAX_TEXT],
        fresh=fresh,
        received_ns=received_ns,
    )


def incoming_of_batch(peer: Peer, authentic: Authentic, envelope: Envelope, received_ns: int) -> Incoming:
    header = authentic.header
    return Incoming(
        tenant=peer.tenant,
        site=peer.site,
        agent=peer.agent,
        epoch=header.epoch,
        lane=header.lane,
        lane_class=header.lane_class.value,
        seq=header.seq,
        last_seq=header.seq,
        previous=header.previous,
        digest=envelope.digest,
        envelope=envelope.to_bytes(),
        is_gap=False,
        received_ns=received_ns,
        clock_trusted=header.clock_trusted,
        boot_id=header.boot_id,
        quarantine_reason=authentic.poison,
    )


def incoming_of_gap(peer: Peer, record: GapRecord, lane_class: str, message: uplink_pb2.SignedGap, received_ns: int) -> Incoming:
    """The digest is that of the last batch given up, so that the chain goes on behind the gap."""
    return Incoming(
        tenant=peer.tenant,
        site=peer.site,
        agent=peer.agent,
        epoch=record.epoch,
        lane=record.lane,
        lane_class=lane_class,
        seq=record.first_seq,
        last_seq=record.last_seq,
        previous=record.previous,
        digest=record.last_digest,
        envelope=message.SerializeToString(deterministic=True),
        is_gap=True,
        received_ns=received_ns,
    )


def welcome(
    begun: Begun, offered: Collection[int], *, window_batches: int, window_bytes: int, server_wall_ns: int
) -> uplink_pb2.ServerMessage:
    marks = [uplink_pb2.LaneMark(lane=mark.lane, through_seq=mark.seq, digest=mark.digest) for mark in begun.marks if mark.lane in offered]
    message = uplink_pb2.Welcome(
        resume_nonce=begun.nonce,
        marks=marks,
        window_batches=window_batches,
        window_bytes=window_bytes,
        server_wall_ns=server_wall_ns,
    )
    return uplink_pb2.ServerMessage(welcome=message)


def nack(incoming: Incoming, reason: uplink_pb2.NackReason, detail: str, retry_after_ms: int = 0) -> uplink_pb2.ServerMessage:
    message = uplink_pb2.Nack(
        epoch=incoming.epoch,
        lane=incoming.lane,
        seq=incoming.seq,
        reason=reason,
        retry_after_ms=retry_after_ms,
        detail=detail,
        digest=incoming.digest,
    )
    return uplink_pb2.ServerMessage(nack=message)
