"""From what discovery learnt to what a person reads."""

import pytest
from natvakt_agent.discovery.core import Discovery
from natvakt_agent.discovery.credentials import Card, Matcher, Refusals
from natvakt_agent.discovery.identity import Remembered
from natvakt_agent.discovery.pace import Pace
from natvakt_agent.discovery.result import Question, plan_of
from natvakt_agent.discovery.scope import scope_of
from natvakt_agent.discovery.words import Hint, Source
from testkit.discovery_network import ALL_METHODS, Device, Network

PLAIN = Card("plain", "v2c", 10)
STRONG = Card("strong", "v3", 44, user="nms")


def planned(devices, targets=(), remembered=(), cards=(PLAIN, STRONG)):
    network, pace = Network(devices, cards), Pace(100, 50, 0)
    matcher = Matcher(cards, Refusals(1e6, lambda: network.now_ns), False)
    discovery = Discovery(scope_of(["10.0.0.0/27"], [], [], [], 100), matcher, ALL_METHODS, known=[*targets, *remembered])
    seconds = network.run(discovery, pace)
    progress = discovery.progress(pace)
    return plan_of(discovery, targets, remembered, Question(["10.0.0.0/27"], [], 100), progress, "2026-11-18T12:00:00Z", seconds)


def device(name, address, takes=("plain",), **facts):
    addresses = [address] if isinstance(address, str) else address
    return Device(name, addresses, frozenset(takes), **facts)


def kinds(plan):
    return [notice.kind for notice in plan.notices]


def test_a_new_device_is_listed_whole_and_to_be_approved():
    plan = planned([device("sw1.example.net", ["10.0.0.5", "10.0.0.9"], serial="S1", engine_id="80000009030000000000aa")])
    (found,) = plan.devices
    assert (found.approve, found.name, found.address, found.credential, found.state) == (True, "sw1", "10.0.0.5", "plain", "new")
    assert (found.serial, found.addresses) == ("S1", ["10.0.0.5", "10.0.0.9"])
    assert plan.complete
    assert plan.counts.refused_logins <= 1


def test_the_address_that_a_device_announces_itself_is_the_one_it_is_asked_at():
    core = device("core", ["10.0.0.1", "10.0.0.20"], serial="S1", speaks_v3=False, unlisted=frozenset(("10.0.0.20",)))
    acc = device("acc", "10.0.0.9", serial="S2", speaks_v3=False, hints=(Hint("10.0.0.20", Source.CDP),))
    assert {found.name: found.address for found in planned([core, acc]).devices} == {"core": "10.0.0.20", "acc": "10.0.0.9"}


def test_a_device_that_is_a_target_already_is_known_and_not_added_again():
    plan = planned([device("sw1", "10.0.0.5", serial="S1")], targets=[Remembered("my-switch", "10.0.0.5", "plain")])
    assert [(found.name, found.state, found.approve) for found in plan.devices] == [("my-switch", "known", False)]
    assert plan.approved() == []


def test_replaced_hardware_is_told():
    before = Remembered("sw1", "10.0.0.5", "plain", serial="S0")
    plan = planned([device("sw1", "10.0.0.5", serial="S1")], targets=[Remembered("sw1", "10.0.0.5")], remembered=[before])
    assert plan.devices[0].state == "replaced"
    (notice,) = [each for each in plan.notices if each.kind == "replaced-hardware"]
    assert notice.text == "sw1 at 10.0.0.5 is other hardware than before: S1 stands where S0 stood"


def test_a_target_that_moved_is_told_and_gets_its_new_address():
    before = Remembered("sw1", "10.0.0.5", "plain", serial="S1")
    plan = planned([device("sw1", "10.0.0.9", serial="S1")], targets=[Remembered("sw1", "10.0.0.5")], remembered=[before])
    (found,) = plan.approved()
    assert (found.state, found.target, found.address) == ("moved", "sw1", "10.0.0.9")
    assert "moved" in kinds(plan)


def test_cloned_engine_ids_are_two_devices_and_told():
    clones = [device(f"sw{n}", f"10.0.0.{n}", serial=f"S{n}", engine_id="80000009030000000000aa") for n in (5, 6)]
    plan = planned(clones)
    assert [found.serial for found in plan.devices] == ["S5", "S6"]
    assert "duplicate-engine-id" in kinds(plan)


def test_two_devices_of_one_name_get_names_of_their_own_and_are_told():
    plan = planned([device("Switch", f"10.0.0.{n}", serial=f"S{n}") for n in (5, 6)])
    assert [found.name for found in plan.devices] == ["Switch", "Switch-2"]
    assert "duplicate-name" in kinds(plan)


@pytest.mark.parametrize(
    ("said", "name"), [(None, "device-10-0-0-5"), ("<script>", "script"), ("åäö", "device-10-0-0-5"), ("x" * 200, "x" * 63)]
)
def test_promise_39_what_a_device_calls_itself_becomes_a_harmless_name(said, name):
    assert planned([device(said, "10.0.0.5", serial="S1")]).devices[0].name == name


def test_of_two_credentials_the_stronger_is_kept_and_said():
    both = device("sw1", "10.0.0.5", takes=("plain", "strong"), serial="S1", engine_id="80000009030000000000aa")
    plan = planned([both], targets=[Remembered("sw1", "10.0.0.5", "plain")])
    assert (plan.devices[0].credential, plan.devices[0].other_credentials) == ("strong", ["plain"])
    assert "two-credentials" in kinds(plan)


def test_a_community_is_told_as_weak_and_an_snmpv3_user_is_not():
    plain = device("a", "10.0.0.5", serial="S1")
    strong = device("b", "10.0.0.6", takes=("strong",), serial="S2", engine_id="80000009030000000000aa")
    assert [(notice.kind, notice.addresses) for notice in planned([plain, strong]).notices] == [("weak-credential", ["10.0.0.5"])]


def test_who_took_no_credential_is_listed_with_the_reason():
    plan = planned([device("sw1", "10.0.0.5", takes=(), serial="S1")])
    assert [(place.address, place.reason) for place in plan.unmatched] == [
        ("10.0.0.5", "it refused plain; it does not answer SNMPv3 engine discovery, so no SNMPv3 user was tried")
    ]
