"""Promises 28, 32, 34 against the real engine: hostile bytes become a typed fault, never a crash or a false value."""

import random
import socket
from itertools import pairwise

import pytest
from natvakt_agent.collectors.snmp.gufo_session import CredentialUnusable, GufoSession
from natvakt_agent.collectors.snmp.session import AnswerRefused, NoAnswer, SnmpFault
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.snmp import (
    GET,
    OCTETS,
    Answers,
    Cell,
    Question,
    honest,
    oid_of,
    reply_to,
    responder,
    v2c_target,
)  # fmt: skip

NAME = "1.3.6.1.2.1.1.5.0"
DEVICE = Answers.parse(f"{NAME}|4|sw1\n1.3.6.1.2.1.1.6.0|4|attic\n1.3.6.1.2.1.1.7.0|2|6")
TRUTH = honest(DEVICE)
SHORT_SECONDS = 0.05


def test_promise_28_mutated_answers_are_typed_faults_or_values() -> None:
    randomness = random.Random(28)
    faults = 0
    with responder(lambda question: mutated(TRUTH(question), randomness)) as device:
        session = GufoSession(v2c_target(device.port), 0.005)
        for _ in range(400):
            try:
                session.get_many([NAME])
                session.walk("1.3.6.1.2.1.1", 5).step()
            except SnmpFault:
                faults += 1
    assert faults > 100


def mutated(packet: bytes, randomness: random.Random) -> bytes:
    body = bytearray(packet)
    for _ in range(randomness.randint(1, 4)):
        match randomness.randrange(3):
            case 0:
                body[randomness.randrange(len(body))] = randomness.randrange(256)
            case 1:
                del body[randomness.randrange(len(body)) :]
            case _:
                body.insert(randomness.randrange(len(body) + 1), randomness.choice((0x30, 0x80, 0x84, 0xFF, 0x00)))
        body = body or bytearray(b"\x30")
    return bytes(body)


def test_promise_28_a_long_answer_is_refused_so_that_less_is_asked() -> None:
    with (
        responder(lambda question: reply_to(question, [(oid_of(NAME), Cell(OCTETS, b"A" * 60_000))])) as device,
        pytest.raises(AnswerRefused),
    ):
        GufoSession(v2c_target(device.port), 1.0).get_many([NAME])


def test_promise_32_an_answer_from_another_source_never_arrives() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as liar:
        liar.bind(("127.0.0.1", 0))

        def from_elsewhere(question: Question) -> None:
            false = reply_to(question, [(oid_of(NAME), Cell(OCTETS, b"false"))])
            for port in candidate_ports(device.port):
                liar.sendto(false, ("127.0.0.1", port))

        with responder(from_elsewhere) as device, pytest.raises(NoAnswer):
            GufoSession(v2c_target(device.port), SHORT_SECONDS).get_many([NAME])


def candidate_ports(server_port: int) -> list[int]:
    """The local UDP ports that are connected to the responder: whoever asked it."""
    wanted = f"0100007F:{server_port:04X}"
    with open("/proc/net/udp") as table:  # noqa: PTH123 - a kernel table, not a file
        rows = [line.split() for line in table.readlines()[1:]]
    return [int(row[1].split(":")[1], 16) for row in rows if row[2] == wanted]


def test_promise_34_an_answer_to_another_request_id_is_passed_over() -> None:
    def guess_first(question: Question) -> list[bytes]:
        false = reply_to(question, [(oid_of(NAME), Cell(OCTETS, b"false"))], request_id=b"\x01\x02\x03\x04")
        return [false] * 20 + [TRUTH(question)]

    with responder(guess_first) as device:
        assert GufoSession(v2c_target(device.port), 1.0).get_many([NAME]) == {NAME: b"sw1"}


def test_promise_34_request_ids_do_not_repeat() -> None:
    with responder(TRUTH) as device:
        session = GufoSession(v2c_target(device.port), 1.0)
        for _ in range(50):
            session.get_many([NAME])
    ids = [question.request_id for question in device.questions if question.kind == GET]
    differences = {int.from_bytes(later) - int.from_bytes(earlier) for earlier, later in pairwise(ids)}
    assert len(set(ids)) == 50
    assert len(differences) > 40  # not a counter


def test_an_answer_that_would_be_too_big_does_not_cut_the_table() -> None:
    def too_big_in_bulk(question: Question) -> bytes:
        return TRUTH(question) if question.kind != 0xA5 else reply_to(question, [], error=1)

    with responder(too_big_in_bulk) as device:
        walk = GufoSession(v2c_target(device.port), 1.0).walk("1.3.6.1.2.1.1", 20)
        assert [walk.step().varbinds[0][0] for _ in range(3)] == [NAME, "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.1.7.0"]
        assert walk.step().ended


@pytest.mark.parametrize(
    ("credential", "reason"),
    [
        (SnmpCredential("c", "v4"), "v1, v2c or v3"),
        (SnmpCredential("c", "v3"), "user name"),
        (SnmpCredential("c", "v3", user="u", auth_protocol="rot13", auth_key=Secret("x" * 8)), "rot13"),
        (SnmpCredential("c", "v3", user="u", auth_protocol="sha"), "needs its key"),
        (SnmpCredential("c", "v3", user="u", privacy_protocol="aes128", privacy_key=Secret("hush-hush")), "privacy without authentication"),
        (SnmpCredential("c", "v3", user="u", context_name="vlan-5"), "vlan-5"),
    ],
)
def test_a_credential_that_cannot_be_spoken_says_why_without_its_secret(credential: SnmpCredential, reason: str) -> None:
    with pytest.raises(CredentialUnusable, match=reason) as caught:
        GufoSession(Target("d", "sw1", "127.0.0.1", credential), 1.0)
    assert "hush" not in str(caught.value)
