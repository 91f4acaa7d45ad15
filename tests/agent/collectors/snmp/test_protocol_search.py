"""A credential that leaves its SNMPv3 protocols open: the strongest pair that both know is found once, in few questions, and kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from natvakt_agent.collectors.snmp.child_session import ChildSession, find_protocols
from natvakt_agent.collectors.snmp.protocol_search import AGAIN_AFTER_NS, ProtocolSearch
from natvakt_agent.collectors.snmp.session import AccessRefused, NoAnswer
from natvakt_agent.collectors.snmp.v3_protocols import AUTH_PROTOCOLS, PRIVACY_PROTOCOLS
from natvakt_agent.model.target import Secret, Target
from testkit.snmp import Answers, StillClock, datagram_responder
from testkit.snmp_child import InProcessCaller
from testkit.snmp_v3 import V3Device, v3_target
from testkit.snmpd import NAME, Snmpd, snmpd

ANSWERS = Answers.parse(f"{NAME}|4|sw1\n1.3.6.1.2.1.1.3.0|67|1")
SECONDS = 0.3


@dataclass
class Book:
    kept: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    def protocols(self, device: str) -> tuple[str, str] | None:
        return self.kept.get(device)

    def keep_protocols(self, device: str, protocols: tuple[str, str] | None) -> None:
        self.kept[device] = protocols


@pytest.fixture
def caller() -> Iterator[InProcessCaller]:
    found = InProcessCaller()
    yield found
    found.close()


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    folder: Path = tmp_path_factory.mktemp("snmpd")
    with snmpd(folder) as running:
        yield running


def open_target(port: int, **changed: object) -> Target:
    return v3_target(port, auth_protocol="any", privacy_protocol="any", **changed)


@pytest.mark.service("snmpd")
@pytest.mark.parametrize("auth", AUTH_PROTOCOLS)
def test_the_pair_that_a_real_agent_speaks_is_found(daemon: Snmpd, caller: InProcessCaller, auth: str) -> None:
    for privacy in PRIVACY_PROTOCOLS:
        if daemon.offers(auth, privacy):
            target = daemon.user(auth, privacy)
            assert target.snmp is not None
            wide = replace(target, snmp=replace(target.snmp, auth_protocol="any", privacy_protocol="any"))
            found = find_protocols(wide, 0.1, caller)
            assert found.auth_protocol == auth
            settled = daemon.user(auth, privacy, auth_protocol=found.auth_protocol, privacy_protocol=found.privacy_protocol)
            assert ChildSession(settled, 1.0, caller).get_many([NAME]) == {NAME: b"sw1"}
            assert found.requests <= 1 + len(AUTH_PROTOCOLS) + len(PRIVACY_PROTOCOLS)


def test_a_search_costs_a_device_few_questions_and_none_with_less_protection(caller: InProcessCaller) -> None:
    device = V3Device(ANSWERS)
    with datagram_responder(device.reply) as port:
        found = find_protocols(open_target(port), SECONDS, caller)
    assert (found.auth_protocol, found.privacy_protocol) == ("sha256", "aes128")
    assert found.requests == len(device.asked) == 1 + 3 + 5
    assert all(asked.flags & 3 == 3 for asked in device.asked if asked.user)


def test_what_was_found_is_kept_and_a_refusal_makes_it_be_looked_for_again_but_not_within_the_hour(caller: InProcessCaller) -> None:
    device, book, clock = V3Device(ANSWERS), Book(), StillClock()
    search = ProtocolSearch(lambda target, seconds: find_protocols(target, seconds, caller), book, clock)
    with datagram_responder(device.reply) as port:
        target = open_target(port)
        settled = search.settled(target, SECONDS)
        assert settled.snmp is not None
        assert (settled.snmp.auth_protocol, settled.snmp.privacy_protocol) == ("sha256", "aes128")
        assert book.kept == {"device-1": ("sha256", "aes128")}
        search.settled(target, SECONDS)
        assert caller.calls == ["find_protocols"]

        wrong = replace(settled, snmp=replace(settled.snmp, auth_key=Secret("another-key")))
        with pytest.raises(AccessRefused):
            search.watched(ChildSession(wrong, SECONDS, caller), target).get_many([NAME])
        with pytest.raises(AccessRefused, match="within the hour"):
            search.settled(target, SECONDS)
        clock.pass_seconds(AGAIN_AFTER_NS / 1e9)
        search.settled(target, SECONDS)
        assert caller.calls.count("find_protocols") == 2


def test_silence_says_nothing_about_protocols(caller: InProcessCaller) -> None:
    search = ProtocolSearch(lambda target, seconds: find_protocols(target, seconds, caller), Book(), StillClock())
    with datagram_responder(lambda _: None) as port:
        for _ in range(2):
            with pytest.raises(NoAnswer):
                search.settled(open_target(port), 0.05)
    assert caller.calls == ["find_protocols"] * 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"auth_key": Secret("another-key")}, "no authentication protocol fits"),
        ({"privacy_key": Secret("another-key")}, "no privacy protocol fits"),
    ],
    ids=["authentication", "privacy"],
)
def test_a_wrong_key_is_told_as_what_it_is(caller: InProcessCaller, changed: dict[str, object], reason: str) -> None:
    device = V3Device(ANSWERS)
    search = ProtocolSearch(lambda target, seconds: find_protocols(target, seconds, caller), Book(), StillClock())
    with datagram_responder(device.reply) as port, pytest.raises(AccessRefused, match=reason):
        search.settled(open_target(port, **changed), 0.05)
    assert len(device.asked) <= 1 + 6 + 6


def test_a_credential_with_named_protocols_is_left_alone(caller: InProcessCaller) -> None:
    target = v3_target(161)
    search = ProtocolSearch(lambda target, seconds: find_protocols(target, seconds, caller), Book(), StillClock())
    assert search.settled(target, SECONDS) is target
    assert caller.calls == []
