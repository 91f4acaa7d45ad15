"""CVE JSON 5 records (CVE Program): one record, an array of them, or an archive.

The numbering authority's container (`cna`) counts; the additional ones (`adp`) speak where it says nothing of a system. A `lessThan` has
no lower end there: it is kept so, and judged within its own train only.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from natvakt_server.knowledge.claims import ClaimBuilder, Claims
from natvakt_server.knowledge.entries import NO_VERSION
from natvakt_server.knowledge.facts import Claim, Range, Vulnerability
from natvakt_server.knowledge.formats.reading import cve_id, day, decoded, severity_of, title
from natvakt_server.knowledge.products import cpe_parts, release_in, systems_of
from natvakt_server.knowledge.versions.systems import is_version

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
    date_updated: str = ""


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
        day(record.cve_metadata.date_updated, "cveMetadata.dateUpdated"),
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
    if affected.default_status == "affected" and not any(version.status == "affected" for version in affected.versions):
        for system in systems:
            claims.of(system, cve, affected.product).whole()
    for version in affected.versions:
        for system in _meant(systems, version):
            builder = claims.of(system, cve, affected.product, version.version)
            if version.status == "affected":
                _version(builder, system, affected.product, version)
            elif version.status == "unaffected":
                _unaffected(builder, system, version, affected.default_status)


def _meant(systems: Sequence[str], version: _Version) -> Sequence[str]:
    """Of "IOS and IOS XE" the system in whose spelling the release is written; all of them where that tells nothing."""
    if len(systems) < 2:
        return systems
    texts = (version.version, version.less_than, version.less_than_or_equal)
    return [system for system in systems if any(is_version(system, text) for text in texts if text)][:1] or systems


def _version(builder: ClaimBuilder, system: str, product: str, version: _Version) -> None:
    start = "" if version.version.strip().lower() in NO_VERSION else version.version.strip()
    fixed = next((each.at for each in version.changes if each.status == "unaffected"), "")
    end = version.less_than.strip() or fixed
    if end and end.lower() not in NO_VERSION:
        builder.range(Range(start, end))
    elif version.less_than_or_equal.strip().lower() not in NO_VERSION:
        builder.range(Range(start, version.less_than_or_equal.strip(), True, True))
    elif version.less_than.strip() == "*" and start:
        builder.range(Range(start))
    elif start:
        builder.release(start)
    elif release := release_in(system, product):
        builder.release(release)
    else:
        builder.whole()


def _unaffected(builder: ClaimBuilder, system: str, version: _Version, default_status: str) -> None:
    """A release that is cleared; or, where all is affected by default, the release from which it is fixed."""
    if not is_version(system, version.version):
        return
    is_open = version.less_than.strip() == "*" or version.less_than_or_equal.strip() == "*"
    if is_open and default_status == "affected":
        builder.range(Range(end=version.version))
        builder.fixed(version.version)
    elif not version.less_than and not version.less_than_or_equal:
        builder.cleared(version.version)


def records(data: bytes) -> Iterator[msgspec.Raw]:
    """The records of an array, each still to be read. Raises RecordRefused."""
    yield from decoded(data, list[msgspec.Raw])
