"""A console that listens: over TLS with a certificate of the partner's own CA, on a free port of loopback."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from natvakt_server.app.console import ConsolePart
from natvakt_server.app.console_folder import ConsoleFolder
from natvakt_server.app.gateway_folder import CA_FILE, SERVER_FILE
from natvakt_server.app.keys import SECOND_FACTOR_KEY
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.identity.authority import CertificateAuthority, ServerIdentity, open_authority
from testkit.identity import MemoryKeyFiles

START_SECONDS = 30


def authority() -> CertificateAuthority:
    """By the host's own clock: whoever connects checks the certificate against that."""
    return open_authority(MemoryKeyFiles(), SystemClock(), os.urandom)


@contextmanager
def served(application: Flask, identity: ServerIdentity, port: int = 0) -> Iterator[str]:
    """The address it serves at. Raises what keeps it from serving."""
    folder = ConsoleFolder(MemoryKeyFiles())
    folder.files.write(SERVER_FILE, identity.key_pem + identity.chain_pem)
    folder.files.write(CA_FILE, b"the CA's")
    folder.files.write(SECOND_FACTOR_KEY, bytes(32))
    part = ConsolePart(folder, lambda _secrets: application, "127.0.0.1", port)
    stop, ready, where, failures = threading.Event(), threading.Event(), list[str](), list[Exception]()

    def told(address: str) -> None:
        where.append(address)
        ready.set()

    thread = threading.Thread(target=_run, args=(part, stop, told, failures, ready), daemon=True)
    thread.start()
    assert ready.wait(START_SECONDS), "the console did not start"
    if failures:
        raise failures[0]
    yield where[0]
    stop.set()
    thread.join(START_SECONDS)
    assert not thread.is_alive(), "the console did not stop"


def _run(part: ConsolePart, stop: threading.Event, told: Callable[[str], None], failures: list[Exception], ready: threading.Event) -> None:
    try:
        part.run(stop, told)
    except Exception as error:
        failures.append(error)
        ready.set()
