"""Capture, anonymise, replay, probe: a family is read the same from its anonymised recording, but for what tells whose it is."""

import re
from collections import Counter
from collections.abc import Iterable

import pytest
from natvakt_agent.capture.anonymiser import Anonymised, Capture, anonymised
from natvakt_agent.capture.keyed import Key
from natvakt_agent.capture.recording import written
from natvakt_agent.model.observation import Observation
from testkit.capture import ENTRIES, FAMILIES, captured, family, probed, replayed

KEY = Key(b"replay" + bytes(26))

IDENTIFYING = {
    "account", "active_router", "address", "base_mac", "bridge_mac", "circuit", "class", "cluster", "description", "designated_bridge",
    "designated_root", "destination", "engine_id", "ifAlias", "ifPhysAddress", "local_address", "location", "mac", "manufacturer",
    "partner_name", "partner_system", "peer", "peer_identity", "policy_map", "remote_address", "remote_name", "root_mac", "router_id",
    "serial", "session_target", "standby_router", "sysContact", "sysDescr", "sysLocation", "sysName",
    "tag", "target", "virtual_address", "virtual_mac",
}  # fmt: skip
"""Fields that hold what is replaced; sysDescr loses a word by which the device is named, too."""
NAMED_BY_PEOPLE = {
    "access_point",
    "call_manager",
    "capacity",
    "phone",
    "printer",
    "vlan",
    "voice_device",
    "vrf",
    "vtp",
    "wireless",
    "ntp_peer",
}
"""Tables whose `name` is one that somebody gave."""
KEPT = {
    "interface": ("ifName", "ifDescr", "ifSpeed", "ifHCInOctets"),
    "component": ("model", "software_version"),
    "device": ("model", "version", "os"),
}
QUAD = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
SERIAL = re.compile(r"(Serial Number) \w+")


def anonymous(name: str) -> Anonymised:
    return anonymised(Capture(captured(family(name)), {}, entries=ENTRIES), KEY)


def rows_without_identity(observation: Observation) -> dict[str, Counter[str]]:
    """Rows by table, without what is replaced; their order follows from indexes that may be replaced, too."""
    return {
        table.name: Counter(
            repr(sorted((field, shown(value)) for field, value in row.items() if is_kept(table.name, field))) for row in table.rows
        )
        for table in observation.tables
    }


def is_kept(table: str, field: str) -> bool:
    if table == "capacity" and field == "index":  # a pool's name
        return False
    return field not in IDENTIFYING and not (table in NAMED_BY_PEOPLE and field == "name")


def shown(value: object) -> object:
    """A value without what is replaced inside of it."""
    if not isinstance(value, str):
        return value
    return SERIAL.sub(r"\1 of somebody", QUAD.sub("an address", value) if value.startswith("HSRP ") else value)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_read_the_same_from_its_anonymised_recording(name: str) -> None:
    result = anonymous(name)
    before, after = probed(family(name)), probed(replayed(list(result.recordings)))
    assert [(table.name, table.status, len(table.rows)) for table in after.tables] == [
        (table.name, table.status, len(table.rows)) for table in before.tables
    ]
    assert rows_without_identity(after) == rows_without_identity(before)
    assert (result.collisions, result.remaining) == (0, 0)


@pytest.mark.parametrize("name", FAMILIES)
def test_what_has_to_stay_for_the_doctor_stays(name: str) -> None:
    before, after = probed(family(name)), probed(replayed(list(anonymous(name).recordings)))
    for table, fields in KEPT.items():
        for field in fields:
            assert values(after, table, field) == values(before, table, field), (table, field)


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_that_tells_whose_it_is_stays(name: str) -> None:
    """Serial numbers of the recordings begin with TST, their MACs with 020000, their people write to example.net."""
    text = "".join(map(written, anonymous(name).recordings))
    for telling in (r"TST[0-9A-Z]{8}", r"020000[0-9a-f]{6}", r"noc@example", r"Test room", r"\|test-", r"\b10\.9\.\d+\.\d+"):
        assert re.search(telling, text) is None, telling


def test_what_belongs_together_in_two_tables_does_so_afterwards() -> None:
    after = probed(replayed(list(anonymous("catalyst-9500-svl").recordings)))
    assert values(after, "device", "base_mac") <= values(after, "stack", "mac")
    assert values(after, "stp", "bridge_mac") <= values(after, "stack", "mac")


def test_a_walk_of_everything_holds_what_the_walk_of_the_packs_does() -> None:
    views = family("isr-4331-gateway")
    packs, everything = captured(views)[0], captured(views, everything=True)[0]
    assert {varbind.oid for varbind in packs.varbinds} <= {varbind.oid for varbind in everything.varbinds}


def values(observation: Observation, table: str, field: str) -> set[object]:
    found: Iterable[object] = (row.get(field) for each in observation.tables if each.name == table for row in each.rows)
    return set(found)
