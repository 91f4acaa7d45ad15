"""Canonical length-prefixed encoding: one value has exactly one spelling, so that what is signed can be compared byte for byte.

A record is a sequence of fields in a fixed order, each a big-endian 16 bit length and that many bytes; integers are big-endian of a
fixed width. The last field is the *extension area*: entries of (16 bit tag, field), tags strictly rising. A later writer puts new things
there; a reader that does not know a tag keeps the entry as it is, so digests and signatures still cover it.
"""

from collections.abc import Sequence

from natvakt_wire.errors import LimitExceeded, Malformed, NotEncodable

Extensions = tuple[tuple[int, bytes], ...]


def frame(fields: Sequence[bytes]) -> bytes:
    """Fields one after the other, each behind its length. NotEncodable when one is longer than 65,535 bytes."""
    parts = []
    for field in fields:
        if len(field) > 0xFFFF:
            raise NotEncodable(f"a field of {len(field)} bytes is longer than 65,535")
        parts.append(len(field).to_bytes(2, "big"))
        parts.append(field)
    return b"".join(parts)


def frame_extensions(extensions: Extensions) -> bytes:
    """The body of the extension area."""
    tags = [tag for tag, _ in extensions]
    if tags != sorted(set(tags)) or any(not 0 < tag <= 0xFFFF for tag in tags):
        raise NotEncodable(f"extension tags {tags} must rise strictly within 1 to 65,535")
    return b"".join(tag.to_bytes(2, "big") + frame([value]) for tag, value in extensions)


class FieldReader:
    """Takes fields off a record in order. Every fault is a Malformed that names the record and the field."""

    def __init__(self, data: bytes, what: str, limit: int) -> None:
        if len(data) > limit:
            raise LimitExceeded(f"{what} of {len(data)} bytes is over the limit of {limit}")
        self._data = data
        self._what = what
        self._position = 0

    def take(self, *wanted: tuple[str, int | None]) -> list[bytes]:
        """Fields in a row, each by its name and its size in bytes (None: any); one pass, for what is read for every batch."""
        data, position = self._data, self._position
        values = []
        for name, size in wanted:
            start = position + 2
            end = start + (data[position] << 8 | data[position + 1]) if start <= len(data) else start
            if end > len(data):
                raise Malformed(f"{self._what} ends inside {name}, at byte {len(data)}")
            if size is not None and end - start != size:
                raise Malformed(f"{self._what}: {name} has {end - start} bytes, expected {size}")
            values.append(data[start:end])
            position = end
        self._position = position
        return values

    def field(self, name: str) -> bytes:
        return self.take((name, None))[0]

    def exactly(self, name: str, size: int) -> bytes:
        return self.take((name, size))[0]

    def unsigned(self, name: str, size: int) -> int:
        return int.from_bytes(self.exactly(name, size), "big")

    def signed(self, name: str, size: int) -> int:
        return int.from_bytes(self.exactly(name, size), "big", signed=True)

    def boolean(self, name: str) -> bool:
        value = self.unsigned(name, 1)
        if value > 1:
            raise Malformed(f"{self._what}: {name} is {value}, expected 0 or 1")
        return value == 1

    def text(self, name: str) -> str:
        value = self.field(name)
        try:
            return value.decode("ascii")
        except UnicodeDecodeError as error:
            raise Malformed(f"{self._what}: {name} {value[:40]!r} is not ASCII") from error

    def extensions(self) -> Extensions:
        """The extension area, which is also the end of the record."""
        area = FieldReader(self.field("extensions"), f"{self._what} extensions", len(self._data))
        self.end()
        found: list[tuple[int, bytes]] = []
        while not area.finished:
            tag = area.tag()
            if tag <= (found[-1][0] if found else 0):
                raise Malformed(f"{self._what}: extension tag {tag} does not rise")
            found.append((tag, area.field(f"extension {tag}")))
        return tuple(found)

    def tag(self) -> int:
        start = self._position
        self._position += 2
        if self._position > len(self._data):
            raise Malformed(f"{self._what} ends inside a tag")
        return int.from_bytes(self._data[start : self._position], "big")

    @property
    def finished(self) -> bool:
        return self._position == len(self._data)

    def end(self) -> None:
        if not self.finished:
            raise Malformed(f"{self._what} has {len(self._data) - self._position} bytes after its end")
