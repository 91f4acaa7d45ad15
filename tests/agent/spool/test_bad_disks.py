"""Full, failing, read-only and occupied disks."""

import os
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from natvakt_agent.model.delivery import AckOutcome, RecordKind, SpoolFull, SpoolRefused, SpoolUnavailable
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import RESERVE_NAME, SpoolOptions
from natvakt_agent.spool.summary import last_status
from natvakt_wire.envelope import LaneClass
from testkit.disk import SimulatedDisk
from testkit.simulation_spool import SMALL_SPOOL, SpoolBench

TIGHT = SpoolOptions(cap_bytes=600 * 1024, reserve_bytes=64 * 1024, wal_bytes=16 * 1024)


def _simulated(options: SpoolOptions = SMALL_SPOOL) -> tuple[SpoolBench, SimulatedDisk]:
    bench = SpoolBench.simulated(5, options)
    assert isinstance(bench.disk, SimulatedDisk)
    return bench, bench.disk


def test_promise_8_a_file_whose_fsync_failed_is_not_trusted_again_and_its_pending_records_are_written_anew() -> None:
    bench, disk = _simulated()
    spool = bench.open()
    for _ in range(5):
        bench.append()
    first_file = {entry.segment for lane in spool.index for entry in lane.entries}
    disk.faults.sync_fails_after = 1
    bench.append()
    assert not first_file & {entry.segment for lane in spool.index for entry in lane.entries}
    assert "segment-distrusted" in spool.alarms
    assert bench.missing() == []
    disk.cut_power()
    bench.open()
    assert bench.missing() == []
    assert bench.gaps() == []


def test_promise_8_a_failed_fsync_of_a_checkpoint_costs_the_file_its_trust_too() -> None:
    bench, disk = _simulated(replace(SMALL_SPOOL, wal_bytes=1))
    spool = bench.open()
    bench.append()
    disk.faults.sync_fails_after = 2  # the commit's own fsync succeeds, the checkpoint's does not
    bench.append()
    assert spool.counts["segments_distrusted"] == 1
    disk.cut_power()
    bench.open()
    assert bench.missing() == []


def test_promise_27_a_rewind_that_finds_the_disk_full_is_asked_for_again() -> None:
    bench, disk = _simulated(replace(SMALL_SPOOL, cap_bytes=1024**2, reserve_bytes=0, keep_acked_seconds=0))
    spool = bench.open()
    for _ in range(6):
        bench.append(size=40_000)
    lane, through_seq, digest = bench.durable[-1]
    spool.ack(lane, through_seq, digest)
    spool.maintain()
    kept = spool.index.lane(lane)
    assert kept is not None
    assert kept.oldest_seq > 2, "older segments are gone"
    disk.faults.capacity_bytes = 0
    with pytest.raises(SpoolFull):
        spool.rewind(lane, *bench.durable[0][1:])
    assert kept.acked_through == through_seq
    disk.faults.capacity_bytes = None
    spool.rewind(lane, *bench.durable[0][1:])
    assert [place[:2] for place in bench.gaps()] == [(lane, 2)]
    assert bench.missing() == []


def test_promise_22_on_a_full_disk_the_reserve_carries_on_acks_still_work_and_it_recovers_by_itself() -> None:
    bench, disk = _simulated(replace(SMALL_SPOOL, reserve_bytes=512 * 1024))
    spool = bench.open()
    bench.append()
    disk.faults.capacity_bytes = disk.used_bytes
    for _ in range(20):
        bench.append(LaneClass.EVENTS)
    assert disk.size(RESERVE_NAME) == 0
    assert "disk-full" in spool.alarms
    lane, seq, digest = bench.durable[-1]
    assert spool.ack(lane, seq, digest) is AckOutcome.ADVANCED
    spool.maintain()
    assert "disk-full" in spool.alarms, "there is still no room for the reserve"
    disk.faults.capacity_bytes = None
    spool.maintain()
    assert disk.size(RESERVE_NAME) == 512 * 1024
    assert not spool.alarms
    assert bench.missing() == []


def test_promise_22_when_even_the_reserve_is_used_up_batches_are_shed_loudly_and_nothing_durable_goes_but_metrics() -> None:
    bench, disk = _simulated()
    spool = bench.open()
    bench.append(LaneClass.EVENTS)
    disk.faults.capacity_bytes = disk.used_bytes
    with pytest.raises(SpoolFull, match="full"):
        for _ in range(2000):
            bench.append(LaneClass.EVENTS, 5_000)
    assert spool.counts["batches_shed"] == 1
    assert bench.missing() == []
    disk.faults.capacity_bytes = None
    bench.append(LaneClass.EVENTS)
    assert bench.missing() == []


def test_promise_22_a_full_disk_in_the_middle_of_a_checkpoint_loses_nothing() -> None:
    bench, disk = _simulated(replace(SMALL_SPOOL, wal_bytes=1, reserve_bytes=0))
    spool = bench.open()
    for _ in range(4):
        disk.faults.capacity_bytes = disk.used_bytes + 9_000
        try:
            bench.append(LaneClass.STATE, 3_000)
        except SpoolFull:
            disk.faults.capacity_bytes = None
    spool.maintain()
    assert bench.missing() == []


def test_promise_11_at_the_cap_whole_oldest_metrics_go_and_a_gap_record_stands_in_their_place() -> None:
    bench, _ = _simulated(TIGHT)
    spool = bench.open()
    for _ in range(6):
        bench.append(LaneClass.EVENTS)
        bench.append(LaneClass.STATE)
    for _ in range(400):
        bench.append(LaneClass.METRICS, 3_000)
    summary = spool.show()
    assert summary.bytes_on_disk < TIGHT.cap_bytes * 1.1
    assert spool.counts["batches_dropped"] > 100
    lanes = {lane.lane_class: lane for lane in summary.lanes}
    assert (lanes["events"].pending_batches, lanes["state"].pending_batches) == (6, 6)
    assert lanes["metrics"].gap_batches == spool.counts["batches_dropped"]
    gaps = [item.head for item in bench.check_chain() if item.head.kind is RecordKind.GAP]
    assert gaps[0].seq == 1, "the oldest go first"
    assert bench.missing() == []
    spool.close()
    bench.open()
    assert bench.missing() == []


def test_promise_11_events_are_kept_at_the_cap_and_new_ones_are_refused_by_name() -> None:
    bench, _ = _simulated(TIGHT)
    spool = bench.open()
    with pytest.raises(SpoolFull, match=r"cap of 614400 bytes.*raise spool\.cap"):
        for _ in range(2000):
            bench.append(LaneClass.EVENTS, 5_000)
    assert "full" in spool.alarms
    assert bench.missing() == []


def test_acknowledged_batches_stay_a_day_while_there_is_room_and_go_at_once_when_there_is_not() -> None:
    bench, _ = _simulated(replace(TIGHT, keep_acked_seconds=86_400))
    spool = bench.open()
    for _ in range(30):
        bench.append(LaneClass.METRICS, 3_000)
    lane, seq, digest = bench.durable[-1]
    spool.ack(lane, seq, digest)
    before = spool.show().bytes_on_disk
    spool.maintain()
    assert spool.show().bytes_on_disk >= before * 0.8
    bench.clock.advance(86_401)
    spool.maintain()
    assert spool.show().bytes_on_disk < before / 2
    assert spool.index.live(LaneClass.METRICS).next_seq == 31


def test_promise_27_a_restored_server_gets_again_what_is_kept_and_a_gap_record_for_what_is_not() -> None:
    bench, _ = _simulated(replace(TIGHT, keep_acked_seconds=60))
    spool = bench.open()
    for _ in range(40):
        bench.append(LaneClass.METRICS, 3_000)
    lane, _, digest = bench.durable[29]
    spool.ack(lane, 30, digest)
    bench.clock.advance(61)
    spool.maintain()
    kept = spool.index.live(LaneClass.METRICS).oldest_seq
    assert 1 < kept <= 31
    spool.rewind(lane, 5, bench.durable[4][2])
    heads = [item.head for item in bench.check_chain()]
    assert (heads[0].kind, heads[0].seq, heads[0].last_seq) == (RecordKind.GAP, 6, kept - 1)
    assert [head.seq for head in heads[1:]] == list(range(kept, 41))


def test_promise_23_a_read_only_disk_is_refused_at_start_and_named_later() -> None:
    bench, disk = _simulated()
    disk.faults.read_only = True
    with pytest.raises(SpoolRefused, match=r"/simulated/spool.*cannot be written.*mount it read-write"):
        bench.open()
    disk.faults.read_only = False
    bench.open()
    disk.faults.read_only = True
    with pytest.raises(SpoolUnavailable, match="read-only"):
        bench.append()
    disk.faults.read_only = False
    bench.append()
    assert bench.missing() == []


def _local(folder: Path) -> SpoolBench:
    return SpoolBench(Random(9), LocalDisk(folder), replace(SMALL_SPOOL, reserve_bytes=4096))


def test_promise_23_a_missing_folder_is_refused_and_not_created(tmp_path: Path) -> None:
    with pytest.raises(SpoolRefused, match="install -d"):
        _local(tmp_path / "gone").open()
    assert not (tmp_path / "gone").exists()


def test_promise_23_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("")
    with pytest.raises(SpoolRefused, match="not a folder"):
        _local(tmp_path / "spool").open()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may give a folder to another user")
def test_promise_23_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, -1)
    with pytest.raises(SpoolRefused, match="belongs to user 12345"):
        _local(tmp_path).open()


def test_promise_23_a_second_start_on_the_same_folder_is_refused_and_says_who_holds_it(tmp_path: Path) -> None:
    first = _local(tmp_path).open()
    with pytest.raises(SpoolRefused, match=rf"another agent \(process {os.getpid()}\)"):
        _local(tmp_path).open()
    first.close()
    _local(tmp_path).open().close()


def test_on_a_real_disk_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    bench = _local(tmp_path)
    spool = bench.open()
    for size in (10, 5_000, 250_000):
        bench.append(LaneClass.METRICS, size)
        bench.append(LaneClass.STATE, size)
    spool.keep_nonce(b"nonce")
    spool.maintain()
    epoch = spool.epoch
    spool.close()
    assert last_status(LocalDisk(tmp_path)) is not None
    again = bench.open()
    assert (again.epoch, again.resume_nonce) == (epoch, b"nonce")
    assert bench.missing() == []
    assert len(bench.held()) == 6
    again.close()


def test_a_new_epoch_sets_the_old_one_aside_and_survives_a_restart() -> None:
    bench, disk = _simulated()
    spool = bench.open()
    bench.append()
    old = spool.epoch
    new = spool.start_epoch(bench.random.randbytes)
    bench.durable.clear()
    bench.append()
    disk.reboot()
    spool = bench.open()
    assert old != new == spool.epoch
    assert spool.resume_nonce == b""
    assert bench.missing() == []
    assert any(name.endswith(".aside") for name in disk.names())


def test_promise_49_only_a_digest_of_ours_counts_as_an_acknowledgement() -> None:
    bench, _ = _simulated()
    spool = bench.open()
    bench.append()
    lane, seq, digest = bench.durable[0]
    assert spool.ack(lane, seq, bytes(32)) is AckOutcome.UNKNOWN
    assert spool.ack(lane, seq + 1, digest) is AckOutcome.UNKNOWN
    assert spool.ack(lane + 3, seq, digest) is AckOutcome.UNKNOWN
    assert len(bench.held()) == 1
    assert spool.ack(lane, seq, digest) is AckOutcome.ADVANCED
    assert spool.ack(lane, seq, digest) is AckOutcome.STALE
    assert bench.held() == []
