"""ICMP echo (RFC 792, RFC 4443): the packets, and the sockets an unprivileged process may have for them."""

import os
import select
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from natvakt_agent.collectors.reachability.prober import ProbeImpossible
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target

TOKEN_BYTES = 16
_HEADER = struct.Struct("!BBHHH")
_LARGEST_ANSWER = 2048


@dataclass(frozen=True, slots=True)
class Family:
    """What differs between ICMP and ICMPv6."""

    address_family: int
    protocol: int
    request: int
    reply: int
    has_ip_header_when_raw: bool
    needs_checksum: bool


IPV4 = Family(socket.AF_INET, socket.IPPROTO_ICMP, 8, 0, True, True)
IPV6 = Family(socket.AF_INET6, socket.IPPROTO_ICMPV6, 128, 129, False, False)


def checksum(data: bytes) -> int:
    """RFC 1071."""
    padded = data + bytes(len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def echo_request(family: Family, identifier: int, sequence: int, token: bytes) -> bytes:
    blank = _HEADER.pack(family.request, 0, 0, identifier, sequence) + token
    sum16 = checksum(blank) if family.needs_checksum else 0  # the kernel fills in ICMPv6's, which covers the addresses
    return _HEADER.pack(family.request, 0, sum16, identifier, sequence) + token


def is_reply(family: Family, packet: bytes, sequence: int, token: bytes, is_raw: bool) -> bool:
    """Whether `packet` answers the request: by sequence and random token; the identifier belongs to the kernel on datagram sockets."""
    if is_raw and family.has_ip_header_when_raw:
        packet = packet[(packet[0] & 0x0F) * 4 :] if packet else b""
    if len(packet) < _HEADER.size:
        return False
    kind, code, _, _, answered = _HEADER.unpack_from(packet)
    return kind == family.reply and code == 0 and answered == sequence and packet[_HEADER.size :] == token


class IcmpProber:
    """Echo through a datagram ICMP socket (net.ipv4.ping_group_range), else a raw one. Connected: other sources are not heard."""

    method = "icmp"

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random

    def probe(self, target: Target, sequence: int, timeout_seconds: float, clock: Clock) -> float | None:
        """Round trip in seconds; None when no answer came in time. Raises ProbeImpossible where no socket is to be had."""
        family = IPV6 if ":" in target.address else IPV4
        opened, is_raw = _open(family)
        token = self._random(TOKEN_BYTES)
        with opened:
            try:
                opened.connect((target.address, 0))
                started = clock.monotonic_ns()
                opened.send(echo_request(family, int.from_bytes(token[:2], "big"), sequence, token))
                return _wait(opened, lambda packet: is_reply(family, packet, sequence, token, is_raw), started, timeout_seconds, clock)
            except OSError:  # unreachable, refused by the network: no answer
                return None


def _open(family: Family) -> tuple[socket.socket, bool]:
    for kind, is_raw in ((socket.SOCK_DGRAM, False), (socket.SOCK_RAW, True)):
        try:
            return socket.socket(family.address_family, kind, family.protocol), is_raw
        except OSError as error:
            reason = os.strerror(error.errno or 0)
    raise ProbeImpossible(f"no ICMP socket: {reason}; widen net.ipv4.ping_group_range or set reachability_port")


def _wait(opened: socket.socket, accept: Callable[[bytes], bool], started_ns: int, timeout_seconds: float, clock: Clock) -> float | None:
    deadline_ns = started_ns + round(timeout_seconds * 1e9)
    while (left_ns := deadline_ns - clock.monotonic_ns()) > 0:
        readable, _, _ = select.select([opened], [], [], left_ns / 1e9)
        if not readable:
            return None
        if accept(opened.recv(_LARGEST_ANSWER)):
            return (clock.monotonic_ns() - started_ns) / 1e9
    return None
