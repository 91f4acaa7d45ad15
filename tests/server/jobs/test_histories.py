"""What is read of the past: no more than the rules can use."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from natvakt_server.analysis.rules import RULES
from natvakt_server.domain import estate
from natvakt_server.domain.registry import Role
from natvakt_server.domain.series import Line, Query, SeriesKey, Tier
from natvakt_server.domain.tiers import DAY_NS
from natvakt_server.jobs.histories import Past, merged_needs

AS_OF_NS = 1_795_000_000_000_000_000
UTILISATION = [rule for rule in RULES if rule.id == "core.interface.utilisation"]
HOUR_SECONDS, GIGABIT = 3600, 1e9 / 8


class Counting:
    """A store of hourly octets; keeps what it was asked."""

    def __init__(self, shares: Mapping[tuple[str, str], float]) -> None:
        self.shares = shares
        self.asked: list[Query] = []

    def lines(self, tenant: str, query: Query) -> Sequence[Line]:
        assert tenant == "acme"
        self.asked.append(query)
        return [
            self._line(device, index, name, share, query)
            for (device, index), share in self.shares.items()
            for name in query.fields
            if device in query.devices and query.tags.get("ifIndex", index) == index
        ]

    @staticmethod
    def _line(device: str, index: str, name: str, share: float, query: Query) -> Line:
        hours = range(7 * 24)
        a_step = share * GIGABIT * HOUR_SECONDS
        each = {"increase": a_step, "seconds": float(HOUR_SECONDS)}.get(name.partition("_")[2])
        values = [a_step * hour if each is None else each for hour in hours]
        return Line(SeriesKey("interface", device, (("ifIndex", index),), name), [query.start_ns + h * DAY_NS // 24 for h in hours], values)


def device(name: str, role: Role) -> estate.Device:
    return estate.Device(f"id-{name}", "acme", "hq", name, "192.0.2.1", role, agent_devices=(f"agent-{name}",))


def past(store: Counting, *devices: estate.Device) -> Past:
    newest = {SeriesKey("interface", name, (("ifIndex", index),), "ifHighSpeed"): (AS_OF_NS, 1000.0) for name, index in store.shares}
    return Past(store, "acme", devices, {"interface": newest}, AS_OF_NS, ZoneInfo("Europe/Stockholm"))  # type: ignore[arg-type]


def test_ninety_days_are_read_of_the_rows_that_could_fill_up_only() -> None:
    store = Counting({("agent-core", "1"): 0.3, ("agent-core", "2"): 0.05, ("agent-edge", "1"): 0.4, ("agent-acc", "1"): 0.5})
    found = past(store, device("core", Role.CORE), device("edge", Role.WAN_EDGE), device("acc", Role.ACCESS)).histories(UTILISATION)
    week, long = store.asked
    assert (AS_OF_NS - week.start_ns, sorted(week.devices), week.tags) == (7 * DAY_NS, ["agent-acc", "agent-core", "agent-edge"], {})
    assert (AS_OF_NS - long.start_ns, sorted(long.devices), long.tags) == (90 * DAY_NS, ["agent-core", "agent-edge"], {"ifIndex": "1"})
    assert {h.key["ifIndex"] for h in found["agent-core"] if h.window_days == 90} == {"1"}
    assert not [h for h in found["agent-acc"] if h.window_days == 90]


def test_a_quiet_site_is_asked_for_its_week_only() -> None:
    store = Counting({("agent-core", "1"): 0.1})
    past(store, device("core", Role.CORE)).histories(UTILISATION)
    assert len(store.asked) == 1


def test_without_devices_nothing_is_asked() -> None:
    store = Counting({})
    assert past(store).histories(RULES) == {}
    assert store.asked == []


def test_what_is_only_summed_is_read_by_the_hour_and_no_field_twice() -> None:
    wanted = merged_needs(RULES)
    by_tier = {(each.table, each.days, each.tier): set(each.fields) for each in wanted}
    assert by_tier["interface", 7, Tier.HOUR] >= {"ifInErrors", "ifOutDiscards", "ifHCInUcastPkts"}
    assert by_tier["interface", 7, Tier.FIVE_MINUTES] >= {"ifHCInOctets", "ifHCOutOctets"}
    assert not by_tier["interface", 7, Tier.HOUR] & by_tier["interface", 7, Tier.FIVE_MINUTES]


def test_many_devices_are_read_a_few_at_a_time() -> None:
    store = Counting({(f"agent-acc{n}", "1"): 0.1 for n in range(10)})
    found = past(store, *(device(f"acc{n}", Role.ACCESS) for n in range(10))).histories(UTILISATION)
    assert [len(query.devices) for query in store.asked] == [4, 4, 2]
    assert len(found) == 10
