"""One name for each thing: what the agent's object packs fill is what the server's registry defines."""

import pytest
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.pack import Use
from natvakt_agent.collectors.snmp.packs import PACKS
from natvakt_agent.collectors.snmp.tables import TABLES, TableSpec
from natvakt_server.domain.registry import TABLES as REGISTRY
from testkit.snmp import Answers, FakeSession, StillClock, v2c_target


@pytest.mark.parametrize("spec", TABLES.values(), ids=lambda spec: spec.name)
def test_every_table_of_the_packs_is_in_the_registry_with_the_same_key_series_and_documents(spec: TableSpec) -> None:
    defined = REGISTRY[spec.name]
    assert spec.key == defined.key
    assert spec.series == frozenset(defined.series)
    assert spec.document <= frozenset(defined.document)
    assert spec.interval_seconds in (0, defined.interval_seconds)


def test_every_pack_fills_a_table_and_has_a_name_of_its_own() -> None:
    assert {pack.table for pack in PACKS} == set(TABLES)
    assert len({pack.name for pack in PACKS}) == len(PACKS)


def test_every_pack_that_gives_way_gives_way_to_an_earlier_one() -> None:
    seen: set[str] = set()
    for pack in PACKS:
        assert set(pack.unless) <= seen, pack.name
        seen.add(pack.name)


def test_every_pack_that_is_asked_only_with_another_follows_one_of_the_same_table() -> None:
    seen: set[tuple[str, str]] = set()
    for pack in PACKS:
        assert {(pack.table, name) for name in pack.only_with} <= seen, pack.name
        seen.add((pack.table, pack.name))


def test_a_field_that_leaves_a_pack_as_it_is_belongs_to_its_table() -> None:
    for pack in PACKS:
        spec = TABLES[pack.table]
        for column in pack.columns:
            if not column.field.startswith("_"):
                assert column.field in spec.series | spec.document | set(spec.key), (pack.name, column.field)
            if column.field in spec.series:
                assert column.use is Use.SERIES, (pack.name, column.field)


@pytest.mark.parametrize("device", ["access-switch", "linux-server"])
def test_rows_hold_only_fields_of_their_table(device: str) -> None:
    collector = SnmpCollector(lambda target, timeout: FakeSession(Answers.recorded(device)))
    for table in collector.collect(v2c_target(), None, StillClock()).tables:
        spec = TABLES[table.name]
        for row in table.rows:
            assert set(row) <= set(spec.key) | spec.series | spec.document, (table.name, row)
            assert set(spec.key) <= set(row), (table.name, row)
