"""The map of a site: who is joined with whom, by cable and by network."""

import json

from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.estate import Device
from natvakt_server.domain.registry import Role
from natvakt_server.web.map.graph import by_cable, by_network, short
from testkit.console import Browser, ConsoleHouse


def switch(name: str, role: Role = Role.ACCESS) -> Device:
    return Device(f"id-{name}", "acme", "hq", name=name, address="", role=role)


def told(remote: str, near: str = "Gi1/0/1", far: str = "Te1/1/1") -> dict[str, object]:
    return {"remote_name": remote, "local_port": near, "remote_port": far}


CORE, ONE, TWO = switch("core", Role.CORE), switch("one"), switch("two")


def test_a_cable_told_from_both_ends_is_one_link() -> None:
    rows = {CORE.id: [told("one.acme.se", "TenGigabitEthernet1/1/1", "Gi1/0/1")], ONE.id: [told("core", "GigabitEthernet1/0/1", "Te1/1/1")]}
    (link,) = by_cable([CORE, ONE], rows).links
    assert {link.source, link.target} == {CORE.id, ONE.id}
    assert {link.near, link.far} == {"Te1/1/1", "Gi1/0/1"}


def test_one_cable_told_by_cdp_and_by_lldp_is_one_link() -> None:
    rows = {ONE.id: [told("SEP00", "Gi1/0/7", "Port 1"), told("SEP00", "GigabitEthernet1/0/7", "02C15C110000:P1")]}
    assert len(by_cable([ONE], rows).links) == 1


def test_many_neighbours_that_are_not_polled_are_drawn_as_one() -> None:
    rows = {ONE.id: [told(f"SEP{n}", f"Gi1/0/{n}") for n in range(1, 31)] + [told("core", "Te1/1/1")], TWO.id: [told("AP1", "Gi1/0/1")]}
    whole = by_cable([CORE, ONE, TWO], rows)
    drawn = whole.gathered(lambda count: f"{count} neighbours")
    assert len(whole.links) == 32
    assert sorted(node.label for node in drawn.nodes) == ["30 neighbours", "AP1", "core", "one", "two"]
    assert len(drawn.links) == 3


def test_two_cables_between_the_same_devices_are_two_links() -> None:
    rows = {CORE.id: [told("one", "Te1/1/1", "Gi1/0/1"), told("one", "Te1/1/2", "Gi1/0/2")]}
    assert len(by_cable([CORE, ONE], rows).links) == 2


def test_a_neighbour_that_is_not_polled_is_drawn_once() -> None:
    rows = {CORE.id: [told("phone(SEP00)")], ONE.id: [told("phone(SEP00)")]}
    graph = by_cable([CORE, ONE], rows)
    assert [node.label for node in graph.nodes if node.kind == "neighbour"] == ["phone(SEP00)"]
    assert len(graph.links) == 2


def test_a_network_joins_those_who_have_an_address_in_it() -> None:
    rows = {
        device.id: [{"address": f"10.0.0.{number}", "prefix_length": 24}, {"address": "127.0.0.1", "prefix_length": 8}]
        for number, device in enumerate((CORE, ONE, TWO), start=1)
    }
    graph = by_network([CORE, ONE, TWO], rows)
    assert [node.label for node in graph.nodes if node.kind == "network"] == ["10.0.0.0/24"]
    assert [link.near for link in graph.links] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]


def test_a_network_of_two_addresses_is_a_cable() -> None:
    rows = {CORE.id: [{"address": "10.9.0.1", "prefix_length": 30}], ONE.id: [{"address": "10.9.0.2", "prefix_length": 30}]}
    (link,) = by_network([CORE, ONE], rows).links
    assert (link.near, link.far) == ("10.9.0.1", "10.9.0.2")


def test_addresses_that_are_none_join_nobody() -> None:
    rows = {CORE.id: [{"address": "<script>", "prefix_length": 24}, {"address": "10.0.0.1", "prefix_length": None}]}
    assert by_network([CORE], rows).links == []


def test_a_map_stands_by_role_and_is_the_same_every_time() -> None:
    edge = switch("edge", Role.WAN_EDGE)
    rows = {CORE.id: [told("one"), told("two", "Gi1/0/2"), told("edge", "Gi1/0/3")]}
    places = by_cable([ONE, TWO, CORE, edge], rows).places()
    assert places[edge.id][1] < places[CORE.id][1] < places[ONE.id][1] == places[TWO.id][1]
    assert places == by_cable([edge, CORE, TWO, ONE], rows).places()


@given(st.lists(st.tuples(st.integers(0, 40), st.text(max_size=8)), max_size=80))
def test_no_two_nodes_stand_at_the_same_place(cables: list[tuple[int, str]]) -> None:
    devices = [switch(f"sw{number}", list(Role)[number % len(Role)]) for number in range(41)]
    rows: dict[str, list[dict[str, object]]] = {}
    for number, remote in cables:
        rows.setdefault(f"id-sw{number}", []).append(told(remote))
    graph = by_cable(devices, rows).gathered(str)
    places = graph.places()
    assert set(places) == {node.key for node in graph.nodes}
    assert len(set(places.values())) == len(places)
    assert all(link.source in places and link.target in places for link in graph.links)


def test_names_of_ports_are_short() -> None:
    assert [short(name) for name in ("GigabitEthernet1/0/1", "Port-channel1", "Eth1/1", "")] == ["Gi1/0/1", "Po1", "Eth1/1", ""]


def test_the_page_and_its_data_say_the_same(house: ConsoleHouse, engineer: Browser) -> None:
    house.add_switch()
    page = engineer.get("/customers/acme/sites/hq/map")
    assert page.status_code == 200
    assert "hq-core" in page.text
    drawn = json.loads(engineer.get("/customers/acme/sites/hq/map.json").text)
    assert {node["label"]: (node["kind"], node["state"]) for node in drawn["nodes"]} == {
        "hq-acc1": ("device", "ok"),
        "hq-core": ("neighbour", ""),
    }
    assert [(link["near"], link["far"]) for link in drawn["links"]] == [("Gi1/0/1", "Te1/1/1")]


def test_a_site_without_neighbours_says_what_to_do(engineer: Browser) -> None:
    page = engineer.get("/customers/acme/sites/branch/map")
    assert page.status_code == 200
    assert "cdp run" in page.text


def test_a_site_that_is_not_there_has_no_map(engineer: Browser) -> None:
    assert engineer.get("/customers/acme/sites/nowhere/map.json").status_code == 404
