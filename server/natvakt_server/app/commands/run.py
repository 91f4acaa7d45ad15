"""`natvakt-server run`: serves until SIGTERM or SIGINT."""

import argparse
import logging
import os
import signal
from types import FrameType

from natvakt_server.app.assembly import assemble
from natvakt_server.app.config import split_roles_problem
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.house import House, open_house
from natvakt_server.app.services import PartFailed, Services
from natvakt_server.app.state import FolderLock
from natvakt_server.store.estate.schema import migrate, newest_revision, revision

ROLES = ("all", "gateway", "worker", "console")
SCHEMA_WAIT_SECONDS, SCHEMA_LOOK_SECONDS = 25.0, 0.25
_log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", choices=ROLES, default="all", help="which part this process plays (all)")


def run(context: Context) -> int:
    role, paths = context.options.role, context.paths()
    if role == "gateway":
        paths.create_for_gateway()
    elif role == "console":
        paths.create_for_console()
    else:
        paths.require()
    problem = split_roles_problem(context.configuration()) if role != "all" else None
    if problem:
        raise CommandFailed(f"--role {role} cannot run: {problem}")
    lock = FolderLock(paths.folder, role)
    lock.acquire()
    try:
        return _serve(context, role)
    finally:
        lock.release()


def await_schema(house: House) -> None:
    """Only a worker changes the database; the others wait a while for it. Raises CommandFailed."""
    wanted = newest_revision()
    for _ in range(int(SCHEMA_WAIT_SECONDS / SCHEMA_LOOK_SECONDS)):
        if revision(house.stores.engine) == wanted:
            return
        house.pause(SCHEMA_LOOK_SECONDS)
    found = revision(house.stores.engine)
    raise CommandFailed(f"the database is at schema {found}, this version needs {wanted}; start `natvakt-server run --role worker` first")


def _serve(context: Context, role: str) -> int:
    house = open_house(context, role)
    if role in ("all", "worker"):
        migrate(house.stores.engine)
    else:
        await_schema(house)
    services = Services(assemble(house, role))
    stopping: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    try:
        services.start()
        context.note(f"natvakt-server {context.version} serves as {role} (process {os.getpid()})")
        while not stopping and not services.wait(0.2):
            pass
        failure = services.failure()
        if failure and not stopping:
            raise CommandFailed(f"stopped because a part failed: {failure}")
        return 0
    except PartFailed as error:
        raise CommandFailed(str(error)) from error
    finally:
        services.stop()
        house.close()
