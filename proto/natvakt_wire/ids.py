"""Names that both ends must spell alike: slugs, UUIDv7, SPIFFE ids."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from natvakt_wire.errors import Malformed

EPOCH_BYTES = 16
TRUST_DOMAIN = "natvakt"
SERVER_NAME = "server.natvakt.internal"
"""DNS name in every server certificate of a partner's CA. Agents check for it whatever address they dial: the pinned CA and this name say
who answers, not the DNS of the site."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)


def check_slug(text: str, what: str) -> str:
    """`text`, if it may name a tenant or a site; else Malformed naming `what`, the value and the rule."""
    if not _SLUG.fullmatch(text):
        raise Malformed(f"{what} {text[:80]!r} is not a slug: use 1 to 40 of a-z, 0-9 and '-', starting with a letter or digit")
    return text


def check_uuid7(text: str, what: str) -> str:
    """`text`, if it is a UUIDv7 in lower-case canonical form; else Malformed."""
    if not _UUID7.fullmatch(text):
        raise Malformed(f"{what} {text[:80]!r} is not a UUIDv7 in lower-case form")
    return text


def uuid7(wall_ns: int, random: Callable[[int], bytes]) -> str:
    """RFC 9562 section 5.7: 48 bits of Unix milliseconds, then 74 random bits from `random(count)`."""
    milliseconds = (wall_ns // 1_000_000) & 0xFFFF_FFFF_FFFF
    noise = int.from_bytes(random(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 62 & 0xFFF) << 64 | 0b10 << 62 | noise & ((1 << 62) - 1)
    return str(UUID(int=value))


@dataclass(frozen=True, slots=True)
class AgentName:
    """Who an agent is, as its certificate says it."""

    tenant: str
    site: str
    agent: str

    def __post_init__(self) -> None:
        check_slug(self.tenant, "tenant")
        check_slug(self.site, "site")
        check_uuid7(self.agent, "agent")

    @property
    def spiffe_id(self) -> str:
        return f"spiffe://{TRUST_DOMAIN}/{self.tenant}/{self.site}/{self.agent}"


def parse_spiffe_id(text: str) -> AgentName:
    """The agent named by a certificate's URI SAN; Malformed for anything but the one canonical spelling."""
    parts = text.removeprefix(f"spiffe://{TRUST_DOMAIN}/").split("/")
    if not text.startswith(f"spiffe://{TRUST_DOMAIN}/") or len(parts) != 3:
        raise Malformed(f"{text[:200]!r} is not spiffe://{TRUST_DOMAIN}/TENANT/SITE/AGENT")
    return AgentName(*parts)
