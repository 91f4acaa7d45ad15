"""Object identifiers as text and as numbers. Text is what engines speak, numbers are what compares."""

Index = tuple[int, ...]


def parse(text: str) -> Index:
    """`"1.3.6"` -> `(1, 3, 6)`. Raises ValueError for anything that is not dotted decimal."""
    return tuple(int(part) for part in text.split("."))


def dotted(index: Index) -> str:
    return ".".join(map(str, index))


def under(prefix: str, oid: str) -> bool:
    """Whether `oid` is `prefix` or lies below it."""
    return oid == prefix or oid.startswith(prefix + ".")
