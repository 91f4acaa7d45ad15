"""Mutated answers against both SNMP engines (promise 28): every one must end as values or as a typed fault.

    python -m fuzz.snmp_engines --count 10000000        (`make fuzz FUZZ=10000000`)

Case N of a seed is always the same: `--seed S --first N --count 1` repeats it alone. gufo has no decoder to call, so its answers go over
loopback; to pysnmp's they are handed directly, in SNMPv3 also mutated before they are encrypted and signed, as only the device could do.
"""

import argparse
import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fuzz.ber_mutations import mutated
from natvakt_agent.collectors.snmp.child_messages import Peer
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.collectors.snmp.pysnmp_device import community_pdu
from natvakt_agent.collectors.snmp.pysnmp_users import User, user_named
from natvakt_agent.collectors.snmp.pysnmp_usm import Conversation, Engine, Forged
from natvakt_agent.collectors.snmp.session import NoAnswer, SnmpFault
from natvakt_agent.model.target import Target
from testkit.snmp import Answers, honest, looked_up, oid_of, read_question, v2c_target
from testkit.snmp import Question as Asked
from testkit.snmp_v3 import AUTH_KEY, PRIVACY_KEY, USER, Message, V3Device, v3_target

NAMES = [f"1.3.6.1.2.1.1.{column}.0" for column in (1, 2, 3, 5)]
DEVICE = Answers.parse(
    "1.3.6.1.2.1.1.1.0|4|a switch of our own making\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1\n1.3.6.1.2.1.1.3.0|67|987654\n"
    "1.3.6.1.2.1.1.5.0|4|sw1\n1.3.6.1.2.1.4.20.1.1.192.0.2.1|64|192.0.2.1\n1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615"
)
NUMBER, ENGINE_ID, BOOTS, TIME = 0x1234567, bytes.fromhex("80001f8804") + b"device-one", 7, 1_000
SHORT_SECONDS = 0.002
MOST_SHOWN = 5
Case = Callable[[Random], object]


@dataclass
class Tally:
    """`slowest_seconds` is CPU time of one answer, by kind of case; `unhandled` says how to repeat each."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_seconds: dict[str, float] = field(default_factory=dict)
    unhandled: list[str] = field(default_factory=list)
    cases: int = 0


def question(kind: int, version: bytes = b"\1") -> Asked:
    return Asked(version, b"tester", kind, NUMBER.to_bytes(4, "big"), 10, tuple(oid_of(name) for name in NAMES))


def pysnmp_community(version: str) -> Case:
    peer, octets = Peer("192.0.2.1", 161, version, community="tester"), b"\0" if version == "v1" else b"\1"
    whole = honest(DEVICE)(question(0xA0 if version == "v1" else 0xA5, octets))
    return lambda random: community_pdu(mutated(whole, random), peer, NUMBER, 10)


def conversation(user: User) -> Conversation:
    found = Conversation(user)
    found.engine = Engine(ENGINE_ID, BOOTS, TIME)
    return found


def v3_response() -> Message:
    cells = [(oid, cell) for oid, cell in looked_up(DEVICE, question(0xA5)) if cell is not None]
    return Message(ENGINE_ID, BOOTS, TIME, NUMBER, 3, USER, NUMBER.to_bytes(4, "big"), cells)


def pysnmp_v3(octets: Callable[[Random], bytes]) -> Case:
    user = user_named(USER.decode(), "sha256", AUTH_KEY.decode(), "aes128", PRIVACY_KEY.decode())  # its keys take milliseconds to make
    user.keys(ENGINE_ID)
    return lambda random: conversation(user).read(octets(random), NUMBER, 10, 0.0)


class Loopback:
    """A device on loopback that the fuzzer itself plays, so that each of its answers belongs to one case."""

    def __init__(
        self, target: Callable[[int], Target], honest_reply: Callable[[bytes], bytes], false_reply: Callable[[bytes, Random], bytes]
    ) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._honest, self._false = honest_reply, false_reply
        self._session = GufoSession(target(self._socket.getsockname()[1]), SHORT_SECONDS)
        self._is_open = False

    def close(self) -> None:
        self._socket.close()

    def case(self, random: Random) -> object:
        if not self._is_open:
            self._open()

        def exchange(engine: Any) -> object:
            engine._sock.send_get_many(NAMES)  # the two halves of what the session does at once
            packet, asking = self._socket.recvfrom(65_535)
            self._socket.sendto(self._false(packet, random), asking)
            return engine._sock.recv_get_many()

        try:
            return self._session.request(exchange)
        finally:
            self._is_open = self._session.is_open

    def _open(self) -> None:
        """SNMPv3 asks for the engine first; that is answered honestly."""
        stop = threading.Event()

        def answer() -> None:
            while not stop.is_set():
                packet, asking = self._socket.recvfrom(65_535)
                if packet:
                    self._socket.sendto(self._honest(packet), asking)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            for _ in range(1_000):
                with suppress(NoAnswer):
                    self._session.get_many(NAMES)
                    break
        finally:
            stop.set()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
                waker.sendto(b"", self._socket.getsockname())
            thread.join()
        self._socket.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                self._socket.recvfrom(65_535)  # the waker's packet, and repeated questions
        self._socket.setblocking(True)
        self._is_open = True


def gufo_v2c() -> Loopback:
    truth = honest(DEVICE)
    return Loopback(
        v2c_target, lambda packet: truth(read_question(packet)), lambda packet, random: mutated(truth(read_question(packet)), random)
    )


def gufo_v3(is_inner: bool) -> Loopback:
    device = V3Device(DEVICE)

    def false(packet: bytes, random: Random) -> bytes:
        device.asked.clear()
        message = device.message(packet)
        return message.sealed(mutated(message.scoped(), random)) if is_inner else mutated(message.sealed(), random)

    return Loopback(v3_target, lambda packet: device.message(packet).sealed(), false)


@contextmanager
def cases() -> Iterator[Mapping[str, Case]]:
    """By name; each has its turn."""
    devices = {"gufo v2c": gufo_v2c(), "gufo v3": gufo_v3(is_inner=False), "gufo v3 inside": gufo_v3(is_inner=True)}
    response = v3_response()
    report = Message(ENGINE_ID, BOOTS, TIME, NUMBER, 0, b"", b"\0", [], 0xA8)
    direct: dict[str, Case] = {
        "pysnmp v1": pysnmp_community("v1"),
        "pysnmp v2c": pysnmp_community("v2c"),
        "pysnmp v3": pysnmp_v3(lambda random: mutated(response.sealed(), random)),
        "pysnmp v3 inside": pysnmp_v3(lambda random: response.sealed(mutated(response.scoped(), random))),
        "pysnmp v3 report": pysnmp_v3(lambda random: mutated(report.sealed(), random)),
    }
    try:
        yield direct | {name: device.case for name, device in devices.items()}
    finally:
        for device in devices.values():
            device.close()


TURNS = {"gufo v2c": 6, "gufo v3": 1, "gufo v3 inside": 1}
"""Of each kind in one round (others: 3): gufo opens an SNMPv3 session anew after most false answers, which is mostly waiting."""


def run(seed: int, first: int, count: int, say: Callable[[str], object]) -> Tally:
    with cases() as known:
        every = [(name, case) for name, case in known.items() for _ in range(TURNS.get(name, 3))]
        return _run(every, seed, range(first, first + count), say)


def _run(every: Sequence[tuple[str, Case]], seed: int, numbers: range, say: Callable[[str], object]) -> Tally:
    tally = Tally()
    for number in numbers:
        name, case = every[number % len(every)]
        begun = time.thread_time()
        try:
            case(Random(f"{seed}/{number}"))
            outcome = "values"
        except (SnmpFault, Forged) as fault:
            outcome = type(fault).__name__
        except Exception as error:  # what must not be: told with the way to repeat it
            outcome = "unhandled"
            tally.unhandled.append(f"--seed {seed} --first {number} --count 1: {name}: {type(error).__name__}: {error}")
        spent = time.thread_time() - begun
        tally.slowest_seconds[name] = max(spent, tally.slowest_seconds.get(name, 0.0))
        tally.outcomes[f"{name}: {outcome}"] += 1
        tally.cases += 1
        if tally.cases % 500_000 == 0:
            say(f"{tally.cases} cases, {len(tally.unhandled)} unhandled")
    return tally


@contextmanager
def quiet_panics() -> Iterator[None]:
    """gufo's decoder writes of each of its panics to standard error."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - its descriptor is wanted
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="fuzz.snmp_engines", description="Mutated answers against both SNMP engines.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=28)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args(arguments)
    begun, cpu = time.monotonic(), time.process_time()
    with quiet_panics():
        tally = run(options.seed, options.first, options.count, lambda text: print(text, flush=True))
    for outcome, times in sorted(tally.outcomes.items()):
        print(f"{times:>10}  {outcome}")
    for name, seconds in tally.slowest_seconds.items():
        print(f"slowest answer of {name}: {seconds * 1e3:.1f} ms of CPU")
    print(f"{tally.cases} cases, seed {options.seed}, {time.monotonic() - begun:.0f} s, {time.process_time() - cpu:.0f} s of CPU")
    for text in tally.unhandled[:MOST_SHOWN]:
        print(f"UNHANDLED {text}")
    print(f"unhandled: {len(tally.unhandled)}")
    return 1 if tally.unhandled else 0


if __name__ == "__main__":
    sys.exit(main())
