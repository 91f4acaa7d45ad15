"""Device ids, site guard, logs, poller: the small parts that must not fail."""

import logging
from io import StringIO

import pytest
from natvakt_agent.app.device_registry import DeviceRegistry, RegistryDamaged
from natvakt_agent.app.logs import OneLine
from natvakt_agent.app.own_collectors import CredentialCollector
from natvakt_agent.app.plans import plan_targets
from natvakt_agent.app.poller import Poller
from natvakt_agent.app.site_guard import GuardedSession, guarded
from natvakt_agent.collectors.snmp.session import AnswerRefused
from natvakt_agent.config.addresses import Network
from natvakt_agent.config.schema import AgentConfig, TargetEntry
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.model.observation import Cost, Observation, TableObservation, TableStatus
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from natvakt_agent.pipeline.own_tables import CredentialMark
from natvakt_agent.scheduler.plan import Poll, TableRef
from testkit.agent import CountedBytes, FakeDevice, FakeSession, HandClock

SECOND = 1_000_000_000


def registry(folder):
    return DeviceRegistry(folder / "devices.json", HandClock(), CountedBytes())


def test_a_device_keeps_its_id_through_restarts_and_a_new_address(tmp_path):
    first = registry(tmp_path).meet([("core", "192.0.2.1"), ("access", "192.0.2.2")])
    again = registry(tmp_path).meet([("core", "192.0.2.9"), ("access", "192.0.2.2")])
    assert again["core"].id == first["core"].id
    assert again["access"].id == first["access"].id
    assert again["core"].address == "192.0.2.9"


def test_a_device_keeps_its_id_under_a_new_name_at_the_same_address(tmp_path):
    first = registry(tmp_path).meet([("core", "192.0.2.1")])
    assert registry(tmp_path).meet([("hq-core", "192.0.2.1")])["hq-core"].id == first["core"].id


def test_two_devices_never_share_an_id(tmp_path):
    known = registry(tmp_path)
    known.meet([("core", "192.0.2.1")])
    met = known.meet([("core", "192.0.2.1"), ("context", "192.0.2.1"), ("other", "192.0.2.1")])
    assert len({device.id for device in met.values()}) == 3


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"devices": [], "format": "natvakt.devices/9"}'])
def test_a_damaged_list_is_refused_rather_than_begun_anew(tmp_path, content):
    (tmp_path / "devices.json").write_bytes(content)
    with pytest.raises(RegistryDamaged):
        registry(tmp_path)
    assert (tmp_path / "devices.json").read_bytes() == content


def test_promise_66_an_object_or_address_outside_the_site_policy_is_never_asked_for():
    policy = SitePolicy(allowed_networks=[Network("192.0.2.0/28")], allowed_oid_prefixes=["1.3.6.1.2.1.1"])
    session = GuardedSession(FakeSession(FakeDevice({"1.3.6.1.2.1.1.5.0": b"core", "1.3.6.1.4.1.9.1": 1})), policy)
    assert session.get_many(["1.3.6.1.2.1.1.5.0", "1.3.6.1.4.1.9.1"]) == {"1.3.6.1.2.1.1.5.0": b"core"}
    assert session.get_many(["1.3.6.1.4.1.9.1"]) == {}
    with pytest.raises(AnswerRefused, match="allowed_oid_prefixes"):
        session.walk("1.3.6.1.2.1.2", 10)
    opened = []
    with pytest.raises(ValueError, match="allowed_networks"):
        guarded(lambda target, seconds: opened.append(target), policy)(Target("d", "n", "192.0.2.16"), 1.0)
    assert opened == []


def test_promise_39_a_log_line_stays_one_line_whatever_a_device_says():
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    handler.emit(logging.LogRecord("x", logging.WARNING, "", 0, "name=%s", ("a\n2026 ERROR forged\x1b[31m",), None))
    assert stream.getvalue().count("\n") == 1
    assert "\\n2026 ERROR forged\\x1b" in stream.getvalue()


class Scripted:
    """A collector that answers with one status for every table, or breaks."""

    def __init__(self, name, status=TableStatus.PROVIDED, breaks=False):
        self.name = name
        self.status = status
        self.breaks = breaks
        self.asked = []

    def collect(self, target, tables, clock, snapshot=True):
        self.asked.append((tuple(tables), snapshot, target.deadline_seconds))
        if self.breaks:
            raise RuntimeError("broken")
        errors = ("no answer",) if self.status is TableStatus.UNREACHABLE else ()
        found = [TableObservation(name, (), frozenset(), [], self.status) for name in tables]
        return Observation(target.device, 0, 0, b"", found, Cost(1, 2, 3, 0.5), errors)


def poll(*refs, deadline=10):
    return Poll(1, "d1", refs, 1000 * SECOND, (1000 + deadline) * SECOND)


def run(poll, *collectors):
    return Poller({collector.name: collector for collector in collectors}, HandClock()).run(poll, Target("d1", "core", "192.0.2.1"))


def test_a_table_due_with_its_text_is_not_also_asked_without():
    snmp = Scripted("snmp")
    run(poll(TableRef("snmp", "interface", False), TableRef("snmp", "interface"), TableRef("snmp", "cpu", False)), snmp)
    assert snmp.asked == [(("interface",), True, 10.0), (("cpu",), False, 10.0)]


def test_a_device_that_was_silent_is_not_asked_a_second_time_in_the_same_poll():
    snmp = Scripted("snmp", TableStatus.UNREACHABLE)
    turn = run(poll(TableRef("snmp", "interface"), TableRef("snmp", "cpu", False)), snmp)
    assert len(snmp.asked) == 1
    statuses = {table.name: table.status for table in turn.observation.tables}
    assert statuses["cpu"] is TableStatus.UNREACHABLE
    assert [dict(row) for table in turn.observation.tables for row in table.rows] == [{"method": "snmp", "up": 0}]


def test_a_collector_that_breaks_is_told_and_counted_and_stops_nobody():
    broken, snmp = Scripted("reachability", breaks=True), Scripted("snmp")
    turn = run(poll(TableRef("reachability", "reachability"), TableRef("snmp", "cpu")), broken, snmp)
    statuses = [(table.name, table.status) for table in turn.observation.tables]
    assert statuses[0] == ("reachability", TableStatus.FAILED)
    assert ("cpu", TableStatus.PROVIDED) in statuses
    assert turn.failures == 1
    assert turn.observation.cost.requests == 1


def test_the_mark_of_a_login_is_told_beside_that_of_snmp_and_nothing_else_of_it():
    marks = {
        "sb": CredentialMark("sb", "v2c", None, None, well_known=False),
        "sb-login": CredentialMark("sb-login", "login", None, None, well_known=True),
    }
    target = Target("d1", "sb", "192.0.2.1", SnmpCredential("sb", "v2c", Secret("x")), login="sb-login")
    (table,) = CredentialCollector(marks).collect(target, None, HandClock()).tables
    assert [(row["name"], row["version"], row["well_known"]) for row in table.rows] == [("sb", "v2c", False), ("sb-login", "login", True)]


def test_a_login_is_not_taken_for_an_snmp_credential(tmp_path):
    config = AgentConfig(target=[TargetEntry(name="sb", address="192.0.2.1", credential="sb-login")])
    devices = registry(tmp_path).meet([("sb", "192.0.2.1"), ("host", "127.0.0.1")])
    login = SnmpCredential("sb-login", "login", user="cisco", auth_key=Secret("x"))
    planned = plan_targets(config, SitePolicy(), devices, lambda _name: login, "host")
    assert planned.targets[devices["sb"].id].snmp is None
    assert "login" in planned.refused["sb"]
