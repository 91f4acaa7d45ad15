"""One poll of one device: statuses, cost, what is asked and what is remembered."""

from collections.abc import Sequence

from natvakt_agent.collectors.snmp import pack_engine
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.collectors.snmp.session import NoAnswer, Step
from natvakt_agent.collectors.snmp.tables import TABLES
from natvakt_agent.model.observation import Observation, TableStatus
from natvakt_agent.model.target import SnmpCredential, Target
from testkit.snmp import Answers, FakeSession, StillClock, honest, responder, v2c_target

SWITCH = Answers.recorded("access-switch")
CLOCK_TICK_SECONDS = 0.001


class Device:
    """A device that can be changed between polls, and a collector that watches it."""

    def __init__(self, answers: Answers = SWITCH) -> None:
        self.answers = answers
        self.clock = StillClock(CLOCK_TICK_SECONDS)
        self.sessions: list[FakeSession] = []
        self.silent_above = 1_000
        self.collector = SnmpCollector(self._open)

    def _open(self, target: Target, timeout_seconds: float) -> FakeSession:
        self.sessions.append(FakeSession(self.answers, self.silent_above))
        return self.sessions[-1]

    def poll(self, *tables: str, snapshot: bool = True) -> Observation:
        self.sessions.clear()
        return self.collector.collect(v2c_target(), tables or None, self.clock, snapshot)

    def asked(self) -> list[str]:
        """In the last poll, contexts included."""
        return [question for session in self.sessions for question in session.asked]

    def walks(self) -> list[str]:
        return [question for question in self.asked() if question.startswith("walk")]


def statuses(observation: Observation) -> dict[str, TableStatus]:
    return {table.name: table.status for table in observation.tables}


def test_every_table_says_what_became_of_it() -> None:
    found = statuses(Device().poll())
    assert set(found) == set(TABLES)
    assert found["interface"] is TableStatus.PROVIDED
    assert found["wireless"] is TableStatus.NOT_PROVIDED


def test_the_poll_is_dated_at_its_start_and_its_cost_is_told() -> None:
    device = Device()
    start = device.clock.wall
    observation = device.poll()
    assert (observation.device, observation.wall_ns, observation.boot_id) == ("device-1", start, device.clock.boot_id)
    assert observation.cost.requests == len(device.asked())
    assert observation.cost.varbinds > 100
    assert observation.cost.octets > observation.cost.varbinds
    assert observation.cost.seconds > 0


def test_a_silent_device_makes_every_table_unreachable_after_one_question() -> None:
    collector = SnmpCollector(lambda target, timeout: FakeSession(SWITCH, silent=True))
    observation = collector.collect(v2c_target(), None, StillClock())
    assert set(statuses(observation).values()) == {TableStatus.UNREACHABLE}
    assert observation.errors == ["no answer in time"]
    assert observation.cost.requests == 3


def test_a_refused_credential_is_no_access() -> None:
    collector = SnmpCollector(lambda target, timeout: FakeSession(SWITCH, refuses=True))
    assert set(statuses(collector.collect(v2c_target(), None, StillClock())).values()) == {TableStatus.NO_ACCESS}


def test_an_unusable_credential_is_told_and_nothing_is_raised() -> None:
    target = Target("device-1", "sw1", "127.0.0.1", SnmpCredential("c", "v3"))
    observation = SnmpCollector(GufoSession).collect(target, ["interface"], StillClock())
    assert statuses(observation) == {"interface": TableStatus.FAILED}
    assert "user name" in observation.errors[0]


def test_a_series_cycle_asks_for_series_columns_only() -> None:
    device = Device()
    device.poll()
    observation = device.poll("interface", "component", snapshot=False)
    interface = observation.tables[0]
    assert [table.name for table in observation.tables] == ["interface"]
    assert not interface.snapshot
    assert set().union(*interface.rows) <= {"ifIndex"} | interface.series
    text_columns = ("1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.31.1.1.1.18", "1.3.6.1.2.1.2.2.1.6")
    assert not {question.removeprefix("walk ") for question in device.asked()} & set(text_columns)


def test_a_known_table_costs_one_request_a_column() -> None:
    device = Device()
    device.poll()
    device.poll("interface", snapshot=False)
    assert len(device.walks()) == len(set(device.walks()))


def test_small_tables_cost_a_walk_of_one_column_and_share_the_questions_for_the_others() -> None:
    device = Device()
    device.poll()
    first = device.poll("interface", "cpu", "sensor", "ospf_neighbour", snapshot=False)
    tables = [table.name for table in first.tables if table.status is TableStatus.PROVIDED]
    small = [table for table in first.tables if table.rows and len(table.rows) <= pack_engine.FEW_ROWS]
    assert small
    assert len(device.asked()) < sum(len(table.series) for table in first.tables if table.name in tables)


def test_a_row_that_comes_or_goes_is_seen_at_once_although_its_table_is_small() -> None:
    pool = "1.3.6.1.4.1.9.9.48.1.1.1"
    device = Device(SWITCH.changed(f"{pool}.2.7|4|Other\n{pool}.5.7|66|10\n{pool}.6.7|66|90", without=["1.3.6.1.4.1.9.9.221"]))
    assert [row["used_bytes"] for row in device.poll("memory").tables[0].rows][-1] == 10
    with_row = device.poll("memory", snapshot=False).tables[0].rows
    device.answers = device.answers.changed("", without=[f"{pool}.{column}.7" for column in (2, 5, 6)])
    without_row = device.poll("memory", snapshot=False).tables[0].rows
    device.answers = device.answers.changed(f"{pool}.2.9|4|New\n{pool}.5.9|66|30\n{pool}.6.9|66|70")
    with_new = device.poll("memory", snapshot=False).tables[0].rows
    assert len(with_row) == len(without_row) + 1 == len(with_new)
    assert with_new[-1]["used_bytes"] == 30
    assert with_new[-1]["total_bytes"] == 100


def test_a_device_that_answers_no_long_question_is_walked_from_then_on() -> None:
    device = Device()
    whole = device.poll("interface", "cpu")
    device.silent_above = 8
    first = device.poll("interface", "cpu", snapshot=False)
    timeouts = first.cost.timeouts
    second = device.poll("interface", "cpu", snapshot=False)
    assert timeouts > 0
    assert not any(question.startswith("get") and question.count(" ") > 8 for question in device.asked())
    assert [len(table.rows) for table in second.tables] == [len(table.rows) for table in whole.tables]


def test_what_a_device_does_not_have_is_not_asked_again() -> None:
    device = Device()
    device.poll()
    first = len(device.asked())
    device.poll()
    assert len(device.asked()) < first / 2


def test_scales_of_sensors_come_from_memory_until_a_new_sensor_appears() -> None:
    device = Device()
    device.poll()
    device.poll("sensor", snapshot=False)
    scale = "walk 1.3.6.1.4.1.9.9.91.1.1.1.1.2"
    assert scale not in device.asked()
    new = "1.3.6.1.4.1.9.9.91.1.1.1.1"
    device.answers = SWITCH.changed(f"{new}.1.22|2|8\n{new}.2.22|2|9\n{new}.3.22|2|0\n{new}.4.22|2|31\n{new}.5.22|2|1")
    rows = device.poll("sensor", snapshot=False).tables[0].rows
    assert scale in device.asked()
    assert any(row["oid"] == f"{new}.4.22" and row["value"] == 31 for row in rows)


def test_a_series_cycle_gives_the_same_values_as_a_snapshot() -> None:
    device = Device()
    whole = {table.name: table for table in device.poll().tables}
    for table in device.poll(snapshot=False).tables:
        kept = [*table.key, *table.series]
        assert [{name: row.get(name) for name in kept} for row in table.rows] == [
            {name: row.get(name) for name in kept} for row in whole[table.name].rows
        ], table.name


def test_a_restart_makes_it_forget() -> None:
    device = Device()
    device.poll()
    first = device.walks()
    device.answers = SWITCH.changed("1.3.6.1.2.1.1.3.0|67|100")
    device.poll()
    assert device.walks() == first
    device.poll()
    assert len(device.walks()) < len(first)


def test_changed_interfaces_or_hardware_make_it_read_anew_what_indexes_mean_but_not_which_mibs_there_are() -> None:
    for change in ("1.3.6.1.2.1.31.1.5.0|67|999999", "1.3.6.1.2.1.47.1.4.1.0|67|999999"):
        device = Device()
        device.poll()
        device.poll("sensor", "interface", snapshot=False)
        device.poll("sensor", "interface", snapshot=False)
        usual = set(device.asked())
        device.answers = SWITCH.changed(change)
        device.poll("sensor", "interface", snapshot=False)
        scale = "walk 1.3.6.1.4.1.9.9.91.1.1.1.1.2"
        assert scale in device.asked()
        assert scale not in usual
        absent = "walk 1.3.6.1.2.1.99.1.1.1.4"
        assert absent not in device.asked()
        device.poll("sensor", "interface", snapshot=False)
        assert set(device.asked()) == usual


def test_a_device_that_was_silent_is_asked_once_until_it_answers() -> None:
    session = FakeSession(SWITCH, silent=True)
    collector = SnmpCollector(lambda target, timeout: session)
    costs = [collector.collect(v2c_target(), ["interface"], StillClock()).cost.requests for _ in range(3)]
    session.silent = False
    assert collector.collect(v2c_target(), ["interface"], StillClock()).tables[0].status is TableStatus.PROVIDED
    assert costs == [3, 1, 1]


def test_a_device_is_looked_at_anew_after_a_day() -> None:
    device = Device(SWITCH.changed("", without=["1.3.6.1.2.1.105"]))
    assert statuses(device.poll("poe"))["poe"] is TableStatus.NOT_PROVIDED
    device.answers = SWITCH
    assert statuses(device.poll("poe"))["poe"] is TableStatus.NOT_PROVIDED
    device.clock.pass_seconds(86_401)
    assert statuses(device.poll("poe"))["poe"] is TableStatus.PROVIDED


def test_a_neighbour_that_appears_is_seen_at_the_next_poll() -> None:
    device = Device(SWITCH.changed("", without=["1.3.6.1.4.1.9.9.23", "1.0.8802"]))
    assert statuses(device.poll("neighbour"))["neighbour"] is TableStatus.NOT_PROVIDED
    device.answers = SWITCH
    rows = device.poll("neighbour").tables[0].rows
    assert {(row["protocol"], row["remote_name"], row["remote_address"]) for row in rows} == {
        ("cdp", "test-core", "10.0.0.1"),
        ("lldp", "SEP00AABBCCDDEE", "10.0.0.77"),
    }


class Choking(FakeSession):
    """Falls silent below some columns; answers everything else."""

    silent_below: Sequence[str] = ()

    def walk(self, base: str, repetitions: int) -> "Choking | object":
        return SilentWalk() if any(base.startswith(prefix) for prefix in self.silent_below) else super().walk(base, repetitions)


class SilentWalk:
    def step(self) -> Step:
        raise NoAnswer("no answer in time")


def test_a_table_that_fails_does_not_take_the_others_with_it() -> None:
    session = Choking(SWITCH)
    session.silent_below = ("1.3.6.1.2.1.10.7.2.1",)
    found = statuses(SnmpCollector(lambda target, timeout: session).collect(v2c_target(), None, StillClock()))
    assert found["port"] is TableStatus.UNREACHABLE
    assert found["interface"] is found["component"] is TableStatus.PROVIDED


def test_a_table_read_only_in_part_is_no_snapshot() -> None:
    session = Choking(SWITCH)
    session.silent_below = ("1.3.6.1.4.1.9.9.13.1.4",)
    observation = SnmpCollector(lambda target, timeout: session).collect(v2c_target(), ["sensor"], StillClock())
    sensor = observation.tables[0]
    assert sensor.status is TableStatus.PROVIDED
    assert sensor.rows
    assert not sensor.snapshot
    assert "no answer" in (sensor.detail or "")


def test_a_device_that_falls_silent_is_given_up_after_two_packs() -> None:
    session = Choking(SWITCH)
    session.silent_below = ("1.3.6.1.2.1.10.", "1.3.6.1.4.1.9.9.109", "1.3.6.1.4.1.9.9.221", "1.3.6.1.2.1.47")
    found = statuses(SnmpCollector(lambda target, timeout: session).collect(v2c_target(), None, StillClock()))
    assert found["interface"] is TableStatus.PROVIDED
    assert found["component"] is found["vlan"] is TableStatus.UNREACHABLE


def test_past_the_deadline_the_rest_says_so() -> None:
    collector = SnmpCollector(lambda target, timeout: FakeSession(SWITCH))
    observation = collector.collect(v2c_target(deadline_seconds=2.0), None, StillClock(tick_seconds=0.1))
    found = {table.name: table for table in observation.tables}
    assert found["vrf"].status is TableStatus.FAILED
    assert "deadline of 2 s" in (found["vrf"].detail or "")


def test_the_same_rows_arrive_over_a_real_socket() -> None:
    clock = StillClock()
    fake = SnmpCollector(lambda target, timeout: FakeSession(SWITCH)).collect(v2c_target(), None, clock)
    with responder(honest(SWITCH)) as device:
        for version in ("v2c", "v1"):
            real = SnmpCollector(GufoSession).collect(v2c_target(device.port, version=version, deadline_seconds=60), None, clock)
            assert [(table.name, table.status, list(table.rows)) for table in real.tables] == [
                (table.name, table.status, list(table.rows)) for table in fake.tables
            ]
