"""Single packets to many addresses at once, over one selector: echo requests, TCP connects, SNMPv3 engine discovery.

An answer counts only from the address that was asked and with what it must repeat (random token, message id); an engine that answers
from another address is told as that. Whether an answer can be had by ICMP at all is found out once, when the sockets are opened.
"""

import errno
import ipaddress
import logging
import selectors
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType

from natvakt_agent.collectors.reachability.icmp import IPV4, IPV6, TOKEN_BYTES, Family, echo_request, is_reply
from natvakt_agent.discovery.engine_probe import MESSAGE_ID_BYTES, answered, message_id_of, question
from natvakt_agent.discovery.words import Look, Looked, Method, Presence
from natvakt_agent.model.clock import Clock

logger = logging.getLogger(__name__)

TIMEOUT_NS = 1_000_000_000
LARGEST_DATAGRAM = 65_535
MOST_READ_AT_ONCE = 256
TCP_PORTS: Mapping[Method, int] = MappingProxyType({Method.SSH: 22, Method.HTTPS: 443})
RECEIVE_ERRORS: Mapping[int, tuple[int, int]] = MappingProxyType(
    {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
)
"""IP_RECVERR and IPV6_RECVERR (ip(7), ipv6(7)): Linux then tells an unconnected socket of closed ports too."""
REFUSED = frozenset((errno.ECONNREFUSED, errno.ECONNRESET))


@dataclass(slots=True)
class _Waiting:
    """One look under way. `line`: its own socket, for TCP and for engine discovery; `secret`: what an echo must repeat."""

    look: Look
    ends_ns: int
    line: socket.socket | None = None
    secret: bytes = b""
    number: int = 0


@dataclass(slots=True)
class _Echo:
    """The ICMP socket of one family."""

    family: Family
    line: socket.socket
    is_raw: bool


@dataclass(slots=True)
class SocketSweeper:
    """`Sweeper` over real sockets. `wanted`: the methods in the order tried; those this host has no right to are left out."""

    clock: Clock
    random: Callable[[int], bytes]
    wanted: Sequence[Method]
    snmp_port: int = 161
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _echoes: dict[int, _Echo] = field(default_factory=dict)
    _waiting: dict[Look, _Waiting] = field(default_factory=dict)
    _results: list[Looked] = field(default_factory=list)
    _wakers: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)
    _sequence: int = 0

    def __post_init__(self) -> None:
        for end in self._wakers:
            end.setblocking(False)
        self._selector.register(self._wakers[0], selectors.EVENT_READ, self._drain_wakers)
        if Method.ICMP in self.wanted:
            for version, family in ((4, IPV4), (6, IPV6)):
                self._open_echo(version, family)

    def _open_echo(self, version: int, family: Family) -> None:
        for kind, is_raw in ((socket.SOCK_DGRAM, False), (socket.SOCK_RAW, True)):
            try:
                opened = socket.socket(family.address_family, kind, family.protocol)
            except OSError:
                continue
            opened.setblocking(False)
            self._echoes[version] = _Echo(family, opened, is_raw)
            self._selector.register(opened, selectors.EVENT_READ, lambda: self._read_echoes(self._echoes[version]))
            return

    def methods(self) -> Sequence[Method]:
        return [method for method in self.wanted if method is not Method.ICMP or self._echoes]

    def send(self, look: Look) -> None:
        waiting = self._waiting[look] = _Waiting(look, self.clock.monotonic_ns() + TIMEOUT_NS)
        try:
            if look.method is Method.ICMP:
                self._send_echo(waiting)
            elif look.method is Method.ENGINE:
                self._send_question(waiting)
            else:
                self._connect(waiting)
        except OSError as error:  # no route, or the network says no: nobody is there for us
            logger.debug("look not sent address=%s method=%s reason=%s", look.address, look.method, error.strerror)
            self._end(look, Presence.CLOSED if error.errno in REFUSED else Presence.SILENT)

    def _send_echo(self, waiting: _Waiting) -> None:
        echo = self._echoes.get(ipaddress.ip_address(waiting.look.address).version)
        if echo is None:
            raise OSError(errno.EAFNOSUPPORT, "no ICMP socket of this family")
        self._sequence = (self._sequence + 1) & 0xFFFF
        waiting.secret, waiting.number = self.random(TOKEN_BYTES), self._sequence
        packet = echo_request(echo.family, int.from_bytes(waiting.secret[:2], "big"), waiting.number, waiting.secret)
        echo.line.sendto(packet, (waiting.look.address, 0))

    def _send_question(self, waiting: _Waiting) -> None:
        """A socket of its own, not connected: it hears a port that is closed from the kernel, and an answer from elsewhere."""
        waiting.number = message_id_of(self.random(MESSAGE_ID_BYTES))
        waiting.line = self._own_socket(waiting.look, socket.SOCK_DGRAM)
        if sys.platform == "linux":
            waiting.line.setsockopt(*RECEIVE_ERRORS[waiting.line.family], 1)
        self._selector.register(waiting.line, selectors.EVENT_READ, lambda: self._read_answer(waiting))
        waiting.line.sendto(question(waiting.number), (waiting.look.address, self.snmp_port))

    def _connect(self, waiting: _Waiting) -> None:
        waiting.line = self._own_socket(waiting.look, socket.SOCK_STREAM)
        result = waiting.line.connect_ex((waiting.look.address, TCP_PORTS[waiting.look.method]))
        if result not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
            raise OSError(result, "connect")
        self._selector.register(waiting.line, selectors.EVENT_WRITE, lambda: self._connected(waiting))

    @staticmethod
    def _own_socket(look: Look, kind: socket.SocketKind) -> socket.socket:
        opened = socket.socket(socket.AF_INET6 if ":" in look.address else socket.AF_INET, kind)
        opened.setblocking(False)
        return opened

    def poll(self, timeout_seconds: float) -> Sequence[Looked]:
        if not self._results:
            for key, _ in self._selector.select(max(0.0, min(timeout_seconds, self._next_end_seconds()))):
                key.data()
        now_ns = self.clock.monotonic_ns()
        while self._waiting and (first := next(iter(self._waiting.values()))).ends_ns <= now_ns:
            self._end(first.look, Presence.SILENT)
        results, self._results = self._results, []
        return results

    def _next_end_seconds(self) -> float:
        """Looks end in the order they began."""
        first = next(iter(self._waiting.values()), None)
        return 3600.0 if first is None else (first.ends_ns - self.clock.monotonic_ns()) / 1e9

    def wake(self) -> None:
        with suppress(OSError):  # full: it wakes anyway
            self._wakers[1].send(b"\0")

    def close(self) -> None:
        for waiting in self._waiting.values():
            if waiting.line is not None:
                waiting.line.close()
        for opened in (*self._wakers, *(echo.line for echo in self._echoes.values())):
            opened.close()
        self._selector.close()

    def _drain_wakers(self) -> None:
        with suppress(BlockingIOError):
            while self._wakers[0].recv(MOST_READ_AT_ONCE):
                continue

    def _end(self, look: Look, presence: Presence, engine_id: str | None = None, source: str | None = None) -> None:
        waiting = self._waiting.pop(look, None)
        if waiting is None:
            return
        if waiting.line is not None:
            with suppress(KeyError, ValueError):
                self._selector.unregister(waiting.line)
            waiting.line.close()
        self._results.append(Looked(look, presence, engine_id, source))

    def _read_echoes(self, echo: _Echo) -> None:
        for _ in range(MOST_READ_AT_ONCE):
            try:
                packet, peer = echo.line.recvfrom(LARGEST_DATAGRAM)
            except OSError:  # nothing more, or an error the network sent about one of them: its timeout tells
                return
            look = Look(str(ipaddress.ip_address(peer[0].split("%")[0])), Method.ICMP)
            waiting = self._waiting.get(look)
            if waiting is not None and is_reply(echo.family, packet, waiting.number, waiting.secret, echo.is_raw):
                self._end(look, Presence.ANSWERED)

    def _read_answer(self, waiting: _Waiting) -> None:
        assert waiting.line is not None
        try:
            datagram, peer = waiting.line.recvfrom(LARGEST_DATAGRAM)
        except OSError as error:
            if error.errno in REFUSED:
                self._end(waiting.look, Presence.CLOSED)
            elif error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK):
                self._end(waiting.look, Presence.SILENT)
            return
        found, source = answered(datagram), str(ipaddress.ip_address(peer[0].split("%")[0]))
        if found is None or found[0] != waiting.number:
            return
        if source == waiting.look.address:
            self._end(waiting.look, Presence.ANSWERED, found[1])
        else:
            self._end(waiting.look, Presence.ELSEWHERE, None, source)

    def _connected(self, waiting: _Waiting) -> None:
        assert waiting.line is not None
        result = waiting.line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self._end(waiting.look, Presence.ANSWERED if result == 0 else Presence.CLOSED if result in REFUSED else Presence.SILENT)
