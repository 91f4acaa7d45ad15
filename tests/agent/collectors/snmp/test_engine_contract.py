"""Both SNMP engines keep one contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts.snmp_session_contract import SnmpSessionContract
from natvakt_agent.collectors.snmp.child_session import ChildSession
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.collectors.snmp.session import Session
from natvakt_agent.model.target import Target
from testkit.snmp_child import InProcessCaller
from testkit.snmpd import Snmpd, snmpd


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    folder: Path = tmp_path_factory.mktemp("snmpd")
    with snmpd(folder) as running:
        yield running


class TestGufo(SnmpSessionContract):
    def open_session(self, target: Target, timeout_seconds: float) -> Session:
        return GufoSession(target, timeout_seconds)


class TestPysnmp(SnmpSessionContract):
    @pytest.fixture(autouse=True)
    def _service(self) -> Iterator[None]:
        self.caller = InProcessCaller()
        yield
        self.caller.close()

    def open_session(self, target: Target, timeout_seconds: float) -> Session:
        return ChildSession(target, timeout_seconds, self.caller)
