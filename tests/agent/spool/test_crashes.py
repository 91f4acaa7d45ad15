"""What the spool reported durable survives whatever happens to its process and its disk."""

from dataclasses import replace
from random import Random

import pytest
from natvakt_agent.spool.records import BATCH_MAGIC
from natvakt_wire.envelope import LaneClass
from testkit.disk import SimulatedDisk
from testkit.simulation_spool import SMALL_SPOOL, SpoolBench


def _work(bench: SpoolBench) -> None:
    """A little of everything: appends of three classes, big batches, acks, upkeep, a second lane, an orderly restart."""
    spool = bench.open()
    for size in (200, 9_000, 900):
        bench.append(LaneClass.METRICS, size)
        bench.append(LaneClass.EVENTS, 60)
    lane, seq, digest = bench.durable[0]
    spool.ack(lane, seq, digest)
    spool.keep_nonce(b"nonce-1")
    spool.maintain()
    bench.append(LaneClass.STATE, 30_000)
    spool.open_lane(LaneClass.METRICS)
    for _ in range(4):
        bench.append(LaneClass.METRICS, 20_000)
    spool.maintain()
    spool.close()
    bench.open()
    bench.append(LaneClass.METRICS)


def _calls_of_an_undisturbed_run() -> int:
    bench = SpoolBench.simulated(1)
    _work(bench)
    assert isinstance(bench.disk, SimulatedDisk)
    return bench.disk.calls


@pytest.mark.parametrize("power_cut", [False, True], ids=["promise_1_kill_9", "promise_2_power_cut"])
def test_promises_1_and_2_dying_at_every_call_loses_nothing_and_never_reuses_a_place(power_cut: bool) -> None:
    for call in range(1, _calls_of_an_undisturbed_run() + 1):
        bench = SpoolBench.simulated(call)
        disk = bench.disk
        assert isinstance(disk, SimulatedDisk)
        disk.faults.kill_after = call
        with bench.dies():
            _work(bench)
        if power_cut:
            disk.cut_power()
        else:
            disk.reboot()
        bench.open()
        assert bench.missing() == [], f"died at call {call}"
        assert not bench.gaps(), f"nothing was damaged, yet a gap was declared after call {call}"
        bench.append(LaneClass.METRICS)
        places = [(lane, seq) for lane, seq, _ in bench.durable]
        assert len(places) == len(set(places)), f"a place was used twice after call {call}"
        assert bench.missing() == []


def test_promise_2_power_cuts_in_a_row_are_survived_without_a_human() -> None:
    random = Random(7)
    bench = SpoolBench.simulated(7)
    disk = bench.disk
    assert isinstance(disk, SimulatedDisk)
    for _ in range(60):
        disk.faults.kill_after = random.randrange(1, 120)
        with bench.dies():
            spool = bench.open()
            for _ in range(12):
                bench.append(random.choice(list(LaneClass)), random.choice((50, 3_000, 12_000)))
                if random.random() < 0.3:
                    spool.maintain()
        disk.cut_power()
    bench.open()
    assert bench.missing() == []
    assert len({(lane, seq) for lane, seq, _ in bench.durable}) == len(bench.durable)


def test_promises_1_and_2_what_was_found_after_a_kill_is_still_there_after_a_power_cut() -> None:
    """Killed between a write and its fsync, the next process reads the record back from the page cache and sends it."""
    found_unreported = 0
    for call in range(1, _calls_of_an_undisturbed_run() + 1):
        bench = SpoolBench.simulated(call)
        disk = bench.disk
        assert isinstance(disk, SimulatedDisk)
        disk.faults.kill_after = call
        with bench.dies():
            _work(bench)
        disk.reboot()
        bench.open()
        sent = {outgoing.head.digest for outgoing in bench.held()}
        found_unreported += len(sent - {digest for _, _, digest in bench.durable})
        disk.cut_power()
        bench.open()
        assert sent <= {outgoing.head.digest for outgoing in bench.held()}, f"died at call {call}"
    assert found_unreported > 0


def test_promise_8_a_segment_whose_fsync_fails_at_the_start_is_written_anew() -> None:
    bench = SpoolBench.simulated(5)
    disk = bench.disk
    assert isinstance(disk, SimulatedDisk)
    bench.open()
    for _ in range(3):
        bench.append()
    disk.reboot()
    disk.faults.sync_fails_after = 1
    spool = bench.open()
    assert spool.counts["segments_damaged"] == 1
    assert bench.missing() == []
    disk.cut_power()
    bench.open()
    assert bench.missing() == []
    assert bench.gaps() == []


def test_promise_3_a_bit_flipped_in_the_schema_costs_nothing() -> None:
    """SQLite takes many of them for another schema, in which a column has no values or a table is another one."""
    spelt = b"tablebatchbatch"
    length = len(spelt) + 1 + len("CREATE TABLE batch(id INTEGER PRIMARY KEY, record BLOB NOT NULL)")
    for bit in range(-7 * 8, length * 8):
        bench = SpoolBench.simulated(1, replace(SMALL_SPOOL, wal_bytes=1, reserve_bytes=0))
        disk = bench.disk
        assert isinstance(disk, SimulatedDisk)
        spool = bench.open()
        bench.append(LaneClass.METRICS, 100)
        spool.maintain()
        disk.reboot()
        name = next(name for name in disk.names() if name.startswith("metrics") and name.endswith(".db"))
        disk.flip_bit(name, disk.read(name).index(spelt) * 8 + bit)
        bench.open()
        assert bench.missing() == [], f"bit {bit}"
        assert bench.gaps() == [], f"bit {bit}"


def test_promise_3_a_bit_flipped_before_a_record_costs_at_most_that_record() -> None:
    """What stands before it in the row are its sizes and its type: SQLite may read the row as one without a value, or as text."""
    for bit in range(-16 * 8, 0):
        bench = SpoolBench.simulated(1, replace(SMALL_SPOOL, wal_bytes=1, reserve_bytes=0))
        disk = bench.disk
        assert isinstance(disk, SimulatedDisk)
        spool = bench.open()
        for _ in range(3):
            bench.append(LaneClass.METRICS, 100)
        spool.maintain()
        disk.reboot()
        name = next(name for name in disk.names() if name.startswith("metrics") and name.endswith(".db"))
        disk.flip_bit(name, disk.read(name).rindex(BATCH_MAGIC) * 8 + bit)
        bench.open()
        assert bench.missing() == [], f"bit {bit}"
        assert sum(last - first + 1 for _, first, last in bench.gaps()) <= 1, f"bit {bit}"


def test_promise_3_any_flipped_bit_costs_at_most_the_record_it_hits() -> None:
    random = Random(3)
    for case in range(400):
        bench = SpoolBench.simulated(case, replace(SMALL_SPOOL, wal_bytes=1) if case % 3 else SMALL_SPOOL)
        disk = bench.disk
        assert isinstance(disk, SimulatedDisk)
        spool = bench.open()
        for _ in range(6):
            bench.append(LaneClass.METRICS, random.choice((100, 700, 5_000)))
            bench.append(LaneClass.EVENTS, 100)
        if case % 2:
            spool.maintain()
            spool.close()
        disk.reboot()
        names = [name for name in disk.names() if ".db" in name and disk.size(name)]
        name = random.choice(names)
        disk.flip_bit(name, random.randrange(disk.size(name) * 8))
        spool = bench.open()
        assert bench.missing() == [], f"case {case}: {name}"
        assert sum(last - first + 1 for _, first, last in bench.gaps()) <= 1, f"case {case}: {name}"
        bench.append(LaneClass.METRICS)
        bench.append(LaneClass.EVENTS)
        assert bench.missing() == []
        places = [(lane, seq) for lane, seq, _ in bench.durable]
        assert len(places) == len(set(places)), f"case {case}: {name}"
        spool.close()
