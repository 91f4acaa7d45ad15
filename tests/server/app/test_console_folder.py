"""What the worker leaves for the console, and that a console without it says who has to leave it."""

import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from natvakt_server.app import console
from natvakt_server.app.console import CannotServe, ConsolePart, adapter, load
from natvakt_server.app.console_folder import ConsoleFolder, ConsoleSecrets
from natvakt_server.app.gateway_folder import RENEW_BEFORE_END_NS
from natvakt_server.identity.authority import CertificateAuthority, open_authority
from natvakt_server.identity.key_files import KeyDirectory
from testkit.console import MovingClock, Randomness
from testkit.identity import MemoryKeyFiles

HOSTS = ("console.example", "localhost")
KEY = bytes(range(32))
PUBLIC = bytes(range(64))


def authority() -> CertificateAuthority:
    """By the clock the tests move."""
    return open_authority(MemoryKeyFiles(), MovingClock(), Randomness())


@pytest.fixture
def folder(tmp_path: Path) -> ConsoleFolder:
    return ConsoleFolder(KeyDirectory(tmp_path / "console"))


def hosts_of(secrets: ConsoleSecrets) -> set[str]:
    names = x509.load_pem_x509_certificate(secrets.certificate_chain).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(name.value) for name in names.value}


def test_the_worker_leaves_certificate_and_key_once(folder: ConsoleFolder) -> None:
    ca, clock = authority(), MovingClock()
    assert folder.read() is None
    assert folder.keep_valid(ca, HOSTS, KEY, PUBLIC, clock)
    secrets = folder.read()
    assert secrets is not None
    assert secrets.second_factor_key == KEY
    assert secrets.notification_key == PUBLIC
    assert hosts_of(secrets) >= set(HOSTS)
    assert not folder.keep_valid(ca, HOSTS, KEY, PUBLIC, clock)


def test_a_certificate_that_ends_or_lacks_a_host_is_renewed_in_time(folder: ConsoleFolder) -> None:
    ca, clock = authority(), MovingClock()
    folder.keep_valid(ca, HOSTS, KEY, PUBLIC, clock)
    assert folder.keep_valid(ca, (*HOSTS, "other.example"), KEY, PUBLIC, clock)
    clock.now_ns += 2 * RENEW_BEFORE_END_NS + 1_000_000_000
    assert folder.keep_valid(ca, HOSTS, KEY, PUBLIC, clock)


def test_another_key_replaces_the_one_that_lies_there(folder: ConsoleFolder) -> None:
    ca, clock = authority(), MovingClock()
    folder.keep_valid(ca, HOSTS, KEY, PUBLIC, clock)
    assert folder.keep_valid(ca, HOSTS, bytes(32), PUBLIC, clock)
    assert folder.keep_valid(ca, HOSTS, bytes(32), bytes(64), clock)
    secrets = folder.read()
    assert secrets is not None
    assert secrets.second_factor_key == bytes(32)


def test_no_secret_is_in_a_repr(folder: ConsoleFolder) -> None:
    folder.keep_valid(authority(), HOSTS, KEY, PUBLIC, MovingClock())
    secrets = folder.read()
    assert "PRIVATE" not in repr(secrets)
    assert repr(KEY) not in repr(secrets)


def test_a_console_without_a_worker_says_who_has_to_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "SECRETS_LOOK_SECONDS", 0.001)
    monkeypatch.setattr(console, "SECRETS_WAIT_SECONDS", 0.003)
    part = ConsolePart(ConsoleFolder(MemoryKeyFiles()), lambda _secrets: None, "127.0.0.1", 0)  # type: ignore[arg-type,return-value]
    with pytest.raises(CannotServe, match="run --role worker"):
        part.run(threading.Event(), lambda _where: None)


def test_a_console_that_is_stopped_while_it_waits_ends() -> None:
    stop = threading.Event()
    stop.set()
    part = ConsolePart(ConsoleFolder(MemoryKeyFiles()), lambda _secrets: None, "127.0.0.1", 0)  # type: ignore[arg-type,return-value]
    part.run(stop, lambda _where: pytest.fail("it serves without a certificate"))


def test_a_renewed_certificate_is_served_to_new_connections() -> None:
    ca, folder = authority(), ConsoleFolder(MemoryKeyFiles())
    folder.keep_valid(ca, HOSTS, KEY, PUBLIC, MovingClock())
    first = folder.read()
    assert first is not None
    served = adapter(first)
    folder.keep_valid(ca, (*HOSTS, "other.example"), KEY, PUBLIC, MovingClock())
    newer = folder.read()
    assert newer is not None
    load(served.context, newer)
    assert presented(served.context) == der(newer)
    assert der(first) != der(newer)


def der(secrets: ConsoleSecrets) -> bytes:
    return ssl.PEM_cert_to_DER_cert(secrets.certificate_chain.decode())


def presented(server: ssl.SSLContext) -> bytes | None:
    """The certificate a client is shown, in a handshake through memory."""
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client, other = asking.wrap_bio(to_client, to_server), server.wrap_bio(to_server, to_client, server_side=True)
    done = 0
    while done < 2:
        done = 0
        for side in (client, other):
            try:
                side.do_handshake()
                done += 1
            except ssl.SSLWantReadError:
                continue
    return client.getpeercert(binary_form=True)


def test_the_random_bytes_of_tests_differ_from_call_to_call() -> None:
    random = Randomness()
    assert random(32) != random(32)
