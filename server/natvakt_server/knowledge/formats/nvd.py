"""NVD's CVE API 2.0: a page of `vulnerabilities`, or one bare record.

Its CPE ranges carry what Cisco's records lack: `versionEndExcluding` is the first fixed release of that range.
"""

from collections.abc import Iterator

import msgspec

from natvakt_server.knowledge.claims import Claims
from natvakt_server.knowledge.facts import Range, Vulnerability
from natvakt_server.knowledge.formats.reading import cve_id, day, decoded, severity_of, title
from natvakt_server.knowledge.products import cpe_parts

FORMAT = "nvd-2.0"
ANY_VERSION = ("*", "-")


class _CvssData(msgspec.Struct, rename="camel"):
    base_score: float | None = None


class _Metric(msgspec.Struct, rename="camel"):
    cvss_data: _CvssData = msgspec.field(default_factory=_CvssData)
    type: str = ""


class _Match(msgspec.Struct, rename="camel"):
    criteria: str
    vulnerable: bool = True
    version_start_including: str = ""
    version_start_excluding: str = ""
    version_end_including: str = ""
    version_end_excluding: str = ""


class _Node(msgspec.Struct, rename="camel"):
    cpe_match: list[_Match] = []
    negate: bool = False


class _Configuration(msgspec.Struct):
    nodes: list[_Node] = []


class _Text(msgspec.Struct):
    value: str = ""
    lang: str = "en"


class _Reference(msgspec.Struct):
    url: str = ""


class _Record(msgspec.Struct, rename="camel"):
    id: str
    published: str = ""
    vuln_status: str = ""
    metrics: dict[str, list[_Metric]] = {}
    configurations: list[_Configuration] = []
    descriptions: list[_Text] = []
    references: list[_Reference] = []


class _Item(msgspec.Struct):
    cve: msgspec.Raw


class _Page(msgspec.Struct):
    vulnerabilities: list[_Item]


def pages(data: bytes) -> Iterator[msgspec.Raw]:
    """The records of a page, each still to be read. Raises RecordRefused."""
    for item in decoded(data, _Page).vulnerabilities:
        yield item.cve


def read(data: bytes | msgspec.Raw, place: str = "") -> Vulnerability:
    """One record. Raises RecordRefused."""
    record = decoded(data, _Record, place)
    cve = cve_id(record.id, "id")
    score = _score(record)
    english = next((each.value for each in record.descriptions if each.lang.startswith("en")), "")
    url = next((each.url for each in record.references if "cisco-sa-" in each.url), "")
    return Vulnerability(
        cve,
        title(english.split(". ", 1)[0]),
        url.rstrip("/").rpartition("/")[2].partition("?")[0] if url else "",
        severity_of(score),
        score,
        day(record.published, "published"),
        url,
        record.vuln_status == "Rejected",
        _claims(cve, record).build(),
    )


def _score(record: _Record) -> float | None:
    for name in ("cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"):
        ordered = sorted(record.metrics.get(name, ()), key=lambda metric: metric.type != "Primary")
        for metric in ordered:
            if metric.cvss_data.base_score is not None:
                return metric.cvss_data.base_score
    return None


def _claims(cve: str, record: _Record) -> Claims:
    claims = Claims()
    for match in (match for each in record.configurations for node in each.nodes if not node.negate for match in node.cpe_match):
        parts = cpe_parts(match.criteria)
        if parts is None or not match.vulnerable:
            continue
        system, version = parts
        builder = claims.of(system, cve)
        start, end = (
            match.version_start_including or match.version_start_excluding,
            match.version_end_including or match.version_end_excluding,
        )
        if start or end:
            builder.range(Range(start, end, not match.version_start_excluding, bool(match.version_end_including)))
            if match.version_end_excluding:
                builder.fixed(match.version_end_excluding)
        elif version in ANY_VERSION:
            builder.whole()
        else:
            builder.release(version)
    return claims
