"""The pipeline: what goes in comes out, in batches that fit, or in a counter that says what became of it."""

import json
import math
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_agent.model.observation import Cost, Observation, TableObservation, TableStatus
from natvakt_agent.pipeline.documents import PART_BYTES
from natvakt_agent.pipeline.events import EventRow
from natvakt_agent.pipeline.own_tables import introduction, is_described, with_identity
from natvakt_agent.pipeline.pipeline import ClosingPolicy, Pipeline
from natvakt_wire.envelope import LaneClass
from testkit.agent import SECOND, HandClock, MemorySink

DAY = 86_400
POLICY = ClosingPolicy(60 * SECOND, 60 * SECOND, DAY * SECOND)
SERIES = frozenset({"ifHCInOctets", "ifOperStatus"})


class Bench:
    def __init__(self, **sink):
        self.clock = HandClock()
        self.sink = MemorySink(**sink)
        self.pipeline = Pipeline(self.clock, self.sink, POLICY)

    def observe(self, *tables, device="d1", cost=Cost(), own=()):  # noqa: B008 (frozen)
        clock = self.clock
        self.pipeline.add(Observation(device, clock.wall_ns(), clock.monotonic_ns(), clock.boot_id, tables, cost), own)

    @property
    def tables(self):
        return [table for _, batch in self.sink.batches for table in batch.tables]

    def documents(self, kind):
        return [document for _, batch in self.sink.batches for document in batch.documents if document.kind == kind]


@pytest.fixture
def bench():
    return Bench()


def interface(*rows, **changes):
    return TableObservation("interface", ("ifIndex",), SERIES, rows, **changes)


def port(index=1, octets=1000, name="Gi0/1"):
    return {"ifIndex": index, "ifHCInOctets": octets, "ifOperStatus": 1, "ifName": name}


def test_a_row_is_split_into_series_and_document(bench):
    bench.observe(interface(port()))
    bench.pipeline.flush()
    (table,) = bench.tables
    assert (table.measurement, list(table.devices), list(table.tags["ifIndex"])) == ("interface", ["d1"], ["1"])
    assert {name: list(column) for name, column in table.fields.items()} == {"ifHCInOctets": [1000], "ifOperStatus": [1]}
    (document,) = bench.documents("interface")
    assert json.loads(document.body) == [{"ifIndex": 1, "ifName": "Gi0/1"}]
    assert document.digest == sha256(document.body).digest()


def test_one_measurement_of_many_devices_and_polls_is_one_table(bench):
    for device in ("d1", "d2"):
        for _ in range(3):
            bench.observe(interface(port()), device=device)
            bench.clock.move(1)
    bench.pipeline.flush()
    (table,) = bench.tables
    assert len(table.times_ns) == 6
    assert set(table.devices) == {"d1", "d2"}


def test_each_lane_class_goes_its_own_way(bench):
    bench.observe(interface(port()))
    bench.pipeline.flush()
    classes = {lane_class: (len(batch.tables), len(batch.documents)) for lane_class, batch in bench.sink.batches}
    assert classes == {LaneClass.STATE: (0, 2), LaneClass.METRICS: (1, 0)}  # documents: interface, collection


def test_a_batch_is_closed_by_age(bench):
    bench.observe(interface(port()))
    bench.clock.move(59)
    bench.pipeline.close_due()
    assert bench.sink.batches == []
    assert bench.pipeline.next_close_ns() == bench.clock.monotonic_ns() + SECOND
    bench.clock.move(1)
    bench.pipeline.close_due()
    assert len(bench.sink.batches) == 2
    assert bench.pipeline.next_close_ns() is None


def test_unchanged_documents_are_only_confirmed_and_go_whole_again_after_a_day(bench):
    for _ in range(3):
        bench.observe(interface(port()))
        bench.pipeline.flush()
        bench.clock.move(DAY / 2)
    bench.observe(interface(port(name="Gi0/1 renamed")))
    bench.pipeline.flush()
    sent = bench.documents("interface")
    assert [document.unchanged for document in sent] == [False, True, False, False]
    assert sent[1].body == b""
    assert sent[1].digest == sent[0].digest


def test_a_document_counts_as_sent_only_when_its_batch_is_durable(bench):
    bench.sink.away = True
    bench.observe(interface(port()))
    assert bench.pipeline.flush() is False
    bench.clock.move(60)
    bench.observe(interface(port()))
    bench.sink.away = False
    assert bench.pipeline.flush() is True
    assert [document.unchanged for document in bench.documents("interface")] == [False, False]


def test_an_open_batch_tells_an_unchanged_document_once_at_its_newest_time(bench):
    bench.observe(interface(port()))
    bench.clock.move(30)
    bench.observe(interface(port()))
    bench.pipeline.flush()
    (document,) = bench.documents("interface")
    assert document.observed_ns == bench.clock.wall_ns()
    assert document.body


def test_a_change_and_a_change_back_are_both_told(bench):
    for name in ("a", "b", "a"):
        bench.observe(interface(port(name=name)))
        bench.clock.move(1)
    bench.pipeline.flush()
    assert [json.loads(document.body)[0]["ifName"] for document in bench.documents("interface")] == ["a", "b", "a"]


def test_a_poll_without_text_sends_no_document_and_keeps_the_last_one(bench):
    bench.observe(interface({"ifIndex": 1, "ifHCInOctets": 5}, snapshot=False))
    bench.pipeline.flush()
    assert bench.documents("interface") == []


def test_a_table_that_became_empty_is_news(bench):
    neighbours = TableObservation("neighbour", ("index",), frozenset(), [{"index": 1, "remote_name": "x"}])
    bench.observe(neighbours)
    bench.pipeline.flush()
    bench.observe(TableObservation("neighbour", ("index",), frozenset(), []))
    bench.pipeline.flush()
    assert [json.loads(document.body) for document in bench.documents("neighbour")] == [[{"index": 1, "remote_name": "x"}], []]


def test_the_collection_document_remembers_every_table_and_says_why_one_is_missing(bench):
    bench.observe(interface(port()))
    bench.observe(TableObservation("poe", ("group",), frozenset(), (), TableStatus.NOT_PROVIDED, "no such MIB", snapshot=False))
    bench.pipeline.flush()
    rows = json.loads(bench.documents("collection")[-1].body)
    assert rows == [{"status": "provided", "table": "interface"}, {"detail": "no such MIB", "status": "not-provided", "table": "poe"}]
    assert bench.documents("poe") == []


def test_what_a_poll_cost_is_a_series_with_its_time_outs(bench):
    bench.observe(
        interface(status=TableStatus.UNREACHABLE, snapshot=False), cost=Cost(requests=3, varbinds=0, octets=120, seconds=6.0, timeouts=3)
    )
    bench.pipeline.flush()
    (table,) = bench.tables
    cost = {name: next(iter(column)) for name, column in table.fields.items()}
    assert cost == {"requests": 3, "varbinds": 0, "octets": 120, "seconds": 6.0, "timeouts": 3, "share": 0.0, "slowdown": 1}


def test_promise_30_what_cannot_travel_is_left_out_and_counted(bench):
    bench.observe(
        interface(
            {"ifIndex": 1, "ifHCInOctets": math.nan, "ifOperStatus": 1},
            {"ifIndex": 2, "ifHCInOctets": 2**64, "ifOperStatus": 1},
            {"ifIndex": 3, "ifHCInOctets": "many", "ifOperStatus": 1},
            {"ifIndex": "x" * 5000, "ifHCInOctets": 1},
            {"ifIndex": None, "ifHCInOctets": 1},
            {"ifIndex": 1, "ifHCInOctets": 7, "ifOperStatus": 1},
            {"ifIndex": 9, "ifName": "\ud800 text", "ifHCInOctets": 2**64 - 1, "ifAlias": "y" * 70_000},
        )
    )
    bench.pipeline.flush()
    assert bench.pipeline.refused == {
        "not-finite": 1, "not-64-bit": 1, "text-as-number": 1, "key-too-long": 1, "key-missing": 1, "repeated-key": 2, "text-too-long": 1,
    }  # fmt: skip
    (table,) = bench.tables
    assert dict(zip(table.tags["ifIndex"], table.fields["ifHCInOctets"], strict=True)) == {"1": 7, "2": None, "3": None, "9": 2**64 - 1}
    row = json.loads(bench.documents("interface")[0].body)[-1]
    assert len(row["ifAlias"]) == 65_536
    assert row["ifName"].endswith(" text")


def test_a_gauge_read_as_integer_and_as_float_is_one_column_of_floats(bench):
    for value in (1, 0.5):
        bench.observe(TableObservation("cpu", ("index",), frozenset({"used_ratio"}), [{"index": 0, "used_ratio": value}]))
    bench.pipeline.flush()
    assert list(bench.tables[0].fields["used_ratio"]) == [1.0, 0.5]
    assert all(isinstance(cell, float) for cell in bench.tables[0].fields["used_ratio"])


def test_a_document_too_large_for_a_batch_goes_in_numbered_parts(bench):
    rows = [{"index": number, "descr": sha256(str(number).encode()).hexdigest() * 4} for number in range(1200)]
    bench.observe(TableObservation("component", ("index",), frozenset(), rows))
    bench.pipeline.flush()
    parts = bench.documents("component")
    assert [(document.part, document.parts) for document in parts] == [(number, len(parts)) for number in range(len(parts))]
    assert len(parts) > 1
    assert max(len(document.body) for document in parts) <= PART_BYTES
    whole = b"".join(document.body for document in parts)
    assert json.loads(whole) == rows
    assert {document.digest for document in parts} == {sha256(whole).digest()}


def test_a_batch_that_turns_out_too_large_is_halved_until_it_fits():
    bench = Bench(most_cells=8)
    bench.observe(interface(*(port(index, index) for index in range(50))))
    bench.pipeline.flush()
    rows = [index for table in bench.tables for index in table.tags["ifIndex"]]
    assert sorted(rows, key=int) == [str(index) for index in range(50)]
    assert bench.pipeline.outbox.counters.unsendable_rows == 0


def test_a_row_that_never_fits_is_counted_and_blocks_nothing():
    bench = Bench(most_cells=1)
    bench.observe(interface(port()), TableObservation("session", (), frozenset({"users"}), [{"users": 3}]))
    bench.pipeline.flush()
    assert [table.measurement for table in bench.tables] == ["session"]
    assert bench.pipeline.outbox.counters.unsendable_rows == 1


def test_promise_23_while_the_spool_is_away_memory_is_bounded_metrics_go_first_and_the_loss_is_counted(bench):
    bench.sink.away = True
    bench.observe(interface(port()))
    bench.pipeline.flush()
    for _ in range(200):
        bench.observe(interface({"ifIndex": 1, "ifHCInOctets": 5}, snapshot=False))
        bench.clock.move(60)
        assert bench.pipeline.close_due() is False
    assert len(bench.pipeline.outbox) == 2  # what was closed before the spool went away; the rest is one open batch
    for _ in range(200):
        bench.observe(interface({"ifIndex": 1, "ifHCInOctets": 5}, snapshot=False))
        bench.pipeline._close_metrics()
    outbox = bench.pipeline.outbox
    assert len(outbox) == outbox.most_waiting
    assert outbox.counters.lost_batches > 100
    bench.sink.away = False
    assert bench.pipeline.flush()
    assert bench.documents("interface")  # state outlived the metrics


def test_the_devices_name_and_address_travel_with_its_row_and_a_silent_one_is_introduced(bench):
    told = TableObservation("device", (), frozenset({"sysUpTime"}), [{"sysUpTime": 5, "sysName": "core"}])
    observation = Observation("d1", 0, 0, b"", [told])
    assert is_described(observation)
    assert with_identity(observation, "hq-core", "192.0.2.1").tables[0].rows == [
        {"sysUpTime": 5, "sysName": "core", "name": "hq-core", "poll_address": "192.0.2.1"}
    ]
    silent = TableObservation("device", (), frozenset(), (), TableStatus.UNREACHABLE, "no answer", snapshot=False)
    assert not is_described(Observation("d2", 0, 0, b"", [silent]))
    bench.observe(silent, own=[introduction("hq-gone", "192.0.2.2")])
    bench.pipeline.flush()
    assert json.loads(bench.documents("device")[0].body) == [{"name": "hq-gone", "poll_address": "192.0.2.2"}]
    assert json.loads(bench.documents("collection")[0].body)[0]["status"] == "unreachable"


cells = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False))
rows = st.lists(st.fixed_dictionaries({"ifIndex": st.integers(0, 5)}, optional={"ifHCInOctets": cells, "ifOperStatus": cells}), max_size=6)
polls = st.lists(st.tuples(st.sampled_from(["d1", "d2"]), rows, st.integers(0, 90), st.booleans()), max_size=12)


@settings(deadline=None)
@given(polls=polls, most_cells=st.sampled_from([2, 5, 10**9]))
def test_nothing_is_lost_the_cells_that_go_in_come_out(polls, most_cells):
    bench = Bench(most_cells=most_cells)
    expected = []
    for device, rows, seconds, is_away in polls:
        bench.sink.away = is_away
        last = {str(row["ifIndex"]): row for row in rows if any(row.get(name) is not None for name in SERIES)}
        for index, row in last.items():
            expected += [(device, bench.clock.wall_ns(), index, name, row[name]) for name in SERIES if row.get(name) is not None]
        bench.observe(interface(*rows, snapshot=False), device=device)
        bench.pipeline.close_due()
        bench.clock.move(seconds + 1)
    bench.sink.away = False
    assert bench.pipeline.flush()
    found = [
        (device, time_ns, index, name, cell)
        for table in bench.tables
        for name, column in table.fields.items()
        for device, time_ns, index, cell in zip(table.devices, table.times_ns, table.tags["ifIndex"], column, strict=True)
        if cell is not None
    ]
    assert sorted((*cell[:4], float(cell[4])) for cell in found) == sorted((*cell[:4], float(cell[4])) for cell in expected)
    assert bench.pipeline.outbox.counters.cells == len(expected)


def test_events_have_a_lane_of_their_own_and_rows_of_their_age(bench):
    first = bench.clock.monotonic_ns()
    bench.pipeline.add_events([EventRow("d1", first, {"name": "a"}), EventRow("d2", first, {"name": "c"})])
    bench.clock.move(2)
    bench.pipeline.add_events([EventRow("d1", bench.clock.monotonic_ns(), {"name": "b"})])
    bench.observe(interface(port()))
    assert bench.pipeline.next_close_ns() == first + 5 * SECOND
    bench.clock.move(3)
    bench.pipeline.close_due()
    ((lane_class, batch),) = bench.sink.batches
    assert lane_class is LaneClass.EVENTS
    one, other = batch.documents
    assert (one.device, other.device) == ("d1", "d2")
    assert one.observed_ns == bench.clock.wall_ns() - 3 * SECOND
    assert [(row["name"], row["age_ns"]) for row in json.loads(one.body)] == [("a", 2 * SECOND), ("b", 0)]


def test_events_that_are_alike_are_never_taken_for_a_document_that_is_still_the_same(bench):
    for _ in range(2):
        bench.pipeline.add_events([EventRow("d1", bench.clock.monotonic_ns(), {"name": "a"})])
        bench.pipeline.flush()
    assert [document.unchanged for document in bench.documents("event")] == [False, False]


def test_many_events_become_many_documents_of_their_order(bench):
    rows = [EventRow("d1", number, {"name": str(number), "message": "x" * 2000}) for number in range(500)]
    bench.pipeline.add_events(reversed(rows))
    bench.pipeline.flush()
    found = [json.loads(document.body) for document in bench.documents("event")]
    assert max(map(len, found)) <= 64
    assert sorted(int(row["name"]) for rows in found for row in rows) == list(range(500))
    assert all(row["age_ns"] >= 0 for rows in found for row in rows)


def test_events_are_the_last_to_go_where_the_spool_takes_nothing(bench):
    bench.sink.away = True
    bench.pipeline.add_events([EventRow("d1", bench.clock.monotonic_ns(), {"name": "a"})])
    bench.pipeline.flush()
    for number in range(100):
        bench.observe(interface(port(octets=number, name=str(number))))
        bench.pipeline.flush()
    bench.sink.away = False
    bench.pipeline.flush()
    assert len(bench.documents("event")) == 1
    assert bench.pipeline.outbox.counters.lost_batches > 0
