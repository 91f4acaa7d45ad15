"""Lists of other systems: what is read of them, what is refused and why, and what comes back of what was written."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.domain.estate import Customer, Device, Site
from natvakt_server.domain.exchange.ansible import read_ansible, write_ansible
from natvakt_server.domain.exchange.comparison import Disagreement, NewCustomer, NewRole, NewSite, compare
from natvakt_server.domain.exchange.listed import Listed, NotReadable, Row, slug, understood
from natvakt_server.domain.exchange.netbox import read_netbox
from natvakt_server.domain.exchange.tables import read_csv, read_oxidized, write_csv, write_netbox, write_oxidized
from natvakt_server.domain.registry import OPERATING_SYSTEMS, Role

NETBOX = {
    "count": 2,
    "next": None,
    "results": [
        {
            "name": "sw1",
            "tenant": {"slug": "acme", "name": "Acme AB"},
            "site": {"slug": "hq", "name": "Huvudkontoret"},
            "role": {"slug": "core-switch"},
            "platform": {"slug": "cisco-ios-xe"},
            "device_type": {"model": "C9300-48P"},
            "serial": "FOC1",
            "primary_ip4": {"address": "10.0.0.1/24"},
        },
        {"name": None, "tenant": None, "site": {"slug": "hq"}, "primary_ip4": None},
    ],
}
YAML = """
all:
  vars: {natvakt_customer: acme, ansible_password: !vault "sealed"}
  children:
    hq:
      vars: {natvakt_site: hq, ansible_network_os: cisco.ios.ios}
      hosts:
        sw1: {ansible_host: 10.0.0.1, natvakt_role: core}
        sw2: {ansible_host: 10.0.0.2, natvakt_site: branch}
"""
INI = """
[hq:children]
switches
[switches]
sw1 ansible_host=10.0.0.1 natvakt_role="core"   ; the big one
sw2 ansible_host=10.0.0.2 natvakt_site=branch
[hq:vars]
natvakt_customer = acme
natvakt_site=hq
ansible_network_os=cisco.ios.ios
"""


def test_netboxs_answer_is_read_in_our_words() -> None:
    listed, bad = understood(read_netbox(json.dumps(NETBOX)), "", "")
    assert listed == [
        Listed("device 1", "acme", "Acme AB", "hq", "Huvudkontoret", "sw1", "10.0.0.1", Role.CORE, "ios-xe", "C9300-48P", "FOC1")
    ]
    assert [(each.place, each.reason) for each in bad] == [("device 2", "no customer is named; give --customer for rows without one")]


@pytest.mark.parametrize("text", [YAML, INI])
def test_an_inventory_of_ansible_gives_hosts_what_their_groups_say(text: str) -> None:
    listed, bad = understood(read_ansible(text), "", "")
    assert not bad
    assert [(each.name, each.customer, each.site, each.address, each.role, each.os) for each in listed] == [
        ("sw1", "acme", "hq", "10.0.0.1", Role.CORE, "ios"),
        ("sw2", "acme", "branch", "10.0.0.2", None, "ios"),
    ]


def test_router_db_is_read_by_its_columns_and_passwords_are_passed_over() -> None:
    text = "# routers\nsw1:10.0.0.1:iosxe:hq:admin:hunter2\n\n10.0.0.2:10.0.0.2:nxos:branch:admin:hunter2\n"
    rows = read_oxidized(text, ("name", "ip", "model", "group", "username", "password"))
    assert "hunter2" not in repr(rows)
    listed, bad = understood(rows, "acme", "")
    assert [(each.name, each.address, each.os, each.site) for each in listed] == [
        ("sw1", "10.0.0.1", "ios-xe", "hq"),
        ("10.0.0.2", "10.0.0.2", "nx-os", "branch"),
    ]
    assert not bad
    assert understood(read_oxidized("10.1.1.1:ios\nsw:ios"), "acme", "hq")[1][0].reason == "sw: no IP address, and names are not looked up"


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda: read_netbox("{"), "no JSON"),
        (lambda: read_netbox("[" * 100_000), "no JSON"),
        (lambda: read_netbox('{"detail": "no"}'), "no list of devices"),
        (lambda: read_netbox('{"count": 9, "next": "http://x", "results": []}'), "one page of 9"),
        (lambda: read_netbox("a,b\n1,2"), "line 1: the columns for name and address are missing"),
        (lambda: read_csv(""), "it is empty"),
        (lambda: read_csv('name,address\n"open'), "line 2"),
        (lambda: read_oxidized("x", ("ip", "model")), "none is `name`"),
        (lambda: read_ansible("all:\n  - ["), "no YAML"),
        (lambda: read_ansible("---\n- hosts: all"), "no groups"),
        (lambda: read_ansible("[a:b]\nx"), "line 1"),
        (lambda: read_ansible("sw[01:10]"), "a range of hosts"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_place_and_the_way_out(read, says: str) -> None:
    with pytest.raises(NotReadable, match=says.replace("[", r"\[").replace("`", ".")):
        read()


def test_groups_that_hold_each_other_come_to_an_end() -> None:
    assert [row.place for row in read_ansible("[a:children]\nb\n[b:children]\na\n[b]\nsw1 ansible_host=10.0.0.1")] == ["host sw1"]
    lines = ["g0: {children: &a0 {x: {}}}"]
    for n in range(1, 12):
        lines.append(f"g{n}: {{children: &a{n} {{{', '.join(f'x{m}: {{children: *a{n - 1}}}' for m in range(9))}}}}}")
    bomb = "\n".join(lines)
    with pytest.raises(NotReadable, match="more than 100000"):
        read_ansible(bomb)


def test_a_device_that_is_listed_twice_counts_once_and_bad_rows_say_why() -> None:
    rows = [Row(f"line {n}", {"name": name, "address": address}) for n, (name, address) in enumerate(ROWS, 1)]
    listed, bad = understood(rows, "acme", "hq")
    assert [each.name for each in listed] == ["sw1", "sw6"]
    assert [each.reason.split(":")[-1].strip() for each in bad] == [
        "10.0.0.1 of acme stands in line 1 already",
        "'not-an-address' is no IP address",
        "the device has no name",
        "no IP address, and names are not looked up",
    ]


ROWS = (("sw1", "10.0.0.1"), ("sw2", "10.0.0.1/24"), ("sw3", "not-an-address"), ("", "10.0.0.4"), ("sw5", ""), ("sw6", "2001:DB8::1"))


def test_the_difference_adds_what_nobody_can_observe_and_changes_nothing_else() -> None:
    core, gone = device("d1", "core", "10.0.0.1", serial="S1"), device("d2", "old", "10.0.0.9")
    listed = [
        Listed("1", "acme", "Acme", "hq", "HQ", "Core", "10.0.0.77", Role.CORE, "nx-os", "", "S1"),
        Listed("2", "acme", "Acme", "branch", "Branch", "new", "10.0.0.2"),
        Listed("3", "gamma", "Gamma AB", "hq", "HQ", "g1", "10.0.0.1"),
    ]
    found = compare(listed, [], [Customer("acme", "Acme"), Customer("beta", "Beta")], [Site("acme", "hq", "HQ")], [core, gone])
    assert found.customers == [NewCustomer("gamma", "Gamma AB")]
    assert found.sites == [NewSite("acme", "branch", "Branch"), NewSite("gamma", "hq", "HQ")]
    assert found.roles == [NewRole(core, Role.CORE)]
    assert [each.name for each in found.unseen] == ["new", "g1"]
    assert found.disagreements == [Disagreement(core, "address", "10.0.0.77", "10.0.0.1"), Disagreement(core, "os", "nx-os", "ios-xe")]
    assert found.unlisted == [gone]


def device(id: str, name: str, address: str, **changes: object) -> Device:
    values: dict[str, object] = {"tenant": "acme", "site": "hq", "role": Role.ACCESS, "os": "ios-xe", "model": "C9200L-24T"}
    return Device(id=id, name=name, address=address, **(values | changes))  # type: ignore[arg-type]


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12)
DEVICES = st.lists(
    st.builds(
        device,
        st.uuids().map(str),
        TEXTS,
        st.ip_addresses(v=4).map(str),
        serial=st.one_of(st.none(), TEXTS),
        role=st.sampled_from(Role),
        os=st.sampled_from(OPERATING_SYSTEMS),
    ),
    max_size=6,
    unique_by=(lambda each: each.address, lambda each: each.name.lower(), lambda each: each.serial or each.id),
)


@settings(max_examples=60, deadline=None)
@given(DEVICES)
def test_what_was_exported_changes_nothing_when_it_is_imported_again(devices: list[Device]) -> None:
    customers, sites = [Customer("acme", "Acme")], [Site("acme", "hq", "hq")]
    names, places = {"acme": "acme"}, {("acme", "hq"): "hq"}
    for rows in (
        read_csv(write_csv(devices, names, places)),
        read_netbox(write_netbox(devices, names, places)),
        read_ansible(write_ansible(devices)) if devices else [],
    ):
        found = compare(*understood(rows, "", ""), customers, sites, devices)
        assert (found.changes, found.unseen, found.bad) == (0, [], [])
        if rows:
            assert found.unlisted == []
    read_oxidized(write_oxidized(devices), ("name", "ip", "model", "group"))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_promise_39_no_text_is_a_fault(text: str) -> None:
    for read in (read_csv, read_netbox, read_ansible, read_oxidized):
        with contextlib.suppress(NotReadable):
            understood(read(text), "acme", "hq")


def test_a_formula_is_text_in_a_spreadsheet_and_itself_again_when_it_comes_back() -> None:
    written = write_csv([device("d", "=cmd|' /C calc'!A0", "10.0.0.1")], {}, {})
    assert "'=cmd|" in written
    assert read_csv(written)[0].values["name"] == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("text", "short"), [("Acme AB", "acme-ab"), ("Örebro / Väst", "orebro-vast"), ("../../x", "x"), ("日本", ""), ("x" * 99, "x" * 40)]
)
def test_names_become_short_names(text: str, short: str) -> None:
    assert slug(text) == short
