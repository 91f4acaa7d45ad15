"""What Windows tells otherwise than Linux: its services, its interfaces' numbers, its last restart; the rest is psutil's on both."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import psutil

from natvakt_agent.collectors.host.psutil_reader import PsutilReader
from natvakt_agent.collectors.host.reader import NotProvided, Restart, Service
from natvakt_agent.collectors.host.windows_restarts import WINDOWS_LOG, from_windows_log

NOT_BY_ITSELF = frozenset({"manual", "disabled"})


class WindowsService(Protocol):
    """One of `psutil.win_service_iter()`."""

    def as_dict(self) -> dict[str, Any]:
        """`name`, `status`, `start_type` and more; raises OSError or psutil.Error for one that went meanwhile."""
        ...


def installed_services() -> Iterable[WindowsService]:
    """Raises NotProvided where psutil has no such list, which is everywhere but on Windows."""
    iterate: Callable[[], Iterable[WindowsService]] | None = getattr(psutil, "win_service_iter", None)
    if iterate is None:
        raise NotProvided("no service manager of Windows here")
    return iterate()


class WindowsReader(PsutilReader):
    """`run` starts a program and gives what it wrote; raises NotProvided."""

    def __init__(
        self, run: Callable[[Sequence[str]], str], list_services: Callable[[], Iterable[WindowsService]] = installed_services
    ) -> None:
        super().__init__(run)
        self._list_services = list_services

    def services(self) -> Sequence[Service]:
        """Those that start by themselves, and those that run."""
        found = [service for each in self._list_services() if (service := _service(each))]
        return sorted(found, key=lambda service: service.name)

    def last_restart(self) -> Restart | None:
        return from_windows_log(self._run(WINDOWS_LOG))

    def interface_indexes(self, names: Iterable[str]) -> Mapping[str, int]:
        """psutil names interfaces as people see them, the socket library does not: a number that stays with the name takes its place."""
        return {name: zlib.crc32(name.encode()) & 0x7FFF_FFFF for name in names}


def _service(each: WindowsService) -> Service | None:
    try:
        facts = each.as_dict()
    except (OSError, psutil.Error):
        return None
    name, status, start = (str(facts.get(key) or "") for key in ("name", "status", "start_type"))
    is_running = status == "running"
    if not name or (start in NOT_BY_ITSELF and not is_running):
        return None
    return Service(name, is_running, start or "none", status or "unknown")
