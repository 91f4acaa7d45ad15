"""The sources of knowledge as the configuration names them: credentials from their files, one way out, one throttle."""

import os
import random
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from natvakt_server.app.config import ConfigurationError
from natvakt_server.app.config_sections import Knowledge
from natvakt_server.app.stores import Stores, secret_from
from natvakt_server.connectors.credentials import Credentials, Secrets
from natvakt_server.connectors.https import HttpsTransport, Proxy, proxy_of
from natvakt_server.domain.clock import Clock
from natvakt_server.jobs.knowledge_calling import FetchParts
from natvakt_server.jobs.knowledge_fetch import Fetch
from natvakt_server.knowledge.asking.services import HOSTS, NVD_WITH_KEY, SERVICES, Service
from natvakt_server.knowledge.asking.sources import MAKERS


def configured(settings: Knowledge) -> Sequence[str]:
    """Names of the sources that the running server asks, in the order in which they are asked. Raises ConfigurationError."""
    wanted = [name.strip() for name in settings.sources.split(",") if name.strip()]
    return known_sources(wanted, "knowledge.sources")


def known_sources(names: Sequence[str], where: str) -> Sequence[str]:
    """In the order in which they are asked. Raises ConfigurationError."""
    for name in names:
        if name not in SERVICES:
            raise ConfigurationError(f"{where}: {name[:40]!r} is no source that can be asked; there are {', '.join(SERVICES)}")
    return [name for name in SERVICES if name in names]


@dataclass(frozen=True, slots=True)
class SourceDesk:
    """Makes runs. `service` may allow more than the source's own."""

    settings: Knowledge
    credentials: Credentials
    parts: FetchParts

    def service(self, name: str) -> Service:
        return replace(SERVICES[name], limits=NVD_WITH_KEY) if name == "nvd" and self.credentials.has_nvd_key() else SERVICES[name]

    def fetch(self, name: str) -> Fetch:
        return Fetch(MAKERS[name](), self.service(name), self.parts)

    def require(self, names: Sequence[str]) -> None:
        """Raises ConfigurationError for a source that cannot be asked for want of credentials."""
        lacking = [name for name in names if not self.credentials.has(SERVICES[name].credential)]
        if lacking:
            raise ConfigurationError(
                f"{', '.join(lacking)}: knowledge.cisco_client_id or knowledge.cisco_client_secret_file is empty; register an application "
                "in Cisco's API console (grant type client credentials) and name its id and the file with its secret"
            )


def source_desk(settings: Knowledge, stores: Stores, clock: Clock, version: str, note: Callable[[str], None]) -> SourceDesk:
    """Raises ConfigurationError."""
    credentials = Credentials(_secrets(settings))
    transport = HttpsTransport(HOSTS, _context(settings), f"natvakt-server/{version}", time.monotonic, _proxy(settings))
    holder = f"{os.getpid()}-{random.getrandbits(64):016x}"
    parts = FetchParts(transport, credentials, stores.asked, stores.knowledge, clock, random.random, holder, note)
    return SourceDesk(settings, credentials, parts)


def _secrets(settings: Knowledge) -> Secrets:
    def secret(path: str, key: str) -> str:
        return secret_from(Path(path), f"knowledge.{key}") if path else ""

    return Secrets(
        settings.cisco_client_id,
        secret(settings.cisco_client_secret_file, "cisco_client_secret_file"),
        secret(settings.nvd_api_key_file, "nvd_api_key_file"),
    )


def _context(settings: Knowledge) -> ssl.SSLContext:
    """Certificates are always verified, against the host's trusted authorities or the one that is named."""
    authority = settings.certificate_authority
    try:
        context = ssl.create_default_context(cafile=authority or None)
    except OSError as error:
        raise ConfigurationError(
            f"knowledge.certificate_authority: {authority} cannot be read: {error}; name a file of certificates in PEM"
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _proxy(settings: Knowledge) -> Proxy | None:
    try:
        return proxy_of(settings.proxy) if settings.proxy else None
    except ValueError as error:
        raise ConfigurationError(f"knowledge.proxy: {error}") from error
