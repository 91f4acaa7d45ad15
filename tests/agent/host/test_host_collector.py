"""The agent's own machine, from a reader that stands still and from the real one."""

import time

from natvakt_agent.collectors.host.collector import TABLES, HostCollector
from natvakt_agent.collectors.host.psutil_reader import PsutilReader, parse_os_release, parse_systemctl
from natvakt_agent.collectors.host.reader import CpuTimes
from natvakt_agent.model.observation import TableStatus
from natvakt_agent.model.target import Target
from testkit.agent import FakeHost, HandClock

TARGET = Target("d1", "agent-host", "127.0.0.1")


class BusyHost(FakeHost):
    """One CPU: 10 of the first 100 seconds, then 30 of 40."""

    def __init__(self, *times):
        self.times = list(times)

    def cpu_times(self):
        return self.times.pop(0)

    def storage(self):
        raise PermissionError(13, "Permission denied")


def collect(collector, tables=None, snapshot=True):
    found = collector.collect(TARGET, tables, HandClock(), snapshot)
    return {table.name: table for table in found.tables}


def test_every_table_of_the_collector_is_filled_with_its_key_and_series():
    tables = collect(HostCollector(FakeHost()))
    assert tables.keys() == TABLES.keys()
    for name, table in tables.items():
        for row in table.rows:
            assert set(table.key) <= row.keys(), name
    assert tables["interface"].rows[0]["ifHCOutOctets"] == 200
    assert tables["address"].rows == [{"address": "192.0.2.9", "prefix_length": 24, "ifIndex": 2}]
    assert tables["device"].rows[0]["os"] == "linux"


def test_cpu_use_is_the_share_since_the_last_poll_and_the_first_has_none():
    collector = HostCollector(BusyHost([CpuTimes(10, 100)], [CpuTimes(40, 140)], [CpuTimes(40, 140)], [CpuTimes(1, 1), CpuTimes(1, 1)]))
    ratios = [[row["used_ratio"] for row in collect(collector, ["cpu"])["cpu"].rows] for _ in range(4)]
    assert ratios == [[None], [0.75], [None], [None, None]]


def test_what_the_machine_lacks_or_forbids_is_told_and_the_rest_is_there():
    tables = collect(HostCollector(BusyHost([CpuTimes(1, 2)])))
    assert (tables["service"].status, tables["service"].snapshot) == (TableStatus.NOT_PROVIDED, False)
    assert (tables["storage"].status, tables["storage"].detail) == (TableStatus.NO_ACCESS, "Permission denied")
    assert tables["memory"].status is TableStatus.PROVIDED


def test_without_a_snapshot_no_table_claims_to_be_one():
    assert not any(table.snapshot for table in collect(HostCollector(FakeHost()), ["interface", "memory"], snapshot=False).values())


def test_os_release_and_systemctl_are_read():
    assert parse_os_release('NAME="Debian GNU/Linux"\n# x=y\nVERSION_ID="12"\n') == {"NAME": "Debian GNU/Linux", "VERSION_ID": "12"}
    text = (
        "Id=ssh.service\nActiveState=active\nSubState=running\nUnitFileState=enabled\n\n"
        "Id=backup.service\nActiveState=failed\nSubState=failed\nUnitFileState=static\n\n"
        "Id=idle.service\nActiveState=inactive\nSubState=dead\nUnitFileState=disabled\n"
    )
    found = [(service.name, service.is_running, service.start_mode, service.state) for service in parse_systemctl(text)]
    assert found == [("ssh", True, "enabled", "running"), ("backup", False, "static", "failed")]


def test_the_real_machine_answers_in_base_units():
    reader = PsutilReader()
    tables = collect(HostCollector(reader))
    physical = tables["memory"].rows[0]
    assert 0 < physical["used_bytes"] < physical["total_bytes"]
    assert any(row["ifName"] for row in tables["interface"].rows)
    assert all(0 <= row["prefix_length"] <= 128 for row in tables["address"].rows)
    assert any(row["total_bytes"] > 0 for row in tables["storage"].rows)
    assert reader.uptime_seconds(time.time()) > 0
    assert tables["device"].rows[0]["sysName"]
