"""The form recordings are written in, read back as the same by this and by the tests' own reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.capture.recording import Recording, RecordingDamaged, Varbind, oid_of, read, written
from testkit.snmp import RECORDINGS, Answers

VALUES = st.one_of(
    st.tuples(st.just(4), st.binary(max_size=40) | st.text(max_size=20).map(str.encode)),
    st.tuples(st.sampled_from((2, 65, 66, 67, 70)), st.integers(-(2**31), 2**63)),
    st.tuples(st.just(64), st.ip_addresses(v=4).map(str)),
    st.tuples(st.just(68), st.binary(max_size=12)),
    st.just((5, None)),
    st.just((6, "1.3.6.1.4.1.9.1.2494")),
)


@given(st.dictionaries(st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=12).map(tuple), VALUES, max_size=8))
def test_what_is_written_is_read_back(objects) -> None:
    varbinds = [Varbind(oid, tag, value) for oid, (tag, value) in sorted(objects.items())]
    text = written(Recording(varbinds, ["made for a test"]))
    assert read(text) == Recording(varbinds, ["made for a test"])
    answers = Answers.parse(text)
    assert [answers.get(each.oid).value for each in varbinds] == [each.value for each in varbinds]


def test_every_recording_of_the_project_is_read() -> None:
    for path in RECORDINGS.rglob("*.txt"):
        assert read(path.read_text()).varbinds, path


@pytest.mark.parametrize("line", ["1.3.6|4", "1.3.x|4|a", "1.3.6|99|a", "1.3.6|4x|zz", "1.3.6|2|many"])
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(RecordingDamaged, match=r"line 2: .*OID\|TAG\|VALUE"):
        read(f"# a remark\n{line}\n")


def test_oids_are_read_with_and_without_a_leading_dot() -> None:
    assert oid_of(".1.3.6") == oid_of("1.3.6") == (1, 3, 6)
