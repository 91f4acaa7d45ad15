"""What is known of the MIBs is known of everything the agent reads: a new pack cannot bring an object that nobody thought of."""

from natvakt_agent.capture.kinds import Kind
from natvakt_agent.capture.objects import INDEXES, KINDS, entry_of, kind_of
from natvakt_agent.capture.recording import oid_of
from natvakt_agent.collectors.snmp import reading
from natvakt_agent.collectors.snmp.facts.families import FAMILIES
from natvakt_agent.collectors.snmp.packs import PACKS

NUMBERS = (
    "integer", "number", "truth", "ticks", "words.<locals>.read", "scaled.<locals>.read", "object_identifier", "prefix_of_pointer",
    "<lambda>", "output_source", "vrrp_state",
)  # fmt: skip
"""Readers that take only numbers or OIDs: nothing in them is anybody's."""


def test_every_text_address_and_identifier_that_the_packs_read_is_listed() -> None:
    columns = {column.oid: column for pack in PACKS for column in pack.columns if column.read.__qualname__ not in NUMBERS}
    assert len(columns) > 150
    unlisted = [f"{oid} {column.field}" for oid, column in columns.items() if kind_of(oid_of(oid)) is Kind.UNLISTED]
    assert unlisted == []


def test_addresses_are_listed_as_addresses_and_macs_as_macs() -> None:
    for pack in PACKS:
        for column in pack.columns:
            if column.read is reading.address:
                assert kind_of(oid_of(column.oid)) in (Kind.ADDRESS, Kind.IDENTIFIER), (pack.name, column.oid)


def test_serial_numbers_of_every_family_are_listed() -> None:
    for family in FAMILIES:
        assert {kind_of(oid_of(oid)) for oid in family.serial_oids} <= {Kind.SERIAL}
        assert {kind_of(oid_of(oid)) for oid in (*family.version_oids, *family.model_oids)} <= {Kind.TECHNICAL}, family.os


def test_the_nearest_oid_decides_and_below_nothing_all_is_unlisted() -> None:
    assert kind_of(oid_of("1.3.6.1.2.1.47.1.1.1.1.11.1000")) is Kind.SERIAL
    assert kind_of(oid_of("1.3.6.1.4.1.9.9.156.1.2.1.1.5.7")) is Kind.USER
    assert kind_of(oid_of("1.3.6.1.4.1.99999.1.1")) is Kind.UNLISTED
    assert entry_of(oid_of("1.3.6.1.2.1.4.22.1.2.3.10.0.0.1")) == oid_of("1.3.6.1.2.1.4.22.1")
    assert entry_of(oid_of("1.3.6.1.2.1.2.2.1.2.3")) is None
    assert len(KINDS) > 150
    assert len(INDEXES) > 40
