"""Devices without CDP and LLDP are found by the addresses that routers and switches know."""

from natvakt_server.domain.registry import Role
from natvakt_server.monitoring.attachments import MOST_BESIDE, attachments
from natvakt_server.monitoring.network import Cable, Watched, network

SWITCHES = (Watched("core1", "core1", Role.CORE), Watched("acc1", "acc1", Role.ACCESS))
SERVER = Watched("srv1", "srv1", Role.SERVER, ("agent-srv1",), "10.0.0.9", "00:1B:21:00:00:99")
CABLED = {"core1": [{"local_ifIndex": 1, "remote_name": "acc1"}], "acc1": [{"local_ifIndex": 48, "remote_name": "core1"}]}
KNOWN = network((*SWITCHES, SERVER), CABLED)
ARP = {"core1": [{"ifIndex": 10, "address": "10.0.0.9", "mac": "001b.2100.0001"}]}


def fdb(port: int, *macs: str) -> list[dict[str, object]]:
    return [{"vlan": 1, "mac": mac, "ifIndex": port} for mac in macs]


def test_the_router_knows_its_mac_and_the_switch_its_port() -> None:
    fdbs = {"core1": fdb(1, "00:1b:21:00:00:01"), "acc1": fdb(7, "00:1b:21:00:00:01")}
    assert attachments(KNOWN, ARP, fdbs) == [Cable("acc1", "7", "srv1")], "port 1 of the core leads to acc1"


def test_without_a_router_its_own_mac_does() -> None:
    assert attachments(KNOWN, {}, {"acc1": fdb(7, "00-1b-21-00-00-99")}) == [Cable("acc1", "7", "srv1")]


def test_the_port_with_the_fewest_others_behind_it_is_the_one() -> None:
    fdbs = {"core1": fdb(5, "00:1b:21:00:00:01", "00:1b:21:00:00:02"), "acc1": fdb(7, "00:1b:21:00:00:01")}
    assert attachments(KNOWN, ARP, fdbs) == [Cable("acc1", "7", "srv1")]


def test_a_port_with_many_behind_it_is_no_place() -> None:
    crowd = [f"00:1b:21:00:01:{number:02x}" for number in range(MOST_BESIDE)]
    assert attachments(KNOWN, ARP, {"acc1": fdb(7, "00:1b:21:00:00:01", *crowd)}) == []


def test_who_tells_its_neighbours_keeps_them_and_who_is_nowhere_stays_nowhere() -> None:
    cabled = network((*SWITCHES, SERVER), {**CABLED, "srv1": [{"local_ifIndex": 1, "remote_name": "acc1"}]})
    fdbs = {"acc1": fdb(7, "00:1b:21:00:00:01")}
    assert attachments(cabled, ARP, fdbs) == []
    assert attachments(KNOWN, {}, {}) == []
    assert attachments(KNOWN, {"core1": [{"address": None, "mac": None}]}, {"acc1": [{"mac": None, "ifIndex": None}]}) == []
