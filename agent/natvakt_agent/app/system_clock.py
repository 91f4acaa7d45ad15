"""The real clock of this host, read in one place only."""

import time
import uuid
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """`Clock` over the operating system. Where it has no boot id, one is drawn for the life of the process."""

    def __init__(self, boot_id_file: Path = BOOT_ID) -> None:
        try:
            self._boot_id = uuid.UUID(boot_id_file.read_text().strip()).bytes
        except (OSError, ValueError):
            self._boot_id = uuid.uuid4().bytes

    @property
    def boot_id(self) -> bytes:
        return self._boot_id

    def wall_ns(self) -> int:
        return time.time_ns()

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()
