"""What stands at all customers together, as far as sources are asked: product ids and versions, and nothing that tells whose they are.

Texts come from devices, so that only what has the form of a product id or of a version leaves the house.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import VersionUnknown

LONGEST_PID = 40
_PID = re.compile(r"(?=[^0-9]*[0-9]|(?:CAB|FAN|GLC|PWR|SFP|STACK)-)[A-Z0-9][A-Z0-9.+_/-]*={0,2}", re.ASCII)
_VERSION = re.compile(r"[0-9][0-9A-Za-z.()_-]*(?: p[0-9]{1,2})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inventory:
    """`models`: product ids of devices; `pids`: these and those of what can be replaced in them. `versions`: (system, version).

    `cves`: numbers of the vulnerabilities that are known against the versions; looked up when they are needed: other sources tell them.
    """

    models: Sequence[str]
    pids: Sequence[str]
    versions: Sequence[tuple[str, str]]
    cves: Callable[[], Sequence[str]]

    @property
    def systems(self) -> Sequence[str]:
        return sorted({system for system, _ in self.versions})


def inventory(
    models: Iterable[str], pids: Iterable[str], versions: Iterable[tuple[str, str]], cves: Callable[[], Sequence[str]]
) -> Inventory:
    """Each once, in order. The same release in two spellings is one."""
    own = _product_ids(models)
    told = {version for os, text in versions if (version := _version(os, text)) is not None}
    return Inventory(own, sorted({*own, *_product_ids(pids)}), sorted(told), cves)


def _product_ids(texts: Iterable[str]) -> Sequence[str]:
    return sorted({pid for text in texts if is_product_id(pid := text.strip())})


def is_product_id(text: str) -> bool:
    """Capital letters, digits and a few marks, with a digit in it or a known beginning: no name of anybody's, and no wildcard."""
    return 3 <= len(text) <= LONGEST_PID and _PID.fullmatch(text) is not None


def _version(os: str, text: str) -> tuple[str, str] | None:
    try:
        version = parse_version(os, text)
    except VersionUnknown:
        return None
    return (version.os, version.normalised) if not version.is_build and _VERSION.fullmatch(version.normalised) else None
