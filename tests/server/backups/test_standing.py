"""How a device stands: what it runs, what it would start with, and as what the estate knows it."""

from natvakt_server.backups.configurations.restorable import Remark, Verdict
from natvakt_server.backups.configurations.standing import predecessors, standing, told_of, with_standing
from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.configuration.timeline import TextFacts
from natvakt_server.domain.estate import Device, SnapshotVersion
from natvakt_server.domain.registry import Role


def version(
    number: int, meaning: str, first: int, last: int, source: Source = Source.RUNNING, complete: bool | None = True
) -> ConfigurationVersion:
    return ConfigurationVersion(number, source, meaning, first, last, TextFacts("d", "d", "ios", 1, 1, complete))


def test_nothing_read_is_nothing_known() -> None:
    now = standing([])
    assert (now.running, now.startup, now.unsaved, now.failed) == (None, None, None, None)


def test_running_against_startup() -> None:
    startup = version(1, "a", 1, 9, Source.STARTUP)
    assert standing([version(2, "a", 1, 9), startup]).unsaved is False
    assert standing([version(2, "a", 1, 4), version(3, "b", 5, 9), startup]).unsaved is True
    assert standing([version(2, "a", 1, 9)]).unsaved is None
    assert standing([startup]).unsaved is None


def test_a_cut_off_reading_is_never_the_newest_and_is_told_until_a_whole_one_follows() -> None:
    whole, cut = version(1, "a", 1, 4), version(2, "x", 6, 6, complete=False)
    assert (standing([whole, cut]).running, standing([whole, cut]).failed) == (whole, cut)
    assert standing([version(1, "a", 1, 9), cut]).failed is None


def test_a_text_nobody_vouches_for_counts_as_whole_until_it_is_judged() -> None:
    (only,) = [version(1, "a", 1, 1, complete=None)]
    assert standing([only]).running is only


def test_what_the_devices_memory_adds_to_the_verdict() -> None:
    startup, running = version(1, "a", 1, 9, Source.STARTUP), version(2, "b", 5, 9)
    assert with_standing(Verdict(None), standing([running])).remarks == ((Remark.NO_STARTUP, ""),)
    assert with_standing(Verdict(None), standing([running, startup])).remarks == ((Remark.UNSAVED, ""),)


def test_each_version_took_the_place_of_the_whole_one_before_it() -> None:
    versions = [
        version(1, "a", 1, 2),
        version(2, "x", 3, 3, complete=False),
        version(3, "b", 4, 5),
        version(4, "s", 2, 9, Source.STARTUP),
        version(5, "c", 6, 9),
    ]
    assert {number: each.id for number, each in predecessors(versions[::-1]).items()} == {2: 1, 3: 1, 5: 3}


def test_a_device_is_known_by_everything_it_ever_told() -> None:
    device = Device("id", "acme", "hq", "new-name", "10.0.0.1", Role.ACCESS, os="ios-xe", serial="S3")
    snapshots = {
        "device": [{"sysName": "new-name.example.net", "serial": "S3"}],
        "component": [{"serial": "S4"}, {"serial": None}],
        "interface": [
            {"ifDescr": "GigabitEthernet1/0/1", "ifName": "Gi1/0/1", "ifType": "ethernetCsmacd"},
            {"ifDescr": "Vlan1", "ifName": "Vl1", "ifType": "propVirtual"},
        ],
    }
    earlier = [SnapshotVersion("device", "x", 1, 2, [{"sysName": "old-name", "serial": "S1"}])]
    told = told_of(device, snapshots, earlier)
    assert told.system == "ios-xe"
    assert told.names == {"new-name", "new-name.example.net", "old-name"}
    assert told.serials == {"S1", "S3", "S4"}
    assert told.ports == ("GigabitEthernet1/0/1",)
