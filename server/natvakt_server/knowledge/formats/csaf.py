"""CSAF 2.0 (OASIS): `document`, `product_tree`, `vulnerabilities`.

In Cisco's documents the tree is vendor > product > train > release, and the leaf's name is the release. A leaf that names a product only
means all of it. `relationships` put software on hardware: the software counts.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from natvakt_server.knowledge.claims import Claims
from natvakt_server.knowledge.facts import Advisory
from natvakt_server.knowledge.formats.reading import RecordRefused, cve_id, day, decoded, severity_of, severity_word, title
from natvakt_server.knowledge.products import family_of, release_in, systems_of

FORMAT = "csaf-2.0"
DEEPEST_TREE = 64
MOST_PRODUCTS = 500_000
VERSION_CATEGORIES = frozenset(("product_version", "product_version_range", "service_pack", "patch_level"))


class _Tracking(msgspec.Struct):
    id: str
    initial_release_date: str = ""
    current_release_date: str = ""


class _Severity(msgspec.Struct):
    text: str = ""


class _Reference(msgspec.Struct):
    url: str = ""
    category: str = ""


class _Document(msgspec.Struct):
    title: str
    tracking: _Tracking
    aggregate_severity: _Severity = msgspec.field(default_factory=_Severity)
    references: list[_Reference] = []


class _Product(msgspec.Struct):
    product_id: str
    name: str = ""


class _Branch(msgspec.Struct):
    name: str = ""
    category: str = ""
    product: _Product | None = None
    branches: list[msgspec.Raw] = []


class _Relationship(msgspec.Struct):
    product_reference: str
    full_product_name: _Product
    relates_to_product_reference: str = ""


class _Tree(msgspec.Struct):
    branches: list[msgspec.Raw] = []
    full_product_names: list[_Product] = []
    relationships: list[_Relationship] = []


class _Status(msgspec.Struct):
    known_affected: list[str] = []
    first_affected: list[str] = []
    last_affected: list[str] = []
    known_not_affected: list[str] = []
    fixed: list[str] = []
    first_fixed: list[str] = []


class _Cvss(msgspec.Struct):
    baseScore: float | None = None


class _Score(msgspec.Struct):
    cvss_v4: _Cvss | None = None
    cvss_v3: _Cvss | None = None
    cvss_v2: _Cvss | None = None


class _Vulnerability(msgspec.Struct):
    cve: str = ""
    product_status: _Status = msgspec.field(default_factory=_Status)
    scores: list[_Score] = []


class _Csaf(msgspec.Struct):
    document: _Document
    product_tree: _Tree = msgspec.field(default_factory=_Tree)
    vulnerabilities: list[_Vulnerability] = []


Named = tuple[Sequence[str], str, str, str]
"""(operating systems, release or empty, the product's name, the family of hardware that alone is meant or empty)."""
NOTHING: Named = ((), "", "", "")


def read(data: bytes) -> Iterator[Advisory]:
    """The document's one advisory. Raises RecordRefused."""
    document = decoded(data, _Csaf)
    products = _products(document.product_tree)
    claims, cves, scores = Claims(), [], {}
    for vulnerability in document.vulnerabilities:
        cve = cve_id(vulnerability.cve, "vulnerabilities[].cve") if vulnerability.cve else ""
        if cve:
            cves.append(cve)
        score = _score(vulnerability.scores)
        if cve and score is not None:
            scores[cve] = score
        _claim(claims, cve, vulnerability.product_status, products)
    tracking = document.document.tracking
    yield Advisory(
        tracking.id,
        title(document.document.title),
        severity_word(document.document.aggregate_severity.text) or severity_of(max(scores.values(), default=None)),
        day(tracking.initial_release_date, "document.tracking.initial_release_date"),
        day(tracking.current_release_date, "document.tracking.current_release_date"),
        next((each.url for each in document.document.references if each.category == "self" or tracking.id in each.url), ""),
        tuple(dict.fromkeys(cves)),
        scores,
        claims.build(),
    )


def _score(scores: Sequence[_Score]) -> float | None:
    found = [
        each.baseScore for score in scores for each in (score.cvss_v4, score.cvss_v3, score.cvss_v2) if each and each.baseScore is not None
    ]
    return max(found, default=None)


def _claim(claims: Claims, cve: str, status: _Status, products: Mapping[str, Named]) -> None:
    for product_id in (*status.known_affected, *status.first_affected, *status.last_affected):
        systems, release, name, family = products.get(product_id, NOTHING)
        for system in systems:
            claims.of(system, cve, name, release, family).release(release)
    for product_id in (*status.fixed, *status.first_fixed):
        systems, release, name, family = products.get(product_id, NOTHING)
        for system in systems if release else ():
            claims.of(system, cve, name, release, family).fixed(release)
    for product_id in status.known_not_affected:
        systems, release, name, family = products.get(product_id, NOTHING)
        for system in systems if release else ():
            claims.of(system, cve, name, release, family).cleared(release)


def _products(tree: _Tree) -> Mapping[str, Named]:
    """Every product id of the tree. The tree is walked without recursion: its depth is the sender's choice."""
    found: dict[str, Named] = {product.product_id: alone(product.name) for product in tree.full_product_names}
    named = {product.product_id: product.name for product in tree.full_product_names}
    waiting: list[tuple[msgspec.Raw, tuple[str, ...]]] = [(branch, ()) for branch in reversed(tree.branches)]
    while waiting:
        raw, above = waiting.pop()
        branch = decoded(raw, _Branch, "product_tree.branches")
        path = (*above, branch.name)
        if len(path) > DEEPEST_TREE or len(found) > MOST_PRODUCTS:
            raise RecordRefused(
                f"product_tree: deeper than {DEEPEST_TREE} or with more than {MOST_PRODUCTS} products; no advisory needs that"
            )
        if branch.product is not None:
            found[branch.product.product_id] = _named(path, branch.category)
            named[branch.product.product_id] = branch.product.name or branch.name
        waiting.extend((child, path) for child in reversed(branch.branches))
    for relationship in tree.relationships:
        whole = relationship.full_product_name
        software = found.get(relationship.product_reference, NOTHING)
        platform = named.get(relationship.relates_to_product_reference, "")
        found[whole.product_id] = on_platform(software, platform) if software[0] else alone(whole.name)
    return found


def on_platform(software: Named, platform: str) -> Named:
    """Software that is meant where it runs on that platform; the software may stand on either side of the relation."""
    systems, release, name, family = software
    return systems, release, name, family_of(platform) or family


def alone(name: str) -> Named:
    """A product that is told by its name only, as "Cisco IOS XE Software 17.3.1"."""
    systems = systems_of(name)
    release = next((found for system in systems if (found := release_in(system, name))), "")
    return systems, release, name.removesuffix(release).strip(), family_of(name)


def _named(path: Sequence[str], category: str) -> Named:
    *above, leaf = path
    family = next((found for name in reversed(above) if (found := family_of(name))), "")
    for name in reversed(above):
        if systems := systems_of(name):
            if category in VERSION_CATEGORIES or not systems_of(leaf):
                return systems, leaf, name, family
            break
    systems, release, name, own = alone(leaf)
    return systems, release, name, own or family
