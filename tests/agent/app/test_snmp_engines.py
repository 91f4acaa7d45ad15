"""The engines as the agent puts them together: the second one in a real child process."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from natvakt_agent.app.snmp_engines import GUFO, PYSNMP, OnlyThisRun, SnmpEngines, engine_for, snmp_child
from natvakt_agent.collectors.snmp.session import AccessRefused, NoAnswer
from natvakt_agent.isolation.child import Child
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.snmp import Answers, StillClock, datagram_responder, honest, responder, v2c_target
from testkit.snmp_v3 import V3Device, v3_target

NAME = "1.3.6.1.2.1.1.5.0"
ANSWERS = Answers.parse(f"{NAME}|4|sw1\n1.3.6.1.2.1.1.3.0|67|1\n1.3.6.1.2.1.1.6.0|4|attic")


@pytest.fixture
def child() -> Iterator[Child]:
    running = snmp_child(1, os.environ)
    yield running
    running.close()


@pytest.fixture
def engines(child: Child) -> SnmpEngines:
    return SnmpEngines(GUFO, child, OnlyThisRun(), StillClock())


def test_each_target_is_asked_by_the_engine_that_can() -> None:
    plain = v2c_target()
    context = replace(plain, snmp=SnmpCredential("c", "v3", user="u", context_name="vlan-5"))
    assert engine_for(plain, GUFO, "linux") == GUFO
    assert engine_for(plain, PYSNMP, "linux") == PYSNMP
    assert engine_for(replace(plain, snmp_engine=PYSNMP), GUFO, "linux") == PYSNMP
    assert engine_for(replace(context, snmp_engine=GUFO), GUFO, "linux") == PYSNMP
    assert engine_for(plain, GUFO, "win32") == PYSNMP


def test_the_agents_own_process_never_imports_pysnmp(engines: SnmpEngines, child: Child) -> None:
    with responder(honest(ANSWERS)) as device:
        session = engines.open_session(replace(v2c_target(device.port), snmp_engine=PYSNMP), 1.0)
        assert session.get_many([NAME]) == {NAME: b"sw1"}
        walk = session.walk("1.3.6.1.2.1.1", 2)
        assert [oid for oid, _ in walk.step().varbinds] == ["1.3.6.1.2.1.1.3.0", NAME]
    assert child.starts == 1
    assert child.pid != os.getpid()


def test_faults_come_out_of_the_child_as_the_ports_own(engines: SnmpEngines) -> None:
    device = V3Device(ANSWERS)
    with datagram_responder(device.reply) as port:
        assert engines.open_session(v3_target(port), 1.0).get_many([NAME]) == {NAME: b"sw1"}
        with pytest.raises(AccessRefused) as refused:
            engines.open_session(v3_target(port, auth_key=Secret("canary-key")), 0.5).get_many([NAME])
        assert "canary" not in str(refused.value)
    with responder(lambda _: None) as silent, pytest.raises(NoAnswer):
        engines.open_session(replace(v2c_target(silent.port), snmp_engine=PYSNMP), 0.1).get_many([NAME])


def test_open_protocols_are_found_at_first_contact_and_not_again(engines: SnmpEngines) -> None:
    device = V3Device(ANSWERS)
    with datagram_responder(device.reply) as port:
        target: Target = v3_target(port, auth_protocol="any", privacy_protocol="any")
        for _ in range(2):
            assert engines.open_session(target, 1.0).get_many([NAME]) == {NAME: b"sw1"}
    assert len([asked for asked in device.asked if asked.boots == 0x7FFF_FFFF]) == 3


def test_a_child_that_was_killed_is_silence_once_and_starts_anew(engines: SnmpEngines, child: Child) -> None:
    with responder(honest(ANSWERS)) as device:
        session = engines.open_session(replace(v2c_target(device.port), snmp_engine=PYSNMP), 1.0)
        assert session.get_many([NAME])
        assert child.pid is not None
        os.kill(child.pid, 9)
        for _ in range(2):
            try:
                found = session.get_many([NAME])
            except NoAnswer:
                continue
        assert found == {NAME: b"sw1"}
    assert child.starts == 2


def test_the_context_of_a_vlan_reaches_the_device_and_the_engine_is_met_only_once(engines: SnmpEngines) -> None:
    device = V3Device(ANSWERS)
    with datagram_responder(device.reply) as port:
        for vlan in (10, 20):
            assert engines.open_session(v3_target(port, context_name=f"vlan-{vlan}"), 1.0).get_many([NAME]) == {NAME: b"sw1"}
    assert [asked.context for asked in device.asked] == [b"", b"vlan-10", b"vlan-20"]
