"""HTTPS to the sources of knowledge: only to hosts on the list, certificates verified, answers bounded, redirects not followed.

One connection a call: sources are asked seldom, and a connection that is kept is one more thing that may have gone. What is sent and
received is never logged: headers hold tokens and keys.
"""

import http.client
import ssl
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from natvakt_server.knowledge.asking.messages import Answer, AnswerTooLarge, NoAnswer, Request

PORT = 443
TIMEOUT_SECONDS = 30.0
LONGEST_CALL_SECONDS = 180.0
PIECE_BYTES = 64 * 1024
GZIP_WINDOW = 31  # zlib's word for a gzip stream


class HostRefused(ValueError):
    """A host that is not on the list: a mistake in this program, and never sent to."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that is asked to connect through (RFC 9110, section 9.3.6)."""

    host: str
    port: int


def proxy_of(url: str) -> Proxy:
    """`http://proxy.example:3128`. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or parts.username or parts.path.strip("/"):
        raise ValueError(f"{url[:60]!r} is not http://HOST:PORT")
    return Proxy(parts.hostname, parts.port or 80)


class HttpsTransport:
    """Implements `Transport`. `seconds` is a clock that never steps back."""

    def __init__(
        self, hosts: Collection[str], context: ssl.SSLContext, agent: str, seconds: Callable[[], float], proxy: Proxy | None = None
    ) -> None:
        self._hosts, self._context, self._agent, self._seconds, self._proxy = frozenset(hosts), context, agent, seconds, proxy

    def send(self, request: Request, most_bytes: int) -> Answer:
        """Raises NoAnswer, AnswerTooLarge, HostRefused."""
        if request.host not in self._hosts:
            raise HostRefused(f"{request.host!r} is no source of knowledge")
        connection = self._connection(request.host)
        try:
            headers = {"User-Agent": self._agent, "Accept": "application/json", "Accept-Encoding": "gzip", **request.headers}
            connection.request("POST" if request.body else "GET", request.target, request.body or None, headers)
            response = connection.getresponse()
            body = self._body(request.host, response, most_bytes)
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
        except ssl.SSLCertVerificationError as error:
            raise NoAnswer(f"{request.host}: its certificate is not trusted: {error.verify_message}") from error
        except (OSError, http.client.HTTPException, zlib.error) as error:
            raise NoAnswer(f"{request.host}: {type(error).__name__}: {str(error)[:120]}") from error
        finally:
            connection.close()

    def _connection(self, host: str) -> http.client.HTTPSConnection:
        if self._proxy is None:
            return http.client.HTTPSConnection(host, PORT, timeout=TIMEOUT_SECONDS, context=self._context)
        connection = http.client.HTTPSConnection(self._proxy.host, self._proxy.port, timeout=TIMEOUT_SECONDS, context=self._context)
        connection.set_tunnel(host, PORT)
        return connection

    def _body(self, host: str, response: http.client.HTTPResponse, most_bytes: int) -> bytes:
        """Raises NoAnswer for one that breaks off or trickles, AnswerTooLarge; both before and after unpacking."""
        deadline = self._seconds() + LONGEST_CALL_SECONDS
        packed = response.getheader("Content-Encoding", "identity").strip().lower()
        if packed not in ("identity", "gzip"):
            raise NoAnswer(f"{host}: answers packed as {packed[:20]!r}, which was not asked for")
        unpack = zlib.decompressobj(GZIP_WINDOW) if packed == "gzip" else None
        received = bytearray()
        while piece := response.read(PIECE_BYTES):
            received += piece if unpack is None else unpack.decompress(piece, most_bytes + 1 - len(received))
            if len(received) > most_bytes or (unpack is not None and unpack.unconsumed_tail):
                raise AnswerTooLarge(f"{host}: an answer of more than {most_bytes // 1024**2} MiB; no documented answer is so large")
            if self._seconds() > deadline:
                raise NoAnswer(f"{host}: the answer took more than {LONGEST_CALL_SECONDS:.0f} s")
        if response.length:
            raise NoAnswer(f"{host}: the answer breaks off, {response.length} bytes short")
        if unpack is not None and received and not unpack.eof:
            raise NoAnswer(f"{host}: the packed answer breaks off")
        return bytes(received)
