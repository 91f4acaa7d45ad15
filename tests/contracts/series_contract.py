"""What every time series store must do. A store's test module derives from `SeriesContract` and gives the `store` fixture.

The store's clock stands at `testkit.series.NOW`.
"""

from typing import Protocol

import pytest
from natvakt_server.domain.rates import by_field, growth, growth_of_roll_up, total
from natvakt_server.domain.series import (
    Line,
    Query,
    SeriesGroupWriter,
    SeriesMaintenance,
    SeriesReader,
    SeriesTable,
    Tier,
    UnknownSeries,
)
from natvakt_server.domain.tiers import DAY_NS, HOUR_NS, MINUTE_NS, TOUCH_NS, WIDTH_NS
from testkit.series import NOW, T0, Ask, batch, interface_table, minutes, points


class SeriesStore(SeriesGroupWriter, SeriesReader, SeriesMaintenance, Protocol):
    """All ports of the time series in one object."""


HOSTILE = [
    "plain",
    "with space",
    "comma,equals=",
    'double"quote',
    "single'quote",
    "back\\slash",
    "ends with backslash\\",
    "new\nline",
    "carriage\rreturn\ttab",
    "percent%0Asign%",
    "nul\x00byte",
    "åäö ☃ 𝄞",
    "'; DROP TABLE series; --",
    '") |> drop() //',
    '" or r.tenant == "globex',
    "${tenant}",
    " leading",
    "trailing ",
    "#comment",
    "",
]

U64 = 2**64 - 1


def one(lines: list[Line]) -> list[tuple[float, float]]:
    assert len(lines) == 1
    return points(lines[0])


class SeriesContract:
    """Derive, and define the fixture `store`."""

    # What is written is read back

    def test_values_come_back_as_they_were_in_order_of_time(self, store: SeriesStore) -> None:
        result = store.write(batch(), [interface_table([minutes(2), minutes(0), minutes(1)], ifHCInOctets=[30, 10, 20])])
        assert result.written == 3
        assert not result.rejected
        assert one(store.lines("acme", Ask().query())) == [(0, 10), (1, 20), (2, 30)]

    def test_every_bit_of_an_unsigned_64_bit_counter_survives(self, store: SeriesStore) -> None:
        values = [0, 1, 2**53 + 1, 2**63 - 1, 2**63, U64 - 1, U64]
        store.write(batch(), [interface_table([minutes(at) for at in range(len(values))], ifHCInOctets=values)])
        (line,) = store.lines("acme", Ask().query())
        assert list(line.values) == values
        assert all(type(value) is int for value in line.values)

    def test_gauges_are_floats_and_states_are_integers_whatever_they_came_as(self, store: SeriesStore) -> None:
        store.write(batch(1), [interface_table([minutes(0)], ifHighSpeed=[1000], ifOperStatus=[1])])
        store.write(batch(2), [interface_table([minutes(1)], ifHighSpeed=[0.1], ifOperStatus=[-(2**63)])])
        found = by_field(store.lines("acme", Ask(("ifHighSpeed", "ifOperStatus")).query()))
        assert points(found["ifHighSpeed"]) == [(0, 1000.0), (1, 0.1)]
        assert all(type(value) is float for value in found["ifHighSpeed"].values)
        assert points(found["ifOperStatus"]) == [(0, 1), (1, -(2**63))]
        assert all(type(value) is int for value in found["ifOperStatus"].values)

    def test_booleans_are_one_and_zero(self, store: SeriesStore) -> None:
        table = SeriesTable("service", "server-1", {"name": ["sshd"] * 2}, [minutes(0), minutes(1)], {"running": [True, False]})
        assert store.write(batch(), [table]).written == 2
        assert one(store.lines("acme", Ask(("running",), "service", ("server-1",)).query())) == [(0, 1.0), (1, 0.0)]

    def test_a_measurement_without_tags_is_a_series_of_the_device(self, store: SeriesStore) -> None:
        store.write(batch(), [SeriesTable("device", "device-1", {}, [minutes(0)], {"sysUpTime": [12.5]})])
        (line,) = store.lines("acme", Ask(("sysUpTime",), "device").query())
        assert line.key.tags == ()
        assert points(line) == [(0, 12.5)]

    def test_nanoseconds_are_kept(self, store: SeriesStore) -> None:
        store.write(batch(), [interface_table([T0 + 1, T0 + 2, T0 + 999_999_999], ifHCInOctets=[1, 2, 3])])
        (line,) = store.lines("acme", Ask().query())
        assert list(line.times_ns) == [T0 + 1, T0 + 2, T0 + 999_999_999]

    def test_a_gap_is_simply_absent(self, store: SeriesStore) -> None:
        store.write(
            batch(), [interface_table([minutes(0), minutes(1), minutes(30)], ifHCInOctets=[1, None, 3], ifInErrors=[None, 2, None])]
        )
        found = by_field(store.lines("acme", Ask(("ifHCInOctets", "ifInErrors")).query()))
        assert points(found["ifHCInOctets"]) == [(0, 1), (30, 3)]
        assert points(found["ifInErrors"]) == [(1, 2)]

    def test_one_batch_carries_several_devices_and_measurements(self, store: SeriesStore) -> None:
        tables = [
            interface_table([minutes(0)], "device-2", "7", ifHCInOctets=[2]),
            interface_table([minutes(0)], "device-1", "7", ifHCInOctets=[1]),
            SeriesTable("cpu", "device-1", {"index": ["1"]}, [minutes(0)], {"used_ratio": [0.5]}),
        ]
        assert store.write(batch(), tables).written == 3
        lines = store.lines("acme", Ask(devices=("device-1", "device-2")).query())
        assert [(line.key.device, list(line.values)) for line in lines] == [("device-1", [1]), ("device-2", [2])]

    def test_lines_are_ordered_by_device_tags_and_field(self, store: SeriesStore) -> None:
        tables = [
            interface_table([minutes(0)], device, index, ifHCInOctets=[1], ifHCOutOctets=[1])
            for device in ("device-2", "device-1")
            for index in ("2", "10", "1")
        ]
        store.write(batch(), tables)
        lines = store.lines("acme", Ask(("ifHCOutOctets", "ifHCInOctets"), devices=("device-2", "device-1")).query())
        order = [(line.key.device, line.key.tags, line.key.field) for line in lines]
        assert order == sorted(order)
        assert len(order) == 12

    # Replay and late data

    def test_promise_4_a_replay_overwrites_itself(self, store: SeriesStore) -> None:
        tables = [
            interface_table([minutes(at) for at in range(5)], index=index, ifHCInOctets=range(5), ifHighSpeed=[1.5] * 5) for index in "123"
        ]
        first = store.write(batch(7), tables)
        once = store.lines("acme", Ask(("ifHCInOctets", "ifHighSpeed")).query())
        again = store.write(batch(7), tables)
        assert again == first
        assert store.lines("acme", Ask(("ifHCInOctets", "ifHighSpeed")).query()) == once

    def test_promise_5_a_batch_that_comes_twice_in_one_group_counts_once(self, store: SeriesStore) -> None:
        tables = [interface_table([minutes(0), minutes(1)], ifHCInOctets=[1, 2])]
        results = store.write_group([(batch(1), tables), (batch(1), tables)])
        assert [result.written for result in results] == [2, 2]
        assert one(store.lines("acme", Ask().query())) == [(0, 1), (1, 2)]

    def test_fields_of_one_moment_that_come_apart_are_united_and_the_newer_value_wins(self, store: SeriesStore) -> None:
        store.write(batch(1), [interface_table([minutes(0)], ifHCInOctets=[1], ifInErrors=[5])])
        store.write(batch(2), [interface_table([minutes(0)], ifHCInOctets=[2], ifHCOutOctets=[9])])
        found = by_field(store.lines("acme", Ask(("ifHCInOctets", "ifHCOutOctets", "ifInErrors")).query()))
        assert {name: points(line) for name, line in found.items()} == {
            "ifHCInOctets": [(0, 2)],
            "ifHCOutOctets": [(0, 9)],
            "ifInErrors": [(0, 5)],
        }

    def test_fields_of_one_moment_unite_within_a_group_too(self, store: SeriesStore) -> None:
        tables = [interface_table([minutes(0)], ifHCInOctets=[1]), interface_table([minutes(0)], ifHCOutOctets=[9])]
        store.write(batch(1), tables)
        found = by_field(store.lines("acme", Ask(("ifHCInOctets", "ifHCOutOctets")).query()))
        assert {name: points(line) for name, line in found.items()} == {"ifHCInOctets": [(0, 1)], "ifHCOutOctets": [(0, 9)]}

    def test_late_data_falls_into_its_place(self, store: SeriesStore) -> None:
        store.write(batch(9), [interface_table([minutes(60), minutes(61)], ifHCInOctets=[60, 61])])
        store.write(batch(2), [interface_table([minutes(1), minutes(2)], ifHCInOctets=[1, 2])])
        assert one(store.lines("acme", Ask().query())) == [(1, 1), (2, 2), (60, 60), (61, 61)]

    # Walls

    def test_a_tenant_never_sees_another_ones_series_even_with_equal_devices_and_tags(self, store: SeriesStore) -> None:
        store.write(batch(1, "acme"), [interface_table([minutes(0)], ifHCInOctets=[1])])
        store.write(batch(1, "globex"), [interface_table([minutes(0)], ifHCInOctets=[2])])
        assert one(store.lines("acme", Ask().query())) == [(0, 1)]
        assert one(store.lines("globex", Ask().query())) == [(0, 2)]
        assert not store.lines("initech", Ask().query())
        assert [value for _, value in store.latest("acme", "interface", ["device-1"], T0).values()] == [1]
        assert not store.latest("initech", "interface", ["device-1"], T0)

    @pytest.mark.parametrize("tenant", ['acme" or true or "', "acme' OR '1'='1", "acme\n", "*", "", "acme%", "ac.*"])
    def test_a_hostile_tenant_name_reads_nothing(self, store: SeriesStore, tenant: str) -> None:
        store.write(batch(), [interface_table([minutes(0)], ifHCInOctets=[1])])
        assert not store.lines(tenant, Ask().query())
        assert not store.latest(tenant, "interface", ["device-1"], T0)

    @pytest.mark.parametrize("device", ['device-1" or true or "', "device-1') OR ('1'='1", "%", "", ".*"])
    def test_a_hostile_device_name_reads_nothing(self, store: SeriesStore, device: str) -> None:
        store.write(batch(), [interface_table([minutes(0)], ifHCInOctets=[1])])
        assert not store.lines("acme", Ask(devices=[device]).query())
        assert not store.latest("acme", "interface", [device], T0)

    def test_the_walls_hold_in_the_roll_ups_too(self, store: SeriesStore) -> None:
        for tenant, step in (("acme", 10), ("globex", 1000)):
            store.write(batch(1, tenant), [interface_table([minutes(at) for at in range(5)], ifHCInOctets=[at * step for at in range(5)])])
        store.roll_up(Tier.MINUTE, T0, minutes(5))
        store.roll_up(Tier.FIVE_MINUTES, T0, minutes(5))
        ask = Ask(("ifHCInOctets_increase",), tier=Tier.FIVE_MINUTES).query()
        assert one(store.lines("acme", ask)) == [(0, 40)]
        assert one(store.lines("globex", ask)) == [(0, 4000)]

    # Asking

    def test_a_tag_filter_is_exact(self, store: SeriesStore) -> None:
        store.write(batch(), [interface_table([minutes(0)], index=index, ifHCInOctets=[int(index)]) for index in ("1", "10", "11")])
        (line,) = store.lines("acme", Ask(tags={"ifIndex": "1"}).query())
        assert line.key.tags == (("ifIndex", "1"),)
        assert not store.lines("acme", Ask(tags={"ifIndex": "1*"}).query())

    def test_a_tag_filter_of_two_tags_needs_both(self, store: SeriesStore) -> None:
        table = SeriesTable(
            "poe_port", "device-1", {"group": ["1", "1", "2"], "port": ["1", "2", "1"]}, [minutes(0)] * 3, {"denied": [11, 12, 21]}
        )
        store.write(batch(), [table])
        ask = Ask(("denied",), "poe_port", tags={"group": "1", "port": "2"})
        assert one(store.lines("acme", ask.query())) == [(0, 12)]

    def test_hostile_tags_come_back_as_they_were_and_are_found(self, store: SeriesStore) -> None:
        times = [minutes(0)] * len(HOSTILE)
        table = SeriesTable("service", "server-1", {"name": HOSTILE}, times, {"running": list(range(len(HOSTILE)))})
        result = store.write(batch(), [table])
        assert (result.written, list(result.rejected)) == (len(HOSTILE), [])
        lines = store.lines("acme", Ask(("running",), "service", ("server-1",)).query())
        assert {dict(line.key.tags)["name"]: line.values[0] for line in lines} == {name: place for place, name in enumerate(HOSTILE)}
        for place, name in enumerate(HOSTILE):
            ask = Ask(("running",), "service", ("server-1",), tags={"name": name})
            assert one(store.lines("acme", ask.query())) == [(0, place)], name

    @pytest.mark.parametrize(
        "ask",
        [
            Ask(devices=()),
            Ask(fields=()),
            Ask(start_ns=NOW, end_ns=NOW),
            Ask(start_ns=NOW, end_ns=T0),
            Ask(devices=("nobody",)),
            Ask(("ifInErrors",)),
            Ask(start_ns=minutes(2)),
            Ask(measurement="cpu", fields=("used_ratio",)),
        ],
        ids=[
            "no devices",
            "no fields",
            "no span",
            "span backwards",
            "no such device",
            "field never sent",
            "span after",
            "measurement never sent",
        ],
    )
    def test_asking_for_nothing_answers_nothing(self, store: SeriesStore, ask: Ask) -> None:
        store.write(batch(), [interface_table([minutes(0)], ifHCInOctets=[1])])
        assert list(store.lines("acme", ask.query())) == []

    def test_the_start_is_inclusive_and_the_end_exclusive(self, store: SeriesStore) -> None:
        store.write(batch(), [interface_table([minutes(at) for at in range(4)], ifHCInOctets=[0, 1, 2, 3])])
        assert one(store.lines("acme", Ask(start_ns=minutes(1), end_ns=minutes(3)).query())) == [(1, 1), (2, 2)]

    @pytest.mark.parametrize(
        ("ask", "named"),
        [
            (Ask(measurement="interfaces"), "interfaces"),
            (Ask(('x" or true',)), 'x" or true'),
            (Ask(tags={"ifName": "Gi1/0/1"}), "ifName"),
            (Ask(("ifHCInOctets_increase",)), "ifHCInOctets_increase"),
        ],
    )
    def test_a_name_the_registry_does_not_have_is_an_error_that_names_it(self, store: SeriesStore, ask: Ask, named: str) -> None:
        with pytest.raises(UnknownSeries) as caught:
            store.lines("acme", ask.query())
        assert repr(named) in str(caught.value)

    def test_latest_is_the_newest_of_each_series_and_field(self, store: SeriesStore) -> None:
        store.write(
            batch(),
            [
                interface_table([minutes(1), minutes(2)], index="1", ifHCInOctets=[5, 6], ifInErrors=[1, None]),
                interface_table([minutes(3)], index="2", ifHCInOctets=[7]),
                interface_table([minutes(-90)], index="3", ifHCInOctets=[8]),
            ],
        )
        found = store.latest("acme", "interface", ["device-1", "nobody"], T0)
        assert {(key.tags[0][1], key.field): (moment, value) for key, (moment, value) in found.items()} == {
            ("1", "ifHCInOctets"): (minutes(2), 6),
            ("1", "ifInErrors"): (minutes(1), 1),
            ("2", "ifHCInOctets"): (minutes(3), 7),
        }
        assert not store.latest("acme", "interface", [], T0)

    # What is refused

    def test_promise_25_good_points_are_stored_and_bad_ones_are_named(self, store: SeriesStore) -> None:
        tables = [
            interface_table([minutes(0), minutes(1)], ifHCInOctets=[-1, 5], ifHighSpeed=[float("nan"), 2.0], ifOperStatus=[1, 2.5]),
            interface_table([minutes(0)], index="2", ifHCInOctets=[2**64], invented=[1]),
            SeriesTable("invented", "device-1", {}, [minutes(0)], {"x": [1]}),
            SeriesTable("cpu", "device-1", {"wrong": ["1"]}, [minutes(0)], {"used_ratio": [1.0]}),
            SeriesTable("cpu", "device-1", {"index": ["1"]}, [minutes(0), minutes(1)], {"used_ratio": [1.0]}),
            SeriesTable("cpu", "device-1", {"index": ["x" * 2000]}, [minutes(0)], {"used_ratio": [1.0]}),
        ]
        result = store.write(batch(), tables)
        assert result.written == 3
        told = sorted((entry.measurement, entry.points, entry.reason) for entry in result.rejected)
        assert [(name, count) for name, count, _ in told] == [("cpu", 1)] * 3 + [("interface", 1)] * 5 + [("invented", 1)]
        text = "\n".join(reason for _, _, reason in told)
        for word in (
            "ifHCInOctets: '-1'",
            "ifHighSpeed: 'nan'",
            "ifOperStatus: '2.5'",
            str(2**64),
            "invented",
            "wrong",
            "2000 bytes",
            "[1] rows",
        ):
            assert word in text
        found = by_field(store.lines("acme", Ask(("ifHCInOctets", "ifHighSpeed", "ifOperStatus")).query()))
        assert {name: points(line) for name, line in found.items()} == {
            "ifHCInOctets": [(1, 5)],
            "ifHighSpeed": [(1, 2.0)],
            "ifOperStatus": [(0, 1)],
        }

    def test_promise_21_points_too_old_or_in_the_future_are_refused_and_counted(self, store: SeriesStore) -> None:
        times = [NOW - 400 * DAY_NS, -1, minutes(0), NOW + 30 * DAY_NS, 2**63 - 1]
        result = store.write(batch(), [interface_table(times, ifHCInOctets=[1, 2, 3, 4, 5], ifInErrors=[1, None, 3, None, None])])
        assert result.written == 2
        assert {entry.reason: entry.points for entry in result.rejected} == {
            "time: older than the raw tier keeps": 3,
            "time: in the future": 2,
        }
        assert one(store.lines("acme", Ask().query())) == [(0, 3)]

    def test_a_batch_of_nothing_is_stored_as_nothing(self, store: SeriesStore) -> None:
        assert store.write(batch(), []).written == 0
        assert store.write(batch(), [interface_table([], ifHCInOctets=[])]).written == 0
        assert store.write(batch(), [interface_table([minutes(0)], ifHCInOctets=[None])]).written == 0
        assert store.write_group([]) == []
        assert not store.touched(10)

    # Counters and their discontinuities

    @pytest.mark.parametrize(
        ("values", "discontinuity", "expected"),
        [
            ([100, 200, 300], [0.0, 0.0, 0.0], 200),
            ([100, 200, 50], [0.0, 0.0, 0.0], 100),
            ([2**32 - 10, 2**32 - 5, 20], [0.0, 0.0, 0.0], 5),
            ([U64 - 10, U64 - 5, 20], [0.0, 0.0, 0.0], 5),
            ([100, 200, 90_000], [0.0, 0.0, 77.0], 100),
            ([100, 200, 90_000], [None, 0.0, 77.0], 100),
        ],
        ids=["none", "reset", "32 bit wrap", "64 bit wrap", "ifCounterDiscontinuityTime", "ifCounterDiscontinuityTime known late"],
    )
    def test_a_discontinuity_adds_nothing_on_reading_and_in_every_tier(
        self, store: SeriesStore, values: list[int], discontinuity: list[float | None], expected: int
    ) -> None:
        times = [minutes(at) for at in range(3)]
        store.write(batch(), [interface_table(times, ifHCInOctets=values, ifCounterDiscontinuityTime=discontinuity)])
        found = by_field(store.lines("acme", Ask(("ifHCInOctets", "ifCounterDiscontinuityTime")).query()))
        counted = growth(found["ifHCInOctets"], found["ifCounterDiscontinuityTime"])
        assert total(counted, T0, NOW).increase == expected
        for tier in (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR):
            store.roll_up(tier, T0, minutes(60))
            rolled = by_field(store.lines("acme", Ask(("ifHCInOctets_increase", "ifHCInOctets_seconds"), tier=tier).query()))
            counted = growth_of_roll_up(rolled["ifHCInOctets_increase"], rolled["ifHCInOctets_seconds"], WIDTH_NS[tier])
            assert total(counted, T0, NOW).increase == expected

    def test_a_reboot_that_no_counter_shows_adds_nothing(self, store: SeriesStore) -> None:
        times = [minutes(at) for at in range(4)]
        uptime = SeriesTable("device", "device-1", {}, times, {"sysUpTime": [9000.0, 9060.0, 15.0, 75.0]})
        tables = [interface_table(times, device, ifHCInOctets=[100, 200, 5000, 5100]) for device in ("device-1", "device-2")]
        store.write(batch(), [*tables, uptime])
        store.roll_up(Tier.MINUTE, T0, minutes(5))
        store.roll_up(Tier.FIVE_MINUTES, T0, minutes(5))
        ask = Ask(("ifHCInOctets_increase", "ifHCInOctets_seconds"), devices=("device-1", "device-2"), tier=Tier.FIVE_MINUTES)
        found = {
            (line.key.device, line.key.field.removeprefix("ifHCInOctets_")): line.values[0] for line in store.lines("acme", ask.query())
        }
        assert found == {
            ("device-1", "increase"): 200,
            ("device-1", "seconds"): 120.0,
            ("device-2", "increase"): 5000,
            ("device-2", "seconds"): 180.0,
        }

    # Roll-ups

    def test_gauges_roll_up_to_mean_smallest_largest_last_and_count(self, store: SeriesStore) -> None:
        times = [minutes(at / 2) for at in range(20)]
        store.write(batch(), [interface_table(times, ifHighSpeed=[float(at) for at in range(20)])])
        columns = ["ifHighSpeed", "ifHighSpeed_min", "ifHighSpeed_max", "ifHighSpeed_last", "ifHighSpeed_count"]
        for tier in (Tier.MINUTE, Tier.FIVE_MINUTES):
            assert store.roll_up(tier, T0, minutes(10)) > 0
        found = by_field(store.lines("acme", Ask(columns, tier=Tier.FIVE_MINUTES).query()))
        assert [points(found[name]) for name in columns] == [
            [(0, pytest.approx(4.5)), (5, pytest.approx(14.5))],
            [(0, 0.0), (5, 10.0)],
            [(0, 9.0), (5, 19.0)],
            [(0, 9.0), (5, 19.0)],
            [(0, 10), (5, 10)],
        ]

    def test_states_roll_up_to_the_last_code(self, store: SeriesStore) -> None:
        store.write(batch(), [interface_table([minutes(0), minutes(1), minutes(6)], ifOperStatus=[1, 2, 1])])
        for tier in (Tier.MINUTE, Tier.FIVE_MINUTES):
            store.roll_up(tier, T0, minutes(10))
        assert one(store.lines("acme", Ask(("ifOperStatus",), tier=Tier.FIVE_MINUTES).query())) == [(0, 2), (5, 1)]

    def test_the_increase_of_a_window_starts_at_the_sample_before_it(self, store: SeriesStore) -> None:
        times = [minutes(at) for at in range(-60, 120, 20)]
        store.write(batch(), [interface_table(times, ifHCInOctets=[place * 7 for place in range(9)])])
        for tier in (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR):
            store.roll_up(tier, T0, minutes(120))
        columns = ["ifHCInOctets", "ifHCInOctets_increase", "ifHCInOctets_seconds"]
        found = by_field(store.lines("acme", Ask(columns, tier=Tier.HOUR).query()))
        assert [points(found[name]) for name in columns] == [[(0, 35), (60, 56)], [(0, 21), (60, 21)], [(0, 3600.0), (60, 3600.0)]]

    def test_rolling_up_again_after_late_data_corrects_the_numbers(self, store: SeriesStore) -> None:
        tiers = (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR)
        store.write(batch(1), [interface_table([minutes(0), minutes(4)], ifHCInOctets=[0, 90], ifHighSpeed=[10.0, 10.0])])
        for tier in tiers:
            store.roll_up(tier, T0, minutes(60))
        store.write(batch(2), [interface_table([minutes(2)], ifHCInOctets=[200], ifHighSpeed=[40.0])])
        for tier in tiers:
            store.roll_up(tier, T0, minutes(60))
        columns = ["ifHCInOctets_increase", "ifHCInOctets_seconds", "ifHighSpeed", "ifHighSpeed_count"]
        found = by_field(store.lines("acme", Ask(columns, tier=Tier.HOUR).query()))
        assert [line.values[0] for line in (found[name] for name in columns)] == [200, 120.0, 20.0, 3]

    def test_rolling_up_twice_changes_nothing(self, store: SeriesStore) -> None:
        store.write(batch(), [interface_table([minutes(at) for at in range(10)], ifHCInOctets=range(10), ifHighSpeed=[1.0] * 10)])
        ask = Ask(("ifHCInOctets", "ifHCInOctets_increase", "ifHighSpeed_count"), tier=Tier.MINUTE).query()
        first = store.roll_up(Tier.MINUTE, T0, minutes(10))
        once = store.lines("acme", ask)
        assert store.roll_up(Tier.MINUTE, T0, minutes(10)) == first == 10
        assert store.lines("acme", ask) == once

    def test_one_tenant_may_be_rolled_up_alone(self, store: SeriesStore) -> None:
        for tenant in ("acme", "globex"):
            store.write(batch(1, tenant), [interface_table([minutes(0), minutes(1)], ifHCInOctets=[1, 2])])
        assert store.roll_up(Tier.MINUTE, T0, minutes(5), tenant="globex") == 2
        assert not store.lines("acme", Ask(tier=Tier.MINUTE).query())
        assert one(store.lines("globex", Ask(tier=Tier.MINUTE).query())) == [(0, 1), (1, 2)]

    def test_a_roll_up_of_nothing_writes_nothing(self, store: SeriesStore) -> None:
        assert store.roll_up(Tier.MINUTE, T0, minutes(10)) == 0
        store.write(batch(), [interface_table([minutes(90)], ifHCInOctets=[1])])
        assert store.roll_up(Tier.MINUTE, T0, minutes(10)) == 0

    # Keeping and forgetting

    def test_expiring_forgets_what_is_before_the_moment_and_nothing_else(self, store: SeriesStore) -> None:
        store.write(batch(), [interface_table([minutes(at) for at in range(4)], ifHCInOctets=[0, 1, 2, 3])])
        store.roll_up(Tier.MINUTE, T0, minutes(4))
        store.expire(Tier.RAW, minutes(2))
        assert one(store.lines("acme", Ask().query())) == [(2, 2), (3, 3)]
        assert len(one(store.lines("acme", Ask(tier=Tier.MINUTE).query()))) == 4

    def test_what_was_written_is_remembered_until_it_is_settled(self, store: SeriesStore) -> None:
        store.write(batch(1), [interface_table([minutes(0), minutes(4), minutes(6)], ifHCInOctets=[0, 1, 2])])
        marks = store.touched(100)
        assert sorted({(mark.tenant, mark.start_ns) for mark in marks}) == [("acme", T0), ("acme", T0 + TOUCH_NS)]
        store.write(batch(2), [interface_table([minutes(6.5)], ifHCInOctets=[3])])
        store.settle(max(mark.mark for mark in marks))
        assert {mark.start_ns for mark in store.touched(100)} == {T0 + TOUCH_NS}
        store.settle(max(mark.mark for mark in store.touched(100)))
        assert not store.touched(100)

    def test_marks_come_in_parts_in_the_order_of_writing(self, store: SeriesStore) -> None:
        for seq, at in enumerate((50, 0, 25)):
            store.write(batch(seq), [interface_table([minutes(at)], ifHCInOctets=[0])])
        first = store.touched(2)
        assert [mark.start_ns for mark in first] == [minutes(50), minutes(0)]
        store.settle(first[-1].mark)
        assert [mark.start_ns for mark in store.touched(2)] == [minutes(25)]

    def test_a_window_may_be_marked_again_before_the_old_marks_are_settled(self, store: SeriesStore) -> None:
        store.write(batch(), [interface_table([minutes(0), minutes(5)], ifHCInOctets=[0, 1])])
        marks = store.touched(100)
        store.remember([("acme", minutes(5)), ("globex", minutes(55))])
        store.settle(max(mark.mark for mark in marks))
        assert {(mark.tenant, mark.start_ns) for mark in store.touched(100)} == {("acme", minutes(5)), ("globex", minutes(55))}
        store.remember([])

    def test_compacting_changes_no_value(self, store: SeriesStore) -> None:
        store.write(
            batch(), [interface_table([minutes(at) for at in range(70)], index=index, ifHCInOctets=range(70)) for index in ("1", "2")]
        )
        before = store.lines("acme", Ask().query())
        store.compact(T0, T0 + HOUR_NS)
        assert store.lines("acme", Ask().query()) == before
        assert store.write(batch(), [interface_table([minutes(1)], ifHCInOctets=[99])]).written == 1
        assert store.lines("acme", Ask(tags={"ifIndex": "1"}, end_ns=T0 + 2 * MINUTE_NS).query())[0].values[1] == 99

    def test_many_series_and_times_at_once(self, store: SeriesStore) -> None:
        count = 300
        tables = [
            SeriesTable(
                "interface",
                f"device-{place}",
                {"ifIndex": [str(row) for row in range(10)]},
                [minutes(place % 60)] * 10,
                {"ifHCInOctets": [place * 10 + row for row in range(10)]},
            )
            for place in range(count)
        ]
        assert store.write(batch(), tables).written == 10 * count
        query = Query("interface", ["ifHCInOctets"], [f"device-{place}" for place in range(count)], T0, NOW)
        lines = store.lines("acme", query)
        assert sorted(value for line in lines for value in line.values) == list(range(10 * count))
