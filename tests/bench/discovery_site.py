"""A site of 12 subnets and 105 devices on loopback that real discovery is measured on. Counts what reaches it; ends with a report.

Two core switches answer at an address in every subnet, the rest at one; every second device answers SNMPv3 engine discovery, as IOS does
even where only communities are configured. `python -m bench.discovery_site` prints `ready snmp=PORT`, serves until SIGTERM, then prints
one JSON object: datagrams, the most of them in any second, and refused log-ins by device and community.
"""

import json
import selectors
import signal
import socket
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from demo.ber import INTEGER, OCTET_STRING, SEQUENCE, BerError, encode, encode_signed, expect, expect_integer
from demo.device import Identity
from demo.estate import CATALYST_LITE
from demo.load import SECOND_NS
from demo.mib import MibBuilder, integer, octets, text
from demo.mibs.addresses import Address, addresses
from demo.mibs.entity import Part, PartClass, entity
from demo.mibs.system import snmp_engine, system
from demo.responder import Responder

SUBNETS, DEVICES, CORES = 12, 105, 2
COMMUNITIES = ("disc-Vn41z", "disc-Rt7q0", "disc-Kp2m9")
UNUSED_COMMUNITY = "disc-Zz9x1"
CDP_CACHE_ENTRY = "1.3.6.1.4.1.9.9.23.1.2.1.1"
UPTIME_NS = 90 * 86_400 * SECOND_NS
GET_RESPONSE_OCTETS = 65_535
SNMP_V3 = 3
REPORT = 0xA8


def network(subnet: int) -> str:
    return f"127.40.{subnet}.0/24"


def host(subnet: int, number: int) -> str:
    return f"127.40.{subnet}.{number}"


def places(number: int) -> list[str]:
    """The addresses of device `number`."""
    if number < CORES:
        return [host(subnet, 2 + number) for subnet in range(SUBNETS)]
    return [host(number % SUBNETS, 10 + number // SUBNETS)]


@dataclass
class Simulated:
    """One device: its answers, and what it counted."""

    identity: Identity
    responder: Responder
    speaks_v3: bool

    def answer(self, datagram: bytes, now_ns: int) -> bytes | None:
        return self.responder.answer(datagram, now_ns)


def device(number: int, now_ns: int) -> Simulated:
    own = Identity(
        name=f"disc-{number}",
        site="disc",
        address=places(number)[0],
        community=COMMUNITIES[number % len(COMMUNITIES)],
        sys_descr=CATALYST_LITE,
        sys_object_id="1.3.6.1.4.1.9.1.2861",
        platform="cisco C9200L-48P-4X",
        base_mac=bytes((0, 0x11, 0x22, 0x60, number, 0)),
        boot_ns=now_ns - UPTIME_NS,
    )
    mib = MibBuilder()
    system(mib, own)
    snmp_engine(mib, own)
    entity(mib, [Part(1, PartClass.CHASSIS, "Switch 1", "C9200L-48P-4X", 0, model="C9200L-48P-4X", serial=f"DSC{number:08d}")])
    addresses(mib, [Address(address, 24, position + 1) for position, address in enumerate(places(number))])
    neighbour = (number + 1) % DEVICES
    far = bytes(int(part) for part in places(neighbour)[0].split("."))
    mib.row(
        CDP_CACHE_ENTRY, (1, 1), {3: integer(1), 4: octets(far), 6: text(f"disc-{neighbour}"), 7: text("Gi1/0/1"), 8: text(own.platform)}
    )
    return Simulated(own, Responder({own.community.encode("ascii"): mib.build()}), number % 2 == 0)


def version_and_name(datagram: bytes) -> tuple[int, bytes] | None:
    """SNMP version and community; of version 3 the message id in place of the community. None for what is not SNMP."""
    try:
        start, end = expect(datagram, 0, len(datagram), SEQUENCE)
        version, offset = expect_integer(datagram, start, end)
        if version == SNMP_V3:
            header_start, header_end = expect(datagram, offset, end, SEQUENCE)
            number, _ = expect_integer(datagram, header_start, header_end)
            return version, number.to_bytes(4, "big")
        name_start, name_end = expect(datagram, offset, end, OCTET_STRING)
    except BerError:
        return None
    return version, datagram[name_start:name_end]


def engine_report(message_id: bytes, engine_id: bytes) -> bytes:
    """The Report that answers an unknown engine id (RFC 3414, section 3.2): usmStatsUnknownEngineIDs."""
    number = encode(INTEGER, encode_signed(int.from_bytes(message_id, "big")))
    header = encode(SEQUENCE, number + encode(INTEGER, encode_signed(1472)) + encode(OCTET_STRING, b"\0") + encode(INTEGER, b"\x03"))
    zero, empty = encode(INTEGER, b"\0"), encode(OCTET_STRING, b"")
    security = encode(SEQUENCE, encode(OCTET_STRING, engine_id) + encode(INTEGER, b"\x07") + encode(INTEGER, b"\x64") + empty * 3)
    scoped = encode(SEQUENCE, encode(OCTET_STRING, engine_id) + empty + encode(REPORT, number + zero + zero + encode(SEQUENCE, b"")))
    return encode(SEQUENCE, encode(INTEGER, b"\x03") + header + encode(OCTET_STRING, security) + scoped)


class Served:
    """The site's sockets and its book."""

    def __init__(self, now_ns: int) -> None:
        self._selector = selectors.DefaultSelector()
        self.arrivals_ns: list[int] = []
        self.refused: Counter[tuple[str, str]] = Counter()
        self.port = 0
        self.running = True
        for number in range(DEVICES):
            simulated = device(number, now_ns)
            for address in places(number):
                opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                opened.bind((address, self.port))
                opened.setblocking(False)
                self.port = opened.getsockname()[1]
                self._selector.register(opened, selectors.EVENT_READ, simulated)

    def serve(self) -> None:
        while self.running:
            for key, _ in self._selector.select(timeout=0.5):
                assert isinstance(key.fileobj, socket.socket)
                self._answer(key.fileobj, key.data)

    def _answer(self, opened: socket.socket, simulated: Simulated) -> None:
        datagram, peer = opened.recvfrom(GET_RESPONSE_OCTETS)
        now_ns = time.time_ns()
        self.arrivals_ns.append(now_ns)
        found = version_and_name(datagram)
        if found is None:
            return
        version, name = found
        if version == SNMP_V3:
            answer = engine_report(name, simulated.identity.engine_id) if simulated.speaks_v3 else None
        else:
            answer = simulated.answer(datagram, now_ns)
            if name != simulated.identity.community.encode("ascii"):
                self.refused[simulated.identity.name, name.decode("ascii", "replace")] += 1
        if answer is not None:
            opened.sendto(answer, peer)

    def report(self) -> dict[str, object]:
        return {
            "datagrams": len(self.arrivals_ns),
            "most_in_a_second": max(self._in_a_second(), default=0),
            "refused": sum(self.refused.values()),
            "refused_twice": sum(count - 1 for count in self.refused.values()),
        }

    def _in_a_second(self) -> Iterator[int]:
        arrivals = self.arrivals_ns
        for position, at_ns in enumerate(arrivals):
            yield position + 1 - bisect_left(arrivals, at_ns - SECOND_NS)


def main() -> int:
    site = Served(time.time_ns())

    def stop(_number: int, _frame: object) -> None:
        site.running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"ready snmp={site.port}", flush=True)
    site.serve()
    print(json.dumps(site.report()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
