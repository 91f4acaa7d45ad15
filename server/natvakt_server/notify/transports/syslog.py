"""Syslog over UDP, TCP or TLS: one line, one connection. Notices are seldom, and a connection that is kept may have gone."""

import contextlib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from natvakt_server.notify.port import Answer, Outgoing, SyslogLine, Unavailable
from natvakt_server.notify.reach import Reach
from natvakt_server.notify.transports.http import Resolve, resolved

TIMEOUT_SECONDS, FAREWELL_SECONDS = 10.0, 2.0


@dataclass(frozen=True, slots=True)
class SyslogPost:
    """Implements `Transport`. UDP and TCP go to the operator's own networks only: they are in the clear."""

    reach: Reach
    tls_context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    resolve: Resolve = resolved
    timeout_seconds: float = TIMEOUT_SECONDS

    def send(self, outgoing: Outgoing) -> Answer:
        """Raises Unavailable, Refused."""
        assert isinstance(outgoing, SyslogLine)
        host = outgoing.host
        try:
            target = self.reach.allowed(host, self.resolve(host, outgoing.port), clear=outgoing.transport != "tls")
            if outgoing.transport == "udp":
                _datagram(target, outgoing)
            else:
                self._stream(target, outgoing)
        except ssl.SSLCertVerificationError as error:
            raise Unavailable(f"{host}: its certificate is not trusted: {error.verify_message}") from error
        except OSError as error:
            raise Unavailable(f"{host}:{outgoing.port} cannot be reached: {error.strerror or type(error).__name__}") from error
        return Answer()

    def _stream(self, target: str, outgoing: SyslogLine) -> None:
        framed = f"{len(outgoing.line)} ".encode() + outgoing.line  # octet counting, RFC 6587 section 3.4.1
        with socket.create_connection((target, outgoing.port), self.timeout_seconds) as plain:
            if outgoing.transport == "tcp":
                plain.sendall(framed)
                plain.shutdown(socket.SHUT_WR)
                return
            with self.tls_context().wrap_socket(plain, server_hostname=outgoing.host) as secured:
                secured.sendall(framed)
                secured.settimeout(FAREWELL_SECONDS)
                with contextlib.suppress(OSError):  # it was written; not every receiver says farewell (RFC 5425, section 4.4)
                    secured.unwrap().close()


def _datagram(target: str, outgoing: SyslogLine) -> None:
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as plain:
        plain.connect((target, outgoing.port))
        plain.send(outgoing.line)
