"""SNMP without a network, and with one: a table of answers, a fake engine over it, and a small UDP responder that can be made to lie.

A recording is text, one object a line, `OID|TAG|VALUE`; TAG is the ASN.1 tag number, with `x` behind it when VALUE is
hexadecimal. Lines that begin with `#` are remarks.
"""

import bisect
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from natvakt_agent.collectors.snmp.session import AccessRefused, NoAnswer, SnmpValue, Step, Varbind
from natvakt_agent.model.target import Secret, SnmpCredential, Target

Oid = tuple[int, ...]
RECORDINGS = Path(__file__).parent.parent / "recordings"
INTEGER, OCTETS, NULL, OBJECT_ID, IP_ADDRESS, COUNTER, GAUGE, TICKS, OPAQUE, COUNTER64 = 2, 4, 5, 6, 64, 65, 66, 67, 68, 70
NO_SUCH_INSTANCE, END_OF_MIB = 0x81, 0x82
GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5


def oid_of(text: str) -> Oid:
    return tuple(int(part) for part in text.strip(".").split("."))


@dataclass(frozen=True)
class Cell:
    tag: int
    value: SnmpValue


class Answers:
    """What a device would answer, sorted by OID."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self._cells = {oid_of(oid): cell for oid, cell in cells.items()}
        self._order = sorted(self._cells)

    @classmethod
    def parse(cls, text: str) -> "Answers":
        return cls(dict(_recorded(text.splitlines())))

    @classmethod
    def recorded(cls, name: str) -> "Answers":
        return cls.parse((RECORDINGS / f"{name}.txt").read_text())

    def changed(self, text: str, without: Sequence[str] = ()) -> "Answers":
        """The same device after `text` was changed or added and everything below `without` taken away."""
        kept = {_text(oid): cell for oid, cell in self._cells.items() if not any(_text(oid).startswith(prefix) for prefix in without)}
        return Answers(kept | dict(_recorded(text.splitlines())))

    def get(self, oid: Oid) -> Cell | None:
        return self._cells.get(oid)

    def after(self, oid: Oid) -> tuple[Oid, Cell] | None:
        place = bisect.bisect_right(self._order, oid)
        return (self._order[place], self._cells[self._order[place]]) if place < len(self._order) else None


def _text(oid: Oid) -> str:
    return ".".join(map(str, oid))


def _recorded(lines: Iterable[str]) -> Iterator[tuple[str, Cell]]:
    for line in lines:
        if line.strip() and not line.startswith("#"):
            oid, tag, value = line.strip().split("|", 2)
            yield oid, _cell(int(tag.rstrip("x")), value, tag.endswith("x"))


def _cell(tag: int, text: str, is_hexadecimal: bool) -> Cell:
    if tag in (OCTETS, OPAQUE):
        return Cell(tag, bytes.fromhex(text) if is_hexadecimal else text.replace("\\n", "\n").encode())
    if tag in (OBJECT_ID, IP_ADDRESS):
        return Cell(tag, text)
    return Cell(tag, None if tag == NULL else int(text))


@dataclass
class FakeSession:
    """`Session` over a table of answers. `silent_above` rows an answer it says nothing; `refuses` makes it deny the credential."""

    answers: Answers
    silent_above: int = 1_000
    silent: bool = False
    refuses: bool = False
    asked: list[str] = field(default_factory=list)
    engine_id: bytes | None = None

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        self._answer("get " + " ".join(oids), len(oids))
        return {oid: cell.value for oid in oids if (cell := self.answers.get(oid_of(oid))) is not None}

    def walk(self, base: str, repetitions: int) -> "FakeWalk":
        return FakeWalk(self, base, repetitions)

    def remarks(self) -> Sequence[str]:
        return ()

    def _answer(self, question: str, size: int) -> None:
        self.asked.append(question)
        if self.refuses:
            raise AccessRefused("wrong key")
        if self.silent or size > self.silent_above:
            raise NoAnswer("no answer in time")


class FakeWalk:
    def __init__(self, session: FakeSession, base: str, repetitions: int) -> None:
        self._session, self._base, self._repetitions = session, base, repetitions
        self._position = oid_of(base)

    def step(self) -> Step:
        self._session._answer(f"walk {self._base}", self._repetitions)
        found: list[Varbind] = []
        base, position = oid_of(self._base), self._position
        while len(found) < self._repetitions:
            following = self._session.answers.after(position)
            if following is None or following[0][: len(base)] != base:
                self._position = position
                return Step(found, True)
            position = following[0]
            found.append((_text(position), following[1].value))
        self._position = position
        return Step(found, False)


@dataclass
class ScriptedSession:
    """`Session` that gives prepared steps whatever it is asked: for answers no honest device would give."""

    steps: list[Step]
    gets: dict[str, SnmpValue] = field(default_factory=dict)
    engine_id: bytes | None = None

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        return self.gets

    def walk(self, base: str, repetitions: int) -> "ScriptedSession":
        return self

    def remarks(self) -> Sequence[str]:
        return ()

    def step(self) -> Step:
        return self.steps.pop(0) if self.steps else Step((), True)


class StillClock:
    """A clock that moves only when told; `tick_seconds` is added at every reading of the monotonic face."""

    boot_id = b"\7" * 16

    def __init__(self, tick_seconds: float = 0.0) -> None:
        self.wall = 1_700_000_000_000_000_000
        self.monotonic = 5_000_000_000
        self.tick_ns = int(tick_seconds * 1e9)

    def wall_ns(self) -> int:
        return self.wall

    def monotonic_ns(self) -> int:
        self.monotonic += self.tick_ns
        return self.monotonic

    def pass_seconds(self, seconds: float) -> None:
        self.wall += int(seconds * 1e9)
        self.monotonic += int(seconds * 1e9)


def v2c_target(port: int = 161, community: str = "tester", version: str = "v2c", deadline_seconds: float = 30.0) -> Target:
    credential = SnmpCredential("test", version, community=Secret(community))
    return Target("device-1", "sw1", "127.0.0.1", credential, snmp_port=port, deadline_seconds=deadline_seconds)


# --- BER, as little as a responder needs (X.690, RFC 3416) ---


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    body = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def encoded(tag: int, body: bytes) -> bytes:
    return bytes([tag]) + _length(len(body)) + body


def encoded_integer(value: int, tag: int = INTEGER) -> bytes:
    return encoded(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def encoded_oid(oid: Oid) -> bytes:
    out = bytearray([oid[0] * 40 + oid[1]])
    for part in oid[2:]:
        octets = [part & 0x7F]
        while part := part >> 7:
            octets.append(0x80 | part & 0x7F)
        out.extend(reversed(octets))
    return encoded(OBJECT_ID, bytes(out))


def encoded_cell(cell: Cell) -> bytes:
    match cell.value:
        case None:
            return encoded(cell.tag, b"")
        case int():
            return encoded_integer(cell.value, cell.tag)
        case bytes():
            return encoded(cell.tag, cell.value)
        case str() if cell.tag == IP_ADDRESS:
            return encoded(IP_ADDRESS, bytes(int(part) for part in cell.value.split(".")))
        case str():
            return encoded_oid(oid_of(cell.value))
    raise ValueError(cell)


def _element(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[at : at + count], "big"), at + count
    return tag, data[at : at + size], at + size


def _decoded_oid(body: bytes) -> Oid:
    out, number = [body[0] // 40, body[0] % 40], 0
    for octet in body[1:]:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            out.append(number)
            number = 0
    return tuple(out)


@dataclass(frozen=True)
class Question:
    version: bytes
    community: bytes
    kind: int
    request_id: bytes
    repetitions: int
    oids: tuple[Oid, ...]


def read_question(packet: bytes) -> Question:
    _, message, _ = _element(packet)
    _, version, at = _element(message)
    _, community, at = _element(message, at)
    kind, pdu, _ = _element(message, at)
    return read_pdu(kind, pdu, version, community)


def read_pdu(kind: int, pdu: bytes, version: bytes = b"\3", community: bytes = b"") -> Question:
    _, request_id, at = _element(pdu)
    _, _, at = _element(pdu, at)
    _, repetitions, at = _element(pdu, at)
    _, listing, _ = _element(pdu, at)
    oids, at = [], 0
    while at < len(listing):
        _, varbind, at = _element(listing, at)
        oids.append(_decoded_oid(_element(varbind)[1]))
    return Question(version, community, kind, request_id, int.from_bytes(repetitions, "big"), tuple(oids))


def elements(octets: bytes) -> list[tuple[int, bytes]]:
    """Tags and contents of the elements that lie one after the other in `octets`."""
    found, at = [], 0
    while at < len(octets):
        tag, body, at = _element(octets, at)
        found.append((tag, body))
    return found


def reply_to(
    question: Question, varbinds: Sequence[tuple[Oid, Cell]], error: int = 0, index: int = 0, request_id: bytes | None = None
) -> bytes:
    listing = b"".join(encoded(0x30, encoded_oid(oid) + encoded_cell(cell)) for oid, cell in varbinds)
    head = encoded(INTEGER, question.request_id if request_id is None else request_id) + encoded_integer(error) + encoded_integer(index)
    pdu = encoded(RESPONSE, head + encoded(0x30, listing))
    return encoded(0x30, encoded(INTEGER, question.version) + encoded(OCTETS, question.community) + pdu)


def honest(answers: Answers) -> Callable[[Question], bytes]:
    """The reply of a device that speaks v1 and v2c by the book."""

    def reply(question: Question) -> bytes:
        is_v1 = question.version == b"\0"
        found = looked_up(answers, question)
        missing = next((place for place, (_, cell) in enumerate(found, 1) if cell is None), 0)
        if is_v1 and missing:
            return reply_to(question, [(oid, Cell(NULL, None)) for oid in question.oids], 2, missing)
        return reply_to(question, with_exceptions(question, found))

    return reply


def looked_up(answers: Answers, question: Question) -> list[tuple[Oid, Cell | None]]:
    """What a device has to say to a GET, GETNEXT or GETBULK; None: it has nothing there."""
    if question.kind == GET:
        return [(oid, answers.get(oid)) for oid in question.oids]
    found: list[tuple[Oid, Cell | None]] = []
    position = question.oids[0]
    for _ in range(question.repetitions if question.kind == GET_BULK else 1):
        following = answers.after(position)
        found.append(following or (position, None))
        if following is None:
            break
        position = following[0]
    return found


def with_exceptions(question: Question, found: Sequence[tuple[Oid, Cell | None]]) -> list[tuple[Oid, Cell]]:
    """SNMPv2's words for what is not there."""
    absent = Cell(NO_SUCH_INSTANCE if question.kind == GET else END_OF_MIB, None)
    return [(oid, cell or absent) for oid, cell in found]


@dataclass
class Responder:
    """A UDP socket on loopback that answers each packet with the datagrams `reply` gives (none: silence)."""

    port: int
    questions: list[Question] = field(default_factory=list)


@contextmanager
def responder(reply: Callable[[Question], Iterable[bytes] | bytes | None]) -> Iterator[Responder]:
    questions: list[Question] = []

    def answer(packet: bytes) -> Iterable[bytes] | bytes | None:
        questions.append(read_question(packet))
        return reply(questions[-1])

    with datagram_responder(answer) as port:
        yield Responder(port, questions)


@contextmanager
def datagram_responder(reply: Callable[[bytes], Iterable[bytes] | bytes | None]) -> Iterator[int]:
    """The same before anything is read out of a packet: gives the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]

        def serve() -> None:
            while True:
                packet, peer = listening.recvfrom(65_535)
                if not packet:
                    return
                answer = reply(packet)
                for datagram in (answer,) if isinstance(answer, bytes) else answer or ():
                    listening.sendto(datagram, peer)

        thread = threading.Thread(target=serve, name="snmp responder")
        thread.start()
        try:
            yield port
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopper:
                stopper.sendto(b"", ("127.0.0.1", port))
            thread.join()
