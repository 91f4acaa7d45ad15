"""Charts: rates from counters, gaps as gaps, the same range for all, a table for reading aloud."""

import json
from itertools import pairwise

import pytest
from natvakt_server.domain.rates import Growth, Interval
from natvakt_server.domain.series import Line, SeriesKey, Tier
from natvakt_server.domain.tiers import MINUTE_NS, SECOND_NS
from natvakt_server.web.devices.charts import CHARTS, RANGES, span_of
from natvakt_server.web.devices.history import Span, gap_limit_ns, spark_points
from testkit.console import NOW_NS, Browser, ConsoleHouse

DEVICE = "acme-hq-hq-acc1"


def data(browser: Browser, device_id: str, chart: str, query: str = "") -> dict[str, object]:
    answer = browser.get(f"/customers/acme/devices/{device_id}/charts/{chart}.json{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    return json.loads(answer.text)


def test_traffic_is_in_bits_a_second_with_the_busiest_ports_first(house: ConsoleHouse, owner: Browser) -> None:
    drawn = data(owner, house.add_switch(ports=8), "traffic")
    assert drawn["unit"] == "bit/s"
    assert [line["label"] for line in drawn["lines"]] == [
        "Gi1/0/8 in",
        "Gi1/0/8 out",
        "Gi1/0/7 in",
        "Gi1/0/7 out",
        "Gi1/0/6 in",
        "Gi1/0/6 out",
    ]
    assert set(drawn["lines"][0]["values"]) == {64_000.0}


def test_one_port_alone(house: ConsoleHouse, owner: Browser) -> None:
    drawn = data(owner, house.add_switch(), "traffic", "?interface=2")
    assert {line["label"] for line in drawn["lines"]} == {"Gi1/0/2 in", "Gi1/0/2 out"}
    assert all(query.tags == {"ifIndex": "2"} for query in house.series.asked if query.measurement == "interface")


@pytest.mark.parametrize("name", RANGES)
def test_a_range_reaches_back_as_far_as_it_says(house: ConsoleHouse, owner: Browser, name: str) -> None:
    drawn = data(owner, house.add_switch(), "cpu", f"?range={name}")
    assert drawn["to"] - drawn["from"] == RANGES[name] // SECOND_NS


def test_an_unknown_range_is_the_usual_one(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    assert data(owner, device_id, "cpu", "?range=soon") == data(owner, device_id, "cpu")


def test_each_range_is_read_in_a_tier_that_stays_readable() -> None:
    assert [span_of(name, NOW_NS).tier for name in ("6h", "24h", "7d", "30d")] == [
        Tier.RAW,
        Tier.FIVE_MINUTES,
        Tier.FIVE_MINUTES,
        Tier.HOUR,
    ]


def test_processor_is_in_percent(house: ConsoleHouse, owner: Browser) -> None:
    drawn = data(owner, house.add_switch(), "cpu")
    assert (drawn["unit"], drawn["lines"][0]["label"], set(drawn["lines"][0]["values"])) == ("%", "Switch 1", {20.0})


def test_where_nothing_was_observed_there_is_a_null(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    key = SeriesKey("reachability", DEVICE, (("method", "icmp"),), "rtt_seconds")
    times = [NOW_NS - 100 * MINUTE_NS + n * MINUTE_NS for n in range(100) if not 40 <= n < 60]
    house.series.add("acme", Line(key, times, [0.01] * len(times)))
    line = data(owner, device_id, "delay", "?range=6h")["lines"][0]
    assert line["values"].count(None) == 1
    place = line["values"].index(None)
    assert line["times"][place] - line["times"][place - 1] == 1
    assert line["times"] == sorted(line["times"])


def test_a_reset_of_a_counter_is_marked_and_makes_no_spike(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.tell(DEVICE, {"device": [{"name": "x"}], "interface": [{"ifIndex": 1, "ifName": "Gi1/0/1"}]})
    key = SeriesKey("interface", DEVICE, (("ifIndex", "1"),), "ifHCInOctets")
    times = [NOW_NS - (10 - n) * MINUTE_NS for n in range(10)]
    house.series.add("acme", Line(key, times, [6000 * n if n < 5 else 6000 * (n - 5) for n in range(10)]))
    drawn = data(owner, device_id, "traffic", "?range=6h")
    assert drawn["breaks"] == [times[5] // SECOND_NS]
    assert max(value for value in drawn["lines"][0]["values"] if value is not None) == 800.0


def test_memory_is_the_share_that_is_used(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.tell(DEVICE, {"memory": [{"index": "1", "name": "Processor"}]}, age_seconds=10)
    for name, value in (("used_bytes", 25.0), ("total_bytes", 100.0)):
        house.add_gauge("acme", DEVICE, "memory", (("index", "1"),), name, value)
    drawn = data(owner, device_id, "memory")
    assert (drawn["lines"][0]["label"], set(drawn["lines"][0]["values"])) == ("Processor", {25.0})


def test_only_temperatures_are_temperatures(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    sensors = [{"oid": "1.1", "name": "Inlet", "unit": "celsius"}, {"oid": "1.2", "name": "Fan", "unit": "rpm"}]
    house.tell(DEVICE, {"sensor": sensors}, age_seconds=10)
    for oid, value in (("1.1", 31.0), ("1.2", 4000.0)):
        house.add_gauge("acme", DEVICE, "sensor", (("oid", oid),), "value", value)
    assert [line["label"] for line in data(owner, device_id, "temperature")["lines"]] == ["Inlet"]


def test_a_device_known_under_two_names_has_one_line(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.tell("second-agent", {"device": [{"name": "hq-acc1", "serial": "SN-acme-hq-acc1"}]}, age_seconds=10)
    assert len(house.estate.device("acme", device_id).agent_devices) == 2  # type: ignore[union-attr]
    house.series.add("acme", Line(SeriesKey("cpu", "second-agent", (("index", "1"),), "used_ratio"), [NOW_NS - 30 * SECOND_NS], [0.4]))
    lines = data(owner, device_id, "cpu", "?range=6h")["lines"]
    assert len(lines) == 1
    assert lines[0]["times"] == sorted(lines[0]["times"])
    assert 40.0 in lines[0]["values"]


def test_every_chart_answers_for_a_device_without_anything(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.tell("bare", {"device": [{"name": "bare"}]})
    for chart in CHARTS:
        assert data(owner, device_id, chart.name)["lines"] == []
        assert "Nothing was observed in this range." in owner.get(f"/customers/acme/devices/{device_id}/charts/{chart.name}").text


def test_a_chart_that_does_not_exist_is_not_found(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    assert owner.get(f"/customers/acme/devices/{device_id}/charts/phlogiston.json").status_code == 404


def test_the_same_as_a_table_of_two_dozen_rows(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    path = f"/customers/acme/devices/{device_id}/charts/cpu"
    whole, fragment = owner.get(path).text, owner.get(path, **{"HX-Request": "true"}).text
    assert "<!doctype html>" in whole
    assert "<!doctype html>" not in fragment
    for text in (whole, fragment):
        assert text.count('<th scope="row">') == 24
        assert "20.00" in text


def test_a_gap_is_three_times_what_is_usual_in_the_line() -> None:
    every_minute = [n * MINUTE_NS for n in range(10)]
    assert gap_limit_ns(every_minute, 0) == 3 * MINUTE_NS
    assert gap_limit_ns(every_minute, 5 * MINUTE_NS) == 15 * MINUTE_NS
    assert gap_limit_ns([], 0) == gap_limit_ns([1], 0) == 3 * SECOND_NS


def test_a_spark_breaks_where_the_series_does() -> None:
    span = Span(0, 24 * MINUTE_NS, Tier.HOUR)
    counted = [Interval(n * MINUTE_NS, (n + 1) * MINUTE_NS - 1, 60 * n, 60.0) for n in range(24) if not 8 <= n < 14]
    stretches, top = spark_points(Growth(counted), span, 24, 96.0, 20.0)
    assert len(stretches) == 2
    assert top == 23.0
    for stretch in stretches:
        xs = [float(point.split(",")[0]) for point in stretch.split()]
        assert all(before < after for before, after in pairwise(xs))
        assert all(0 <= float(point.split(",")[1]) <= 20 for point in stretch.split())
    assert spark_points(Growth(()), span, 24, 96.0, 20.0) == ((), 0.0)
