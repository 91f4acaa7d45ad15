"""The partner's and the customer's mark: an image file that is checked before it may stand on a report.

Type is told from the content, never from the name. PNG (ISO 15948), JPEG (ISO 10918-1) and SVG 1.1 are taken; an SVG may
hold nothing that runs, refers outside or expands. Last, the image is set once by the same program that sets the report:
what passes here can be drawn.
"""

import re
import struct
import xml.etree.ElementTree as ET

from natvakt_server.reports.model import Mark
from natvakt_server.reports.typesetting import MAIN, TypesettingFailed, image_source, typeset

LARGEST_BYTES = 256 * 1024
SMALLEST_PIXELS, LARGEST_PIXELS = 16, 4096
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
# Start-of-frame markers; 0xC4, 0xC8 and 0xCC are tables and extensions, not frames.
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
SVG_FORBIDDEN = frozenset({"script", "foreignObject", "iframe", "animate", "animateTransform", "set", "style", "handler", "use", "image"})
OUTSIDE = re.compile(r"(?i)url\(\s*['\"]?(?!#)|javascript:|@import")


class BadMark(ValueError):
    """Names the file, what is wrong with it, and what to put there instead."""


def checked(content: bytes, place: str) -> Mark:
    """`place`: where the bytes come from, for the message. Raises BadMark."""
    if not 0 < len(content) <= LARGEST_BYTES:
        raise _bad(place, f"has {len(content)} bytes; 1 to {LARGEST_BYTES} are taken")
    if content.startswith(PNG_SIGNATURE):
        kind, size = "image/png", _png_size(content)
    elif content.startswith(JPEG_START):
        kind, size = "image/jpeg", _jpeg_size(content)
    elif b"<svg" in content[:4096]:
        _check_svg(content, place)
        kind, size = "image/svg+xml", None
    else:
        raise _bad(place, "is none of PNG, JPEG and SVG")
    if kind != "image/svg+xml" and size is None:
        raise _bad(place, f"does not tell its size; as {kind} it is damaged or cut off")
    if size is not None and not all(SMALLEST_PIXELS <= side <= LARGEST_PIXELS for side in size):
        raise _bad(place, f"is {size[0]} x {size[1]} pixels; {SMALLEST_PIXELS} to {LARGEST_PIXELS} on each side are taken")
    mark = Mark(kind, content)
    _draw(mark, place)
    return mark


def _bad(place: str, reason: str) -> BadMark:
    return BadMark(f"{place}: the image {reason}; give a PNG or JPEG of about 600 x 200 pixels, or a plain SVG")


def _png_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 33 or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xFF or marker in JPEG_ALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + int(struct.unpack(">H", content[position + 2 : position + 4])[0])
    return None


def _check_svg(content: bytes, place: str) -> None:
    if re.search(rb"(?i)<!(DOCTYPE|ENTITY)", content):
        raise _bad(place, "declares a document type or entities")
    try:
        root = ET.fromstring(content.decode("utf-8"))  # noqa: S314 - see above
    except (ET.ParseError, UnicodeDecodeError) as error:
        raise _bad(place, f"is not well-formed SVG in UTF-8 ({error})") from None
    if root.tag != f"{SVG_NAMESPACE}svg":
        raise _bad(place, f"has the root {root.tag!r} instead of SVG's own")
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in SVG_FORBIDDEN:
            raise _bad(place, f"holds <{name}>")
        for attribute, value in element.attrib.items():
            plain = attribute.rpartition("}")[2].lower()
            if plain.startswith("on") or (plain == "href" and not value.startswith("#")) or OUTSIDE.search(value):
                raise _bad(place, f"refers outside or runs: {plain} of <{name}>")


def _draw(mark: Mark, place: str) -> None:
    try:
        typeset({MAIN: b'#image(bytes(json("mark.json")), width: 5cm)', "mark.json": image_source(mark.content)}, 0)
    except TypesettingFailed as error:
        raise _bad(place, f"cannot be drawn ({error})") from None
