"""The agent's end of the door for scripts: keeps it open in its child process, and tells when it cannot."""

import json
import logging
from collections.abc import Mapping

from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.services import SERVICES
from natvakt_agent.config.schema import BackupReportsSection
from natvakt_agent.isolation.child import Child, ChildError
from natvakt_agent.isolation.limits import MEBIBYTE, Limits
from natvakt_agent.model.clock import Clock

logger = logging.getLogger(__name__)

OPEN = "open"
OPEN_SECONDS = 20.0
TRY_AGAIN_NS = 60_000_000_000
MEMORY_BYTES = 512 * MEBIBYTE


def reports_child(environment: Mapping[str, str]) -> Child:
    return Child("backup-reports", SERVICES["backup-reports"], Limits(memory_bytes=MEMORY_BYTES, threads=2, open_files=128), environment)


class ReportDoor:
    """`look` is called every few seconds by the agent's own thread; it opens a door that is shut, at most once a minute."""

    def __init__(self, section: BackupReportsSection, paths: StatePaths, child: Child, clock: Clock) -> None:
        self._section = section
        self._child = child
        self._clock = clock
        self._opening = _opening(section, paths)
        self._next_ns = 0
        self._fault: str | None = None
        self.port: int | None = None

    def look(self) -> None:
        now_ns = self._clock.monotonic_ns()
        if not self._section.enabled or self._child.pid is not None or now_ns < self._next_ns:
            return
        self._next_ns = now_ns + TRY_AGAIN_NS
        try:
            self.port = int(self._child.call(OPEN, self._opening, OPEN_SECONDS))
        except ChildError as error:
            self._fault = f"the door for reports of backups does not open on {self._section.address} port {self._section.port}: {error}"
            self._child.close()  # what does not listen is started anew at the next try
            logger.warning("%s", self._fault)
        else:
            self._fault = None
            logger.info("reports of backups are taken address=%s port=%d", self._section.address, self.port)

    def alarms(self) -> Mapping[str, str]:
        return {"backup-reports": self._fault} if self._fault else {}

    def close(self) -> None:
        self._child.close()


def _opening(section: BackupReportsSection, paths: StatePaths) -> bytes:
    """What the child is told; `push_service.Door` reads it, which nothing of this process imports."""
    told = {"address": section.address, "port": section.port, "tokens": str(paths.backup_tokens), "reports": str(paths.backup_reports)}
    return json.dumps(told | {"clients": list(section.clients)}).encode()
