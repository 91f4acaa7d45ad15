"""Whatever the order in which an agent's words about one table arrive, the same state is kept."""

from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.store.estate.snapshots import Held, merge

STATES = ("a", "b", "c")


def honest(steps: list[tuple[int, str, bool]]) -> list[DocumentEffect]:
    """What an agent says over time: a full reading whenever the state changed or it feels like it, else "still the same"."""
    said: list[DocumentEffect] = []
    at_ns, before = 0, ""
    for pause, digest, full in steps:
        at_ns += pause
        told = full or digest != before
        said.append(DocumentEffect("one", "interface", at_ns, digest, [{"is": digest}] if told else None))
        before = digest
    return said


histories = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(STATES), st.booleans()), min_size=1, max_size=7).map(honest)


@given(histories.flatmap(lambda said: st.tuples(st.just(said), st.permutations(said))))
def test_the_newest_state_wins_in_every_order(said_and_order: tuple[list[DocumentEffect], list[DocumentEffect]]) -> None:
    said, order = said_and_order
    held, rows = Held(), None
    for document in order:
        held, took_over = merge(held, document)
        rows = document.rows if took_over else rows
    newest = said[-1]
    assert (held.digest, held.confirmed_ns) == (newest.digest, newest.observed_ns)
    assert rows == [{"is": newest.digest}]
    assert held.awaited_digest is None


@given(histories)
def test_hearing_it_again_changes_nothing(said: list[DocumentEffect]) -> None:
    held = Held()
    for document in said:
        held, _ = merge(held, document)
    for document in said:
        again, took_over = merge(held, document)
        assert not took_over
        assert again == held


def test_a_full_reading_between_two_words_about_the_kept_state_is_older() -> None:
    held, _ = merge(Held(), DocumentEffect("one", "interface", 10, "a", [{}]))
    held, _ = merge(held, DocumentEffect("one", "interface", 30, "a", None))
    assert merge(held, DocumentEffect("one", "interface", 20, "b", [{}])) == (held, False)
