"""What of a batch is set aside for monitoring."""

from natvakt_server.domain.observation import Aspect
from natvakt_server.domain.series import SeriesTable
from natvakt_server.ingest.observations import observations


def table(measurement: str, tags: dict, times: list[int], **fields: list) -> SeriesTable:
    return SeriesTable(measurement, "sw1", tags, times, fields)


def taken(*tables: SeriesTable) -> list[tuple]:
    return [(each.aspect, each.part, list(each.times_ns), list(each.values)) for each in observations(tables)]


def test_answers_loss_and_delay_by_method() -> None:
    told = table(
        "reachability",
        {"method": ["icmp", "snmp", "icmp"]},
        [1, 1, 2],
        up=[1, 0, 1],
        loss_ratio=[0.0, None, 0.5],
        rtt_seconds=[0.25, None, None],
    )
    assert taken(told) == [
        (Aspect.ANSWER, "icmp", [1, 2], [1.0, 1.0]),
        (Aspect.ANSWER, "snmp", [1], [0.0]),
        (Aspect.LOSS, "icmp", [1, 2], [0.0, 0.5]),
        (Aspect.DELAY, "icmp", [1], [0.25]),
    ]


def test_load_and_how_full_memory_and_stores_are() -> None:
    assert taken(
        table("cpu", {"index": ["1", "2"]}, [5, 5], used_ratio=[0.5, None]),
        table("memory", {"index": ["1", "2", "3"]}, [5, 5, 5], used_bytes=[1, 2, None], total_bytes=[4, 0, 8]),
        table("storage", {"index": ["1"]}, [5], used_bytes=[9], total_bytes=[10]),
    ) == [(Aspect.CPU, "1", [5], [0.5]), (Aspect.MEMORY, "1", [5], [0.25]), (Aspect.STORAGE, "1", [5], [0.9])]


def test_of_ports_only_those_that_are_down_though_switched_on() -> None:
    told = table(
        "interface",
        {"ifIndex": ["1", "2", "3", "1", "2", "3"]},
        [7, 7, 7, 8, 8, 8],
        ifOperStatus=[1, 2, 2, 1, 1, 2],
        ifAdminStatus=[1, 1, 2, 1, 1, 2],
    )
    assert taken(told) == [(Aspect.PORTS, "2", [7], [1.0]), (Aspect.PORTS, "", [8], [0.0])]


def test_what_is_not_watched_and_what_lacks_its_columns_is_left_out() -> None:
    assert (
        taken(table("sensor", {"oid": ["1"]}, [1], value=[3]), table("cpu", {"index": ["1"]}, [1]), table("cpu", {}, [1], used_ratio=[1]))
        == []
    )
