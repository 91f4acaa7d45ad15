"""The newest whole running configuration is part of the frozen evidence, where a rule reads it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from natvakt_server.analysis.evidence import Device, Reason, freeze, thaw
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.rules import RULES
from natvakt_server.jobs.evidence import EvidenceMaker
from natvakt_server.store.estate.engine import open_engine
from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import NOW_NS, ConsoleHouse
from testkit.databases import migrated_file

__all__ = ["migrated_file"]
AGENT_DEVICE = "acme-hq-hq-acc1"
READS = replace(RULES[0], tables=("configuration",))


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> ConsoleHouse:
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    made = ConsoleHouse(engine)
    made.add_switch()
    yield made
    engine.dispose()


def frozen(house: ConsoleHouse, rule: Rule = READS) -> Device:
    maker = EvidenceMaker(house.estate, house.series, (rule,), house.ports.configurations, house.ports.acceptances)
    return thaw(freeze(maker.freeze("acme", ["hq"], NOW_NS))).devices[0]


def test_a_rule_reads_the_newest_running_text(house: ConsoleHouse) -> None:
    tell_configuration(house, AGENT_DEVICE, IOS.replace("desk 1", "desk 0"), age_seconds=7200)
    tell_configuration(house, AGENT_DEVICE, IOS, "startup text\n", age_seconds=3600)
    table = frozen(house).table("configuration")
    assert (table.missing, [row["text"] for row in table.rows]) == (None, [IOS])
    assert table.rows[0]["source"] == "running"


def test_promise_31_a_reading_that_was_cut_off_leaves_the_whole_one_to_be_judged(house: ConsoleHouse) -> None:
    tell_configuration(house, AGENT_DEVICE, IOS, age_seconds=3600)
    tell_configuration(house, AGENT_DEVICE, IOS[:500], complete=False, reason="no prompt", age_seconds=60)
    (row,) = frozen(house).table("configuration").rows
    assert (row["text"], row["complete"], row["incomplete_reason"]) == (IOS, True, None)


def test_without_a_whole_text_there_is_nothing_to_judge(house: ConsoleHouse) -> None:
    assert frozen(house).table("configuration").missing is Reason.NO_CONFIG
    tell_configuration(house, AGENT_DEVICE, IOS[:500], complete=False)
    assert frozen(house).table("configuration").missing is Reason.NO_CONFIG


def test_a_text_of_last_week_is_stale(house: ConsoleHouse) -> None:
    tell_configuration(house, AGENT_DEVICE, IOS, age_seconds=7 * 86_400)
    assert frozen(house).table("configuration").missing is Reason.STALE


def test_where_no_rule_reads_configurations_none_is_frozen(house: ConsoleHouse) -> None:
    tell_configuration(house, AGENT_DEVICE, IOS)
    assert "configuration" not in frozen(house, replace(RULES[0], tables=("cpu",), beside=())).tables
