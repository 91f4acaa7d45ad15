"""TLS as it goes out: by the name that was written down, over the address that was looked at."""

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.identity.authority import open_authority
from natvakt_server.notify.port import HttpCall, SyslogLine, Unavailable
from natvakt_server.notify.transports.http import HttpPost
from natvakt_server.notify.transports.syslog import SyslogPost
from testkit.channels import LOOPBACK
from testkit.identity import MemoryKeyFiles

NAME = "receiver.example"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class TlsServer:
    """Takes one connection: all of it until the client ends, or the head of a request, which it answers."""

    context: ssl.SSLContext
    trusted: ssl.SSLContext
    answers: bool = True
    is_rude: bool = False
    named: list[str | None] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    port: int = 0

    def serve(self, listener: socket.socket) -> None:
        plain, _ = listener.accept()
        plain.settimeout(10)
        try:
            with self.context.wrap_socket(plain, server_side=True) as secured:
                self.taken.append(secured.recv(65_536))
                if self.answers:
                    secured.sendall(ANSWER)
                if not self.is_rude:
                    secured.unwrap().close()
        except (OSError, ssl.SSLError):
            self.taken.append(b"")


@pytest.fixture(scope="module")
def authority():
    return open_authority(MemoryKeyFiles(), SystemClock(), os.urandom)


@pytest.fixture
def server(authority, tmp_path: Path) -> Iterator[TlsServer]:
    identity = authority.server_identity((NAME,))
    file = tmp_path / "server.pem"
    file.write_bytes(identity.key_pem + identity.chain_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    made = TlsServer(context, ssl.create_default_context(cadata=authority.certificate_pem.decode()))
    context.sni_callback = lambda _socket, name, _context: made.named.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made.port = listener.getsockname()[1]
        thread = threading.Thread(target=made.serve, args=(listener,))
        thread.start()
        yield made
        thread.join(15)


def here(_host, _port):
    return ["127.0.0.1"]


def test_https_asks_for_the_name_and_trusts_its_certificate(server):
    post = HttpPost(LOOPBACK, "natvakt/1.0", lambda: server.trusted, here)
    assert post.send(HttpCall(f"https://{NAME}:{server.port}/x", b"{}")).body == b"ok"
    assert server.named == [NAME]
    assert f"Host: {NAME}:{server.port}".encode() in server.taken[0]


def test_a_certificate_for_another_name_is_not_trusted(server):
    post = HttpPost(LOOPBACK, "natvakt/1.0", lambda: server.trusted, here)
    with pytest.raises(Unavailable, match=r"other\.example: its certificate is not trusted"):
        post.send(HttpCall(f"https://other.example:{server.port}/x", b"{}"))


def test_a_certificate_of_an_unknown_authority_is_not_trusted(server):
    post = HttpPost(LOOPBACK, "natvakt/1.0", resolve=here)
    with pytest.raises(Unavailable, match="its certificate is not trusted"):
        post.send(HttpCall(f"https://{NAME}:{server.port}/x", b"{}"))


def test_syslog_over_tls_counts_octets(server):
    server.answers = False
    SyslogPost(LOOPBACK, lambda: server.trusted, here).send(SyslogLine(NAME, server.port, "tls", b"<130>1 - - natvakt - - - x"))
    assert server.taken == [b"26 <130>1 - - natvakt - - - x"]


def test_a_receiver_that_hangs_up_without_a_farewell_has_taken_the_line(server):
    server.answers, server.is_rude = False, True
    SyslogPost(LOOPBACK, lambda: server.trusted, here).send(SyslogLine(NAME, server.port, "tls", b"<130>1 - - natvakt - - - x"))
    assert server.taken == [b"26 <130>1 - - natvakt - - - x"]
