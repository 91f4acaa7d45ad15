"""Typst as a function from sources in memory to a PDF. No font of the machine, no file beside what is given."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import typst

MAIN = "main.typ"
# The package's type hints leave out sources by name, which it takes (typst-py 0.13 and newer).
_compile: Callable[..., bytes] = typst.compile


class TypesettingFailed(Exception):
    """What Typst said."""


def image_source(content: bytes) -> bytes:
    """Sources are UTF-8, so an image goes in as a JSON list of its bytes: `image(bytes(json(name)))`."""
    return msgspec.json.encode(list(content))


def typeset(sources: Mapping[str, bytes], timestamp: int, font_folders: Sequence[Path] = ()) -> bytes:
    """`sources` by name, `main.typ` among them. `timestamp`: what the PDF says of when it was made, Unix seconds."""
    try:
        return _compile(
            dict(sources), font_paths=list(font_folders), ignore_system_fonts=True, timestamp=timestamp, format="pdf", pdf_tags=True
        )
    except (typst.TypstError, RuntimeError, ValueError) as error:
        raise TypesettingFailed(str(error)) from error
