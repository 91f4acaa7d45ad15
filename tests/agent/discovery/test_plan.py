"""The plan as a person gets it, edits it and gives it back."""

import json

import msgspec
import pytest
from natvakt_agent.app.discovering.targets_file import read_targets, with_devices, write_targets
from natvakt_agent.config.schema import TargetEntry
from natvakt_agent.discovery.plan import Plan, PlannedDevice, PlanRefused, decoded, encoded

DEVICE = PlannedDevice(approve=True, name="sw1", address="10.0.0.1", credential="plain", serial="S1")
PLAN = Plan(made_at="2026-11-18T12:00:00Z", complete=True, networks=["10.0.0.0/24"], seeds=[], packets_per_second=100.0, devices=[DEVICE])


def edited(**changes):
    document = json.loads(encoded(PLAN))
    document["devices"][0] |= changes
    return json.dumps(document).encode()


def test_a_plan_is_read_as_it_was_written():
    assert decoded(encoded(PLAN), "plan.json") == PLAN


def test_a_person_may_change_name_address_port_and_credential():
    (device,) = decoded(edited(name="core", address="10.0.0.2", snmp_port=1161, credential="v3"), "p").approved()
    assert (device.name, device.address, device.snmp_port, device.credential) == ("core", "10.0.0.2", 1161, "v3")


def test_what_is_not_approved_is_no_target():
    assert decoded(edited(approve=False), "p").approved() == []
    assert decoded(edited(state="known"), "p").approved() == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not a plan"),
        (b"\xff\xfe", "is not a plan"),
        (b"[]", "is not a plan"),
        (b'{"devices": []}', "is not a plan"),
        (b'{"schema": "natvakt.discovery/9"}', "use the release that wrote it"),
        (edited(name="two words"), "devices[0].name = 'two words'"),
        (edited(address="core.example"), "devices[0].address"),
        (edited(snmp_port=0), "devices[0].snmp_port = 0"),
        (edited(approve="yes"), "$.devices[0].approve"),
        (edited(comunity="secret-word"), "comunity"),
    ],
)
def test_a_plan_that_is_not_understood_is_refused_at_its_place(content, says):
    with pytest.raises(PlanRefused) as refused:
        decoded(content, "plan.json")
    assert says in str(refused.value)
    assert "plan.json" in str(refused.value)
    assert "secret-word" not in str(refused.value)


@pytest.mark.parametrize("changes", [{"name": "sw2"}, {"address": "10.0.0.2"}])
def test_two_devices_with_one_name_or_address_are_refused_unless_one_is_not_approved(changes):
    twin = msgspec.structs.replace(DEVICE, **changes)
    both = msgspec.structs.replace(PLAN, devices=[DEVICE, twin])
    with pytest.raises(PlanRefused, match="is used by devices"):
        decoded(encoded(both), "p")
    one = msgspec.structs.replace(PLAN, devices=[DEVICE, msgspec.structs.replace(twin, approve=False)])
    assert len(decoded(encoded(one), "p").approved()) == 1


def test_targets_survive_being_written_and_read(tmp_path):
    path = tmp_path / "agent.d" / "discovered.toml"
    entries = [
        TargetEntry(name="sw1", address="10.0.0.1", credential='odd "name" \\'),
        TargetEntry(name="sw2", address="2001:db8::1", enabled=False, snmp_port=1161, deadline=None),
    ]
    write_targets(path, entries)
    assert read_targets(path) == entries


def test_approving_twice_changes_nothing():
    entries, changed = with_devices([], [DEVICE])
    assert changed == ["sw1"]
    assert with_devices(entries, [DEVICE]) == (entries, [])


def test_a_device_that_moved_gets_its_new_address_and_keeps_what_a_person_set():
    mine = TargetEntry(name="sw1", address="10.0.0.1", credential="old", login="sw1-login")
    moved = msgspec.structs.replace(DEVICE, address="10.0.0.9", state="moved", target="sw1", name="whatever")
    (entry,), changed = with_devices([mine], [moved])
    assert (entry.name, entry.address, entry.credential, entry.login) == ("sw1", "10.0.0.9", "plain", "sw1-login")
    assert changed == ["sw1"]


def test_the_drop_in_can_be_read_by_whoever_reads_the_configuration(tmp_path):
    config = tmp_path / "agent.toml"
    config.write_text("")
    config.chmod(0o640)
    path = tmp_path / "agent.d" / "discovered.toml"
    write_targets(path, [], like=config)
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.parent.stat().st_mode & 0o777 == tmp_path.stat().st_mode & 0o777
