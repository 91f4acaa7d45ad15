"""CVE JSON 5 records (CVE Program): one record, an array of them, or an archive.

The numbering authority's container (`cna`) counts; the additional ones (`adp`) speak where it says nothing of a system. A `lessThan` has
no lower end there: it is kept so, and judged within its own train only.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from natvakt_server.knowledge.claims import NO_VERSION, ClaimBuilder, Claims
from natvakt_server.knowledge.facts import Claim, Range, Vulnerability
from natvakt_server.knowledge.formats.reading import cve_id, day, decoded, severity_of, title
from natvakt_server.knowledge.products import cpe_parts, systems_of
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import VersionUnknown

FORMAT = "cve-5"
SCORES = ("cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0")


class _Change(msgspec.Struct):
    at: str = ""
    status: str = ""


class _Version(msgspec.Struct, rename="camel"):
    version: str = ""
    status: str = "affected"
    less_than: str = ""
    less_than_or_equal: str = ""
    changes: list[_Change] = []


class _Affected(msgspec.Struct, rename="camel"):
    vendor: str = ""
    product: str = ""
    versions: list[_Version] = []
    default_status: str = "unknown"
    cpes: list[str] = []


class _Text(msgspec.Struct):
    value: str = ""
    lang: str = "en"


class _Reference(msgspec.Struct):
    url: str = ""


class _Container(msgspec.Struct, rename="camel"):
    title: str = ""
    affected: list[_Affected] = []
    metrics: list[dict[str, Any]] = []
    date_public: str = ""
    source: dict[str, Any] = {}
    references: list[_Reference] = []
    descriptions: list[_Text] = []


class _Containers(msgspec.Struct):
    cna: _Container
    adp: list[_Container] = []


class _Metadata(msgspec.Struct, rename="camel"):
    cve_id: str
    state: str = "PUBLISHED"
    date_published: str = ""


class _Record(msgspec.Struct, rename="camel"):
    cve_metadata: _Metadata
    containers: _Containers


def read(data: bytes | msgspec.Raw, place: str = "") -> Vulnerability:
    """One record. Raises RecordRefused."""
    record = decoded(data, _Record, place)
    cna = record.containers.cna
    cve = cve_id(record.cve_metadata.cve_id, "cveMetadata.cveId")
    score = _score([cna, *record.containers.adp])
    english = next((each.value for each in cna.descriptions if each.lang.startswith("en")), "")
    published = cna.date_public or record.cve_metadata.date_published
    return Vulnerability(
        cve,
        title(cna.title or english.split(". ", 1)[0]),
        _advisory(cna),
        severity_of(score),
        score,
        day(published, "containers.cna.datePublic"),
        next((each.url for each in cna.references if "cisco" in each.url), ""),
        record.cve_metadata.state.upper() == "REJECTED",
        _claims(cve, record.containers),
    )


def _score(containers: Sequence[_Container]) -> float | None:
    for container in containers:
        for name in SCORES:
            for metric in container.metrics:
                found = metric.get(name)
                if isinstance(found, dict) and isinstance(found.get("baseScore"), int | float):
                    return float(found["baseScore"])
    return None


def _advisory(cna: _Container) -> str:
    named = cna.source.get("advisory")
    if isinstance(named, str) and named.strip():
        return named.strip()
    for reference in cna.references:
        tail = reference.url.rstrip("/").rpartition("/")[2]
        if tail.startswith("cisco-sa-"):
            return tail
    return ""


def _claims(cve: str, containers: _Containers) -> tuple[Claim, ...]:
    own = Claims()
    for affected in containers.cna.affected:
        _affected(own, cve, affected)
    said = own.build()
    others = Claims()
    for container in containers.adp:
        for affected in container.affected:
            _affected(others, cve, affected)
    systems = {claim.os for claim in said}
    return (*said, *(claim for claim in others.build() if claim.os not in systems))


def _affected(claims: Claims, cve: str, affected: _Affected) -> None:
    if affected.vendor.strip().lower() not in ("cisco", "cisco systems", "n/a", ""):
        return
    systems = list(systems_of(affected.product)) or list(dict.fromkeys(parts[0] for each in affected.cpes if (parts := cpe_parts(each))))
    for system in systems:
        builder = claims.of(system, cve, affected.product)
        if not affected.versions and affected.default_status == "affected":
            builder.whole()
    for version in affected.versions:
        if version.status == "affected":
            for system in _meant(systems, version.version):
                _version(claims.of(system, cve, affected.product), system, affected.product, version)


def _meant(systems: Sequence[str], text: str) -> Sequence[str]:
    """Of "IOS and IOS XE" the system in whose spelling the release is written; all of them where that tells nothing."""
    return [system for system in systems if _is_version(system, text)][:1] or systems


def _version(builder: ClaimBuilder, system: str, product: str, version: _Version) -> None:
    start = "" if version.version.strip().lower() in NO_VERSION else version.version.strip()
    fixed = next((each.at for each in version.changes if each.status == "unaffected"), "")
    end = version.less_than.strip() or fixed
    if end and end.lower() not in NO_VERSION:
        builder.range(Range(start, end))
    elif version.less_than_or_equal.strip().lower() not in NO_VERSION:
        builder.range(Range(start, version.less_than_or_equal.strip(), True, True))
    elif start and system in systems_of(start) and not _is_version(system, start):
        builder.whole()
    elif start:
        builder.release(start)
    else:
        _named_in_product(builder, system, product)


def _named_in_product(builder: ClaimBuilder, system: str, product: str) -> None:
    """Some records write the release into the product's name: "Cisco IOS XE Software 3.8.0S"."""
    last = product.rsplit(maxsplit=1)[-1] if product.split() else ""
    if _is_version(system, last):
        builder.release(last)
    else:
        builder.whole()


def _is_version(system: str, text: str) -> bool:
    try:
        parse_version(system, text)
    except VersionUnknown:
        return False
    return True


def records(data: bytes) -> Iterator[msgspec.Raw]:
    """The records of an array, each still to be read. Raises RecordRefused."""
    yield from decoded(data, list[msgspec.Raw])
