"""The identity provider that the configuration names."""

import ssl
from pathlib import Path

from natvakt_server.app.config import Configuration, ConfigurationError
from natvakt_server.app.stores import secret_from
from natvakt_server.connectors.sign_on import OpenIdProvider


def identity_provider(configuration: Configuration) -> OpenIdProvider | None:
    """None where none is named. Raises ConfigurationError."""
    settings = configuration.sign_on
    if not settings.issuer:
        return None
    if not settings.client_id or not settings.client_secret_file:
        raise ConfigurationError("sign_on: an issuer is named without client_id or client_secret_file; set both as the provider gave them")
    return OpenIdProvider(
        issuer=settings.issuer,
        client_id=settings.client_id,
        client_secret=secret_from(Path(settings.client_secret_file), "sign_on.client_secret_file"),
        claim=settings.claim,
        label=settings.label,
        proves_second_factor=settings.second_factor == "provider",
        context=ssl.create_default_context(),
    )
