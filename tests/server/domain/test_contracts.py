"""Lists of service contracts as partners have them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.contracts import ContractListRefused, ServiceContract, read_contracts

CISCO = "\ufeffContract Number;Serial Number;Service Level;Covered Line End Date\n205;fnv1;SNT;30-Jun-2027\n205;fnv1;SNT;30-Jun-2028\n;;;\n"


def test_an_export_of_ciscos_ordering_system_is_read_and_a_renewal_counts():
    assert read_contracts(CISCO) == [ServiceContract("FNV1", "205", date(2028, 6, 30), "SNT")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the list is empty"),
        ("number,ends_on\n1,2027-01-01\n", "line 1: no column 'serial'"),
        ("serial,number\n,5\n", "line 2: serial is empty"),
        ("serial,number\nFNV1,\n", "line 2: number is empty"),
        ("serial,number,ends_on\nFNV1,5,soon\n", "line 2: ends_on 'soon' is not a day"),
        ("serial,number\nFNV1," + "9" * 101 + "\n", "line 2: number '9999"),
        ("serial,number\nFNV\x071,5\n", "not printable"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_whole_with_the_line(text, says):
    with pytest.raises(ContractListRefused) as refused:
        read_contracts(text)
    assert says in str(refused.value)


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z0-9]{1,11}", fullmatch=True),
        st.tuples(st.from_regex(r"[0-9]{1,9}", fullmatch=True), st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1))),
        max_size=20,
    ),
    st.sampled_from(",;\t"),
)
def test_what_is_written_is_read(covered, separator):
    lines = [separator.join(("serial", "number", "ends_on"))]
    lines += [separator.join((serial, number, end.isoformat() if end else "")) for serial, (number, end) in covered.items()]
    found = read_contracts("\n".join(lines))
    assert {each.serial: (each.number, each.ends_on) for each in found} == covered
    assert [each.serial for each in found] == sorted(covered)


def test_of_two_lines_of_a_serial_number_the_later_end_counts_and_no_end_counts_most():
    today = date(2027, 1, 1)
    rows = [f"FNV1,{number},{end}" for number, end in ((1, today), (2, today + timedelta(1)), (3, ""), (4, today + timedelta(9)))]
    assert read_contracts("\n".join(["serial,number,ends_on", *rows])) == [ServiceContract("FNV1", "3")]
