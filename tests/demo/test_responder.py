"""The responder against RFC 3416, over loopback with the agent's own SNMP library and octet by octet."""

import socket
import threading
from collections.abc import Iterator

import pytest
from demo.ber import END_OF_MIB_VIEW, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, encode, encode_oid, encode_signed
from demo.mib import MibBuilder, counter64, gauge, integer, octets, parse_oid, text
from demo.responder import MAXIMUM_RESPONSE_OCTETS, Responder
from gufo.snmp import NoSuchInstance, SnmpVersion
from gufo.snmp.sync import SnmpSession
from hypothesis import given
from hypothesis import strategies as st

SYSTEM_NAME = "1.3.6.1.2.1.1.5.0"
COLUMN = "1.3.6.1.2.1.31.1.1.1.6"
NOW = 1_700_000_000_000_000_000


def small_mib() -> MibBuilder:
    mib = MibBuilder()
    mib.scalar("1.3.6.1.2.1.1.5", text("hq-core"))
    mib.scalar("1.3.6.1.2.1.1.7", integer(-5))
    for index in (2, 10, 128, 16_384, 1_000_000):
        mib.row("1.3.6.1.2.1.31.1.1.1", (index,), {6: counter64(lambda now_ns, index=index: now_ns + index), 15: gauge(1000)})
    mib.row("1.3.6.1.2.1.31.1.1.1", (5,), {6: counter64(lambda now_ns: None)})
    return mib


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A served device on a free UDP port."""
    view = small_mib().build()
    responder = Responder({b"secret-1": view})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                datagram, peer = server.recvfrom(65_535)
                if datagram == b"stop":
                    return
                response = responder.answer(datagram, NOW)
                if response is not None:
                    server.sendto(response, peer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closer:
            closer.sendto(b"stop", server.getsockname())
        thread.join()


def session(port: int, community: str = "secret-1", version: SnmpVersion = SnmpVersion.v2c, timeout: float = 5.0) -> SnmpSession:
    return SnmpSession("127.0.0.1", port=port, community=community, version=version, timeout=timeout)


def test_get_answers_static_moving_and_negative_values(port: int) -> None:
    with session(port) as device:
        assert device.get_many([SYSTEM_NAME, f"{COLUMN}.2", "1.3.6.1.2.1.1.7.0"]) == {
            SYSTEM_NAME: b"hq-core",
            f"{COLUMN}.2": NOW + 2,
            "1.3.6.1.2.1.1.7.0": -5,
        }


def test_get_of_an_absent_instance_says_so(port: int) -> None:
    with session(port) as device, pytest.raises(NoSuchInstance):
        device.get(f"{COLUMN}.3")


def test_getbulk_walks_a_column_in_numeric_order_and_leaves_out_rows_that_went_away(port: int) -> None:
    with session(port) as device:
        found = [oid for oid, _ in device.getbulk(COLUMN, max_repetitions=3)]
    assert found == [f"{COLUMN}.{index}" for index in (2, 10, 128, 16_384, 1_000_000)]


def test_a_walk_over_everything_ends_at_the_end_of_the_view(port: int) -> None:
    with session(port) as device:
        found = [parse_oid(oid) for oid, _ in device.getbulk("1.3.6.1")]
    assert found == sorted(found)
    assert len(found) == 12


def test_version_1_skips_counter64(port: int) -> None:
    with session(port, version=SnmpVersion.v1) as device:
        found = dict(device.getnext("1.3.6.1.2.1.31"))
    assert set(found) == {f"1.3.6.1.2.1.31.1.1.1.15.{index}" for index in (2, 10, 128, 16_384, 1_000_000)}


def request(kind: int, oids: list[str], first: int = 0, second: int = 0, community: bytes = b"secret-1", version: int = 1) -> bytes:
    bindings = b"".join(encode(SEQUENCE, encode(OBJECT_IDENTIFIER, encode_oid(parse_oid(oid))) + bytes((NULL, 0))) for oid in oids)
    numbers = b"".join(encode(INTEGER, encode_signed(number)) for number in (77, first, second))
    pdu = encode(kind, numbers + encode(SEQUENCE, bindings))
    return encode(SEQUENCE, encode(INTEGER, bytes((version,))) + encode(OCTET_STRING, community) + pdu)


def test_silence_for_a_wrong_community_another_version_and_a_write() -> None:
    responder = Responder({b"secret-1": small_mib().build()})
    assert responder.answer(request(0xA0, [SYSTEM_NAME]), NOW) is not None
    assert responder.answer(request(0xA0, [SYSTEM_NAME], community=b"public"), NOW) is None
    assert responder.answer(request(0xA0, [SYSTEM_NAME], version=3), NOW) is None
    assert responder.answer(request(0xA3, [SYSTEM_NAME]), NOW) is None
    assert responder.answer(request(0xA5, [SYSTEM_NAME], version=0), NOW) is None


def test_a_context_behind_the_community_is_a_view_of_its_own() -> None:
    other = MibBuilder()
    other.scalar("1.3.6.1.2.1.1.5", text("vlan 20"))
    responder = Responder({b"secret-1": small_mib().build(), b"secret-1@20": other.build()})
    answer = responder.answer(request(0xA0, [SYSTEM_NAME], community=b"secret-1@20"), NOW)
    assert answer is not None
    assert b"vlan 20" in answer


def test_repetitions_past_the_end_repeat_the_last_name_once_with_end_of_mib_view() -> None:
    responder = Responder({b"secret-1": small_mib().build()})
    answer = responder.answer(request(0xA5, ["1.3.6.1.2.1.31.1.1.1.15.16384"], 0, 20), NOW)
    assert answer is not None
    last = encode(OBJECT_IDENTIFIER, encode_oid(parse_oid("1.3.6.1.2.1.31.1.1.1.15.1000000")))
    assert answer.endswith(last + bytes((END_OF_MIB_VIEW, 0)))
    assert answer.count(bytes((END_OF_MIB_VIEW, 0))) == 1


def test_a_large_bulk_is_cut_at_whole_bindings_below_the_limit() -> None:
    mib = MibBuilder()
    for index in range(1, 400):
        mib.row("1.3.6.1.2.1.2.2.1", (index,), {2: octets(b"x" * 100)})
    responder = Responder({b"secret-1": mib.build()})
    answer = responder.answer(request(0xA5, ["1.3.6.1.2.1.2.2.1.2"], 0, 300), NOW)
    assert answer is not None
    assert MAXIMUM_RESPONSE_OCTETS - 300 < len(answer) <= MAXIMUM_RESPONSE_OCTETS


def test_a_get_that_does_not_fit_says_too_big() -> None:
    mib = MibBuilder()
    mib.scalar("1.3.6.1.2.1.1.1", octets(b"x" * MAXIMUM_RESPONSE_OCTETS))
    answer = Responder({b"secret-1": mib.build()}).answer(request(0xA0, ["1.3.6.1.2.1.1.1.0"]), NOW)
    assert answer is not None
    assert bytes((INTEGER, 1, 1, INTEGER, 1, 0, SEQUENCE, 0)) in answer


def test_two_builders_may_not_claim_the_same_instance() -> None:
    mib = small_mib()
    with pytest.raises(ValueError, match=r"1\.3\.6\.1\.2\.1\.1\.5\.0 is given twice"):
        mib.scalar("1.3.6.1.2.1.1.5", text("again"))


@given(st.binary(max_size=300))
def test_garbage_is_met_with_silence(datagram: bytes) -> None:
    assert Responder({b"secret-1": small_mib().build()}).answer(datagram, NOW) is None


@given(st.sampled_from([0xA0, 0xA1, 0xA5]), st.integers(0, 60), st.integers(0, 255))
def test_one_changed_octet_never_raises(kind: int, position: int, octet: int) -> None:
    datagram = bytearray(request(kind, [SYSTEM_NAME, COLUMN], 0, 3))
    datagram[position % len(datagram)] = octet
    Responder({b"secret-1": small_mib().build()}).answer(bytes(datagram), NOW)
