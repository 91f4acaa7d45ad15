"""The console as a part of the running server: its certificate, its port, its threads.

TLS 1.3 or 1.2 by cheroot, which reads certificate and key from files only: they lie in a folder of this process for as long as it takes
to read them.
"""

import contextlib
import logging
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from flask import Flask

from natvakt_server.app.config import address, seconds
from natvakt_server.app.keys import second_factor_key
from natvakt_server.app.parts import House
from natvakt_server.app.services import Part
from natvakt_server.identity.authority import ServerIdentity
from natvakt_server.web.application import create_application
from natvakt_server.web.ports import ConsolePorts, ConsoleSettings, Surroundings

THREADS, QUEUE_LENGTH, TIMEOUT_SECONDS, STOP_SECONDS = 12, 64, 15, 5
REQUEST_HEADER_BYTES, REQUEST_BODY_BYTES = 32 * 1024, 256 * 1024
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
_log = logging.getLogger(__name__)


class CannotServe(Exception):
    """Names the address, the reason and the way out."""


class ConsoleServer(Server):
    """Says what it has to say in our log. A handshake that a stranger breaks off is a warning at most."""

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        _log.log(min(level, logging.WARNING), "event=http-server message=%r", msg, exc_info=traceback)

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        """As cheroot's, which forgets to close a socket that could not be bound."""
        try:
            bound: socket.socket = Server.bind_socket(socket_, bind_addr)  # type: ignore[no-untyped-call]
        except OSError:
            socket_.close()
            raise
        return bound


@dataclass(frozen=True, slots=True)
class ConsolePart:
    """Serves the console until it is stopped; `ready` is told the address."""

    application: Flask
    identity: ServerIdentity = field(repr=False)
    host: str
    port: int
    name: str = "console"

    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> None:
        """Raises CannotServe."""
        server = ConsoleServer(
            (self.host, self.port),
            self.application,
            numthreads=THREADS,
            request_queue_size=QUEUE_LENGTH,
            timeout=TIMEOUT_SECONDS,
            shutdown_timeout=STOP_SECONDS,
            server_name="natvakt",
        )
        server.max_request_header_size = REQUEST_HEADER_BYTES
        server.max_request_body_size = REQUEST_BODY_BYTES
        server.ssl_adapter = adapter(self.identity)
        try:
            server.prepare()
        except OSError as error:
            way_out = "end what uses the port, or set console.listen to another one"
            raise CannotServe(f"{self.host}:{self.port}: cannot listen: {error.strerror or error}; {way_out}") from error
        serving = threading.Thread(target=server.serve, name="console-serve", daemon=True)
        serving.start()
        ready(f"https://{self.host}:{server.bind_addr[1]}")
        stop.wait()
        server.stop()
        serving.join(STOP_SECONDS)


def adapter(identity: ServerIdentity) -> BuiltinSSLAdapter:
    with _as_files(identity) as (certificate, key):
        made = BuiltinSSLAdapter(str(certificate), str(key))
    made.context.minimum_version = ssl.TLSVersion.TLSv1_2
    made.context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return made


@contextlib.contextmanager
def _as_files(identity: ServerIdentity) -> Iterator[tuple[Path, Path]]:
    """In a folder that only this user may enter, gone when it was read."""
    with tempfile.TemporaryDirectory(prefix="natvakt-console-") as name:
        certificate, key = Path(name) / "certificate.pem", Path(name) / "key.pem"
        certificate.write_bytes(identity.chain_pem)
        key.touch(mode=0o600)
        key.write_bytes(identity.key_pem)
        yield certificate, key


def console_part(house: House) -> Part:
    configuration = house.configuration
    host, port = address(configuration.console.listen, "console.listen")
    public = configuration.partner.public_address if host in ANYWHERE else host
    identity = house.keys.authority.server_identity(tuple(dict.fromkeys((public, configuration.partner.public_address, "localhost"))))
    settings = ConsoleSettings(
        partner=configuration.partner.name,
        language=configuration.partner.language,
        time_zone=configuration.partner.time_zone,
        address=f"https://{public}:{port}",
        version=house.version,
        session_lifetime_ns=int(seconds(configuration.console.session_lifetime, "console.session_lifetime") * 1e9),
        session_idle_ns=int(seconds(configuration.console.session_idle, "console.session_idle") * 1e9),
        secret=second_factor_key(house.keys.files, house.random),
    )
    application = create_application(console_ports(house), settings, Surroundings(house.clock, house.random, house.new_id))
    return ConsolePart(application, identity, host, port)


def console_ports(house: House) -> ConsolePorts:
    stores = house.stores
    return ConsolePorts(
        estate=stores.reader,
        overview=stores.overview,
        search=stores.search,
        series=house.series,
        assessments=stores.assessments,
        accounts=stores.accounts,
        agents=stores.agents,
        agent_sessions=stores.gateway,
        audit=stores.audit,
        jobs=stores.jobs,
        commands=stores.commands,
        delivery=stores.delivery,
    )
