"""A private InfluxDB 2 on a free port of loopback with its state in a folder of the caller."""

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

BINARY_VARIABLE = "NATVAKT_INFLUXD"
ORGANISATION = "natvakt-tests"
START_SECONDS = 60.0


class NotInstalled(Exception):
    """There is no influxd on this machine; the text says how to get one."""


def find_influxd() -> Path:
    """From $NATVAKT_INFLUXD, the cache folder that install_influxd.sh fills, or PATH. Raises NotInstalled."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "natvakt" / "services" / "influxd"
    named, on_path = os.environ.get(BINARY_VARIABLE), shutil.which("influxd")
    for candidate in (Path(named) if named else None, cache, Path(on_path) if on_path else None):
        if candidate is not None and os.access(candidate, os.X_OK):
            return candidate
    raise NotInstalled(f"no influxd in ${BINARY_VARIABLE}, {cache} or PATH: run tests/services/install_influxd.sh")


@dataclass(slots=True)
class InfluxServer:
    """`start` once, then `url`, `organisation` and `token` work until `stop`; it may be started again on the same state and port."""

    folder: Path
    port: int = 0
    organisation: str = ORGANISATION
    extra_arguments: Sequence[str] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _process: subprocess.Popen[bytes] | None = None
    _is_set_up: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.port = self.port or _free_port()
        arguments = [
            str(find_influxd()),
            *("--http-bind-address", f"127.0.0.1:{self.port}"),
            *("--bolt-path", str(self.folder / "influxd.bolt")),
            *("--sqlite-path", str(self.folder / "influxd.sqlite")),
            *("--engine-path", str(self.folder / "engine")),
            *("--log-level", "warn"),
            "--reporting-disabled",
            *self.extra_arguments,
        ]
        with (self.folder / "influxd.log").open("ab") as log:
            self._process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self._wait_until_healthy()
        if not self._is_set_up:
            self._set_up()
            self._is_set_up = True

    def stop(self) -> None:
        """Ask it to end (influxd listens to INT) and wait; acknowledged writes survive."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def disk_bytes(self) -> int:
        """What its data files take of the disk, write-ahead log included; holes in them take nothing."""
        return sum(file.stat().st_blocks * 512 for file in (self.folder / "engine").rglob("*") if file.is_file())

    def cpu_seconds(self) -> float:
        """What the running process has used of all cores so far (Linux)."""
        if self._process is None:
            return 0.0
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                if self._request("GET", "/health")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        log = (self.folder / "influxd.log").read_text(errors="replace")[-2000:]
        self.stop()
        raise RuntimeError(f"influxd did not answer /health on port {self.port} within {START_SECONDS:.0f} s; its log ends:\n{log}")

    def _set_up(self) -> None:
        body = {
            "username": "tests",
            "password": secrets.token_urlsafe(16),
            "org": self.organisation,
            "bucket": "unused",
            "token": self.token,
        }
        status, answer = self._request("POST", "/api/v2/setup", json.dumps(body).encode())
        if status != 201:
            raise RuntimeError(f"influxd refused its set-up with {status}: {answer[:300]!r}")

    def _request(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
