"""The gateway on the network: gRPC Uplink and Health with client certificates, around the sans-IO core.

loop thread:   streams ─► Session ─► effects ─► stream          ticks, revocation watch
                            │  ▲
                        Ask ▼  │ answers
writer thread:          Writer ─► Recorder ─► store (one commit for many agents)
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

import grpc
from natvakt_wire.errors import NotAdmitted
from natvakt_wire.limits import MAX_MESSAGE_BYTES
from natvakt_wire.v1 import health_pb2, health_pb2_grpc, uplink_pb2, uplink_pb2_grpc

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.gateway.core import Admission, Gateway
from natvakt_server.gateway.pacing import Buckets, Rate, jittered_ms
from natvakt_server.gateway.peer import key_exchange_group, peer_of
from natvakt_server.gateway.recorder import Recorder
from natvakt_server.gateway.requests import Answer, Ask, Audit, Close, Peer, Send
from natvakt_server.gateway.session import Session, SessionParts
from natvakt_server.gateway.tally import Tally
from natvakt_server.gateway.tls import server_credentials
from natvakt_server.gateway.tls_files import TlsFiles
from natvakt_server.gateway.writer import Writer

_log = logging.getLogger(__name__)

RETRY_AFTER_KEY = "retry-after-ms"
"""Trailing metadata of a refused stream: how long to stay away, jittered."""

OUTBOX_LIMIT = 128


@dataclass(frozen=True, slots=True)
class ServerSettings:
    address: str  # host:port, port 0 for a free one
    version: str
    tick_seconds: float = 1.0
    revocation_seconds: float = 2.0
    connection_age_seconds: int = 3600
    streams_per_agent: Rate = Rate(per_second=0.5, burst=10)  # noqa: RUF009 - frozen
    streams: Rate = Rate(per_second=100, burst=200)  # noqa: RUF009 - frozen
    away_ms: int = 2_000


class GatewayServer:
    """`refused` reads which agents may not speak, from the store: agent id to reason. It is called in a thread every two seconds.

    `newest_tls` is asked at each handshake whether the listener's certificate was renewed; `tls` serves until it answers one.
    """

    def __init__(
        self,
        *,
        settings: ServerSettings,
        tls: TlsFiles,
        parts: SessionParts,
        admission: Admission,
        recorder: Recorder,
        refused: Callable[[], Mapping[str, str]],
        tally: Tally,
        newest_tls: Callable[[], TlsFiles | None] | None = None,
    ) -> None:
        self._settings = settings
        self._tls = tls
        self._newest_tls = newest_tls
        self._clock: Clock = parts.clock
        self._random = parts.random
        self._admission = admission
        self._refused = refused
        self._tally = tally
        self._gateway = Gateway(parts)
        self._writer = Writer(recorder, self._deliver_from_writer, tally)
        self._gate = Gate(settings, parts.clock.monotonic_ns())
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def streams(self) -> int:
        return len(self._gateway)

    def run(self, stop: threading.Event, started: Callable[[int], None]) -> None:
        """Serve until `stop` is set. `started` gets the port. Raises OSError when the address cannot be bound."""
        asyncio.run(self._serve(stop, started))

    async def _serve(self, stop: threading.Event, started: Callable[[int], None]) -> None:
        self._loop = asyncio.get_running_loop()
        server = grpc.aio.server(options=server_options(self._settings))
        uplink_pb2_grpc.add_UplinkServicer_to_server(UplinkServicer(self), server)  # type: ignore[no-untyped-call]
        health_pb2_grpc.add_HealthServicer_to_server(HealthServicer(self), server)  # type: ignore[no-untyped-call]
        port = _bind(server, self._settings.address, server_credentials(self._tls, self._newest_tls, clients_show_certificates=True))
        await self._watch_once()
        self._writer.start()
        await server.start()
        watch = asyncio.create_task(self._watch())
        started(port)
        _log.info("gateway serves address=%s port=%d", self._settings.address, port)
        try:
            while not stop.is_set():
                await asyncio.sleep(min(self._settings.tick_seconds, 0.2))
                self._gateway.tick()
        finally:
            watch.cancel()
            await server.stop(grace=2.0)
            await asyncio.to_thread(self._writer.stop)

    # -- streams -------------------------------------------------------------------------------------------------------

    def enter(self, peer: Peer, wake: Callable[[], None]) -> Session | int:
        """A session, or the milliseconds to stay away: reconnection storms are let in bit by bit."""
        wait_ns = self._gate.wait_ns(peer, self._clock.monotonic_ns())
        if wait_ns:
            self._tally.add("streams.sent-away")
            return jittered_ms(max(self._settings.away_ms, wait_ns // 1_000_000), self._random)
        self._tally.add("streams.opened")
        return self._gateway.connect(peer, wake)

    def leave(self, session: Session) -> None:
        self._gateway.disconnect(session)

    def ask(self, session: Session, effect: Ask) -> None:
        self._writer.submit(session, effect.request)

    def audit(self, effect: Audit) -> None:
        self._writer.audit(effect.entry)

    def health(self) -> health_pb2.HealthResponse:
        return health_pb2.HealthResponse(serving=self._writer.alive, version=self._settings.version, server_wall_ns=self._clock.wall_ns())

    # -- between the threads -------------------------------------------------------------------------------------------

    def _deliver_from_writer(self, answers: Sequence[tuple[Session, Answer]]) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._deliver, answers)

    def _deliver(self, answers: Sequence[tuple[Session, Answer]]) -> None:
        for session, answer in answers:
            self._gateway.answer(session, answer)
            session.wake()

    async def _watch(self) -> None:
        """Revocations reach every open stream within a read interval and a tick."""
        while True:
            await asyncio.sleep(self._settings.revocation_seconds)
            await self._watch_once()
            self._gateway.tick()

    async def _watch_once(self) -> None:
        try:
            self._admission.replace(await asyncio.to_thread(self._refused))
        except StoreUnavailable as error:
            self._tally.add("revocations.unread")
            _log.warning("revocations could not be read; the last known ones stay in force reason=%s", error)


class Gate:
    """Token buckets before a stream is let in: one for everybody, one for each agent."""

    def __init__(self, settings: ServerSettings, now_ns: int) -> None:
        self._agents: Buckets[str] = Buckets(settings.streams_per_agent, 100_000)
        self._all: Buckets[str] = Buckets(settings.streams, 1)
        self._started_ns = now_ns

    def wait_ns(self, peer: Peer, now_ns: int) -> int:
        return self._agents.take(peer.agent, 1, now_ns) or self._all.take("", 1, now_ns)


class UplinkServicer(uplink_pb2_grpc.UplinkServicer):
    def __init__(self, server: GatewayServer) -> None:
        self._server = server

    async def Stream(self, request_iterator: AsyncIterator[uplink_pb2.AgentMessage], context: grpc.aio.ServicerContext) -> None:
        """One agent's stream, from its certificate to its end."""
        auth_context = context.auth_context()
        try:
            peer = peer_of(auth_context)
        except NotAdmitted as error:
            _log.warning("stream refused peer=%s reason=%s", context.peer(), error)
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, str(error))
        woken = asyncio.Event()
        entered = self._server.enter(peer, woken.set)
        if isinstance(entered, Session):
            _log.info("stream opened agent=%s peer=%s group=%s", peer.agent, context.peer(), key_exchange_group(auth_context))
            await self._serve(entered, request_iterator, context, woken)
        else:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "busy: come back later", ((RETRY_AFTER_KEY, str(entered)),))

    async def _serve(
        self, session: Session, requests: AsyncIterator[uplink_pb2.AgentMessage], context: grpc.aio.ServicerContext, woken: asyncio.Event
    ) -> None:
        room = asyncio.Event()
        room.set()
        reader = asyncio.create_task(_read(requests, session, woken, room))
        try:
            close = await self._carry_out(session, context, woken, room, reader)
        finally:
            reader.cancel()
            self._server.leave(session)
        if close is not None:
            metadata = ((RETRY_AFTER_KEY, str(close.retry_after_ms)),) if close.retry_after_ms else ()
            await context.abort(getattr(grpc.StatusCode, close.status), close.detail, metadata)

    async def _carry_out(
        self, session: Session, context: grpc.aio.ServicerContext, woken: asyncio.Event, room: asyncio.Event, reader: "asyncio.Task[None]"
    ) -> Close | None:
        """Effects in order until the session closes or the agent has gone."""
        while True:
            await woken.wait()
            woken.clear()
            for effect in session.drain():
                match effect:
                    case Send():
                        await context.write(effect.message)
                    case Ask():
                        self._server.ask(session, effect)
                    case Audit():
                        self._server.audit(effect)
                    case Close():
                        _log.info("stream closed agent=%s status=%s detail=%r", session.peer.agent, effect.status, effect.detail)
                        return effect
            room.set()
            if reader.done():
                return None


async def _read(requests: AsyncIterator[uplink_pb2.AgentMessage], session: Session, woken: asyncio.Event, room: asyncio.Event) -> None:
    """Feed the session; wait while its answers are not taken, so that a peer that only talks fills its own socket, not our memory."""
    try:
        async for message in requests:
            session.receive(message)
            woken.set()
            if session.outbox_size > OUTBOX_LIMIT:
                room.clear()
                await room.wait()
    finally:
        woken.set()


class HealthServicer(health_pb2_grpc.HealthServicer):
    def __init__(self, server: GatewayServer) -> None:
        self._server = server

    async def Check(self, request: health_pb2.HealthRequest, context: grpc.aio.ServicerContext) -> health_pb2.HealthResponse:  # noqa: ARG002
        return self._server.health()


def server_options(settings: ServerSettings) -> Sequence[tuple[str, int]]:
    """gRPC's own limits, below which the core's come into play."""
    return (
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_concurrent_streams", 4),
        ("grpc.max_connection_age_ms", settings.connection_age_seconds * 1000),
        ("grpc.max_connection_age_grace_ms", 30_000),
        ("grpc.keepalive_time_ms", 120_000),
        ("grpc.keepalive_timeout_ms", 20_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", 60_000),
        ("grpc.http2.max_ping_strikes", 2),
        ("grpc.max_metadata_size", 16 * 1024),
        ("grpc.compression_enabled_algorithms_bitset", 1),  # identity only: a compressed message is refused
        ("grpc.so_reuseport", 0),  # a second start on the same port is an error, not a silent sharing
    )


def _bind(server: grpc.aio.Server, address: str, credentials: grpc.ServerCredentials) -> int:
    try:
        port: int = server.add_secure_port(address, credentials)
    except RuntimeError as error:
        raise OSError(f"gateway cannot listen on {address}: {error}; is another server running there?") from error
    if port == 0:
        raise OSError(f"gateway cannot listen on {address}; is another server running there?")
    return port
