"""A private PostgreSQL: started on a free loopback port in a temporary folder, from whatever binaries the machine has.

`initdb` and `postgres` refuse to run as root, so root starts them as `postgres` or `nobody`.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

BINARY_FOLDERS = "/usr/lib/postgresql"
START_TIMEOUT_SECONDS = 60


class PostgresMissing(RuntimeError):
    """There is no PostgreSQL here; the text says what to install."""


@dataclass(frozen=True, slots=True)
class PrivatePostgres:
    """A running cluster. Trust authentication, loopback only, gone with `stop`."""

    folder: Path
    binaries: Path
    port: int
    user: str | None  # whom root runs it as
    syncs: bool  # False: the disk is not waited for; survives a crash of the server, not of the machine

    @classmethod
    def start(cls, *, syncs: bool = True) -> "PrivatePostgres":
        """Raises PostgresMissing where there are no binaries or nobody to run them as."""
        binaries = find_binaries()
        user = unprivileged_user()
        folder = Path(tempfile.mkdtemp(prefix="natvakt-postgres-"))
        if user is not None:
            shutil.chown(folder, user)
        cluster = cls(folder, binaries, free_port(), user, syncs)
        try:
            cluster._run(
                "initdb", "--pgdata", "data", "--username", "natvakt", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"
            )
            cluster.resume()
        except BaseException:
            cluster.stop()
            raise
        return cluster

    def resume(self) -> None:
        """Start the server again on the same data and port, as after `halt`."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder} -c max_connections=200"
        if not self.syncs:
            options += " -c fsync=off -c full_page_writes=off"
        wait = str(START_TIMEOUT_SECONDS)
        self._run("pg_ctl", "--pgdata", "data", "--wait", "--timeout", wait, "--log", "postgres.log", "--options", options, "start")

    def halt(self, mode: str = "immediate") -> None:
        """Stop the server and keep its data: `immediate` is a crash, `fast` a shutdown."""
        self._run("pg_ctl", "--pgdata", "data", "--wait", "--mode", mode, "stop")

    def stop(self) -> None:
        """Stop the server if it runs, and remove everything."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://natvakt@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        as_user = [] if self.user is None else ["setpriv", "--reuid", self.user, "--regid", str(group_of(self.user)), "--clear-groups"]
        command = [*as_user, str(self.binaries / program), *arguments]
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": str(self.folder)}
        with (self.folder / "commands.log").open("ab") as log:  # a file: the server inherits it and would keep a pipe open
            done = subprocess.run(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed with {done.returncode}:\n{(self.folder / 'commands.log').read_text(errors='replace')}")


def find_binaries() -> Path:
    """The folder of the newest installed version: Debian's place first, else the one on the PATH."""
    found = sorted(Path(BINARY_FOLDERS).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0)
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing(f"PostgreSQL is not installed (no initdb under {BINARY_FOLDERS} or on the PATH); apt install postgresql")


def unprivileged_user() -> str | None:
    """Whom to run as; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    if shutil.which("setpriv") is None:
        raise PostgresMissing("PostgreSQL refuses to run as root and setpriv (util-linux) is not installed")
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise PostgresMissing("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody")


def group_of(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
