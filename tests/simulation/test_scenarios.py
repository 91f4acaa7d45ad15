"""Worlds in which one thing is planned: what each promise says must be seen to happen."""

import logging
from collections.abc import Callable, Iterator, Sequence

import pytest
from natvakt_wire.envelope import FIRST_PREVIOUS
from testkit.simulation_agent import SimulatedAgent
from testkit.simulation_faults import (
    Fault,
    boot_in_1970,
    flip_a_bit,
    forge_ack,
    hostile_line,
    restore_server,
    restore_snapshot,
    start_clone,
)
from testkit.simulation_time import SECOND_NS
from testkit.simulation_world import Verdict, World

SEEDS = (1, 5, 16)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _run(seed: int, *scenario: tuple[float, Fault]) -> tuple[World, Verdict]:
    world = World(seed, scenario=scenario)
    return world, world.run()


def _server_dies(place: str) -> Fault:
    def crash(world: World, _agent: SimulatedAgent) -> None:
        world.server.crash_at = place

    return crash


def _for(seconds: float, begin: Callable[[World, SimulatedAgent], None], end: Callable[[World, SimulatedAgent], None]) -> Fault:
    def fault(world: World, agent: SimulatedAgent) -> None:
        begin(world, agent)
        world.timeline.after(seconds, lambda: end(world, agent))

    return fault


def _dies_at(places: Sequence[str]) -> list[tuple[float, Fault]]:
    return [(60 + 120 * number, _server_dies(place)) for number, place in enumerate(places)]


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_4_a_crash_between_points_and_ledger_leaves_the_same_points_as_an_undisturbed_run(seed: int) -> None:
    world, verdict = _run(seed, *_dies_at(["series.written", "apply.before-commit", "apply.after-commit", "series.written"]))
    assert verdict.server_crashes == 4
    assert verdict.problems == []
    assert sum(place[1] == "interface" for place in world.server.series.points) == verdict.batches == verdict.applied


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_5_an_hour_without_acks_makes_no_duplicate(seed: int) -> None:
    def lose(_world: World, agent: SimulatedAgent) -> None:
        agent.weather.acks_lost = True

    def find(_world: World, agent: SimulatedAgent) -> None:
        agent.weather.acks_lost = False

    _, verdict = _run(seed, (30, _for(3_600, lose, find)))
    assert verdict.problems == []
    assert verdict.applied == verdict.batches


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_9_a_transaction_that_aborts_after_the_envelope_was_written_is_not_acknowledged(seed: int) -> None:
    world, verdict = _run(seed, *_dies_at(["receive.torn", "receive.before-commit", "receive.after-commit"]))
    assert verdict.server_crashes == 3
    assert verdict.problems == []
    digests = [row.incoming.digest for row in world.server.inbox.rows.values()]
    assert len(digests) == len(set(digests)) == verdict.batches


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_15_a_line_that_drops_repeats_and_reorders_converges(seed: int) -> None:
    _, verdict = _run(seed, (20, hostile_line), (300, hostile_line), (600, hostile_line))
    assert verdict.problems == []
    assert verdict.applied == verdict.batches


@pytest.mark.parametrize("hours", [1, -1, 87_600, -87_600])
def test_promise_19_a_wall_clock_that_steps_changes_neither_order_nor_the_time_of_a_point(hours: int) -> None:
    def step(_world: World, agent: SimulatedAgent) -> None:
        agent.clock.wall_error_ns += hours * 3_600 * SECOND_NS

    world, verdict = _run(5, (100, step))
    assert verdict.problems == []
    assert verdict.applied == verdict.batches
    assert _worst_error_seconds(world) < 60


def test_promise_20_what_was_polled_with_the_clock_of_1970_is_dated_anew_by_boot_and_monotonic_time() -> None:
    world, verdict = _run(5, (100, boot_in_1970))
    assert verdict.problems == []
    assert verdict.applied > 10
    assert _worst_error_seconds(world) < 60
    assert any(row.offset_ns for row in world.server.inbox.rows.values()), "some batches came with an untrusted clock"


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_27_a_server_restored_from_an_old_backup_ends_with_everything(seed: int) -> None:
    world, verdict = _run(seed, (100, restore_server), (400, restore_server))
    assert verdict.server_crashes == 2
    assert verdict.problems == []
    assert verdict.applied + verdict.under_gap == verdict.batches
    assert world.restores == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_41_and_43_of_two_clones_one_is_fenced_at_the_first_overlap_and_the_ledger_keeps_one_chain(seed: int) -> None:
    world, verdict = _run(seed, (200, start_clone))
    assert any(agent.fenced for agent in world.agents)
    assert verdict.problems == []
    _assert_one_chain(world)


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_42_and_43_a_machine_set_back_to_a_snapshot_never_writes_a_place_twice(seed: int) -> None:
    world, verdict = _run(seed, (100, restore_snapshot))
    assert world.agents[0].cloned
    assert verdict.problems == []
    _assert_one_chain(world)


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_49_forged_acks_delete_nothing(seed: int) -> None:
    _, verdict = _run(seed, *((second, forge_ack) for second in range(50, 850, 50)))
    assert verdict.problems == []
    assert verdict.applied == verdict.batches


@pytest.mark.parametrize("seed", range(40, 52))
def test_promise_3_bits_flip_and_only_the_record_that_was_hit_is_missing(seed: int) -> None:
    _, verdict = _run(seed, (200, flip_a_bit), (500, flip_a_bit))
    assert verdict.problems == []
    assert verdict.under_gap <= 2


def _worst_error_seconds(world: World) -> float:
    moments = {dict(place[3]).get("ifIndex", ""): place[5] for place in world.server.series.points}
    errors = [abs(moments[mark] - true_ns) for agent in world.agents for mark, true_ns in agent.true_ns.items() if mark in moments]
    return max(errors) / SECOND_NS


def _assert_one_chain(world: World) -> None:
    heads: dict[object, tuple[int, bytes]] = {}
    for row in sorted(world.server.inbox.rows.values(), key=lambda row: row.row):
        seq, digest = heads.get(row.lane, (0, FIRST_PREVIOUS))
        assert row.incoming.seq == seq + 1
        assert row.incoming.is_gap or row.incoming.previous == digest
        heads[row.lane] = (row.incoming.last_seq, row.incoming.digest)
