import pytest
from natvakt_wire.scrubbing.marks import Mark, find_marks, parse_mark

MARKS = [
    Mark("snmp-community"),
    Mark("snmp-community", length=6, equality="3f9a0c12b7de", well_known=True),
    Mark("user-secret", encryption="9", equality="0b14c7d2e8f1"),
    Mark("key-string", encryption="encrypted", length=12),
]


@pytest.mark.parametrize("mark", MARKS, ids=str)
def test_a_mark_is_one_word_and_reads_back_as_it_was(mark):
    assert str(mark).split() == [str(mark)]
    assert parse_mark(str(mark)) == mark


def test_marks_are_found_between_words():
    line = f"snmp-server community {MARKS[1]} RO"
    assert find_marks(line) == [(22, len(line) - 3, MARKS[1])]


@pytest.mark.parametrize(
    "word",
    [
        "<natvakt:my-own-kind>",
        "<natvakt:snmp-community:eq=hemligt>",
        "<natvakt:snmp-community:eq=3f9a0c12b7de00>",
        "<natvakt:snmp-community:secret>",
        "natvakt:snmp-community",
    ],
)
def test_what_only_resembles_a_mark_is_none(word):
    assert parse_mark(word) is None
    assert find_marks(word) == []
