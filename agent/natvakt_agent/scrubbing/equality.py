"""The keyed hash by which equal secrets of one site are known as equal, and those of two sites are not."""

import hmac
from dataclasses import dataclass, field

from natvakt_wire.scrubbing.marks import EQUALITY_DIGITS

SITE_KEY_BYTES = 32
_PURPOSE = b"natvakt scrub equality 1\0"


@dataclass(frozen=True, slots=True)
class SiteKey:
    """32 random bytes that stay at the site."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != SITE_KEY_BYTES:
            raise ValueError(f"site key: holds {len(self.key)} bytes; it takes {SITE_KEY_BYTES}")

    def equality(self, secret: str) -> str:
        """12 hex digits (48 bits): enough to tell a site's secrets apart, and too few to be worth anything without the key."""
        digest = hmac.digest(self.key, _PURPOSE + secret.encode("utf-8", "surrogatepass"), "sha256")
        return digest.hex()[:EQUALITY_DIGITS]
