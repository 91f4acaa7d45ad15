"""How far the line is, read where agents and server keep it themselves: a command for each look would take CPU that the worker needs."""

from collections.abc import Sequence
from pathlib import Path

from natvakt_server.app.state import StatePaths
from natvakt_server.domain.configuration.history import Source
from natvakt_server.store.estate.configurations import SqlConfigurationHistory
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.inbox.quarantine import SqlDeliveryReader

HOST_TABLE = "storage"


class Arrivals:
    """What of one customer's has reached the server whose state lies in `root`."""

    def __init__(self, root: Path, tenant: str) -> None:
        self._engine = open_engine(f"sqlite:///{StatePaths(root).database}")
        self._tenant = tenant
        self._estate = SqlEstateReader(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def unworked(self) -> int:
        """Batches the server has taken but not worked on yet."""
        return SqlDeliveryReader(self._engine).backlog().pending

    def hosts(self, site: str) -> Sequence[str]:
        """The ids of the site's devices that have told of their disks."""
        devices = self._estate.devices(self._tenant, site)
        return [device.id for device in devices if self._estate.snapshot(self._tenant, device.id, HOST_TABLE)]

    def configured(self) -> Sequence[str]:
        """The ids of the devices whose running configuration is there."""
        devices = [device.id for device in self._estate.devices(self._tenant)]
        return sorted(SqlConfigurationHistory(self._engine).newest_configurations(self._tenant, devices, Source.RUNNING))
