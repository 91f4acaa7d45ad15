"""Devices that are no good: dead ones, trickling ones that answer so slowly that no poll ends in time, and hostile ones."""

import random
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

from demo.ber import (
    COUNTER32,
    GET_RESPONSE,
    INTEGER,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    BerError,
    decode_header,
    encode,
    encode_oid,
    encode_signed,
    expect,
    expect_integer,
)
from demo.site import Answering

TRICKLE_SECONDS = 1.7  # just inside an agent's time-out, so that every single question is worth the wait
MANY_VARBINDS = 4_500
LARGEST_DATAGRAM = 65_507
Answers = Callable[[bytes], bytes | None]


def dead(_datagram: bytes) -> bytes | None:
    return None


def trickling(speaker: Answering, datagram: bytes) -> bytes | None:
    time.sleep(TRICKLE_SECONDS)
    return speaker.answer(datagram, time.time_ns())


def hostile(speaker: Answering, rng: random.Random, datagram: bytes) -> bytes | None:
    """One of: the largest answer there is, noise, an honest answer with flipped bits, values that were not asked for."""
    honest = speaker.answer(datagram, time.time_ns()) or datagram
    match rng.randrange(5):
        case 0:
            return swollen(datagram, rng)
        case 1:
            return rng.randbytes(rng.randrange(1, 2_000))
        case 2:
            flipped = bytearray(honest)
            for _ in range(rng.randrange(1, 9)):
                flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
            return bytes(flipped)
        case 3:
            return honest[: rng.randrange(len(honest))]
        case _:
            return honest


def swollen(datagram: bytes, rng: random.Random) -> bytes:
    """Thousands of varbinds to the request's own id, in no order (promise 29)."""
    try:
        start, end = expect(datagram, 0, len(datagram), SEQUENCE)
        _, offset = expect_integer(datagram, start, end)
        community_start, community_end = expect(datagram, offset, end, OCTET_STRING)
        _, start, end = decode_header(datagram, community_end, end)
        _, id_end = expect_integer(datagram, start, end)
    except BerError:
        return datagram
    varbind = [
        encode(
            SEQUENCE,
            encode(OBJECT_IDENTIFIER, encode_oid((1, 3, 6, 1, 2, 1, rng.randrange(99)))) + encode(COUNTER32, rng.randbytes(1)),
        )
        for _ in range(64)
    ]
    listing = b"".join(rng.choice(varbind) for _ in range(MANY_VARBINDS))
    zero = encode(INTEGER, encode_signed(0))
    pdu = encode(GET_RESPONSE, datagram[start:id_end] + zero + zero + encode(SEQUENCE, listing))
    header = encode(INTEGER, b"\1") + encode(OCTET_STRING, datagram[community_start:community_end])
    return encode(SEQUENCE, header + pdu)[:LARGEST_DATAGRAM]


def serve(address: str, port: int, answers: Answers, note: Callable[[int], None]) -> threading.Thread:
    """A thread that answers there for as long as the process lives."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind((address, port))

    def answer_all() -> None:
        while True:
            datagram, peer = listening.recvfrom(LARGEST_DATAGRAM)
            note(len(datagram))
            answer = answers(datagram)
            if answer is not None:
                listening.sendto(answer, peer)

    thread = threading.Thread(target=answer_all, name=f"faulty {address}", daemon=True)
    thread.start()
    return thread


def answers_of(kind: str, speaker: Answering, seed: int) -> Answers:
    """`kind` is dead, trickling or hostile."""
    match kind:
        case "dead":
            return dead
        case "trickling":
            return partial(trickling, speaker)
        case "hostile":
            return partial(hostile, speaker, random.Random(seed))
    raise ValueError(f"no faulty device of kind {kind!r}")
