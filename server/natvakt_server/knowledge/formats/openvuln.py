"""Cisco's openVuln API: an answer with `advisories`, a list of advisories, or one.

It gives the union over an advisory's CVEs (the claim's `cve` stays empty), and, on version queries, the first fixed releases.
"""

from collections.abc import Iterator

import msgspec

from natvakt_server.knowledge.claims import NO_VERSION, Claims
from natvakt_server.knowledge.facts import Advisory
from natvakt_server.knowledge.formats.reading import RecordRefused, cve_id, day, decoded, severity_of, severity_word, title
from natvakt_server.knowledge.products import systems_of
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import VersionUnknown

FORMAT = "openvuln"
RELEASE_SYSTEMS = {"ios": "ios", "iosxe": "ios-xe", "nxos": "nx-os", "aci": "aci", "asa": "asa", "ftd": "ftd", "fmc": "fmc", "fxos": "fxos"}
"""The API's words for what it can be asked about by version."""


class _Fix(msgspec.Struct):
    name: str = ""


class _Platform(msgspec.Struct, rename="camel"):
    name: str = ""
    first_fixes: list[_Fix] = []


class _Advisory(msgspec.Struct, rename="camel"):
    advisory_id: str
    advisory_title: str
    sir: str = ""
    cves: list[str] = []
    cvss_base_score: str | float | None = None
    first_published: str = ""
    last_updated: str = ""
    product_names: list[str] = []
    publication_url: str = ""
    first_fixed: list[str] = []
    ios_release: list[str] = []
    platforms: list[_Platform] = []


class _Answer(msgspec.Struct):
    advisories: list[msgspec.Raw]


def records(data: bytes, is_list: bool) -> Iterator[msgspec.Raw]:
    """The advisories of an answer, each still to be read. Raises RecordRefused."""
    yield from decoded(data, list[msgspec.Raw]) if is_list else decoded(data, _Answer).advisories


def read(data: bytes | msgspec.Raw, place: str = "") -> Advisory:
    """One advisory. Raises RecordRefused."""
    record = decoded(data, _Advisory, place)
    score = _score(record.cvss_base_score)
    cves = tuple(cve_id(each, "cves") for each in record.cves if each.strip().lower() not in NO_VERSION)
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
    for name in record.product_names:
        for system in systems_of(name):
            seen.append(system)
            release = _release_in(system, name)
            claims.of(system, product=name.removesuffix(release)).release(release)
    fixes = [*record.first_fixed, *(fix.name for platform in record.platforms for fix in platform.first_fixes)]
    for system in dict.fromkeys(seen):
        for release in record.ios_release if system in ("ios", "ios-xe") else ():
            claims.of(system).release(release)
        for fix in fixes:
            if fix.strip() and _is_version(system, fix):
                claims.of(system).fixed(fix)
    return claims


def _release_in(system: str, name: str) -> str:
    """The release at the end of a name, as in "Cisco IOS 15.2(2)E7"; empty where there is none."""
    words = name.split()
    return words[-1] if words and _is_version(system, words[-1]) else ""


def _is_version(system: str, text: str) -> bool:
    try:
        parse_version(system, text)
    except VersionUnknown:
        return False
    return True
