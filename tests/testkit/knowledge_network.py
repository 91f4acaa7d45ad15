"""The sources behind real TLS: an HTTP proxy on the loopback that answers for each host itself, with a certificate for their names.

What is tested this way is the edge as it runs: the proxy is asked to connect, the certificate is verified, bodies are cut or packed on the
wire. `FakeSources` decides what is answered.
"""

import datetime
import gzip
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from natvakt_server.knowledge.asking.messages import Request
from natvakt_server.knowledge.asking.services import HOSTS
from testkit.knowledge_sources import FakeSources

EARLIER, LATER = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)


@dataclass
class Network:
    """`cut`: how many octets are sent of each body; `packed`: bodies are sent as gzip; `flood`: octets of zeros sent packed instead."""

    sources: FakeSources
    folder: Path
    port: int = 0
    cut: int | None = None
    packed: bool = False
    flood: int = 0
    connected: list[str] = field(default_factory=list)

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"


def _certificates(folder: Path, names: list[str]) -> None:
    """An authority, and a certificate of its for these names."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test Authority")])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test Sources")])

    def made(subject: x509.Name, public: ec.EllipticCurvePublicKey, *extensions: x509.ExtensionType) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(authority_name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(EARLIER).not_valid_after(LATER)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(authority_key, hashes.SHA256())

    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = made(authority_name, authority_key.public_key(), x509.BasicConstraints(True, 0), identifier)
    pointer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    leaf = made(name, key.public_key(), x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), pointer)
    (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "leaf.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + private)


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever is refused or has read enough hangs up: the test sees what it saw."""


@contextmanager
def network(sources: FakeSources, folder: Path, names: list[str] | None = None) -> Iterator[Network]:
    """`names`: what the certificate is for, if not for all hosts."""
    _certificates(folder, sorted(HOSTS) if names is None else names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    net = Network(sources, folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_CONNECT(self) -> None:
            net.connected.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.host = self.path.partition(":")[0]
            try:
                self.connection = context.wrap_socket(self.connection, server_side=True)
            except (ssl.SSLError, OSError):
                self.close_connection = True
                return
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.handle_one_request()
            self.close_connection = True
            self.wfile.close()
            self.rfile.close()
            self.connection.close()

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            told = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")}
            answer = net.sources.answer(Request(self.host, self.path, told, self.rfile.read(length)))
            body = gzip.compress(bytes(net.flood)) if net.flood else gzip.compress(answer.body) if net.packed else answer.body
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if net.flood or net.packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: net.cut] if net.cut is not None else body)

        do_POST = do_GET

        def log_message(self, *words: object) -> None:
            """Nothing is logged."""

    server = QuietServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    net.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield net
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
