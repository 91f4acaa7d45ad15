"""Monitoring over a real database: what a batch brings becomes rows, and what the centre does not hear is nobody's outage."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.identity import AgentRecord, AgentState, IdentityKey
from natvakt_server.domain.incidents import Acknowledgement, Cause, SiteChange
from natvakt_server.domain.observation import Observed
from natvakt_server.jobs.monitoring import Watch, WatchParts
from natvakt_server.store.estate.agents import SqlAgentRegistry
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.incident_book import SqlIncidentBook
from natvakt_server.store.estate.incidents import SqlIncidentWriter, apply_observations
from natvakt_server.store.estate.transactions import writing
from sqlalchemy import Engine
from testkit.console import MovingClock
from testkit.databases import counting_ids, migrated_file
from testkit.monitoring import MINUTE, SECOND, answer, ports
from testkit.sql_estate import SqlEstate

__all__ = ["migrated_file"]


class Centre:
    """A database with sites, agents that are heard, and the job over it."""

    def __init__(self, engine: Engine) -> None:
        self.clock, self.engine, self.estate = MovingClock(), engine, SqlEstate(engine)
        self.agents, self.book, self.ids = SqlAgentRegistry(engine), SqlIncidentBook(engine), counting_ids()
        self.writer = SqlIncidentWriter(engine)
        self.watch = self.started()

    def started(self) -> Watch:
        return Watch(WatchParts(self.writer, self.book, self.estate, self.agents, self.clock, self.ids))

    def add_agent(self, tenant: str, site: str, *devices: str) -> None:
        name = f"{tenant}-{site}"
        record = AgentRecord(name, tenant, site, AgentState.ACTIVE, self.clock.now_ns, self.clock.now_ns)
        self.agents.enrol(record, IdentityKey(name, name.encode().ljust(32, b"."), name.encode().ljust(32, b"."), 0))
        for device in devices:
            row = {"name": device, "poll_address": "10.0.0.1", "serial": f"SN-{name}-{device}", "model": "C9200L-24T-4G", "os": "ios-xe"}
            told = DocumentEffect(f"agent-{device}", "device", self.clock.now_ns, f"{name}{device}", [row])
            self.estate.apply([told], tenant, site)

    def tell(self, tenant: str, site: str, *observed: Observed) -> None:
        name = f"{tenant}-{site}"
        self.agents.touch(name, self.clock.now_ns, "1")
        writing(self.engine, lambda c: apply_observations(c, tenant, site, self.clock.now_ns, observed))

    def open(self) -> list[tuple[str, str, str]]:
        return [(each.site, each.cause.value, each.name) for each in self.book.open_incidents()]

    def minute(self, *told: tuple[str, str, dict[str, bool]]) -> None:
        """One minute in which these sites tell of their devices."""
        for tenant, site, devices in told:
            self.tell(tenant, site, *(answer(name, self.clock.now_ns, is_up) for name, is_up in devices.items()))
        for _ in range(6):
            self.watch.step()
            self.clock.move(10)


@pytest.fixture
def centre(tmp_path: Path, migrated_file: Path) -> Iterator[Centre]:
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    yield Centre(engine)
    engine.dispose()


def test_a_device_that_stops_answering_becomes_an_incident_and_its_data_is_done_with(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1", "sw2")
    for minute in range(5):
        centre.minute(("acme", "hq", {"sw1": True, "sw2": minute < 2}))
    assert centre.open() == [("hq", "device-down", "sw2")]
    assert centre.writer.landed(10) == []


def test_a_dead_device_is_known_within_sixty_seconds_of_its_second_missed_answer(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1", "sw2")
    centre.minute(("acme", "hq", {"sw1": True, "sw2": True}))
    centre.minute(("acme", "hq", {"sw1": True, "sw2": False}))
    assert centre.open() == []
    centre.tell("acme", "hq", answer("sw1", centre.clock.now_ns, True), answer("sw2", centre.clock.now_ns, False))
    second_miss_ns = centre.clock.now_ns
    while not centre.open():
        centre.clock.move(centre.watch.step())
    assert centre.clock.now_ns - second_miss_ns <= 60 * SECOND


def test_a_site_that_is_not_heard_is_one_incident_that_lists_its_devices(centre: Centre) -> None:
    for site in ("hq", "branch"):
        centre.add_agent("acme", site, f"{site}1", f"{site}2")
    up = {site: ("acme", site, {f"{site}1": True, f"{site}2": True}) for site in ("hq", "branch")}
    for _ in range(3):
        centre.minute(*up.values())
    for _ in range(6):
        centre.minute(up["branch"])
    (incident,) = centre.book.open_incidents()
    assert (incident.site, incident.cause, incident.members) == ("hq", Cause.SITE_DOWN, 2)
    assert {(each.name, each.why) for each in centre.book.members("acme", incident.id)} == {
        ("hq1", "not-observed"),
        ("hq2", "not-observed"),
    }
    for _ in range(3):
        centre.minute(*up.values())
    assert centre.open() == []


def test_a_centre_that_was_away_blames_no_site_for_it(centre: Centre) -> None:
    for site in ("hq", "branch"):
        centre.add_agent("acme", site, f"{site}1")
    centre.add_agent("beta", "hq", "beta1")
    told = [
        (tenant, site, {device: True})
        for tenant, site, device in (("acme", "hq", "hq1"), ("acme", "branch", "branch1"), ("beta", "hq", "beta1"))
    ]
    centre.minute(*told)
    centre.clock.move(1800)
    centre.watch = centre.started()
    for _ in range(6):
        centre.minute()
    assert centre.open() == [], "nobody at all is heard: it is the centre"
    centre.minute(*told)
    assert centre.open() == []


def test_two_workers_do_not_write_over_each_other(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1")
    other = centre.started()
    for _ in range(4):
        centre.tell("acme", "hq", answer("sw1", centre.clock.now_ns, False))
        centre.watch.step()
        other.step()
        centre.clock.move(60)
    assert len(centre.book.open_incidents()) == 1


def test_what_cannot_be_digested_stops_neither_its_site_nor_the_others(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1")
    centre.minute(("acme", "hq", {"sw1": True}))
    centre.tell("acme", "hq", Observed("agent-sw1", answer("x", 0, True).aspect, "icmp", [centre.clock.now_ns], []))
    centre.watch.step()
    assert centre.watch.tally.failures == 1
    for _ in range(3):
        centre.minute(("acme", "hq", {"sw1": False}))
    assert centre.open() == [("hq", "device-down", "sw1")]


def test_a_memory_that_cannot_be_read_begins_anew_and_leaves_nothing_open_for_ever(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1", "sw2", "sw3")
    for _ in range(3):
        centre.minute(("acme", "hq", {"sw1": True, "sw2": False, "sw3": False}))
    before = {each.id for each in centre.book.open_incidents()}
    broken = SiteChange("acme", "hq", b"of another version", centre.writer.memory("acme", "hq").revision, 0)
    assert centre.writer.commit(broken)
    for _ in range(4):
        centre.minute(("acme", "hq", {"sw1": True, "sw2": False, "sw3": True}))
    assert len(before) == 2
    assert centre.open() == [("hq", "device-down", "sw2")]
    assert before == {each.id for each in centre.book.history(0, 10)}


def test_a_port_is_told_by_its_name(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1")
    interfaces = [{"ifIndex": 17, "ifName": "Gi1/0/17"}]
    centre.estate.apply([DocumentEffect("agent-sw1", "interface", centre.clock.now_ns, "ports", interfaces)])
    for minute in range(16):
        down = [17] if minute % 4 == 1 else []
        centre.tell("acme", "hq", answer("sw1", centre.clock.now_ns, True), ports("sw1", centre.clock.now_ns, down))
        centre.watch.step()
        centre.clock.move(60)
    (incident,) = centre.book.open_incidents()
    assert (incident.cause, incident.name, incident.part) == (Cause.INTERFACE_FLAPPING, "sw1", "Gi1/0/17")


def test_an_owner_whose_time_is_out_gives_the_incident_back_and_it_is_told(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1", "sw2")
    for _ in range(3):
        centre.minute(("acme", "hq", {"sw1": True, "sw2": False}))
    (incident,) = centre.book.open_incidents()
    give = centre.clock.now_ns + 2 * MINUTE
    centre.book.acknowledge("acme", Acknowledgement(incident.id, "erik", centre.clock.now_ns, give, ""), incident.claims)
    for _ in range(4):
        centre.minute(("acme", "hq", {"sw1": True, "sw2": False}))
    (after,) = centre.book.open_incidents()
    assert (after.owner, after.claims) == ("", 2)


def test_a_server_behind_a_switch_that_falls_is_no_alert_though_it_tells_no_neighbours(centre: Centre) -> None:
    centre.add_agent("acme", "hq", "sw1", "sw2", "srv1")
    tables = {
        "sw1": {"neighbour": [{"local_ifIndex": 1, "remote_name": "sw2"}], "arp": [{"address": "10.0.0.9", "mac": "00:00:00:00:00:09"}]},
        "sw2": {"fdb": [{"vlan": 1, "mac": "00:00:00:00:00:09", "ifIndex": 7}]},
        "srv1": {"device": [{"name": "srv1", "poll_address": "10.0.0.9", "serial": "SN-acme-hq-srv1", "model": "UCSC-C220"}]},
    }
    at_ns = centre.clock.now_ns + 1
    centre.estate.apply(
        [
            DocumentEffect(f"agent-{name}", kind, at_ns, f"{name}{kind}", rows)
            for name, told in tables.items()
            for kind, rows in told.items()
        ]
    )
    for minute in range(8):
        up = minute < 3
        centre.minute(("acme", "hq", {"srv1": up, "sw1": True, "sw2": up}))
    (incident,) = centre.book.open_incidents()
    assert incident.name == "sw2"
    assert [each.name for each in centre.book.members("acme", incident.id)] == ["srv1"]
