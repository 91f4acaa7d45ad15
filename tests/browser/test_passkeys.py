"""A passkey from the first click to the next login, in a real browser with an authenticator of its own."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.web.access.sessions import SESSION_COOKIE
from natvakt_server.web.application import create_application
from testkit.chromium import Chromium
from testkit.console import PASSWORD, ConsoleHouse, compiled_templates
from testkit.served_console import authority, served

pytestmark = pytest.mark.service("chromium")
KEY = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": False, "automaticPresenceSimulation": True}


@dataclass(frozen=True, slots=True)
class Named:
    """A console that is reached by a name, as passkeys ask for."""

    house: ConsoleHouse
    address: str


@pytest.fixture
def named(tmp_path: Path, migrated_file: Path) -> Iterator[Named]:
    path = tmp_path / "console.db"
    path.write_bytes(migrated_file.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    house = ConsoleHouse(engine)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"https://localhost:{port}"
    application = create_application(house.ports, replace(house.settings, address=address), house.surroundings, compiled_templates())
    with served(application, authority().server_identity(("127.0.0.1", "localhost")), port):
        yield Named(house, address)
    engine.dispose()


def sign_in(chromium: Chromium, named: Named, second_factor: bool) -> None:
    token = named.house.keeper.open(named.house.owner.id, second_factor)
    chromium.set_cookies({SESSION_COOKIE: token}, named.address)


def test_a_key_is_added_and_logs_in(chromium: Chromium, named: Named) -> None:
    chromium.send("WebAuthn.enable")
    chromium.send("WebAuthn.addVirtualAuthenticator", options=KEY)
    sign_in(chromium, named, second_factor=True)
    chromium.open(f"{named.address}/account")
    chromium.fill("#passkey-name", "blue key")
    chromium.fill("#passkey-current", PASSWORD)
    chromium.submit("[data-passkey-registration] button")
    assert [key.name for key in named.house.second_factors.passkeys(named.house.owner.id)] == ["blue key"]
    sign_in(chromium, named, second_factor=False)
    chromium.open(f"{named.address}/login/code")
    chromium.submit("[data-passkey-question] button")
    assert chromium.evaluate("location.pathname") == "/"
    assert not chromium.complaints()
