"""What can go wrong with the vault, sorted by what a person has to do."""

from natvakt_agent.model.refusal import Refusal


class VaultError(Refusal):
    """Root. The text names the place, the reason and the way out, and never a secret."""


class KeyUnavailable(VaultError):
    """No key could be had: the source is not there, not readable, or too widely readable."""


class WrongKey(VaultError):
    """There is a key, but it is not the one this vault was made with."""


class VaultDamaged(VaultError):
    """A record is not what was stored: changed, moved to another place, or not a vault at all."""


class UnknownCredential(VaultError):
    """The vault holds no credential of that name."""
