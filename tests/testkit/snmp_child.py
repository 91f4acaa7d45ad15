"""The second engine's service in the test's own process, and faults as the child process would tell them."""

from natvakt_agent.collectors.snmp.child_session import EngineFault
from natvakt_agent.collectors.snmp.pysnmp_service import PysnmpService


class InProcessCaller:
    """`Caller` without a process: what is asked, and how often, is the same."""

    def __init__(self, service: PysnmpService | None = None) -> None:
        self.service = service or PysnmpService()
        self.calls: list[str] = []

    def call(self, method: str, argument: bytes, timeout_seconds: float) -> bytes:
        self.calls.append(method)
        try:
            return self.service.handle(method, argument)
        except Exception as error:  # as the process does: whatever the service meets is told by its name
            raise EngineFault(type(error).__name__, str(error)) from error

    def close(self) -> None:
        self.service.stop()
