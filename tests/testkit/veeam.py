"""A Veeam backup server's REST service over TLS on loopback, as far as the agent asks it."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD, TOKEN = "viewer", "tall-birch-77", "token-of-this-look"


@dataclass
class Veeam:
    """What it knows. `lacks` are lists that this version does not have."""

    states: list[dict[str, Any]] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    tasks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, object]:
        self.asked.append(path)
        if path in self.lacks:
            return 404, {"errorCode": "NotFound"}
        if path == "/api/v1/jobs/states":
            wanted = query["nameFilter"][0].casefold()
            return 200, {"data": [state for state in self.states if wanted in state["name"].casefold()]}
        if path == "/api/v1/sessions":
            return 200, {"data": [each for each in self.sessions if each["jobId"] == query["jobIdFilter"][0]]}
        return 200, {"data": self.tasks.get(query["sessionIdFilter"][0], [])}


def certificate(folder: Path) -> tuple[Path, Path]:
    """Certificate and key of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "veeam")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "veeam.pem", folder / "veeam.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return paths


@contextmanager
def serving(veeam: Veeam, folder: Path) -> Iterator[Path]:
    """Serve until the end of the block; gives the certificate that is to be trusted."""
    own, key = certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if self.path == "/api/oauth2/logout":
                veeam.ended.append(self.headers["Authorization"])
                self._say(200, {})
                return
            is_known = (form["username"], form["password"], form["grant_type"]) == ([USER], [PASSWORD], ["password"])
            self._say(200 if is_known else 401, {"access_token": TOKEN} if is_known else {"error": "invalid_grant"})

        def do_GET(self) -> None:
            if self.headers["Authorization"] != f"Bearer {TOKEN}" or not self.headers["x-api-version"]:
                self._say(401, {})
                return
            parts = urlsplit(self.path)
            self._say(*veeam.answer(parts.path, parse_qs(parts.query)))

        def _say(self, status: int, told: object) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    veeam.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
