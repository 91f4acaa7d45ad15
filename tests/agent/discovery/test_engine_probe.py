"""SNMPv3 engine discovery as octets."""

from bench.discovery_site import engine_report, version_and_name
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.discovery.engine_probe import answered, message_id_of, question

ENGINE = bytes.fromhex("80000009030011aa")


@given(st.binary(min_size=4, max_size=4))
def test_the_question_is_snmpv3_with_the_message_id_and_no_name(random):
    message_id = message_id_of(random)
    assert version_and_name(question(message_id)) == (3, message_id.to_bytes(4, "big"))


@given(st.integers(0, 2**31 - 1))
def test_a_report_tells_message_id_and_engine(message_id):
    assert answered(engine_report(message_id.to_bytes(4, "big"), ENGINE)) == (message_id, ENGINE.hex())


@given(st.binary(max_size=200))
def test_what_is_no_answer_is_none_and_never_an_error(datagram):
    assert answered(datagram) is None or len(datagram) > 20


@given(st.integers(0, 79), st.integers(0, 255))
def test_an_answer_with_one_octet_changed_never_raises(position, octet):
    report = bytearray(engine_report(b"\x01\x02\x03\x04", ENGINE))
    report[position % len(report)] = octet
    found = answered(bytes(report))
    assert found is None or (found[0] < 2**40 and len(found[1]) <= 64)


def test_an_engine_id_shorter_than_rfc_3411_allows_is_no_answer():
    assert answered(engine_report(b"\x01\x02\x03\x04", b"\x80\x00")) is None
