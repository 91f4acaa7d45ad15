"""The Software Suggestion API (version 2): `productList`, or products found one level below.

Releases are spelt twice (15.0(2)SE11 and 15.0.2SE11) and dates too (2017-05-19 and 11-Mar-2021); the first spelling is the advisories'.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from natvakt_server.knowledge.facts import Suggestion
from natvakt_server.knowledge.formats.reading import RecordRefused, day, decoded
from natvakt_server.knowledge.products import system_of_software_type
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import VersionUnknown

FORMAT = "software-suggestion"
DEFERRED = frozenset(("DF", "DEFERRED"))


class _Image(msgspec.Struct, rename="camel"):
    image_size: str | int | None = ""


class _Suggestion(msgspec.Struct, rename="camel"):
    is_suggested: str | None = "Y"
    release_format1: str | None = ""
    release_format2: str | None = ""
    release_date: str | None = ""
    release_life_cycle: str | None = ""
    images: list[_Image] | None = None
    error_details_response: Any = None


class _Product(msgspec.Struct):
    basePID: str | None = ""
    softwareType: str | None = ""


class _Entry(msgspec.Struct):
    product: _Product
    suggestions: list[_Suggestion]


def is_entry(value: object) -> bool:
    return isinstance(value, dict) and "product" in value and "suggestions" in value


def records(data: bytes) -> Iterator[msgspec.Raw]:
    """Every product of the answer, or of answers that lie one level below. Raises RecordRefused."""
    top = decoded(data, dict[str, msgspec.Raw])
    for name, raw in top.items():
        if name == "productList":
            yield from decoded(raw, list[msgspec.Raw], "productList")
        elif bytes(raw).lstrip().startswith(b"{"):
            below = decoded(raw, dict[str, msgspec.Raw], name)
            if "productList" in below:
                yield from decoded(below["productList"], list[msgspec.Raw], f"{name}.productList")
            elif is_entry(below):
                yield raw


def read(data: msgspec.Raw, place: str = "") -> Suggestion:
    """Raises RecordRefused."""
    entry = decoded(data, _Entry, place)
    pid = (entry.product.basePID or "").strip()
    if not pid:
        raise RecordRefused(f"{place}: basePID is empty; a suggestion needs the product it is for")
    system = system_of_software_type(entry.product.softwareType or "")
    releases: dict[str, None] = {}
    dates: dict[str, str] = {}
    sizes: dict[str, int] = {}
    deferred: dict[str, None] = {}
    for each in entry.suggestions:
        shown = (each.release_format1 or "").strip() or (each.release_format2 or "").strip()
        if not shown or each.error_details_response:
            continue
        release = _spelt(system, shown)
        if (each.release_life_cycle or "").strip().upper() in DEFERRED:
            deferred[release] = None
        if (each.is_suggested or "").strip().upper() != "Y":
            continue
        releases[release] = None
        if found := day(each.release_date or "", f"{place}: releaseDate"):
            dates[release] = found
        image_sizes = [int(size) for image in each.images or () if (size := str(image.image_size or "")).isdecimal()]
        if image_sizes:
            sizes[release] = max(image_sizes)
    return Suggestion(pid, system, tuple(releases), (entry.product.softwareType or "").strip(), dates, sizes, tuple(deferred))


def _spelt(system: str, shown: str) -> str:
    try:
        return parse_version(system, shown).normalised
    except VersionUnknown:
        return shown
