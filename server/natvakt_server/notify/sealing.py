"""Secret settings lie in the database for the worker's key only: the console seals what a person writes, and cannot open it again.

HPKE as for batches (`natvakt_wire/seal.py`), the destination's id as `info`: what was sealed for one destination opens for no other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from natvakt_wire.errors import WireError
from natvakt_wire.seal import SUITES, RecipientPrivateKey, RecipientPublicKey

from natvakt_server.domain.notifying import Destination
from natvakt_server.notify.port import Refused

PURPOSE = b"natvakt/notification/1/"


@dataclass(frozen=True, slots=True)
class SecretSealer:
    """Implements `Sealer` for the console. `public`: the worker's key, as it left it."""

    public: bytes

    def sealed(self, destination_id: str, secrets: Mapping[str, str]) -> bytes | None:
        """None where there is nothing to seal."""
        if not secrets:
            return None
        key = RecipientPublicKey(self.public)
        plain = json.dumps(dict(secrets)).encode()
        return SUITES[key.suite].encrypt(plain, key.hpke_key(), info=PURPOSE + destination_id.encode())


@dataclass(frozen=True, slots=True)
class SecretOpener:
    key: RecipientPrivateKey = field(repr=False)

    def __call__(self, destination: Destination) -> Mapping[str, str]:
        """Raises Refused."""
        if destination.sealed is None:
            return {}
        info = PURPOSE + destination.id.encode()
        try:
            plain = SUITES[self.key.suite].decrypt(destination.sealed, self.key.hpke_key(), info=info)
            opened = json.loads(plain)
        except (InvalidTag, WireError, ValueError):
            raise Refused("its secrets cannot be opened: they were sealed for another key; write them anew") from None
        return {str(name): str(value) for name, value in opened.items()}
