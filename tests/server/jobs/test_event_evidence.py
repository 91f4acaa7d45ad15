"""What devices said by themselves is part of the frozen evidence, where a rule listens for it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from natvakt_server.analysis.evidence import Device, freeze, thaw
from natvakt_server.analysis.rules import RULES
from natvakt_server.jobs.evidence import EvidenceMaker
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.events import SqlEventLog
from testkit.console import NOW_NS, ConsoleHouse
from testkit.databases import migrated_file
from testkit.events import tell_event

__all__ = ["migrated_file"]
AGENT_DEVICE = "acme-hq-hq-acc1"
LISTENS = replace(RULES[0], tables=(), beside=(), needs=(), listens=("MACFLAP_NOTIF",))
FLAP = {"name": "SW_MATM-4-MACFLAP_NOTIF", "mnemonic": "MACFLAP_NOTIF", "message": "Host moves"}
DAY_SECONDS = 86_400


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> Iterator[ConsoleHouse]:
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    made = ConsoleHouse(engine)
    made.add_switch()
    yield made
    engine.dispose()


def frozen(house: ConsoleHouse, rule=LISTENS) -> Device:
    log = SqlEventLog(house.engine)
    maker = EvidenceMaker(house.estate, house.series, (rule,), house.ports.configurations, house.ports.acceptances, events=log)
    return thaw(freeze(maker.freeze("acme", ["hq"], NOW_NS))).devices[0]


def test_a_week_of_what_a_rule_listens_for_the_oldest_first(house: ConsoleHouse) -> None:
    tell_event(house, AGENT_DEVICE, age_seconds=60, **FLAP, count=3)
    tell_event(house, AGENT_DEVICE, age_seconds=6 * DAY_SECONDS, **FLAP)
    tell_event(house, AGENT_DEVICE, age_seconds=8 * DAY_SECONDS, **FLAP)
    tell_event(house, AGENT_DEVICE, age_seconds=60, name="LINK-3-UPDOWN", mnemonic="UPDOWN")
    tell_event(house, AGENT_DEVICE, age_seconds=-60, **FLAP)  # heard after the moment that is judged
    assert [(each.name, each.count) for each in frozen(house).happenings] == [(FLAP["name"], 1), (FLAP["name"], 3)]


def test_where_no_rule_listens_nothing_is_frozen(house: ConsoleHouse) -> None:
    tell_event(house, AGENT_DEVICE, **FLAP)
    assert frozen(house, replace(LISTENS, listens=())).happenings == ()
