"""What the parts of a running server are made of, and how it is opened for a role."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from natvakt_server.app.config import Configuration
from natvakt_server.app.console_folder import ConsoleFolder
from natvakt_server.app.context import Context
from natvakt_server.app.gateway_folder import GatewayFolder
from natvakt_server.app.key_access import keys_of
from natvakt_server.app.keys import Keys
from natvakt_server.app.series import SeriesStore, open_series
from natvakt_server.app.state import StatePaths
from natvakt_server.app.stores import Stores, open_stores
from natvakt_server.app.system_clock import new_id
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.vitals import DiskSpace
from natvakt_server.identity.key_files import KeyDirectory

T = TypeVar("T")


class Once(Generic[T]):
    """Makes something when it is first called for, and answers the same one from then on."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self.made: T | None = None

    def __call__(self) -> T:
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made


@dataclass(frozen=True, slots=True)
class House:
    """What every part is made of. Keys and time series are opened by the parts that need them; a gateway opens neither."""

    configuration: Configuration
    stores: Stores
    open_series: Once[SeriesStore]
    open_keys: Once[Keys]
    gateway_folder: GatewayFolder
    console_folder: ConsoleFolder
    clock: Clock
    random: Callable[[int], bytes]
    new_id: Callable[[], str]
    pause: Callable[[float], None]
    version: str
    disk: Callable[[], DiskSpace]
    paths: StatePaths

    @property
    def series(self) -> SeriesStore:
        return self.open_series()

    @property
    def keys(self) -> Keys:
        return self.open_keys()

    def tenants(self) -> Sequence[str]:
        return [customer.tenant for customer in self.stores.reader.customers()]

    def close(self) -> None:
        if self.open_series.made is not None:
            self.open_series.made.close()
        self.stores.close()


def open_house(context: Context, role: str) -> House:
    """Everything, for a running server. Keys and time series are opened by the roles that need them: a gateway has neither."""
    configuration, paths = context.configuration(), context.paths()
    stores = open_stores(configuration, paths, new_id)
    return House(
        configuration=configuration,
        stores=stores,
        open_series=Once(lambda: open_series(configuration, paths, context.clock, f"{role}-{os.getpid()}")),
        open_keys=Once(lambda: keys_of(context, stores)),
        gateway_folder=GatewayFolder(KeyDirectory(paths.gateway)),
        console_folder=ConsoleFolder(KeyDirectory(paths.console)),
        clock=context.clock,
        random=os.urandom,
        new_id=new_id,
        pause=time.sleep,
        version=context.version,
        disk=lambda: disk_space(paths.folder),
        paths=paths,
    )


def disk_space(folder: Path) -> DiskSpace:
    usage = shutil.disk_usage(folder)
    return DiskSpace(usage.free, usage.total)
