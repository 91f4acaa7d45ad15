"""A small OpenID Connect provider on the loopback: discovery, authorization, token and keys, with tokens that are really signed.

It does what a real one does with a code: takes it once, from the client it was made for, with the PKCE verifier and the redirect address it
began with. `claims` are whose login it is; `spoil` changes a token's claims before they are signed; `signs_with` is another key where a
forger is played.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT_ID, CLIENT_SECRET = "natvakt", "secret of natvakt / with: signs"
LIFE_SECONDS = 300


@dataclass
class LocalProvider:
    claims: dict[str, Any]
    now_seconds: int
    port: int = 0
    spoil: dict[str, Any] = field(default_factory=dict)
    key: jwk.ECKey = field(default_factory=lambda: jwk.ECKey.generate_key("P-256", {"kid": "one"}, auto_kid=False))
    signs_with: jwk.ECKey | None = None
    calls_itself: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realm"

    def discovery(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.calls_itself or self.issuer, **{name: f"{self.issuer}/{end}" for name, end in ends.items()}}

    def authorize(self, asked: dict[str, str]) -> str:
        """The address the browser is sent back to."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        pair = base64.b64encode(f"{CLIENT_ID}:{_quoted(CLIENT_SECRET)}".encode()).decode()
        challenge = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        problems = {
            "code": asked is None,
            "client": authorization != f"Basic {pair}",
            "verifier": asked is not None and asked["code_challenge"] != challenge,
            "redirect": asked is not None and asked["redirect_uri"] != form.get("redirect_uri"),
        }
        self.refused += [name for name, is_wrong in problems.items() if is_wrong]
        if asked is None or any(problems.values()):
            return None
        told = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "nonce": asked["nonce"],
            "iat": self.now_seconds,
            "exp": self.now_seconds + LIFE_SECONDS,
            **self.claims,
            **self.spoil,
        }
        key = self.signs_with or self.key
        return {"token_type": "Bearer", "access_token": "unused", "id_token": jwt.encode({"alg": "ES256", "kid": "one"}, told, key)}


def _quoted(text: str) -> str:
    return urlencode({"": text})[1:].replace("+", "%20")


def _handler(provider: LocalProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            end = parts.path.removeprefix("/realm/")
            if end == "authorize":
                back = provider.authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
                self.send_response(302)
                self.send_header("Location", back)
                self.end_headers()
            elif end == ".well-known/openid-configuration":
                self._tell(provider.discovery())
            elif end == "keys":
                self._tell({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._tell(None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._tell(provider.token(form, self.headers.get("Authorization", "")))

        def _tell(self, told: dict[str, Any] | None) -> None:
            body = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running(provider: LocalProvider) -> Iterator[LocalProvider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sent_back(address: str) -> str:
    """What a browser does with the address it was sent to: asks the provider, and is sent back here."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = connection.getresponse().getheader("Location") or ""
    connection.close()
    return back
