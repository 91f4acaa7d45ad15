"""The site's scrubber, with its key and the vault's secrets; and how bytes of a configuration become text."""

import re
from collections.abc import Callable
from pathlib import Path

from natvakt_agent.scrubbing import Scrubber
from natvakt_agent.scrubbing.equality import SITE_KEY_BYTES, SiteKey
from natvakt_agent.vault.files import read_private, write_atomically
from natvakt_agent.vault.store import Vault

_LINE_ENDS = re.compile(rb"(\r\n|\n|\r)")


def site_key(path: Path, random: Callable[[int], bytes]) -> SiteKey:
    """The site's key for equality hashes, made at its first use. Raises KeyUnavailable."""
    if not path.exists():
        write_atomically(path, random(SITE_KEY_BYTES))
    return SiteKey(read_private(path, "scrubbing key"))


def site_scrubber(path: Path, vault: Vault | None, random: Callable[[int], bytes]) -> Scrubber:
    """`path`: where the key lies. `vault`: None where there is none yet. Raises VaultError: what it holds has to be known to be removed."""
    return Scrubber(site_key(path, random), vault.secrets() if vault else ())


def decoded(content: bytes) -> str:
    """Text of a configuration: UTF-16 where it says so, else each line UTF-8, and Latin-1 where it is not. Line ends stay."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return "".join(_decoded_line(line) for line in _LINE_ENDS.split(content.removeprefix(b"\xef\xbb\xbf")))


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
