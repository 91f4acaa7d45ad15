"""The certificate the worker leaves for the gateway: renewed before its end, served from the next handshake on."""

import ssl
import stat
import threading
import time

import pytest
from cryptography import x509
from natvakt_server.app.gateway_folder import RENEW_BEFORE_END_NS, SERVER_FILE, GatewayFolder
from natvakt_server.gateway.enrolment import EnrolmentListener, EnrolmentServer
from natvakt_server.identity.authority import SERVER_LIFE_SECONDS
from natvakt_server.identity.key_files import KeyDirectory, KeyFileError
from testkit.identity import IdentityHouse, SettableClock

HOSTS = ("192.0.2.1",)
TIMEOUT_SECONDS = 10.0


@pytest.fixture
def folder(tmp_path):
    return GatewayFolder(KeyDirectory(tmp_path / "gateway"))


@pytest.fixture
def house():
    return IdentityHouse(clock=SettableClock(now_ns=time.time_ns()))


def leave(folder, house, hosts=HOSTS):
    return folder.keep_valid(house.authority, hosts, house.clock)


def test_before_a_worker_ran_there_is_nothing(folder):
    assert folder.read() is None


def test_what_is_left_is_private_and_holds_no_key_of_the_authority(folder, house, tmp_path):
    assert leave(folder, house)
    for path in (tmp_path / "gateway").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert house.files.content["ca.pem"].split(b"-----END")[0] not in path.read_bytes()
    assert folder.read().agents_ca == house.authority.certificate_pem


def test_a_good_certificate_is_left_alone(folder, house):
    leave(folder, house)
    before = folder.read()
    house.clock.advance(SERVER_LIFE_SECONDS - RENEW_BEFORE_END_NS / 1e9 - 60)
    assert not leave(folder, house)
    assert folder.read() == before


def test_it_is_renewed_a_month_before_its_end(folder, house):
    leave(folder, house)
    before = folder.read()
    house.clock.advance(SERVER_LIFE_SECONDS - RENEW_BEFORE_END_NS / 1e9 + 60)
    assert leave(folder, house)
    assert folder.read().certificate_chain != before.certificate_chain


def test_another_address_and_another_authority_need_another_certificate(folder, house):
    leave(folder, house)
    assert leave(folder, house, ("natvakt.example",))
    assert leave(folder, IdentityHouse(clock=house.clock))


def test_half_a_file_is_told_with_the_way_out(folder, house, tmp_path):
    leave(folder, house)
    (tmp_path / "gateway" / SERVER_FILE).write_bytes(b"half")
    with pytest.raises(KeyFileError, match="remove it"):
        folder.read()


def test_a_renewed_certificate_is_served_without_a_restart(folder, house):
    leave(folder, house)
    first = folder.read()
    listener = EnrolmentListener("127.0.0.1:0", first.certificate_chain, first.private_key, folder.read)
    stop, started, port = threading.Event(), threading.Event(), []

    def note(found):
        port.append(found)
        started.set()

    thread = threading.Thread(target=EnrolmentServer(listener, house.desk, house.clock).run, args=(stop, note), daemon=True)
    thread.start()
    assert started.wait(TIMEOUT_SECONDS)

    def served():
        pem = ssl.get_server_certificate(("127.0.0.1", port[0]), timeout=TIMEOUT_SECONDS)
        return x509.load_pem_x509_certificate(pem.encode())

    try:
        assert served() == x509.load_pem_x509_certificate(first.certificate_chain)
        leave(folder, house, ("192.0.2.2",))
        assert served() == x509.load_pem_x509_certificate(folder.read().certificate_chain)
    finally:
        stop.set()
        thread.join(TIMEOUT_SECONDS)
