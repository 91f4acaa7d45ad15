"""NVD's CVE API 2.0: a page of `vulnerabilities`, or one bare record.

Its CPE ranges carry what Cisco's records lack: `versionEndExcluding` is the first fixed release of that range.
"""

from collections.abc import Iterator, Sequence

import msgspec

from natvakt_server.knowledge.claims import Claims
from natvakt_server.knowledge.facts import Range, Vulnerability
from natvakt_server.knowledge.formats.reading import cve_id, day, decoded, severity_of, title
from natvakt_server.knowledge.products import cpe_parts, hardware_family
from natvakt_server.knowledge.versions.cpe import spelt

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
    """`operator` AND: software that is vulnerable on the hardware which another node names."""

    nodes: list[_Node] = []
    operator: str = "OR"


class _Text(msgspec.Struct):
    value: str = ""
    lang: str = "en"


class _Reference(msgspec.Struct):
    url: str = ""


class _Record(msgspec.Struct, rename="camel"):
    id: str
    published: str = ""
    last_modified: str = ""
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
        day(record.last_modified, "lastModified"),
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
    for configuration in record.configurations:
        families = _families(configuration)
        for node in configuration.nodes:
            for match in node.cpe_match if not node.negate else ():
                _match(claims, cve, match, families)
    return claims


def _families(configuration: _Configuration) -> Sequence[str]:
    """The hardware families that alone are meant; one empty word where all are, or where one of them is not known."""
    if configuration.operator.upper() != "AND":
        return ("",)
    hardware = [match.criteria for node in configuration.nodes for match in node.cpe_match if match.criteria.startswith("cpe:2.3:h:")]
    found = list(dict.fromkeys(hardware_family(criteria) for criteria in hardware))
    return ("",) if not found or "" in found else found


def _match(claims: Claims, cve: str, match: _Match, families: Sequence[str]) -> None:
    parts = cpe_parts(match.criteria)
    if parts is None or not match.vulnerable:
        return
    system, version = parts
    start = spelt(system, match.version_start_including or match.version_start_excluding)
    end = spelt(system, match.version_end_including or match.version_end_excluding)
    for family in families:
        builder = claims.of(system, cve, version=version if version not in ANY_VERSION else start or end, family=family)
        if start or end:
            builder.range(Range(start, end, not match.version_start_excluding, bool(match.version_end_including)))
            if match.version_end_excluding:
                builder.fixed(end)
        elif version in ANY_VERSION:
            builder.whole()
        else:
            builder.release(version)
