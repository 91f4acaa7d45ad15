"""JSON with one spelling: sorted keys, no blanks, UTF-8. What is signed as JSON is written and read through here."""

import json
from collections.abc import Mapping

from natvakt_wire.errors import Malformed, NotEncodable


def write(value: Mapping[str, object]) -> bytes:
    """NotEncodable for what JSON cannot hold: NaN, infinities, bytes, keys that are no text."""
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise NotEncodable(f"not a JSON object: {error}") from error


def read(data: bytes, what: str) -> dict[str, object]:
    """The object in `data`; Malformed when it is anything else, or not in its one spelling."""
    try:
        value = json.loads(data)
        canonical = isinstance(value, dict) and write(value) == data
    except (ValueError, RecursionError, NotEncodable) as error:
        raise Malformed(f"{what} is not JSON: {error}") from error
    if not canonical:
        raise Malformed(f"{what} is not a JSON object in canonical form")
    assert isinstance(value, dict)
    return value
