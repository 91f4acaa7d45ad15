"""One stream to the server's Uplink service: mutual TLS with the partner's CA pinned, nothing else accepted.

A thread of its own connects and reads; what it hears goes to `hear` as plain values, in order. gRPC in Python cannot be told the lowest
TLS version, so a handshake by Python's `ssl` with TLS 1.3 as the floor comes first (see `enrolment_calls.check_server`).
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import grpc
from natvakt_wire.ids import SERVER_NAME
from natvakt_wire.limits import MAX_MESSAGE_BYTES
from natvakt_wire.v1 import uplink_pb2, uplink_pb2_grpc

from natvakt_agent.link.enrolment_calls import ServerRefused, ServerUnreachable, check_server

_log = logging.getLogger(__name__)

RETRY_AFTER_KEY = "retry-after-ms"
_MOST_HINT_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class UplinkAccess:
    """Everything a stream needs. PEM throughout."""

    address: str  # host:port
    ca_certificates: bytes
    certificate_chain: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """The stream takes messages; a server that cannot be reached or refuses us is heard of as `Ended`."""


@dataclass(frozen=True, slots=True)
class Heard:
    message: uplink_pb2.ServerMessage


@dataclass(frozen=True, slots=True)
class Ended:
    """The stream is over, or never came to be."""

    reason: str
    retry_after_ns: int = 0


News = Opened | Heard | Ended
Hear = Callable[["Connection", News], None]


class Connection:
    """`prepare` runs in the connection's thread and may block: it sees to a valid certificate. Whatever it raises ends the attempt."""

    def __init__(self, prepare: Callable[[], UplinkAccess], hear: Hear, timeout_seconds: float) -> None:
        self._prepare = prepare
        self._hear = hear
        self._timeout_seconds = timeout_seconds
        self._outgoing: queue.SimpleQueue[uplink_pb2.AgentMessage | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._call: grpc.Call | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="uplink-stream", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def send(self, message: uplink_pb2.AgentMessage) -> None:
        self._outgoing.put(message)

    def close(self) -> None:
        """End the stream; `Ended` may still be heard. Does not wait."""
        with self._lock:
            self._closed = True
            call = self._call
        self._outgoing.put(None)
        if call is not None:
            call.cancel()

    def join(self, timeout_seconds: float) -> None:
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        try:
            ended = self._converse()
        except (ServerUnreachable, ServerRefused) as error:
            ended = Ended(str(error))
        except grpc.RpcError as error:
            ended = _ended(error)
        except Exception as error:
            # The thread's end: the link must hear of it, whatever it was, and try again.
            _log.exception("uplink stream failed")
            ended = Ended(f"{type(error).__name__}: {error}")
        self._hear(self, ended)

    def _converse(self) -> Ended:
        access = self._prepare()
        check_server(access.address, access.ca_certificates, self._timeout_seconds)
        credentials = grpc.ssl_channel_credentials(access.ca_certificates, access.key, access.certificate_chain)
        with grpc.secure_channel(access.address, credentials, _OPTIONS) as channel:
            call = uplink_pb2_grpc.UplinkStub(channel).Stream(self._messages())  # type: ignore[no-untyped-call]
            with self._lock:
                self._call = call
                closed = self._closed
            if closed:
                call.cancel()
                return Ended("closed by the agent")
            self._hear(self, Opened())
            for message in call:
                self._hear(self, Heard(message))
        return Ended("the server ended the stream")

    def _messages(self) -> Iterator[uplink_pb2.AgentMessage]:
        while (message := self._outgoing.get()) is not None:
            yield message


_OPTIONS = (
    ("grpc.ssl_target_name_override", SERVER_NAME),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 120_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.enable_http_proxy", 0),
    ("grpc.enable_retries", 0),
    ("grpc.use_local_subchannel_pool", 1),
)


def _ended(error: grpc.RpcError) -> Ended:
    """The status, and how long the server asks to stay away."""
    metadata = dict(error.trailing_metadata() or ()) if hasattr(error, "trailing_metadata") else {}
    hint = str(metadata.get(RETRY_AFTER_KEY, ""))
    retry_after_ns = min(int(hint), _MOST_HINT_MS) * 1_000_000 if hint.isdecimal() else 0
    code = error.code().name if hasattr(error, "code") and error.code() is not None else "UNKNOWN"
    details = error.details() if hasattr(error, "details") else ""
    return Ended(f"{code}: {details}", retry_after_ns)
