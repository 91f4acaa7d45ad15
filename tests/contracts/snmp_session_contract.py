"""What every SNMP engine must do, against a real snmpd and against devices that lie.

Subclass `SnmpSessionContract` and give it `open_session`. Questions that `CheckedSession` stands behind go through it, as they do in the
agent: an engine may hand on what it likes, but nothing false may come out.
"""

import socket
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from natvakt_agent.collectors.snmp.checked import CheckedSession, Deadline
from natvakt_agent.collectors.snmp.session import AccessRefused, AnswerRefused, NoAnswer, Session, SnmpValue, Varbind
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.snmp import (
    COUNTER,
    COUNTER64,
    GAUGE,
    INTEGER,
    NULL,
    OBJECT_ID,
    OCTETS,
    TICKS,
    Answers,
    Cell,
    Oid,
    Question,
    StillClock,
    encoded,
    encoded_integer,
    encoded_oid,
    honest,
    oid_of,
    reply_to,
    responder,
    v2c_target,
)  # fmt: skip
from testkit.snmpd import AUTH_NAMES, PRIVACY_NAMES, Snmpd

SYSTEM, NAME, LOCATION, MISSING = "1.3.6.1.2.1.1", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.1.99.0"
SHORT_SECONDS = 0.1
DEVICE = Answers.parse(f"{NAME}|4|sw1\n{LOCATION}|4|attic\n1.3.6.1.2.1.1.7.0|2|6")
TRUTH = honest(DEVICE)
TABLE = "1.3.6.1.4.1.99999.1"
Reply = Callable[[Question], Sequence[bytes] | bytes | None]


def all_steps(session: Session, base: str, repetitions: int) -> list[Varbind]:
    walk, found = session.walk(base, repetitions), []
    while True:
        step = walk.step()
        found.extend(step.varbinds)
        if step.ended or not step.varbinds or not found[-1][0].startswith(base + "."):
            return found


def row(number: int) -> Oid:
    return oid_of(f"{TABLE}.{number}")


class SnmpSessionContract:
    @abstractmethod
    def open_session(self, target: Target, timeout_seconds: float) -> Session: ...

    @contextmanager
    def checked(self, reply: Reply, timeout_seconds: float = SHORT_SECONDS) -> Iterator[CheckedSession]:
        """The engine behind our own checks, asking a device that answers with `reply`."""
        with responder(reply) as device:
            target = v2c_target(device.port)
            yield CheckedSession(lambda: self.open_session(target, timeout_seconds), Deadline(StillClock(), 30.0))

    # --- a real agent ---

    @pytest.mark.service("snmpd")
    @pytest.mark.parametrize("version", ["v1", "v2c", "v3"])
    def test_get_and_walk_of_a_real_agent(self, daemon: Snmpd, version: str) -> None:
        credential = SnmpCredential("test", version, user="open") if version == "v3" else community("tester", version)
        session = self.open_session(daemon.target(credential), 2.0)
        assert session.get_many([NAME, MISSING, LOCATION]) == {NAME: b"sw1", LOCATION: b"attic"}
        for repetitions in (1, 2, 50):
            found = dict(all_steps(session, SYSTEM, repetitions))
            assert list(found)[:6] == [f"{SYSTEM}.{column}.0" for column in range(1, 7)]
        assert [type(found[f"{SYSTEM}.{column}.0"]) for column in (1, 2, 3)] == [bytes, str, int]
        assert not [oid for oid, _ in all_steps(session, "1.3.6.1.4.1.99999", 10) if oid.startswith("1.3.6.1.4.1.99999.")]

    @pytest.mark.service("snmpd")
    @pytest.mark.parametrize("auth", AUTH_NAMES)
    def test_every_pair_of_protocols_that_the_real_agent_offers(self, daemon: Snmpd, auth: str) -> None:
        offered = [privacy for privacy in (None, *PRIVACY_NAMES) if daemon.offers(auth, privacy)]
        assert {None, "aes128"} <= set(offered)
        for privacy in offered:
            session = self.open_session(daemon.user(auth, privacy), 2.0)
            assert session.get_many([NAME]) == {NAME: b"sw1"}, privacy
            assert session.engine_id is not None

    @pytest.mark.service("snmpd")
    @pytest.mark.parametrize(
        "changed",
        [{"user": "nobody"}, {"auth_key": Secret("another-key")}, {"auth_protocol": "sha512"}, {"privacy_key": Secret("another-key")},
         {"privacy_protocol": "aes256"}, {"privacy_protocol": None, "privacy_key": None}],
        ids="-".join,
    )  # fmt: skip
    def test_promise_35_a_wrong_user_key_or_protocol_is_refused_and_never_less_protection_tried(
        self, daemon: Snmpd, changed: dict[str, object]
    ) -> None:
        with pytest.raises(AccessRefused):
            self.open_session(daemon.user("sha256", "aes128", **changed), 0.5).get_many([NAME])

    @pytest.mark.service("snmpd")
    def test_of_two_credentials_that_both_work_each_is_spoken_as_itself(self, daemon: Snmpd) -> None:
        for each in ("tester", "second"):
            assert self.open_session(daemon.target(community(each, "v2c")), 2.0).get_many([NAME]) == {NAME: b"sw1"}
        with pytest.raises(NoAnswer):
            self.open_session(daemon.target(community("third", "v2c")), SHORT_SECONDS).get_many([NAME])

    # --- devices of all kinds ---

    @pytest.mark.parametrize("version", ["v1", "v2c"])
    def test_what_is_not_there_is_left_out_and_the_rest_is_kept(self, version: str) -> None:
        with responder(TRUTH) as device:
            session = self.open_session(v2c_target(device.port, version=version), 1.0)
            assert session.get_many([MISSING, NAME, LOCATION]) == {NAME: b"sw1", LOCATION: b"attic"}
            assert session.get_many([MISSING]) == {}

    def test_an_agent_that_says_no_such_name_to_v2c_still_gives_what_it_has(self) -> None:
        def outdated(question: Question) -> bytes:
            return refused(question) if oid_of(MISSING) in question.oids else TRUTH(question)

        def refused(question: Question) -> bytes:
            return reply_to(question, [(oid, Cell(NULL, None)) for oid in question.oids], 2, 1)

        with responder(outdated) as device:
            assert self.open_session(v2c_target(device.port), 1.0).get_many([NAME, MISSING]) == {NAME: b"sw1"}
        with responder(refused) as device:
            assert all_steps(self.open_session(v2c_target(device.port), 1.0), SYSTEM, 10) == []

    def test_silence_is_no_answer(self) -> None:
        with responder(lambda _: None) as device, pytest.raises(NoAnswer):
            self.open_session(v2c_target(device.port), SHORT_SECONDS).get_many([NAME])

    @pytest.mark.parametrize(
        ("tag", "body", "value"),
        [
            (INTEGER, b"\xff", -1),
            (GAUGE, b"\xff\xff\xff\xff", 2**32 - 1),  # without the sign octet, as some write it
            (COUNTER, b"\x01\x00\x00\x00\x05", 5),  # a 64-bit counter in a 32-bit type: its low half
            (COUNTER64, b"\x00" + b"\xff" * 8, 2**64 - 1),
            (TICKS, b"\x00", 0),
            (OCTETS, b"\x00\xff\x00", b"\x00\xff\x00"),
            (OBJECT_ID, encoded_oid(oid_of("1.3.6.1.4.1.9"))[2:], "1.3.6.1.4.1.9"),
            (0x40, b"\xc0\x00\x02\x01", "192.0.2.1"),
            (NULL, b"", None),
        ],
    )
    def test_promise_30_types_arrive_as_their_python_types(self, tag: int, body: bytes, value: SnmpValue) -> None:
        def reply(question: Question) -> bytes:
            varbind = encoded(0x30, encoded_oid(oid_of(NAME)) + encoded(tag, body))
            head = encoded(INTEGER, question.request_id) + encoded_integer(0) * 2
            message = encoded_integer(1) + encoded(OCTETS, question.community) + encoded(0xA2, head + encoded(0x30, varbind))
            return encoded(0x30, message)

        with responder(reply) as device:
            assert self.open_session(v2c_target(device.port), 1.0).get_many([NAME]).get(NAME) == value

    # --- devices that lie ---

    def test_promise_32_an_answer_from_another_port_or_address_is_refused(self) -> None:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other_port,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other_address,
        ):
            other_port.bind(("127.0.0.1", 0))

            def from_elsewhere(question: Question) -> None:
                if other_address.getsockname()[1] == 0:
                    other_address.bind(("127.0.0.2", device.port))
                for liar in (other_port, other_address):
                    for port in set(asking_ports()) - {device.port, other_port.getsockname()[1]}:
                        liar.sendto(reply_to(question, [(oid_of(NAME), Cell(OCTETS, b"false"))]), ("127.0.0.1", port))

            with responder(from_elsewhere) as device, pytest.raises(NoAnswer):
                self.open_session(v2c_target(device.port), SHORT_SECONDS).get_many([NAME])

    @pytest.mark.parametrize(
        "varbinds",
        [
            [(oid_of(LOCATION), Cell(OCTETS, b"false"))],
            [(oid_of(NAME), Cell(OCTETS, b"true")), (oid_of(LOCATION), Cell(OCTETS, b"false"))],
            [(oid_of(NAME), Cell(OCTETS, b"true"))] * 500,
        ],
        ids=["other", "extra", "many"],
    )
    def test_promise_33_an_answer_about_other_or_more_objects_is_refused(self, varbinds: list[tuple[Oid, Cell]]) -> None:
        with self.checked(lambda question: reply_to(question, varbinds)) as session, pytest.raises(AnswerRefused):
            session.get([NAME])

    def test_promise_33_an_answer_with_missing_objects_gives_nothing_false(self) -> None:
        """Whether it is refused or taken for what it holds: nothing stands for what is missing."""
        with self.checked(lambda question: reply_to(question, TRUE_NAME if oid_of(NAME) in question.oids else [])) as session:
            found: Mapping[str, SnmpValue] = {}
            with suppress(AnswerRefused):
                found = session.get([NAME, LOCATION])
            assert LOCATION not in found
            assert session.get([NAME]) == {NAME: b"sw1"}

    def test_promise_34_an_answer_to_another_request_is_passed_over(self) -> None:
        def guess_first(question: Question) -> list[bytes]:
            false = reply_to(question, [(oid_of(NAME), Cell(OCTETS, b"false"))], request_id=b"\x01\x02\x03\x04")
            return [false] * 20 + [TRUTH(question)]

        with responder(guess_first) as device:
            assert self.open_session(v2c_target(device.port), 1.0).get_many([NAME]) == {NAME: b"sw1"}

    def test_promise_30_a_walk_that_never_ends_ends(self) -> None:
        count = iter(range(1, 10_000_000))

        def for_ever(question: Question) -> bytes:
            return reply_to(question, [(row(next(count)), Cell(INTEGER, 1)) for _ in range(max(1, question.repetitions))])

        with self.checked(for_ever, 2.0) as session:
            rows = session.column(TABLE)
            assert 20_000 < len(rows) < 20_200
            assert any("more than 20000 rows" in flaw for flaw in session.tally.flaws)

    @pytest.mark.parametrize("following", [3, 2], ids=["repeats", "goes back"])
    def test_promise_30_oids_that_do_not_grow_end_the_walk(self, following: int) -> None:
        with self.checked(lambda question: reply_to(question, [(row(3), Cell(INTEGER, 1)), (row(following), Cell(INTEGER, 2))])) as session:
            assert session.column(TABLE) == {(3,): 1}
            assert any("do not grow" in flaw for flaw in session.tally.flaws)

    def test_a_table_that_changes_while_it_is_read_gives_each_row_once(self) -> None:
        """Rows appear before and behind the walk, and the row it stands on goes away."""
        present = {number: number for number in (2, 4, 6, 8)}

        def changing(question: Question) -> bytes:
            position = question.oids[0][-1] if len(question.oids[0]) > len(oid_of(TABLE)) else 0
            later = sorted(number for number in present if number > position)[:2]
            present.pop(later[-1] if later else 0, None)
            present[1], present[7] = 1, 7
            found = [(row(number), Cell(INTEGER, number)) for number in later]
            return reply_to(question, found or [(row(position), Cell(0x82, None))])

        with self.checked(changing) as session:
            assert list(session.column(TABLE)) == [(2,), (4,), (6,), (7,), (8,)]

    def test_an_answer_that_would_be_too_big_does_not_cut_the_table(self) -> None:
        def too_big_in_bulk(question: Question) -> bytes:
            return TRUTH(question) if question.repetitions <= 1 or question.kind != 0xA5 else reply_to(question, [], error=1)

        with self.checked(too_big_in_bulk, 1.0) as session:
            session.get([NAME])
            assert list(session.column(SYSTEM).values()) == [b"sw1", b"attic", 6]

    def test_promise_29_a_long_answer_is_refused_so_that_less_is_asked(self) -> None:
        many = [(row(number), Cell(INTEGER, 1)) for number in range(1, 3_000)]
        with self.checked(lambda question: reply_to(question, many)) as session, pytest.raises(AnswerRefused):
            session.column(TABLE)


TRUE_NAME = [(oid_of(NAME), Cell(OCTETS, b"sw1"))]


def community(text: str, version: str) -> SnmpCredential:
    return SnmpCredential("test", version, community=Secret(text))


def asking_ports() -> list[int]:
    """The local ports of this process's UDP sockets: whoever asked is among them."""
    own = {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return [int(each[1].split(":")[1], 16) for each in rows if f"socket:[{each[9]}]" in own]
