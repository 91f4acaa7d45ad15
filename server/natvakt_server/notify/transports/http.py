"""HTTP to where people said: resolved and looked at before it is called, certificates verified, redirects not followed, answers bounded.

Of an error nothing is told but the host: the rest of an address, headers and bodies may hold secrets.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from natvakt_server.notify.port import Answer, HttpCall, Outgoing, Refused, Unavailable
from natvakt_server.notify.reach import Reach

MOST_ANSWER_BYTES = 16 * 1024
TIMEOUT_SECONDS, LONGEST_CALL_SECONDS = 10.0, 30.0
Resolve = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> Sequence[str]:
    """Every address of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]).partition("%")[0] for _, _, _, _, sockaddr in found))


@dataclass(frozen=True, slots=True)
class HttpPost:
    """Implements `Transport`. `agent`: what stands as User-Agent."""

    reach: Reach
    agent: str
    tls_context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    resolve: Resolve = resolved
    timeout_seconds: float = TIMEOUT_SECONDS
    longest_seconds: float = LONGEST_CALL_SECONDS

    def send(self, outgoing: Outgoing) -> Answer:
        """Raises Unavailable, Refused."""
        assert isinstance(outgoing, HttpCall)
        parts = urlsplit(outgoing.url)
        host, clear = parts.hostname or "", parts.scheme == "http"
        port = parts.port or (80 if clear else 443)
        try:
            target = self.reach.allowed(host, self.resolve(host, port), clear=clear)
            with self._connected(host, target, port, clear=clear) as connection:
                return self._ask(connection, outgoing, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        except socket.gaierror as error:
            raise Unavailable(f"{host} has no address: {error.strerror}") from error
        except ssl.SSLCertVerificationError as error:
            raise Unavailable(f"{host}: its certificate is not trusted: {error.verify_message}") from error
        except TimeoutError as error:
            raise Unavailable(f"{host} did not answer within {self.timeout_seconds:.0f} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"{host} cannot be reached: {type(error).__name__}") from error
        except UnicodeError as error:
            raise Refused(f"{host}: the address or a header holds characters that HTTP does not take") from error

    @contextlib.contextmanager
    def _connected(self, host: str, target: str, port: int, *, clear: bool) -> Iterator[http.client.HTTPConnection]:
        """To `target`, whatever the name resolves to by now. Cut after the longest time, however busy the other side trickles."""
        plain = socket.create_connection((target, port), self.timeout_seconds)
        cut = threading.Timer(self.longest_seconds, _shut, (plain,))
        cut.daemon = True
        cut.start()
        try:
            connection = http.client.HTTPConnection(host, port, timeout=self.timeout_seconds)
            connection.sock = plain if clear else self.tls_context().wrap_socket(plain, server_hostname=host)
            connection.auto_open = 0
            try:
                yield connection
            finally:
                connection.close()
        finally:
            cut.cancel()
            plain.close()

    def _ask(self, connection: http.client.HTTPConnection, call: HttpCall, path: str) -> Answer:
        headers = {"User-Agent": self.agent, "Accept": "application/json, text/plain", "Connection": "close", **call.headers}
        connection.request(call.method, path, call.body, headers)
        response = connection.getresponse()
        try:
            body = response.read(MOST_ANSWER_BYTES)
        finally:
            response.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


def _shut(held: socket.socket) -> None:
    with contextlib.suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)
