"""One device's UDP socket: a question goes out, and only what comes back from exactly the address and port that was asked is looked at.

The socket is not connected, so that answers from elsewhere can be counted and told (promise 32): a router that answers from another of
its addresses is found by that, not by silence.
"""

import socket
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, TypeVar

from natvakt_agent.collectors.snmp.pysnmp_usm import Forged
from natvakt_agent.collectors.snmp.session import AnswerRefused, NoAnswer

LARGEST_DATAGRAM_OCTETS = 65_535
MOST_STRAYS = 2_000  # of one question: a flood is a reason to stop listening
RECEIVE_BUFFER_OCTETS = 262_144
Answer = TypeVar("Answer")


class Datagrams:
    """Not for several threads at once."""

    def __init__(self, address: str, port: int, monotonic_seconds: Callable[[], float]) -> None:
        """Raises NoAnswer where the name cannot be resolved or no socket is to be had."""
        self._monotonic_seconds = monotonic_seconds
        self._place: tuple[Any, ...]
        try:
            family, kind, protocol, _, self._place = socket.getaddrinfo(address, port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind, protocol)
        except OSError as error:
            raise NoAnswer(f"cannot be reached: {error.strerror or error}") from error
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_OCTETS)
        self._source = _source(self._place)
        self.strays: Counter[str] = Counter()  # by reason, of the last question

    def exchange(self, octets: bytes, accept: Callable[[bytes], Answer], timeout_seconds: float) -> Answer:
        """What `accept` makes of the first datagram it does not call `Forged`. Raises NoAnswer, and what `accept` raises."""
        self._drain()
        self.strays.clear()
        try:
            self._socket.sendto(octets, self._place)
        except OSError as error:
            raise NoAnswer(f"cannot be reached: {error.strerror or error}") from error
        ends = self._monotonic_seconds() + timeout_seconds
        while (left := ends - self._monotonic_seconds()) > 0 and self.strays.total() < MOST_STRAYS:
            self._socket.settimeout(left)
            try:
                datagram, sender = self._socket.recvfrom(LARGEST_DATAGRAM_OCTETS)
            except OSError:  # the time is over, or the host says that nobody listens there: the loop ends by time
                continue
            if _source(sender) != self._source:
                self.strays[f"from {sender[0]} port {sender[1]}"] += 1
                continue
            try:
                return accept(datagram)
            except Forged as reason:
                self.strays[str(reason)] += 1
        if not self.strays:
            raise NoAnswer("no answer in time")
        reasons = "; ".join(f"{times} {reason}" for reason, times in self.strays.most_common(3))
        if any(not reason.startswith("from ") for reason in self.strays):
            raise AnswerRefused(f"no answer to the question in time, but others were refused: {reasons}")
        raise NoAnswer(f"no answer in time, but others were refused: {reasons}")

    def close(self) -> None:
        self._socket.close()

    def _drain(self) -> None:
        """Late answers to earlier questions."""
        self._socket.setblocking(False)
        for _ in range(MOST_STRAYS):
            try:
                self._socket.recvfrom(LARGEST_DATAGRAM_OCTETS)
            except OSError:
                return


def _source(place: tuple[object, ...]) -> tuple[object, object]:
    """Address and port of a socket address, whatever the spelling and the zone."""
    return ip_address(str(place[0]).partition("%")[0]), place[1]
