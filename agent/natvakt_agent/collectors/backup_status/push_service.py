"""The door for scripts: `POST /backup/JOB` with the job's token and its report. Runs in a child process, writes one file a job.

A report is understood, written and on disk before it is answered with 200: a script that saw 200 need not remember it. What is refused is
answered with the reason: 400 not understood, 401 no such token, 403 not from here, 404 no such path, 411 and 413 by its length.
"""

import hashlib
import hmac
import ipaddress
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6, socket
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from natvakt_agent.collectors.backup_status.report import KEYS, MOST_OCTETS, ReportRefused, parse_report

OPEN = "open"
PREFIX = "/backup/"
MOST_AT_A_TIME = 16
IDLE_SECONDS = 10.0
MOST_TOKEN_FILE_OCTETS = 256 * 1024


@dataclass(frozen=True, slots=True)
class Door:
    """`tokens` is a file of SHA-256 by job, `reports` the folder that is written to, `clients` the networks that may report."""

    address: str
    port: int
    tokens: Path
    reports: Path
    clients: Sequence[str]

    @classmethod
    def decoded(cls, octets: bytes) -> "Door":
        told = json.loads(octets)
        return cls(told["address"], told["port"], Path(told["tokens"]), Path(told["reports"]), tuple(told["clients"]))

    def lets_in(self, address: str) -> bool:
        own = ipaddress.ip_address(address.partition("%")[0])
        mapped = own.ipv4_mapped if isinstance(own, ipaddress.IPv6Address) else None
        return any((mapped or own) in ipaddress.ip_network(network) for network in self.clients)


def token_digest(token: str) -> str:
    """Tokens have 256 random bits: a plain hash keeps them."""
    return hashlib.sha256(token.encode()).hexdigest()


def known_tokens(path: Path) -> Mapping[str, str]:
    """SHA-256 by job; nothing where the file is not there yet. Raises OSError, ValueError."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(MOST_TOKEN_FILE_OCTETS))
    except FileNotFoundError:
        return {}
    if not isinstance(told, dict):
        raise ValueError(f"{path}: is not a list of tokens; remove it and make new ones: natvakt-agent backup token JOB")
    return {str(job): str(digest) for job, digest in told.items()}


class Refused(Exception):
    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def accept(door: Door, path: str, authorization: str, kind: str, body: bytes) -> None:
    """Check and keep one report. Raises Refused; OSError where it cannot be written."""
    job = path.removeprefix(PREFIX)
    if not path.startswith(PREFIX) or not job:
        raise Refused(HTTPStatus.NOT_FOUND, f"post to {PREFIX}JOB")
    scheme, _, token = authorization.partition(" ")
    wanted = known_tokens(door.tokens).get(job, "")
    if scheme.lower() != "bearer" or not hmac.compare_digest(token_digest(token.strip()), wanted):
        raise Refused(HTTPStatus.UNAUTHORIZED, "no such token for this job; make one: natvakt-agent backup token JOB")
    facts = _facts(kind, body)
    try:
        parse_report(json.dumps(facts), 0)
    except ReportRefused as error:
        raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from None
    keep(door.reports / f"{job}.json", json.dumps(facts).encode())


def _facts(kind: str, body: bytes) -> Mapping[str, Any]:
    """A form, as curl and Invoke-RestMethod send it, or JSON."""
    try:
        text = body.decode()
        told = (
            json.loads(text) if kind.startswith("application/json") else dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
        )
    except (ValueError, RecursionError):
        raise Refused(HTTPStatus.BAD_REQUEST, "the body is neither a form nor JSON") from None
    if not isinstance(told, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, f"the body is no object of {', '.join(sorted(KEYS))}")
    return told


def keep(path: Path, content: bytes) -> None:
    """Whole or not at all, and on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{threading.get_ident()}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


class PushService:
    """The child's `Service`. `open` is called once with a `Door` and answers the port."""

    def __init__(self) -> None:
        self._server: _Server | None = None

    def start(self, push: Callable[[bytes], None]) -> None:
        """Nothing is pushed: reports are files."""

    def handle(self, method: str, argument: bytes) -> bytes:
        if method != OPEN:
            raise ValueError(f"unknown method {method}")
        if self._server is None:
            self._server = _Server(Door.decoded(argument))
            threading.Thread(target=self._server.serve_forever, name="door", daemon=True).start()
        return str(self._server.server_address[1]).encode()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, door: Door) -> None:
        self.door = door
        self._places = threading.BoundedSemaphore(MOST_AT_A_TIME)
        if ":" in door.address:
            self.address_family = AF_INET6
        super().__init__((door.address, door.port), _Handler)

    def process_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Who comes when all places are taken waits in the queue of the listening socket."""
        if not self._places.acquire(timeout=IDLE_SECONDS):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no event."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout: ClassVar[float] = IDLE_SECONDS
    server_version = "natvakt"
    sys_version = ""

    def do_POST(self) -> None:
        try:
            if not self.server.door.lets_in(self.client_address[0]):
                raise Refused(HTTPStatus.FORBIDDEN, "reports are not taken from this address")
            body = self.rfile.read(self._length())
            accept(self.server.door, self.path, self.headers.get("Authorization", ""), self.headers.get("Content-Type", ""), body)
        except Refused as refused:
            self._answer(refused.status, str(refused))
        except (OSError, ValueError) as error:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, f"not kept: {type(error).__name__}")
        else:
            self._answer(HTTPStatus.OK, "kept")

    def _length(self) -> int:
        text = self.headers.get("Content-Length", "")
        if not (text.isascii() and text.isdigit()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "the length of the body is missing")
        if int(text) > MOST_OCTETS:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a report has at most {MOST_OCTETS} octets")
        return int(text)

    def _answer(self, status: HTTPStatus, words: str) -> None:
        content = json.dumps({"status": words}).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, format: str, *arguments: Any) -> None:
        """Requests are not logged: a path may be anything."""


def service() -> PushService:
    return PushService()
