"""Files of the console's own pages, read once and compressed once. Their addresses carry a digest, so browsers may keep them for ever."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

MEDIA_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    content: bytes
    compressed: bytes
    media_type: str
    digest: str


class StaticFiles:
    def __init__(self, found: Mapping[str, StaticFile]) -> None:
        self._files = found

    def file(self, name: str) -> StaticFile | None:
        return self._files.get(name)

    def address(self, name: str) -> str:
        """Raises KeyError for a file that does not exist: a template names it wrongly."""
        return f"/static/{name}?v={self._files[name].digest}"


def read_static_files() -> StaticFiles:
    found: dict[str, StaticFile] = {}
    _collect(files("natvakt_server.web") / "static", "", found)
    return StaticFiles(found)


def _collect(folder: Traversable, prefix: str, found: dict[str, StaticFile]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _collect(entry, f"{prefix}{entry.name}/", found)
            continue
        media_type = MEDIA_TYPES.get(entry.name.rpartition(".")[2])
        if media_type is not None:
            content = entry.read_bytes()
            digest = sha256(content).hexdigest()[:16]
            found[prefix + entry.name] = StaticFile(content, gzip.compress(content, 9, mtime=0), media_type, digest)
