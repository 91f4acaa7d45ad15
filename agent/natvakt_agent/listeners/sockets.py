"""The sockets that are listened on, each with its thread: datagrams, and streams with or without TLS.

What a connection may cost is bounded: so many at a time, so much unread, so long in silence, so long for its TLS handshake.
"""

import contextlib
import logging
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from natvakt_agent.listeners.messages import ListenRefused
from natvakt_agent.listeners.syslog_framing import Framing

logger = logging.getLogger(__name__)

LARGEST_DATAGRAM_OCTETS = 65_535
RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024
MOST_CONNECTIONS, MOST_CONNECTIONS_OF_A_SOURCE = 64, 8
SILENCE_SECONDS, HANDSHAKE_SECONDS, LOOK_SECONDS = 600.0, 10.0, 0.5
PIECE_OCTETS = 16_384
MOST_AT_THE_END = 10_000
Take = Callable[[bytes, str, Callable[[bytes], None]], None]
"""Octets, source address, and how to answer the sender."""


def _bound(kind: socket.SocketKind, address: str, port: int, what: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = socket.socket(family, kind)
    try:
        if kind is socket.SOCK_STREAM:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((address, port))
    except OSError as error:
        found.close()
        way_out = "below 1024 it needs CAP_NET_BIND_SERVICE, or a higher port and a redirection" if port < 1024 else "is it in use?"
        raise ListenRefused(f"listen.{what} {port} on {address}: {error.strerror or error}; {way_out}") from error
    return found


class Datagrams:
    """`take` is called by the socket's own thread."""

    def __init__(self, address: str, port: int, what: str, take: Take) -> None:
        """Raises ListenRefused."""
        self._socket = _bound(socket.SOCK_DGRAM, address, port, what)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_OCTETS)
        self._socket.settimeout(LOOK_SECONDS)
        self.port = int(self._socket.getsockname()[1])
        self._take = take
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name=what, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join(2 * LOOK_SECONDS)
        self._socket.close()

    def _listen(self) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(OSError):  # silence, or an ICMP error of an answer: the loop ends by its event
                self._take_one()
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):  # nothing is left of what had arrived already
            for _ in range(MOST_AT_THE_END):
                self._take_one()

    def _take_one(self) -> None:
        octets, sender = self._socket.recvfrom(LARGEST_DATAGRAM_OCTETS)

        def answer(reply: bytes) -> None:
            with contextlib.suppress(OSError):
                self._socket.sendto(reply, sender)

        self._take(octets, str(sender[0]), answer)


class Streams:
    """Syslog over TCP, and over TLS with a `tls` context (RFC 5425, RFC 6587). Nothing is ever written to a connection."""

    def __init__(
        self,
        address: str,
        port: int,
        what: str,
        take: Take,
        is_welcome: Callable[[str], bool],
        longest_octets: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`is_welcome` judges a source before its first octet is read. Raises ListenRefused."""
        self._socket = _bound(socket.SOCK_STREAM, address, port, what)
        self._socket.listen(MOST_CONNECTIONS)
        self._socket.settimeout(LOOK_SECONDS)
        self.port = int(self._socket.getsockname()[1])
        self._take, self._is_welcome, self._longest_octets, self._tls = take, is_welcome, longest_octets, tls
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self._pool = ThreadPoolExecutor(MOST_CONNECTIONS, thread_name_prefix=what)
        self._thread = threading.Thread(target=self._listen, name=what, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join(2 * LOOK_SECONDS)
        self._socket.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _listen(self) -> None:
        while not self._is_over.is_set():
            try:
                connection, sender = self._socket.accept()
            except OSError:
                continue
            source = str(sender[0])
            if not self._is_welcome(source):
                self.counts["connection-refused"] += 1
            elif not self._has_room(source):
                self.counts["too-many-connections"] += 1
            else:
                self._pool.submit(self._serve, connection, source)
                continue
            connection.close()

    def _has_room(self, source: str) -> bool:
        with self._lock:
            has_room = self._open.total() < MOST_CONNECTIONS and self._open[source] < MOST_CONNECTIONS_OF_A_SOURCE
            self._open[source] += has_room
            return has_room

    def _serve(self, connection: socket.socket, source: str) -> None:
        try:
            with connection:
                connection.settimeout(HANDSHAKE_SECONDS)
                if self._tls is None:
                    self._read(connection, source)
                else:
                    with self._tls.wrap_socket(connection, server_side=True) as secured:
                        self._read(secured, source)
        except OSError as error:  # ssl.SSLError is one
            self.counts["connection-failed"] += 1
            logger.info("connection ended source=%s reason=%s", source, type(error).__name__)
        finally:
            with self._lock:
                self._open[source] -= 1
                if not self._open[source]:
                    del self._open[source]

    def _read(self, connection: socket.socket, source: str) -> None:
        framing, silent_looks = Framing(self._longest_octets), 0
        connection.settimeout(LOOK_SECONDS)
        while not self._is_over.is_set() and silent_looks * LOOK_SECONDS < SILENCE_SECONDS:
            try:
                piece = connection.recv(PIECE_OCTETS)
            except TimeoutError:
                silent_looks += 1
                continue
            silent_looks = 0
            for message in framing.feed(piece):
                self._take(message, source, _never)
            if not piece:
                break
        rest = framing.end()
        if rest:
            self._take(rest, source, _never)
        self.counts["too-long"] += framing.too_long


def _never(reply: bytes) -> None:
    raise AssertionError(f"syslog is never answered, and somebody wanted to send {len(reply)} octets")


def server_context(certificate_file: str, key_file: str, client_ca_file: str) -> ssl.SSLContext:
    """TLS 1.2 and newer; with `client_ca_file` senders must show a certificate of it. Raises ListenRefused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate_file, key_file or None)
        if client_ca_file:
            context.load_verify_locations(client_ca_file)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ListenRefused(f"listen.certificate_file {certificate_file}: {reason}; PEM files the agent may read are needed") from error
    return context
