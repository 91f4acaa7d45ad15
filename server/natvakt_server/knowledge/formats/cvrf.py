"""CVRF 1.1 (ICASI) and 1.2 (OASIS): what CSAF was before, in XML.

Checked against the schema's rules that matter here: required elements, dates as xs:dateTime, statuses that name products of the tree.
"""

import re
from collections.abc import Iterator, Mapping

from natvakt_server.knowledge.claims import Claims
from natvakt_server.knowledge.facts import Advisory
from natvakt_server.knowledge.formats.csaf import DEEPEST_TREE, NOTHING, Named, alone, on_platform
from natvakt_server.knowledge.formats.reading import FileRefused, RecordRefused, cve_id, day, severity_of, severity_word, title
from natvakt_server.knowledge.formats.xml_tree import Element, parse_xml
from natvakt_server.knowledge.products import family_of, systems_of

FORMATS = {
    "http://www.icasi.org/CVRF/schema/cvrf/1.1": "cvrf-1.1",
    "http://docs.oasis-open.org/csaf/ns/csaf-cvrf/v1.2/cvrf": "cvrf-1.2",
}
AFFECTED = frozenset(("Known Affected", "First Affected", "Last Affected"))
FIXED = frozenset(("Fixed", "First Fixed"))
CLEARED = "Known Not Affected"
STATUSES = AFFECTED | FIXED | {CLEARED, "Recommended", "Under Investigation"}
_DATE_TIME = re.compile(r"-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)


def format_of(root: Element) -> str:
    """Raises FileRefused."""
    if root.name != "cvrfdoc" or root.namespace not in FORMATS:
        raise FileRefused(f"root element {root.name[:40]!r} is no CVRF document; CVRF 1.1 and 1.2 are read")
    return FORMATS[root.namespace]


def load(data: bytes) -> Element:
    return parse_xml(data)


def read(root: Element) -> Iterator[Advisory]:
    """The document's one advisory. Raises RecordRefused."""
    tracking = _required(root, "DocumentTracking")
    advisory_id = _required(root, "DocumentTracking", "Identification", "ID").text
    for name in ("DocumentType", "DocumentPublisher"):
        _required(root, name)
    products = _products(root)
    claims, cves, scores, severities = Claims(), [], {}, []
    for vulnerability in root.all("Vulnerability"):
        cve_element = vulnerability.find("CVE")
        cve = cve_id(cve_element.text, "Vulnerability/CVE") if cve_element is not None else ""
        if cve:
            cves.append(cve)
        found = [_number(score) for name in ("BaseScore", "BaseScoreV3", "BaseScoreV2") for score in vulnerability.below(name)]
        if cve and found:
            scores[cve] = max(found)
        severities += [threat.find("Description") for threat in vulnerability.below("Threat") if threat.attributes.get("Type") == "Impact"]
        _claim(claims, cve, vulnerability, products)
    aggregate = root.find("AggregateSeverity")
    words = [severity_word(each.text) for each in (aggregate, *severities) if each is not None]
    yield Advisory(
        advisory_id,
        title(_required(root, "DocumentTitle").text),
        next(filter(None, words), "") or severity_of(max(scores.values(), default=None)),
        _date(tracking, "InitialReleaseDate"),
        _date(tracking, "CurrentReleaseDate"),
        _own_url(root, advisory_id),
        tuple(dict.fromkeys(cves)),
        scores,
        claims.build(),
    )


def _required(root: Element, *path: str) -> Element:
    found = root.find(*path)
    if found is None or not (found.text or found.children or found.attributes):
        raise RecordRefused(f"{'/'.join(path)}: is missing or empty; CVRF requires it")
    return found


def _date(tracking: Element, name: str) -> str:
    text = _required(tracking, name).text
    if _DATE_TIME.fullmatch(text) is None:
        raise RecordRefused(f"DocumentTracking/{name}: {text[:40]!r} is no xs:dateTime; write it as 2011-05-25T00:00:00+00:00")
    return day(text, f"DocumentTracking/{name}")


def _number(element: Element) -> float:
    try:
        return float(element.text)
    except ValueError:
        raise RecordRefused(f"{element.name}: {element.text[:20]!r} is no CVSS score; scores are 0.0 to 10.0") from None


def _own_url(root: Element, advisory_id: str) -> str:
    urls = [reference.find("URL") for reference in root.below("Reference")]
    return next((url.text for url in urls if url is not None and advisory_id in url.text), "")


def _claim(claims: Claims, cve: str, vulnerability: Element, products: Mapping[str, Named]) -> None:
    for status in vulnerability.below("Status"):
        kind = status.attributes.get("Type", "")
        if kind not in STATUSES:
            raise RecordRefused(f"ProductStatuses/Status: type {kind[:40]!r} is not one of {', '.join(sorted(STATUSES))}")
        for element in status.all("ProductID"):
            systems, release, name, family = products.get(element.text, NOTHING)
            for system in systems:
                builder = claims.of(system, cve, name, release, family)
                if kind in AFFECTED:
                    builder.release(release)
                elif kind in FIXED and release:
                    builder.fixed(release)
                elif kind == CLEARED and release:
                    builder.cleared(release)


def _products(root: Element) -> Mapping[str, Named]:
    tree = root.find("ProductTree")
    found: dict[str, Named] = {}
    names: dict[str, str] = {}
    if tree is None:
        return found
    waiting: list[tuple[Element, tuple[str, ...]]] = [(tree, ())]
    while waiting:
        element, above = waiting.pop()
        path = (*above, element.attributes.get("Name", "")) if element.name == "Branch" else above
        if len(path) > DEEPEST_TREE:
            raise RecordRefused(f"ProductTree: deeper than {DEEPEST_TREE}; no advisory needs that")
        for product in element.all("FullProductName"):
            found[product.attributes.get("ProductID", "")] = _named(path, product.text)
            names[product.attributes.get("ProductID", "")] = product.text
        waiting.extend((branch, path) for branch in element.all("Branch"))
    for relationship in tree.all("Relationship"):
        software = found.get(relationship.attributes.get("ProductReference", ""), NOTHING)
        platform = names.get(relationship.attributes.get("RelatesToProductReference", ""), "")
        for product in relationship.all("FullProductName"):
            found[product.attributes.get("ProductID", "")] = on_platform(software, platform) if software[0] else alone(product.text)
    return found


def _named(path: tuple[str, ...], text: str) -> Named:
    """The release is the branch's name; without branches it may stand at the end of the product's name."""
    family = next((found for name in reversed(path) if (found := family_of(name))), "")
    for place in range(len(path) - 1, -1, -1):
        if systems := systems_of(path[place]):
            if place < len(path) - 1:
                return systems, path[-1], path[place], family
            break
    systems, release, name, own = alone(text)
    return systems, release, name, own or family
