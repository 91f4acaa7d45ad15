"""What is known against a version: affected, probably affected, not exposed; the rest is no statement, never "safe".

    listed          the release is in the vendor's list                          affected
    range           it lies in a vendor's range                                  affected
    whole-product   the product is named without any version                     affected
    between-listed  not listed, but between two listed releases of its train     probably affected

Per CVE where a source tells per CVE; an advisory that gives only the union over several CVEs is one statement without a CVE.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from natvakt_server.domain.configuration.model import Configuration
from natvakt_server.knowledge.facts import Advisory, Claim, Exploited, Likelihood, Range, Vulnerability
from natvakt_server.knowledge.features import proved_off
from natvakt_server.knowledge.ports import HeldClaim, KnowledgeReader
from natvakt_server.knowledge.products import family_of_model
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import Version, VersionUnknown

AFFECTED, PROBABLY_AFFECTED, NOT_EXPOSED = "affected", "probably-affected", "not-exposed"
BASES = ("listed", "range", "whole-product", "between-listed")
"""From the strongest to the weakest."""

_NUMERIC_TRAIN = re.compile(r"(?P<major>\d+)\.(?P<minor>\d+)(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of the configuration; numbers count from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One vulnerability (or advisory without a CVE) and one version. `others`: (source, basis) of what other sources say of it.

    `feature_off`: the feature that the configuration shows to be off; without lines of evidence, by the absence of what turns it on.
    """

    advisory: str | None
    cve: str | None
    title: str
    verdict: str
    basis: str
    severity: str | None
    cvss: float | None
    kev: bool
    epss: float | None
    first_fixed: Sequence[str]
    source: str
    as_of: str
    evidence: Sequence[EvidenceLine] = ()
    others: Sequence[tuple[str, str]] = ()
    feature_off: str | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    os: str
    version: str
    normalised: str | None
    train: str | None
    statements: Sequence[Statement] = ()
    unknown: Sequence[str] = ()


@dataclass(slots=True)
class _Found:
    """What the sources say of one subject, strongest first once sorted."""

    says: list[tuple[int, HeldClaim]] = field(default_factory=list)
    fixed: dict[str, None] = field(default_factory=dict)


class ExposureJudge:
    """Judges versions of one knowledge base; claims are read once for each operating system."""

    def __init__(self, reader: KnowledgeReader) -> None:
        self._reader = reader
        self._claims: dict[str, Sequence[HeldClaim]] = {}

    def judge(self, os: str, version: str, model: str = "", configuration: Configuration | None = None) -> Exposure:
        """An unreadable version is an exposure with nothing but the reason. A configuration may show that a feature is off."""
        try:
            parsed = parse_version(os, version)
        except VersionUnknown as error:
            return Exposure(os, version, None, None, (), (str(error),))
        claims = [held for held in self._of(parsed.os) if _is_of(held.claim, model)]
        statements = self._statements(parsed, _found(parsed, claims))
        if configuration is not None:
            statements = [_with_evidence(each, parsed.os, configuration) for each in statements]
        return Exposure(parsed.os, version, parsed.normalised, parsed.train, tuple(statements), _unknown(parsed, claims))

    def _of(self, os: str) -> Sequence[HeldClaim]:
        if os not in self._claims:
            self._claims[os] = self._reader.claims(os)
        return self._claims[os]

    def _statements(self, version: Version, found: Mapping[tuple[str, str], _Found]) -> Sequence[Statement]:
        cves = sorted({cve for _, cve in found if cve})
        exploited = {held.fact.cve: held.fact.title for held in self._reader.facts("exploited", cves) if isinstance(held.fact, Exploited)}
        likely: dict[str, float] = {}
        for held in sorted(self._reader.facts("likelihood", cves), key=lambda each: each.as_of):
            if isinstance(held.fact, Likelihood):
                likely[held.fact.cve] = held.fact.score
        statements = [
            _statement(version, subject, about, exploited.get(subject[1]), likely.get(subject[1])) for subject, about in found.items()
        ]
        return sorted(statements, key=_rank)


def _with_evidence(statement: Statement, os: str, configuration: Configuration) -> Statement:
    proof = proved_off(os, statement.title, configuration)
    if proof is None:
        return statement
    lines = tuple(EvidenceLine(line.number, line.text) for line in proof.lines)
    return replace(statement, verdict=NOT_EXPOSED, evidence=lines, feature_off=proof.feature)


def _rank(statement: Statement) -> tuple[object, ...]:
    """What matters most first: exploited, certain, severe, likely."""
    return (
        not statement.kev,
        statement.verdict != AFFECTED,
        -(statement.cvss or 0.0),
        -(statement.epss or 0.0),
        statement.cve or "",
        statement.advisory or "",
    )


def _is_of(claim: Claim, model: str) -> bool:
    """A claim on other hardware is none on this model; without a model every claim counts."""
    family = family_of_model(model) if model else ""
    return not family or not claim.family or claim.family == family


Subject = tuple[str, str]
"""(advisory, cve): a CVE stands alone, an advisory's union has no CVE."""


def _found(version: Version, claims: Sequence[HeldClaim]) -> Mapping[Subject, _Found]:
    told = {held.claim.cve for held in claims if held.claim.cve}
    found: dict[Subject, _Found] = {}
    for held in claims:
        subject = _subject(held, told)
        basis = basis_of(version, held.claim) if subject is not None else None
        if subject is not None and basis is not None:
            found.setdefault(subject, _Found()).says.append((BASES.index(basis), held))
    for held in claims:
        for subject in _subjects_of_fixes(held):
            if subject in found:
                found[subject].fixed.update(dict.fromkeys(_fixes(version, held.claim)))
    return {(advisory or _advisory_of(about), cve): about for (advisory, cve), about in found.items()}


def _subject(held: HeldClaim, told: set[str]) -> Subject | None:
    """None for what is withdrawn, and for a union over several CVEs of which each is told by itself."""
    fact = held.held.fact
    if isinstance(fact, Vulnerability) and fact.rejected:
        return None
    if held.claim.cve:
        return "", held.claim.cve
    if not isinstance(fact, Advisory):
        return None
    if len(fact.cves) == 1:
        return "", fact.cves[0]
    return None if fact.cves and all(cve in told for cve in fact.cves) else (fact.id, "")


def _subjects_of_fixes(held: HeldClaim) -> Sequence[Subject]:
    fact = held.held.fact
    if not held.claim.fixed:
        return ()
    if held.claim.cve:
        return (("", held.claim.cve),)
    return (*(("", cve) for cve in fact.cves), (fact.id, "")) if isinstance(fact, Advisory) else ()


def _advisory_of(about: _Found) -> str:
    for _, held in sorted(about.says, key=lambda each: (each[0], each[1].held.source)):
        fact = held.held.fact
        name = fact.id if isinstance(fact, Advisory) else fact.advisory if isinstance(fact, Vulnerability) else ""
        if name:
            return name
    return ""


def _statement(version: Version, subject: tuple[str, str], about: _Found, exploited: str | None, epss: float | None) -> Statement:
    """`exploited`: the title in the catalogue of exploited vulnerabilities; None where it is not in it."""
    advisory, cve = subject
    says = sorted(about.says, key=lambda each: (each[0], _detail(each[1]), each[1].held.source))
    best, held = says[0]
    facts = [each.held.fact for _, each in says]
    scores = [score for fact in facts if (score := _score(fact, cve)) is not None]
    words = [word for fact in facts if (word := fact.severity if isinstance(fact, Advisory | Vulnerability) else "")]
    title = next((fact.title for fact in facts if isinstance(fact, Advisory | Vulnerability) and fact.title), "")
    basis = BASES[best]
    return Statement(
        advisory=advisory or None,
        cve=cve or None,
        title=title or exploited or "",
        verdict=PROBABLY_AFFECTED if basis == "between-listed" else AFFECTED,
        basis=basis,
        severity=words[0] if words else None,
        cvss=max(scores, default=None),
        kev=exploited is not None,
        epss=epss,
        first_fixed=_in_order(version, about.fixed),
        source=held.held.source,
        as_of=held.held.as_of,
        others=tuple((each.held.source, BASES[place]) for place, each in says[1:] if each.held.source != held.held.source),
    )


def _detail(held: HeldClaim) -> int:
    """A fact of the vendor's own document before one that quotes it."""
    return 0 if isinstance(held.held.fact, Advisory) else 1


def _score(fact: object, cve: str) -> float | None:
    if isinstance(fact, Vulnerability):
        return fact.cvss
    if isinstance(fact, Advisory):
        return fact.cvss.get(cve) if cve else max(fact.cvss.values(), default=None)
    return None


def basis_of(version: Version, claim: Claim) -> str | None:
    """Why the claim holds for this version; None: it says nothing of it."""
    listed = [parsed for text in claim.listed.get(version.train, ()) if (parsed := _parsed(version.os, text)) is not None]
    if any(version.is_same(each) for each in listed):
        return "listed"
    if any(_is_inside(version, each) for each in claim.ranges):
        return "range"
    if claim.whole:
        return "whole-product"
    places = sorted(each.place for each in listed)
    at = bisect_left(places, version.place)
    return "between-listed" if 0 < at < len(places) else None


def _parsed(os: str, text: str) -> Version | None:
    try:
        return parse_version(os, text)
    except VersionUnknown:
        return None


def _is_inside(version: Version, between: Range) -> bool:
    """A range with one open end holds in the train of the other only; one with both ends holds wherever it reaches."""
    start, end = _bound(version.os, between.start), _bound(version.os, between.end)
    if start is None and end is None:
        return False
    if start is None or end is None:
        train = (start or end or ("", None))[0]
        if train != version.train:
            return False
    after = start is None or _is_after(version, start, between.start_included)
    return after and (end is None or _is_before(version, end, between.end_included))


Bound = tuple[str, Version | None]
"""A train, and the release in it; None: the train's beginning."""


def _bound(os: str, text: str) -> Bound | None:
    if not text:
        return None
    parsed = _parsed(os, text)
    if parsed is not None:
        return parsed.train, parsed
    return text, None


def _is_after(version: Version, start: Bound, included: bool) -> bool:
    train, release = start
    if train != version.train:
        return _train_order(train, version.train) is True
    return release is None or release.place < version.place or (included and release.place == version.place)


def _is_before(version: Version, end: Bound, included: bool) -> bool:
    train, release = end
    if train != version.train:
        return _train_order(version.train, train) is True
    if release is None:
        return included
    return version.place < release.place or (included and release.place == version.place)


def _train_order(one: str, other: str) -> bool | None:
    """Whether one train's number is lower; None where their letters differ, so that numbers say nothing."""
    first, second = _NUMERIC_TRAIN.fullmatch(one), _NUMERIC_TRAIN.fullmatch(other)
    if first is None or second is None or first["rest"] != second["rest"]:
        return None
    return (int(first["major"]), int(first["minor"])) < (int(second["major"]), int(second["minor"]))


def _fixes(version: Version, claim: Claim) -> Sequence[str]:
    """Fixed releases of this train that come after the version; where the train has none, those of other trains."""
    own = [text for text in claim.fixed if (parsed := _parsed(version.os, text)) is not None and parsed.train == version.train]
    later = [text for text in own if (parsed := _parsed(version.os, text)) is not None and version.precedes(parsed)]
    return later if own else list(claim.fixed)


def _in_order(version: Version, fixes: Iterable[str]) -> Sequence[str]:
    """Those of the version's own train alone where there are any, the lowest first."""
    parsed = [found for text in fixes if (found := _parsed(version.os, text)) is not None]
    own = sorted((each for each in parsed if each.train == version.train), key=lambda each: each.place)
    return tuple(each.normalised for each in own) or tuple(sorted(each.normalised for each in parsed))


def _unknown(version: Version, claims: Sequence[HeldClaim]) -> Sequence[str]:
    """What the answer does not say: since when nobody has told of this train, and what could not be read."""
    if not claims:
        return (f"the knowledge base holds nothing about {version.os}; import advisories",)
    days = [_published(held) for held in claims if _names(version, held.claim)]
    unread = sum(len(held.claim.unread) for held in claims)
    said = f"no statement about this train after {max(days)}" if days else f"no source names the train {version.train}"
    return (said, f"{unread} entries could not be read as versions") if unread else (said,)


def _names(version: Version, claim: Claim) -> bool:
    """Whether the claim speaks of this version's train."""
    bounds = (_bound(version.os, text) for each in claim.ranges for text in (each.start, each.end))
    return version.train in claim.listed or any(bound is not None and bound[0] == version.train for bound in bounds)


def _published(held: HeldClaim) -> str:
    fact = held.held.fact
    if isinstance(fact, Advisory):
        return fact.updated or fact.published
    return fact.published if isinstance(fact, Vulnerability) else ""
