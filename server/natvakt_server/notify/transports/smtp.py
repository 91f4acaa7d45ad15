"""Mail by SMTP (RFC 5321), with TLS from the start or by STARTTLS (RFC 8314, RFC 3207); in the clear only where it is written down."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

from natvakt_server.notify.port import Answer, Mail, MailTransport, NotDelivered, Outgoing, Refused, Unavailable

TIMEOUT_SECONDS = 30.0
PERMANENT = 500  # RFC 5321, section 4.2.1: 5yz is for good


@dataclass(frozen=True, slots=True)
class MailPost:
    """Notices as mails. Implements `Transport`."""

    transport: MailTransport

    def send(self, outgoing: Outgoing) -> Answer:
        assert isinstance(outgoing, Mail)
        self.transport.send(outgoing.message)
        return Answer()


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """`security`: starttls, tls or none. Certificates are checked against the host's trusted ones unless `tls_context` says otherwise."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    tls_context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    timeout_seconds: float = TIMEOUT_SECONDS

    def send(self, message: EmailMessage) -> None:
        """Implements `MailTransport`."""
        where = f"{self.host}:{self.port}"
        try:
            connection = self._connect()
            try:
                connection.send_message(message)
                with contextlib.suppress(OSError, smtplib.SMTPException):  # it was taken, whatever is said of the farewell
                    connection.quit()
            finally:
                connection.close()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            words = "; ".join(text.decode("utf-8", "replace") for _, text in error.recipients.values())
            raise _kind(min(codes))(f"{where} refuses the recipient: {words}") from error
        except smtplib.SMTPAuthenticationError as error:
            raise Unavailable(f"{where} refuses user {self.user!r}; check mail.user and mail.password_file") from error
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error
            words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
            raise _kind(error.smtp_code)(f"{where} answers {error.smtp_code}: {words}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unavailable(f'{where}: {error}; set mail.security to "tls", or to "none" on a network that you trust') from error
        except (OSError, smtplib.SMTPException) as error:
            # smtplib tells of a server that falls silent as of one that hung up.
            if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
                raise Unavailable(f"{where} took the connection and then said nothing for {self.timeout_seconds:g} s") from error
            raise Unavailable(f"{where} cannot be reached: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_seconds, context=self.tls_context())
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            if self.security == "starttls":
                connection.starttls(context=self.tls_context())
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _kind(code: int) -> type[NotDelivered]:
    return Refused if code >= PERMANENT else Unavailable
