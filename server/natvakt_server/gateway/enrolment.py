"""The Enrolment service on port 7444: server certificate only, so whoever calls is nobody until the desk has looked at the proof.

Every call is bounded: message size, calls a minute for each address, TLS 1.3 only. What the desk refuses travels as the status that
`natvakt_wire.errors` names; what else goes wrong travels as INTERNAL without a word about why.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

import grpc
import grpc.aio
from natvakt_wire.errors import NotAdmitted, TryLater, WireError, status_name
from natvakt_wire.v1 import enrolment_pb2, enrolment_pb2_grpc, uplink_pb2

from natvakt_server.domain.clock import Clock
from natvakt_server.gateway.pacing import Buckets, Rate
from natvakt_server.gateway.tls import server_credentials
from natvakt_server.gateway.tls_files import TlsFiles
from natvakt_server.identity.requests import Enrolled, EnrolmentRequest, ReturnRequest

MAX_REQUEST_BYTES = 32 * 1024
CALLS_PER_ADDRESS = Rate(per_second=0.5, burst=20)
MAX_ADDRESSES = 10_000
POLL_STOP_SECONDS = 0.2
SERVER_OPTIONS: Sequence[tuple[str, int]] = (
    ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
    ("grpc.max_concurrent_streams", 4),
    ("grpc.max_connection_age_ms", 60_000),
    ("grpc.max_connection_age_grace_ms", 10_000),
    ("grpc.so_reuseport", 0),
)

log = logging.getLogger(__name__)


class Call(Protocol):
    """The part of `grpc.aio.ServicerContext` that is used here."""

    def peer(self) -> str: ...
    def auth_context(self) -> Mapping[str, Sequence[bytes]]: ...
    async def abort(self, code: grpc.StatusCode, details: str) -> NoReturn: ...


class Desk(Protocol):
    """The part of `identity.enrolment.EnrolmentDesk` that strangers may reach. Blocking; raises WireError."""

    def enrol(self, request: EnrolmentRequest, peer: str = "") -> Enrolled: ...
    def return_after_absence(self, request: ReturnRequest, peer: str = "") -> Enrolled: ...


class EnrolmentService(enrolment_pb2_grpc.EnrolmentServicer):
    """`executor` runs the desk, which waits for SQL, so that the event loop never does."""

    def __init__(self, desk: Desk, executor: Executor, clock: Clock, rate: Rate = CALLS_PER_ADDRESS) -> None:
        self._desk = desk
        self._executor = executor
        self._clock = clock
        self._buckets: Buckets[str] = Buckets(rate, MAX_ADDRESSES)

    async def Enrol(self, request: enrolment_pb2.EnrolRequest, context: Call) -> enrolment_pb2.EnrolResponse:
        asked = EnrolmentRequest.from_token(
            request.token,
            csr=request.csr,
            identity_public_key=request.identity_public_key,
            identity_proof=request.identity_proof,
            version=request.version,
        )
        return await self._answer(context, lambda peer: self._desk.enrol(asked, peer))

    async def Return(self, request: enrolment_pb2.ReturnRequest, context: Call) -> enrolment_pb2.EnrolResponse:
        asked = ReturnRequest(request.agent, request.csr, request.signed_at_ns, request.nonce, request.identity_proof)
        return await self._answer(context, lambda peer: self._desk.return_after_absence(asked, peer))

    async def _answer(self, context: Call, ask: Callable[[str], Enrolled]) -> enrolment_pb2.EnrolResponse:
        peer = address_of(context.peer())
        try:
            require_tls13(context.auth_context())
            if self._buckets.take(peer, 1, self._clock.monotonic_ns()):
                raise TryLater("too many enrolment calls from this address; try again in a minute")
            enrolled = await asyncio.get_running_loop().run_in_executor(self._executor, ask, peer)
        except WireError as error:
            log.info("enrolment refused peer=%s reason=%s", peer, type(error).__name__)
            await context.abort(grpc.StatusCode[status_name(error)], str(error))
        except Exception:
            log.exception("enrolment failed peer=%s", peer)
            await context.abort(grpc.StatusCode.INTERNAL, "the server could not answer; its log says why")
        return to_message(enrolled)


def require_tls13(auth_context: Mapping[str, Sequence[bytes]]) -> None:
    """NotAdmitted for an older TLS: gRPC in Python cannot be told the lowest version it takes."""
    version = b"".join(auth_context.get("ssl_tls_version", ()))
    if version != b"TLSv1.3":
        raise NotAdmitted(f"TLS 1.3 is required, this connection is {version.decode(errors='replace') or 'not TLS'}")


def address_of(peer: str) -> str:
    """`ipv4:10.0.0.1:55010` -> `10.0.0.1`; `ipv6:[::1]:55010` -> its /64, because one customer owns at least that."""
    kind, _, rest = peer.partition(":")
    host = rest.rpartition(":")[0]
    if kind != "ipv6":
        return host or peer
    return ":".join(host.replace("%5B", "[").replace("%5D", "]").strip("[]").split(":")[:4])


def to_message(enrolled: Enrolled) -> enrolment_pb2.EnrolResponse:
    return enrolment_pb2.EnrolResponse(
        agent=enrolled.name.agent,
        tenant=enrolled.name.tenant,
        site=enrolled.name.site,
        certificate_chain=enrolled.certificate_chain,
        ca_certificates=enrolled.ca_certificates,
        tenant_root=enrolled.tenant_root,
        policy_key=enrolled.policy_key.public_raw,
        policy_key_signature=enrolled.policy_key.signature,
        recipients=uplink_pb2.RecipientKeys(body=enrolled.recipients.body, signature=enrolled.recipients.signature),
        uplink=enrolled.uplink,
        awaiting_approval=enrolled.awaiting_approval,
    )


@dataclass(frozen=True, slots=True)
class EnrolmentListener:
    """Where to serve, and with which certificate (PEM). Port 0: any free one."""

    address: str
    certificate_chain: bytes
    private_key: bytes = field(repr=False)
    newest_tls: Callable[[], TlsFiles | None] | None = None
    """Asked at each handshake whether the certificate was renewed."""


class EnrolmentServer:
    """The service on its port, for a thread of its own."""

    def __init__(self, listener: EnrolmentListener, desk: Desk, clock: Clock, desk_threads: int = 8) -> None:
        self._listener = listener
        self._desk = desk
        self._clock = clock
        self._desk_threads = desk_threads

    def run(self, stop: threading.Event, started: Callable[[int], None]) -> None:
        """Serve until `stop` is set. `started` gets the port. Raises OSError when the address cannot be bound."""
        asyncio.run(self._serve(stop, started))

    async def _serve(self, stop: threading.Event, started: Callable[[int], None]) -> None:
        with ThreadPoolExecutor(self._desk_threads, thread_name_prefix="enrolment") as executor:
            server = grpc.aio.server(options=SERVER_OPTIONS)
            service = EnrolmentService(self._desk, executor, self._clock)
            enrolment_pb2_grpc.add_EnrolmentServicer_to_server(service, server)  # type: ignore[no-untyped-call]
            port = self._bind(server)
            await server.start()
            started(port)
            log.info("enrolment serves address=%s port=%d", self._listener.address, port)
            try:
                while not stop.is_set():
                    await asyncio.sleep(POLL_STOP_SECONDS)
            finally:
                await server.stop(grace=2.0)

    def _bind(self, server: grpc.aio.Server) -> int:
        served = TlsFiles(self._listener.certificate_chain, self._listener.private_key)
        credentials = server_credentials(served, self._listener.newest_tls, clients_show_certificates=False)
        try:
            port: int = server.add_secure_port(self._listener.address, credentials)
        except RuntimeError as error:
            raise OSError(f"enrolment cannot listen on {self._listener.address}: {error}; is another server running there?") from error
        return port
