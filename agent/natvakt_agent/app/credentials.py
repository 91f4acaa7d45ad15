"""The vault as the rest of the agent sees it: credentials by name, and the marks that may leave the site."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from natvakt_agent.app.paths import StatePaths
from natvakt_agent.config.schema import AgentConfig
from natvakt_agent.model.target import SnmpCredential
from natvakt_agent.pipeline.own_tables import CredentialMark
from natvakt_agent.vault.errors import VaultError
from natvakt_agent.vault.files import read_private
from natvakt_agent.vault.keys import KeyFile, KeySource, choose_source
from natvakt_agent.vault.store import SECRET_FIELDS, Vault

logger = logging.getLogger(__name__)


def key_source(config: AgentConfig, paths: StatePaths, ask: Callable[[], str], environment: Mapping[str, str]) -> KeySource:
    """The source that the settings name; `ask` is used where no passphrase file is configured."""
    key_file = Path(config.vault.key_file) if config.vault.key_file else paths.vault_key
    passphrase_file = config.vault.passphrase_file

    def passphrase() -> str:
        if not passphrase_file:
            return ask()
        content = read_private(Path(passphrase_file), "vault passphrase file")
        return content.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")

    return choose_source(config.vault.key, key_file, passphrase, environment)


def open_vault(paths: StatePaths, source: KeySource, random: Callable[[int], bytes]) -> Vault:
    """Open it, or begin one; a key file is made with a new vault, never for an old one. Raises VaultError."""
    if isinstance(source, KeyFile) and not paths.vault.exists():
        source.create(random)
    return Vault.open(paths.vault, source, random)


class Credentials:
    """Read once at the start. A credential that does not open is told and left out, the others work."""

    def __init__(
        self,
        known: Mapping[str, SnmpCredential],
        marks: Mapping[str, CredentialMark],
        revisions: Mapping[str, str] = MappingProxyType({}),
        unopened: tuple[str, ...] = (),
    ) -> None:
        """`unopened`: credentials of the vault that did not open, so that what they hold is not known here."""
        self._known = known
        self.marks = marks
        self.revisions = revisions
        self.unopened = unopened

    @classmethod
    def of(cls, vault: Vault) -> "Credentials":
        known: dict[str, SnmpCredential] = {}
        marks: dict[str, CredentialMark] = {}
        unopened: list[str] = []
        for name in vault.names():
            try:
                known[name], found = vault.get(name), vault.summary(name)
            except VaultError as error:
                logger.error("credential left out name=%s reason=%s", name, error)
                unopened.append(name)
                continue
            marks[name] = CredentialMark(name, found.version, found.auth_protocol, found.privacy_protocol, found.well_known)
        return cls(known, marks, {name: vault.revision(name) for name in known}, tuple(unopened))

    def get(self, name: str) -> SnmpCredential | None:
        return self._known.get(name)

    def secrets(self) -> list[str]:
        """Every secret of every credential: what must not be in a text that leaves the site."""
        fields = (getattr(credential, name) for credential in self._known.values() for name in SECRET_FIELDS)
        return [secret.reveal() for secret in fields if secret is not None]
