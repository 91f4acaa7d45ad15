"""From a device to tables: what is sent on, what is held back with its reason, and that a changed host key ends everything."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from natvakt_agent.app.ssh import ChildCaller
from natvakt_agent.collectors.ssh.collector import TABLES, SshCollector
from natvakt_agent.collectors.ssh.dialects import IOS
from natvakt_agent.collectors.ssh.fingerprints import fingerprint
from natvakt_agent.collectors.ssh.inventory import filled
from natvakt_agent.collectors.ssh.messages import Output
from natvakt_agent.collectors.ssh.parsing import rows_of
from natvakt_agent.isolation.child import Child
from natvakt_agent.model.observation import TableStatus
from natvakt_server.domain.registry import TABLES as REGISTRY
from testkit import ssh
from testkit.agent import HandClock
from testkit.ssh import CREDENTIAL, HeldKeys, OpenGate, key_of, target
from testkit.ssh_device import SshDevice
from testkit.ssh_families import FAMILIES, IOS_CONFIGURATION, IOS_INVENTORY

RUNNING = "show running-config"


@pytest.fixture(scope="module")
def child():
    with ssh.service() as running:
        yield running


class House:
    """A collector with everything around it; `ask` answers its tables by name."""

    def __init__(self, child, **changes):
        self.keys, self.gate, self.systems = HeldKeys(), OpenGate(), {}
        self.child, self.changes, self.errors = child, changes, ()

    def ask(self, device, *tables, narrowed_to=(), **changes):
        logins = {"switches": CREDENTIAL}
        collector = SshCollector(ssh.caller(self.child), logins.get, self.keys, self.gate, self.systems.get, narrowed_to)
        observation = collector.collect(target(device, **changes), tables or None, HandClock())
        self.errors = observation.errors
        return {table.name: table for table in observation.tables}


@pytest.fixture
def house(child):
    return House(child)


def test_both_configurations_with_what_is_told_of_them(house):
    with SshDevice(FAMILIES["ios"]) as device:
        tables = house.ask(device, "configuration", "host_key")
    running, startup = tables["configuration"].rows
    assert (running["source"], running["complete"], running["incomplete_reason"]) == ("running", True, None)
    assert (running["changed_at"], running["changed_by"]) == ("2026-11-23T12:31:07Z", "berit")
    assert running["text"] == IOS_CONFIGURATION.replace("canary-Community-9K", "(removed)")
    assert running["lines"] == running["text"].count("\n")
    assert startup["source"] == "startup"
    assert tables["host_key"].rows[0]["state"] == "trusted"
    assert house.errors == []


def test_a_device_without_snmp_tells_what_it_is_over_ssh(house):
    with SshDevice(FAMILIES["ios"]) as device:
        tables = house.ask(device)
    assert tables["device"].rows[0] | {"sysName": "hq-acc1", "version": "15.2(7)E3", "serial": "SYN0000001A"} == tables["device"].rows[0]
    assert [row["model"] for row in tables["component"].rows] == ["WS-C2960X-24TS-L", "GLC-SX-MMD"]
    assert {row["command"] for row in tables["command_output"].rows} == {"show version", "show inventory"}


def test_the_site_narrows_the_commands(house):
    with SshDevice(FAMILIES["ios"]) as device:
        tables = house.ask(device, "configuration", "command_output", narrowed_to=["show version"])
        assert RUNNING not in device.heard
    assert tables["configuration"].status is TableStatus.NOT_PROVIDED
    assert [row["command"] for row in tables["command_output"].rows] == ["show version"]


def test_what_the_gate_holds_back_is_told_without_its_text(house):
    house.gate.closed = {RUNNING: "held back at the site: what looks like a secret would remain in line 3"}
    with SshDevice(FAMILIES["ios"]) as device:
        running = house.ask(device, "configuration")["configuration"].rows[0]
    assert (running["text"], running["complete"], running["sha256"]) == (None, False, None)
    assert running["incomplete_reason"].startswith("held back at the site")


def test_a_missing_startup_configuration_is_told(house):
    answers = {**FAMILIES["ios"].answers, "show startup-config": "startup-config is not present\n"}
    with SshDevice(replace(FAMILIES["ios"], answers=answers)) as device:
        _, startup = house.ask(device, "configuration")["configuration"].rows
    assert (startup["complete"], startup["incomplete_reason"]) == (False, "there is no such configuration on the device")


def test_a_configuration_larger_than_what_travels_is_told(house):
    text = IOS_CONFIGURATION.replace("snmp-server", "! " + "x" * 1_100_000 + "\nsnmp-server")
    with SshDevice(replace(FAMILIES["ios"], answers={RUNNING: text, "show startup-config": IOS_CONFIGURATION})) as device:
        running, startup = house.ask(device, "configuration")["configuration"].rows
    assert (running["text"], running["incomplete_reason"]) == (None, "is larger than 1048576 bytes")
    assert startup["complete"]


@pytest.mark.parametrize("cut", [RUNNING, "show startup-config"])
def test_promise_31_a_configuration_that_was_cut_off_replaces_no_good_one(house, cut):
    with SshDevice(replace(FAMILIES["ios"], cut_in=cut)) as device:
        table = house.ask(device, "configuration")["configuration"]
    assert (table.status, table.rows, table.snapshot) == (TableStatus.FAILED, (), False)
    assert table.detail.startswith(f"{cut}: cut off") or table.detail == "the device ended the session"


def test_promise_31_the_hash_of_what_is_not_trusted_stays_at_the_site(house):
    answers = {**FAMILIES["ios"].answers, RUNNING: IOS_CONFIGURATION.replace("switchport", "switch\x07port")}
    with SshDevice(replace(FAMILIES["ios"], answers=answers)) as device:
        table = house.ask(device, "configuration")["configuration"]
    assert (table.status, table.snapshot) == (TableStatus.FAILED, False)
    assert "unparsed: control characters" in table.detail
    assert "sha256" not in table.detail
    assert any("sha256" in error for error in house.errors)


@pytest.mark.parametrize("cut", [*range(20, len(IOS_INVENTORY) - 1, 9)])
def test_promise_31_half_an_inventory_is_none(cut):
    text = IOS_INVENTORY[:cut] + "\n"
    output = Output("show inventory", text, len(text), "", rows=rows_of(text, "show inventory", IOS))
    table = filled("component", [output], "ios")
    whole = filled("component", [replaced(output, IOS_INVENTORY)], "ios")
    assert len(whole.rows) == 2
    assert table is None or text.count("NAME: ") == text.count("SN: ") == len(table.rows)


def replaced(output, text):
    return Output(output.command, text, len(text), "", rows=rows_of(text, output.command, IOS))


def test_promise_36_a_worker_that_hangs_is_ended_and_a_new_one_asks(house):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    hanging = Child("ssh", "testkit.ssh_hanging:make", None, environment)
    with SshDevice(FAMILIES["ios"]) as device:
        collector = SshCollector(Hurried(hanging), {"switches": CREDENTIAL}.get, house.keys, house.gate, {}.get)
        (table,) = collector.collect(target(device), ["configuration"], HandClock()).tables
        assert (table.status, hanging.pid, hanging.starts) == (TableStatus.FAILED, None, 1)
        assert "no answer" in table.detail
        (table,) = collector.collect(target(device), ["configuration"], HandClock()).tables
        assert (table.status, hanging.starts) == (TableStatus.FAILED, 2)
    hanging.close()


class Hurried(ChildCaller):
    """Does not wait as long as it is told to."""

    def call(self, method, argument, timeout_seconds):
        return super().call(method, argument, 0.2)


def test_promise_38_a_changed_host_key_ends_it_until_a_person_accepts(house):
    with SshDevice(FAMILIES["ios"]) as device:
        house.ask(device, "configuration")
        port = device.port
    with SshDevice(FAMILIES["ios"], port=port) as impostor:
        for _ in range(2):
            tables = house.ask(impostor, "configuration", "host_key")
            assert tables["configuration"].status is TableStatus.NO_ACCESS
            assert "hostkeys accept hq-acc1" in tables["configuration"].detail
            assert tables["host_key"].rows[0]["offered_fingerprint"] == impostor.fingerprint
        assert (impostor.connections, impostor.names, impostor.passwords) == (1, [], [])
        house.keys.pin("dev-1", "hq-acc1", key_of(impostor))
        assert house.ask(impostor, "configuration")["configuration"].status is TableStatus.PROVIDED


def test_promise_38_a_key_given_in_advance_is_the_only_one(house):
    with SshDevice(FAMILIES["ios"]) as device, SshDevice(FAMILIES["ios"]) as other:
        refused = house.ask(device, "configuration", host_key=other.fingerprint)["configuration"]
        assert (refused.status, device.names, house.keys.keys) == (TableStatus.NO_ACCESS, [], {})
        assert house.ask(device, "configuration", host_key=device.fingerprint)["configuration"].status is TableStatus.PROVIDED


def test_fingerprints_are_those_of_openssh(house):
    with SshDevice(FAMILIES["ios"]) as device:
        assert fingerprint(key_of(device)) == device.key.get_fingerprint() == device.fingerprint


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"login": "other"}, TableStatus.NO_ACCESS, "no login 'other' in the vault"),
        ({"system": None}, TableStatus.FAILED, "its system is not known yet"),
        ({"system": "linux"}, TableStatus.NOT_PROVIDED, "its system 'linux' is not asked over SSH"),
    ],
)
def test_what_keeps_a_device_from_being_asked(house, changes, status, words):
    with SshDevice(FAMILIES["ios"]) as device:
        table = house.ask(device, "configuration", **changes)["configuration"]
        assert (table.status, device.connections) == (status, 0)
    assert words in table.detail


def test_the_system_that_snmp_told_decides_the_dialect(house):
    house.systems["dev-1"] = "nx-os"
    with SshDevice(FAMILIES["nx-os"]) as device:
        assert house.ask(device, "configuration", system=None)["configuration"].rows[0]["complete"]


def test_no_secret_in_anything_that_is_told(house):
    with SshDevice(FAMILIES["ios"]) as device:
        told = json.dumps([table.rows for table in house.ask(device).values()]) + repr(house.errors) + repr(CREDENTIAL)
    assert "canary" not in told


def test_a_right_that_is_missing_is_told_in_the_devices_words(house):
    with SshDevice(replace(FAMILIES["ios"], answers={}, refusal="Command authorization failed.")) as device:
        table = house.ask(device, "configuration")["configuration"]
    assert (table.status, table.detail) == (TableStatus.NO_ACCESS, f"{RUNNING}: Command authorization failed.")


def test_the_registry_has_every_table_and_field(house):
    with SshDevice(FAMILIES["ios"]) as device:
        tables = house.ask(device)
    assert set(tables) == {"configuration", "command_output", "host_key", "device", "component"}
    for table in tables.values():
        defined = REGISTRY[table.name]
        assert table.key == defined.key
        assert {field for row in table.rows for field in row} <= {*defined.key, *defined.document}
    assert all(REGISTRY[name].interval_seconds == seconds for name, seconds in TABLES.items())
