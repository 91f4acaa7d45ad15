"""Cisco's openVuln API: an answer with `advisories`, a list of advisories, or one.

It gives the union over an advisory's CVEs (the claim's `cve` stays empty), and, on version queries, the first fixed releases.
"""

from collections.abc import Iterator, Sequence

import msgspec

from natvakt_server.knowledge.claims import Claims
from natvakt_server.knowledge.entries import NO_VERSION
from natvakt_server.knowledge.facts import Advisory
from natvakt_server.knowledge.formats.reading import RecordRefused, cve_id, day, decoded, severity_of, severity_word, title
from natvakt_server.knowledge.products import family_of, release_in, systems_of
from natvakt_server.knowledge.versions.systems import is_version, system_meant

FORMAT = "openvuln"


class _Fix(msgspec.Struct):
    name: str = ""


class _Platform(msgspec.Struct, rename="camel"):
    name: str = ""
    first_fixes: list[_Fix] | None = None


class _Advisory(msgspec.Struct, rename="camel"):
    advisory_id: str
    advisory_title: str
    sir: str = ""
    cves: list[str] | None = None
    cvss_base_score: str | float | None = None
    first_published: str = ""
    last_updated: str = ""
    product_names: list[str] | None = None
    publication_url: str = ""
    first_fixed: list[str] | None = None
    ios_release: list[str] | None = None
    platforms: list[_Platform] | None = None


class _Answer(msgspec.Struct):
    advisories: list[msgspec.Raw]


def records(data: bytes, is_list: bool) -> Iterator[msgspec.Raw]:
    """The advisories of an answer, each still to be read. Raises RecordRefused."""
    yield from decoded(data, list[msgspec.Raw]) if is_list else decoded(data, _Answer).advisories


def read(data: bytes | msgspec.Raw, place: str = "") -> Advisory:
    """One advisory. Raises RecordRefused."""
    record = decoded(data, _Advisory, place)
    score = _score(record.cvss_base_score)
    cves = tuple(cve_id(each, "cves") for each in record.cves or () if each.strip().lower() not in NO_VERSION)
    return Advisory(
        record.advisory_id,
        title(record.advisory_title),
        severity_word(record.sir) or severity_of(score),
        day(record.first_published, "firstPublished"),
        day(record.last_updated, "lastUpdated"),
        record.publication_url,
        cves,
        {} if score is None else dict.fromkeys(cves, score),
        _claims(record).build(),
    )


def _score(text: str | float | None) -> float | None:
    if text is None or (isinstance(text, str) and text.strip().lower() in NO_VERSION):
        return None
    try:
        return float(text)
    except ValueError:
        raise RecordRefused(f"cvssBaseScore: {str(text)[:20]!r} is no CVSS score; scores are 0.0 to 10.0") from None


def _claims(record: _Advisory) -> Claims:
    claims = Claims()
    seen: list[str] = []
    for name in record.product_names or ():
        for system in systems_of(name):
            release = release_in(system, name)
            meant = system_meant(system, release)
            seen.append(meant)
            claims.of(meant, product=name.removesuffix(release)).release(release)
    systems = list(dict.fromkeys(seen))
    for release in record.ios_release or ():
        for system in _native(systems, release):
            claims.of(system).release(release)
    for fix in record.first_fixed or ():
        for system in _native(systems, fix):
            claims.of(system).fixed(fix)
    for platform in record.platforms or ():
        for fix in [each.name for each in platform.first_fixes or ()]:
            for system in _native(systems, fix):
                claims.of(system, family=family_of(platform.name)).fixed(fix)
    return claims


def _native(systems: Sequence[str], release: str) -> Sequence[str]:
    """The system in whose spelling the release is written: 15.2(2)E is IOS although IOS XE has a daemon of that number."""
    return [system for system in systems if is_version(system, release)][:1]
