"""EPSS as FIRST's API answers it: `data`, a list of scores as texts. The daily file is CSV: `tables`."""

from collections.abc import Iterator, Mapping

import msgspec

from natvakt_server.knowledge.facts import Likelihood
from natvakt_server.knowledge.formats.reading import RecordRefused, day, decoded
from natvakt_server.knowledge.formats.tables import likelihood


class _Score(msgspec.Struct):
    cve: str
    epss: str | float
    percentile: str | float | None = None
    date: str = ""


class _Answer(msgspec.Struct):
    data: list[msgspec.Raw]


def is_answer(top: Mapping[str, msgspec.Raw]) -> bool:
    return "data" in top and b'"epss"' in bytes(top["data"])[:4096]


def records(data: bytes) -> Iterator[msgspec.Raw]:
    """Raises RecordRefused."""
    yield from decoded(data, _Answer).data


def read(data: msgspec.Raw, place: str = "") -> Likelihood:
    """Raises RecordRefused."""
    score = decoded(data, _Score, place)
    percentile = "" if score.percentile is None else str(score.percentile)
    return likelihood(place, {"cve": score.cve, "epss": str(score.epss), "percentile": percentile})


def as_of(data: bytes) -> str:
    """The day that the first score says it is of; empty where it says none."""
    try:
        first = next(records(data), None)
        return day(decoded(first, _Score).date, "date") if first is not None else ""
    except RecordRefused:
        return ""
