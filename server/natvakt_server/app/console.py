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
from dataclasses import dataclass
from pathlib import Path

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from flask import Flask

from natvakt_server.analysis.thresholds import thresholds
from natvakt_server.app.config import address, console_address, seconds
from natvakt_server.app.console_folder import ConsoleFolder, ConsoleSecrets
from natvakt_server.app.console_walls import with_second_wall
from natvakt_server.app.house import House
from natvakt_server.app.knowledge_sources import configured
from natvakt_server.app.knowledge_watch import KnowledgeWatch
from natvakt_server.app.rules import rule_book, rules_folder
from natvakt_server.app.services import Part
from natvakt_server.app.sign_on import identity_provider
from natvakt_server.app.stores import secret_from
from natvakt_server.notify.sealing import SecretSealer
from natvakt_server.web.api.house import ApiPorts
from natvakt_server.web.api.watching import Watch
from natvakt_server.web.application import create_application
from natvakt_server.web.ports import ConsolePorts, ConsoleSettings, NotifyingPorts, Surroundings

THREADS, QUEUE_LENGTH, TIMEOUT_SECONDS, STOP_SECONDS = 12, 64, 15, 5
REQUEST_HEADER_BYTES, REQUEST_BODY_BYTES = 32 * 1024, 256 * 1024
SECRETS_WAIT_SECONDS, SECRETS_LOOK_SECONDS, RENEWAL_LOOK_SECONDS = 25.0, 0.2, 600.0
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
    """Serves the console with the certificate the worker left, and takes a newer one while it serves. `ready` is told the address."""

    folder: ConsoleFolder
    make_application: Callable[[ConsoleSecrets], Flask]
    host: str
    port: int
    name: str = "console"

    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> None:
        """Raises CannotServe, KeyFileError."""
        secrets = self._await_secrets(stop)
        if secrets is None:
            return
        server = self._server(secrets)
        serving = threading.Thread(target=server.serve, name="console-serve", daemon=True)
        serving.start()
        ready(f"https://{self.host}:{server.bind_addr[1]}")
        while not stop.wait(RENEWAL_LOOK_SECONDS):
            newest = self.folder.read()
            if newest is not None and newest != secrets:
                secrets = newest
                load(server.ssl_adapter.context, secrets)
                _log.info("event=console-certificate-renewed")
        server.stop()
        serving.join(STOP_SECONDS)

    def _await_secrets(self, stop: threading.Event) -> ConsoleSecrets | None:
        """None: stopped before there was anything to serve with."""
        for _ in range(int(SECRETS_WAIT_SECONDS / SECRETS_LOOK_SECONDS)):
            secrets = self.folder.read()
            if secrets is not None:
                return secrets
            if stop.wait(SECRETS_LOOK_SECONDS):
                return None
        raise CannotServe("no worker has left a certificate in the state's folder `console`; start `natvakt-server run --role worker`")

    def _server(self, secrets: ConsoleSecrets) -> ConsoleServer:
        server = ConsoleServer(
            (self.host, self.port),
            self.make_application(secrets),
            numthreads=THREADS,
            request_queue_size=QUEUE_LENGTH,
            timeout=TIMEOUT_SECONDS,
            shutdown_timeout=STOP_SECONDS,
            server_name="natvakt",
        )
        server.max_request_header_size = REQUEST_HEADER_BYTES
        server.max_request_body_size = REQUEST_BODY_BYTES
        server.ssl_adapter = adapter(secrets)
        try:
            server.prepare()
        except OSError as error:
            way_out = "end what uses the port, or set console.listen to another one"
            raise CannotServe(f"{self.host}:{self.port}: cannot listen: {error.strerror or error}; {way_out}") from error
        return server


def adapter(secrets: ConsoleSecrets) -> BuiltinSSLAdapter:
    with _as_files(secrets) as (certificate, key):
        made = BuiltinSSLAdapter(str(certificate), str(key))
    made.context.minimum_version = ssl.TLSVersion.TLSv1_2
    made.context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return made


def load(context: ssl.SSLContext, secrets: ConsoleSecrets) -> None:
    """From now on new connections get this certificate."""
    with _as_files(secrets) as (certificate, key):
        context.load_cert_chain(certificate, key)


@contextlib.contextmanager
def _as_files(secrets: ConsoleSecrets) -> Iterator[tuple[Path, Path]]:
    """In a folder that only this user may enter, gone when it was read."""
    with tempfile.TemporaryDirectory(prefix="natvakt-console-") as name:
        certificate, key = Path(name) / "certificate.pem", Path(name) / "key.pem"
        certificate.write_bytes(secrets.certificate_chain)
        key.touch(mode=0o600)
        key.write_bytes(secrets.private_key)
        yield certificate, key


def console_part(house: House) -> Part:
    configuration = house.configuration
    host, port = address(configuration.console.listen, "console.listen")
    limits = thresholds(rule_book(rules_folder(configuration)).checks)

    def make_application(secrets: ConsoleSecrets) -> Flask:
        settings = ConsoleSettings(
            partner=configuration.partner.name,
            language=configuration.partner.language,
            time_zone=configuration.partner.time_zone,
            address=console_address(configuration),
            version=house.version,
            session_lifetime_ns=int(seconds(configuration.console.session_lifetime, "console.session_lifetime") * 1e9),
            session_idle_ns=int(seconds(configuration.console.session_idle, "console.session_idle") * 1e9),
            secret=secrets.second_factor_key,
            thresholds=limits,
        )
        ports = with_second_wall(house, console_ports(house, secrets.notification_key))
        api = ApiPorts(ports, house.stores.listing, house.stores.access.api_tokens, watch(house))
        return create_application(ports, settings, Surroundings(house.clock, house.random, house.new_id), api=api)

    return ConsolePart(house.console_folder, make_application, host, port)


def watch(house: House) -> Watch:
    """What `/metrics` shows, and who may read it. Raises ConfigurationError."""
    name = house.configuration.console.metrics_token_file
    token = secret_from(Path(name), "console.metrics_token_file").encode() if name else b""
    return Watch(house.stores.vitals, house.disk, house.version, token)


def console_ports(house: House, notification_key: bytes) -> ConsolePorts:
    stores = house.stores
    sealer = SecretSealer(notification_key) if notification_key else None
    return ConsolePorts(
        estate=stores.reader,
        device_history=stores.reader,
        overview=stores.overview,
        search=stores.search,
        series=house.series,
        assessments=stores.assessments,
        acceptances=stores.acceptances,
        papers=stores.papers,
        report_outbox=stores.report_outbox,
        configurations=stores.configurations,
        agreements=stores.agreements,
        backups=stores.backups,
        expectations=stores.backups,
        events=stores.events,
        incidents=stores.incidents,
        accounts=stores.accounts,
        second_factors=stores.access.second_factors,
        identities=stores.access.identities,
        sign_on=identity_provider(house.configuration),
        api_tokens=stores.access.api_tokens,
        agents=stores.agents,
        agent_sessions=stores.gateway,
        audit=stores.audit,
        jobs=stores.jobs,
        commands=stores.commands,
        delivery=stores.delivery,
        knowledge=KnowledgeWatch(stores.knowledge, stores.asked, configured(house.configuration.knowledge)),
        notifying=NotifyingPorts(stores.notifying.settings, stores.notifying.chains, stores.notifying.outbox, sealer),
    )
