"""Served over TLS by threads: a certificate of the partner's own CA, nothing below TLS 1.2, a clear word when the port is taken."""

import http.client
import re
import socket
import ssl
from pathlib import Path

import pytest
from natvakt_server.app.console import CannotServe
from testkit.console import ConsoleHouse
from testkit.served_console import authority, served


@pytest.fixture(scope="module")
def ca():
    return authority()


def context_of(ca, tmp_path: Path) -> ssl.SSLContext:
    path = tmp_path / "ca.pem"
    path.write_bytes(ca.certificate_pem)
    return ssl.create_default_context(cafile=str(path))


def place_of(address: str) -> tuple[str, int]:
    host, _, port = address.removeprefix("https://").rpartition(":")
    return host, int(port)


def test_pages_come_over_tls_that_the_partners_ca_vouches_for(house: ConsoleHouse, ca, tmp_path: Path) -> None:
    with served(house.application, ca.server_identity(("127.0.0.1", "localhost"))) as address:
        host, port = place_of(address)
        connection = http.client.HTTPSConnection(host, port, context=context_of(ca, tmp_path), timeout=30)
        connection.request("GET", "/login")
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
    assert answer.status == 200
    assert re.search('name="csrf" value="[0-9a-f]{64}"', body)
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["Server"] == "natvakt"


def test_promise_47_an_old_protocol_is_refused(house: ConsoleHouse, ca) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    serving = served(house.application, ca.server_identity(("127.0.0.1",)))
    refused = pytest.raises((ssl.SSLError, ConnectionError))
    with serving as address, socket.create_connection(place_of(address), 30) as plain, refused:
        old.wrap_socket(plain)


def test_plain_http_gets_no_page(house: ConsoleHouse, ca) -> None:
    with served(house.application, ca.server_identity(("127.0.0.1",))) as address:
        connection = http.client.HTTPConnection(*place_of(address), timeout=30)
        connection.request("GET", "/login")
        try:
            status = connection.getresponse().status
        except (http.client.HTTPException, ConnectionError):
            status = 400
        connection.close()
    assert status == 400


def test_a_port_that_is_taken_is_named_with_the_way_out(house: ConsoleHouse, ca) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        taken = served(house.application, ca.server_identity(("127.0.0.1",)), port)
        with pytest.raises(CannotServe, match=rf"127\.0\.0\.1:{port}: .*set console\.listen to another one"), taken:
            raise AssertionError("it serves on a port that is taken")


def test_the_private_key_is_in_no_repr(ca) -> None:
    assert "PRIVATE" not in repr(ca.server_identity(("127.0.0.1",)))


def test_many_at_once_are_served(house: ConsoleHouse, ca, tmp_path: Path) -> None:
    context = context_of(ca, tmp_path)
    with served(house.application, ca.server_identity(("127.0.0.1",))) as address:
        open_ones = [http.client.HTTPSConnection(*place_of(address), context=context, timeout=30) for _ in range(8)]
        for connection in open_ones:
            connection.request("GET", "/static/console.css")
        assert [connection.getresponse().status for connection in open_ones] == [200] * 8
        for connection in open_ones:
            connection.close()
