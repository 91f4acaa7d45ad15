"""CISA's catalogue of known exploited vulnerabilities, JSON."""

from collections.abc import Iterator

import msgspec

from natvakt_server.knowledge.facts import Exploited
from natvakt_server.knowledge.formats.reading import cve_id, day, decoded, title

FORMAT = "kev"


class _Entry(msgspec.Struct):
    cveID: str
    dateAdded: str
    vendorProject: str = ""
    product: str = ""
    vulnerabilityName: str = ""
    dueDate: str = ""
    knownRansomwareCampaignUse: str = ""


class _Catalogue(msgspec.Struct):
    vulnerabilities: list[msgspec.Raw]


def records(data: bytes) -> Iterator[msgspec.Raw]:
    """Raises RecordRefused."""
    yield from decoded(data, _Catalogue).vulnerabilities


def read(data: msgspec.Raw, place: str = "") -> Exploited:
    """Raises RecordRefused."""
    entry = decoded(data, _Entry, place)
    return Exploited(
        cve_id(entry.cveID, "cveID"),
        day(entry.dateAdded, "dateAdded"),
        day(entry.dueDate, "dueDate"),
        title(f"{entry.vendorProject} {entry.product}"),
        title(entry.vulnerabilityName),
        entry.knownRansomwareCampaignUse.strip().lower() == "known",
    )
