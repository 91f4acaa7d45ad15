"""The server's mail server, from its settings."""

from pathlib import Path

from natvakt_server.app.config import address
from natvakt_server.app.config_sections import Mail
from natvakt_server.app.stores import secret_from
from natvakt_server.notify.transports.smtp import SmtpTransport


def smtp_transport(settings: Mail) -> SmtpTransport:
    """Raises ConfigurationError."""
    host, port = address(settings.server, "mail.server")
    password = secret_from(Path(settings.password_file), "mail.password_file") if settings.password_file else ""
    return SmtpTransport(host, port, settings.security, settings.user, password)
