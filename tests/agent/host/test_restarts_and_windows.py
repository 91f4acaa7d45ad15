"""How a machine came to start last, and what Windows tells otherwise: from texts written in its shape and services made by hand."""

import psutil
import pytest
from natvakt_agent.collectors.host.collector import HostCollector
from natvakt_agent.collectors.host.psutil_reader import parse_systemctl
from natvakt_agent.collectors.host.reader import NotProvided
from natvakt_agent.collectors.host.restarts import from_journal
from natvakt_agent.collectors.host.windows_reader import WindowsReader, installed_services
from natvakt_agent.collectors.host.windows_restarts import from_windows_log
from natvakt_agent.model.target import Target
from testkit.agent import FakeHost, HandClock

ORDERLY_JOURNAL = """Stopped target Basic System.
Reached target poweroff.target - System Power Off.
systemd-shutdown[1]: Syncing filesystems and block devices.
Journal stopped
"""


def event(number, moment):
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID Qualifiers='0'>"
        f"{number}</EventID><TimeCreated SystemTime='{moment}.1234567Z'/></System></Event>"
    )


@pytest.mark.parametrize(
    ("text", "is_expected"),
    [
        (ORDERLY_JOURNAL, True),
        ("Reached target System Reboot.\n", True),
        ("sshd: session opened\nkernel: usb 1-1: reset\n", False),
        ("Reached target Multi-User System.\n", False),
    ],
)
def test_the_journal_of_the_boot_before_tells_whether_it_ended_in_order(text, is_expected):
    found = from_journal(text)
    assert found is not None
    assert found.is_expected is is_expected


def test_a_first_boot_has_no_journal_before_it():
    assert from_journal("") is None


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([(6005, "2026-09-21T06:00:10"), (6008, "2026-09-21T06:00:12"), (41, "2026-09-21T06:00:05")], "unexpected: the shutdown"),
        ([(6005, "2026-09-21T06:00:10"), (41, "2026-09-21T06:00:05"), (1074, "2026-09-01T06:00:05")], "unexpected: it lost power"),
        ([(6005, "2026-09-21T06:00:10"), (6006, "2026-09-21T05:58:00"), (1074, "2026-09-21T05:57:00")], "in order (event 6006)"),
        ([(6005, "2026-09-21T06:00:10"), (6006, "2026-09-21T05:58:00"), (6008, "2026-08-01T05:57:00")], "in order"),
    ],
)
def test_the_events_around_the_last_start_of_windows_tell_why(events, told):
    found = from_windows_log("\n".join(event(*each) for each in events))
    assert found is not None
    assert told in found.reason
    assert found.is_expected is ("in order" in told)


@pytest.mark.parametrize("text", ["", "<Event", "<!DOCTYPE x [<!ENTITY a 'b'>]>", event(41, "2026-09-21T06:00:05"), event(6005, "never")])
def test_a_log_that_tells_nothing_is_no_answer(text):
    assert from_windows_log(text) is None


class Installed:
    def __init__(self, **facts):
        self._facts = facts

    def as_dict(self):
        if "gone" in self._facts:
            raise psutil.NoSuchProcess(1)
        return self._facts


def test_services_of_windows_that_start_by_themselves_or_run_are_told():
    installed = [
        Installed(name="W32Time", status="running", start_type="manual"),
        Installed(name="MSSQLSERVER", status="stopped", start_type="automatic"),
        Installed(name="Fax", status="stopped", start_type="manual"),
        Installed(name="RemoteRegistry", status="stopped", start_type="disabled"),
        Installed(gone=True),
    ]
    reader = WindowsReader(lambda command: "", lambda: installed)
    assert [(each.name, each.is_running, each.start_mode, each.state) for each in reader.services()] == [
        ("MSSQLSERVER", False, "automatic", "stopped"),
        ("W32Time", True, "manual", "running"),
    ]


def test_interfaces_of_windows_keep_a_number_with_their_name():
    reader = WindowsReader(lambda command: "")
    numbers = reader.interface_indexes(["Ethernet", "Wi-Fi"])
    assert numbers == reader.interface_indexes(["Wi-Fi", "Ethernet"])
    assert len(set(numbers.values())) == 2
    assert all(0 <= number < 2**31 for number in numbers.values())


def test_the_list_of_windows_services_is_told_as_missing_elsewhere():
    if hasattr(psutil, "win_service_iter"):
        assert list(installed_services())
    else:
        with pytest.raises(NotProvided):
            installed_services()


def test_windows_reads_its_log_through_the_program_it_is_given():
    asked = []

    def run(command):
        asked.append(command[0])
        return event(6005, "2026-09-21T06:00:10") + event(41, "2026-09-21T06:00:05")

    restart = WindowsReader(run).last_restart()
    assert restart is not None
    assert (restart.is_expected, asked) == (False, ["wevtutil.exe"])


class Unsettled(FakeHost):
    asked = 0

    def last_restart(self):
        self.asked += 1
        raise NotProvided("no journal")


def test_the_reason_of_the_last_start_is_in_the_device_row_and_looked_up_once():
    target = Target("d1", "agent-host", "127.0.0.1")
    row = HostCollector(FakeHost()).collect(target, ["device"], HandClock()).tables[0].rows[0]
    assert row["whyReload"] == "shut down in order"
    host = Unsettled()
    collector = HostCollector(host)
    assert [collector.collect(target, ["device"], HandClock()).tables[0].rows[0]["whyReload"] for _ in range(3)] == [None, None, None]
    assert host.asked == 1


def test_a_failed_mount_or_timer_is_told_by_its_full_name_and_a_healthy_one_not_at_all():
    text = (
        "Id=srv.mount\nActiveState=failed\nSubState=failed\nUnitFileState=generated\n\n"
        "Id=backup.timer\nActiveState=failed\nSubState=failed\nUnitFileState=enabled\n\n"
        "Id=logrotate.timer\nActiveState=active\nSubState=waiting\nUnitFileState=enabled\n\n"
        "Id=home.mount\nActiveState=active\nSubState=mounted\nUnitFileState=generated\n"
    )
    assert [(each.name, each.is_running, each.state) for each in parse_systemctl(text)] == [
        ("srv.mount", False, "failed"),
        ("backup.timer", False, "failed"),
    ]
