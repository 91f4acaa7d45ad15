"""The site's scrubber, with its key and the vault's secrets; and how bytes of a configuration become text."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from natvakt_agent.scrubbing.equality import SITE_KEY_BYTES, SiteKey
from natvakt_agent.scrubbing.scrubber import Scrubber
from natvakt_agent.vault.files import read_private, write_atomically

_LINE_ENDS = re.compile(rb"(\r\n|\n|\r)")


def site_key(path: Path, random: Callable[[int], bytes]) -> SiteKey:
    """The site's key for equality hashes, made at its first use. Raises KeyUnavailable."""
    if not path.exists():
        write_atomically(path, random(SITE_KEY_BYTES))
    return SiteKey(read_private(path, "scrubbing key"))


def site_scrubber(path: Path, secrets: Iterable[str], random: Callable[[int], bytes]) -> Scrubber:
    """`path`: where the key lies. `secrets`: what the vault holds, which is removed wherever it stands. Raises KeyUnavailable."""
    return Scrubber(site_key(path, random), secrets)


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
