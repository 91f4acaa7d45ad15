"""Files of unknown size and form, read with bounded memory."""

import gzip
import io
import zlib
from typing import IO

from natvakt_server.knowledge.formats.reading import FileRefused

MOST_FILE_BYTES = 256 * 1024 * 1024
MOST_MEMBER_BYTES = 8 * 1024 * 1024


def bounded(stream: IO[bytes]) -> bytes:
    """The whole of it. Raises FileRefused above `MOST_FILE_BYTES`."""
    data = stream.read(MOST_FILE_BYTES + 1)
    if len(data) > MOST_FILE_BYTES:
        raise FileRefused(
            f"larger than {MOST_FILE_BYTES // 1024**2} MiB; split it, or give many records as a .tar.gz, which is read piece by piece"
        )
    return data


def inflated(data: bytes) -> bytes:
    """What gzip holds. Raises FileRefused."""
    try:
        plain = gzip.GzipFile(fileobj=io.BytesIO(data)).read(MOST_FILE_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise FileRefused(f"not readable gzip: {error}; fetch the file again") from error
    if len(plain) > MOST_FILE_BYTES:
        raise FileRefused(f"unpacks to more than {MOST_FILE_BYTES // 1024**2} MiB; no source publishes that")
    return plain


class Rewound(io.RawIOBase):
    """A stream with its first bytes given back, that remembers what was read while the format is still open."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        super().__init__()
        self._head, self._stream = head, stream
        self._seen: list[bytes] = []

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data, self._head = self._head, b""
        data += self._stream.read(size - len(data)) if size >= 0 else self._stream.read()
        if sum(map(len, self._seen)) <= MOST_MEMBER_BYTES:
            self._seen.append(data)
        return data

    def everything(self) -> bytes:
        return b"".join(self._seen) + self._head + bounded(self._stream)
