"""The Enrolment service over gRPC, with the server pinned: its certificate must come from the CA in hand and bear the server's fixed name.

gRPC in Python cannot be told the lowest TLS version. Before the call, a handshake by Python's own `ssl` with TLS 1.3 as the lowest version
finds out whether the server speaks it; one that does not is refused before a token is shown to it.
"""

import socket
import ssl
from collections.abc import Callable
from typing import TypeVar

import grpc
from natvakt_wire.errors import Advice, Malformed, advice
from natvakt_wire.ids import SERVER_NAME
from natvakt_wire.v1 import enrolment_pb2, enrolment_pb2_grpc

from natvakt_agent.model.refusal import Refusal

MAX_RESPONSE_BYTES = 256 * 1024
DEFAULT_TIMEOUT_SECONDS = 20.0

_Request = TypeVar("_Request")


class ServerUnreachable(Refusal):
    """No answer, for now: retry later. The text names the address and what happened."""


class ServerRefused(Refusal):
    """The server, or our own check of it, said no. `advice` says whether asking again can help."""

    def __init__(self, text: str, what_to_do: Advice) -> None:
        super().__init__(text)
        self.advice = what_to_do


class PinnedEnrolmentCalls:
    """`EnrolmentCalls` at one address. Every call is a connection of its own."""

    def __init__(self, address: str, ca_certificates: bytes, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        self._address = address
        self._ca_certificates = ca_certificates
        self._timeout_seconds = timeout_seconds

    def enrol(self, request: enrolment_pb2.EnrolRequest) -> enrolment_pb2.EnrolResponse:
        return self._call(lambda stub: stub.Enrol, request)

    def come_back(self, request: enrolment_pb2.ReturnRequest) -> enrolment_pb2.EnrolResponse:
        return self._call(lambda stub: stub.Return, request)

    def _call(
        self,
        method: Callable[[enrolment_pb2_grpc.EnrolmentStub], Callable[..., enrolment_pb2.EnrolResponse]],
        request: _Request,
    ) -> enrolment_pb2.EnrolResponse:
        check_server(self._address, self._ca_certificates, self._timeout_seconds)
        options = (
            ("grpc.ssl_target_name_override", SERVER_NAME),
            ("grpc.max_receive_message_length", MAX_RESPONSE_BYTES),
            ("grpc.enable_http_proxy", 0),
        )
        credentials = grpc.ssl_channel_credentials(root_certificates=self._ca_certificates)
        with grpc.secure_channel(self._address, credentials, options) as channel:
            try:
                stub = enrolment_pb2_grpc.EnrolmentStub(channel)  # type: ignore[no-untyped-call]
                return method(stub)(request, timeout=self._timeout_seconds)
            except grpc.RpcError as error:
                raise _sorted(error, self._address) from error


def check_server(address: str, ca_certificates: bytes, timeout_seconds: float) -> None:
    """A TLS 1.3 handshake and nothing more. Raises ServerRefused when the server cannot be who it should be, else ServerUnreachable."""
    host, port = _split(address)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=ca_certificates.decode("ascii"))
    context.set_alpn_protocols(["h2"])
    try:
        with socket.create_connection((host, port), timeout_seconds) as plain, context.wrap_socket(plain, server_hostname=SERVER_NAME):
            return
    except ssl.SSLCertVerificationError as error:
        text = f"{address}: the server's certificate is not good: {error.verify_message}; this is not the partner's server"
        raise ServerRefused(text, Advice.STOP) from error
    except ssl.SSLError as error:
        raise ServerRefused(f"{address}: no TLS 1.3 with this server: {error.reason or 'handshake failed'}", Advice.RETRY) from error
    except OSError as error:
        raise ServerUnreachable(f"{address}: {error.strerror or error}") from error


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Malformed(f"server address {address[:80]!r} is not host:port")
    return host.strip("[]"), int(port)


def _sorted(error: grpc.RpcError, address: str) -> ServerRefused | ServerUnreachable:
    status, details = error.code().name, error.details()
    if status in {"UNAVAILABLE", "DEADLINE_EXCEEDED"}:
        return ServerUnreachable(f"{address}: {status}: {details}")
    return ServerRefused(f"{address}: {details}", advice(status))
