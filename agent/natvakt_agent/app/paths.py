"""Where things lie in the agent's state folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StatePaths:
    """`root` is `<state_dir>/agent`."""

    root: Path

    @property
    def vault(self) -> Path:
        return self.root / "vault.json"

    @property
    def vault_key(self) -> Path:
        return self.root / "vault.key"

    @property
    def devices(self) -> Path:
        return self.root / "devices.json"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @property
    def identity(self) -> Path:
        return self.root / "identity"

    @property
    def status(self) -> Path:
        return self.root / "status.json"

    @property
    def discovery(self) -> Path:
        return self.root / "discovery.json"

    @property
    def discovered_targets(self) -> Path:
        return self.root / "discovered.toml"

    @property
    def host_keys(self) -> Path:
        return self.root / "host-keys.json"

    @property
    def scrubbing_key(self) -> Path:
        return self.root / "scrubbing.key"

    @property
    def outgoing(self) -> Path:
        return self.root / "outgoing"

    @property
    def backup_reports(self) -> Path:
        return self.root / "backup-reports"

    @property
    def backup_tokens(self) -> Path:
        return self.root / "backup-tokens.json"

    @property
    def backup_cache(self) -> Path:
        return self.root / "backup-cache"
