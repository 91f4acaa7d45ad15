"""What is known against a version: affected, probably affected, not exposed; the rest is no statement, never "safe".

The words for why stand in `matching`. Listed, in a range and whole product say affected; between two listed says probably affected.
Per CVE where a source tells per CVE; an advisory that gives only the union over several CVEs is one statement without a CVE. Where one
source names versions of a vulnerability and another the product alone, the one that names versions is believed, and the other is told of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from natvakt_server.domain.configuration.model import Configuration
from natvakt_server.knowledge.facts import Advisory, Build, Claim, Exploited, Likelihood, Vulnerability
from natvakt_server.knowledge.features import proved_off, shown_on
from natvakt_server.knowledge.matching import BASES, Matcher
from natvakt_server.knowledge.ports import HeldClaim, KnowledgeReader
from natvakt_server.knowledge.products import family_of_model
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import Version, VersionUnknown

AFFECTED, PROBABLY_AFFECTED, NOT_EXPOSED = "affected", "probably-affected", "not-exposed"
LISTED, WHOLE, BETWEEN = BASES[0], BASES[2], BASES[3]
CLEARED = "cleared"
"""How another source is told of that says a release is not affected."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of the configuration; numbers count from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One vulnerability (or advisory without a CVE) and one version. `others`: (source, basis) of what other sources say of it.

    `cves`: the CVEs that a union is over. `evidence`: the lines that show the feature on, or off. `feature_off`: the feature that the
    configuration shows to be off; without lines of evidence, by the absence of what turns it on.
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
    first_fixed: tuple[str, ...]
    source: str
    as_of: str
    evidence: tuple[EvidenceLine, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    feature_off: str | None = None
    cves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exposure:
    os: str
    version: str
    normalised: str | None
    train: str | None
    statements: tuple[Statement, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What the sources say of one subject: (place of the basis, claim), and who clears the release."""

    says: list[tuple[int, HeldClaim]] = field(default_factory=list)
    clears: list[str] = field(default_factory=list)
    fixed: dict[str, None] = field(default_factory=dict)
    names_versions: bool = False


Subject = tuple[str, str]
"""(advisory, cve): a CVE stands alone, an advisory's union has no CVE."""


class ExposureJudge:
    """Judges versions of one knowledge base; claims are read once for each operating system."""

    def __init__(self, reader: KnowledgeReader) -> None:
        self._reader = reader
        self._matcher = Matcher()
        self._claims: dict[str, Sequence[HeldClaim]] = {}

    def judge(self, os: str, version: str, model: str = "", configuration: Configuration | None = None) -> Exposure:
        """An unreadable version is an exposure with nothing but the reason. A configuration may show that a feature is off."""
        try:
            parsed = self._released(parse_version(os, version))
        except VersionUnknown as error:
            return Exposure(os, version, None, None, (), (str(error),))
        claims = [held for held in self._of(parsed.os) if _is_of(held.claim, model)]
        found = self._found(parsed, claims)
        statements = self._statements(parsed, {subject: about for subject, about in found.items() if about.says})
        if configuration is not None:
            statements = [with_configuration(each, parsed.os, configuration) for each in statements]
        unknown = (*self._unknown(parsed, claims), *_disbelieved(found))
        return Exposure(parsed.os, version, parsed.normalised, parsed.train, tuple(statements), unknown)

    def _released(self, version: Version) -> Version:
        """The release that a build number is, by the partner's table; the version itself where that does not tell."""
        if not version.is_build:
            return version
        told = [held.fact for held in self._reader.facts("build", [f"{version.os} {version.normalised}"])]
        release = next((fact.release for fact in told if isinstance(fact, Build)), None)
        return parse_version(version.os, release) if release is not None else version

    def _of(self, os: str) -> Sequence[HeldClaim]:
        if os not in self._claims:
            self._claims[os] = self._reader.claims(os)
        return self._claims[os]

    def _found(self, version: Version, claims: Sequence[HeldClaim]) -> Mapping[Subject, _Found]:
        told = {held.claim.cve for held in claims if held.claim.cve and _names_versions(held.claim)}
        found: dict[Subject, _Found] = {}
        for held in claims:
            subject = _subject(held, told)
            if subject is not None:
                self._note(version, held, found.setdefault(subject, _Found()))
        for held in claims:
            for subject in _covered(held):
                if subject in found:
                    found[subject].names_versions = True
            for subject in _subjects_of_fixes(held):
                if subject in found:
                    found[subject].fixed.update(dict.fromkeys(held.claim.fixed))
        return found

    def _note(self, version: Version, held: HeldClaim, about: _Found) -> None:
        claim = held.claim
        about.names_versions |= _names_versions(claim)
        basis = self._matcher.basis_of(version, claim)
        if basis is not None:
            about.says.append((BASES.index(basis), held))
        elif self._matcher.clears(version, claim):
            about.clears.append(held.held.source)

    def _statements(self, version: Version, found: Mapping[Subject, _Found]) -> Sequence[Statement]:
        believed = {subject: about for subject, about in found.items() if not _is_disbelieved(about)}
        cves = sorted({cve for subject, about in believed.items() for cve in _cves(subject, about)})
        exploited = {held.fact.cve: held.fact.title for held in self._reader.facts("exploited", cves) if isinstance(held.fact, Exploited)}
        likely: dict[str, float] = {}
        for held in sorted(self._reader.facts("likelihood", cves), key=lambda each: each.as_of):
            if isinstance(held.fact, Likelihood):
                likely[held.fact.cve] = held.fact.score
        statements = []
        for subject, about in believed.items():
            fixes = self._matcher.fixes(version, about.fixed)
            statements.append(_statement(subject, about, exploited, likely, fixes))
        return sorted(statements, key=_rank)

    def _unknown(self, version: Version, claims: Sequence[HeldClaim]) -> Sequence[str]:
        """What the answer does not say: since when nobody has told of this train, and what could not be read."""
        if not claims:
            return (f"the knowledge base holds nothing about {version.os}; import advisories",)
        days = [_published(held) for held in claims if self._matcher.names_train(version, held.claim)]
        unread = sum(len(held.claim.unread) for held in claims)
        said = f"no statement about this train after {max(days)}" if any(days) else f"no source names the train {version.train}"
        return (said, f"{unread} entries could not be read as versions") if unread else (said,)


def with_configuration(statement: Statement, os: str, configuration: Configuration) -> Statement:
    """The statement with the lines that show the feature on, or as not exposed where they show it off."""
    proof = proved_off(os, statement.title, configuration)
    if proof is None:
        shown = tuple(EvidenceLine(line.number, line.text) for line in shown_on(os, statement.title, configuration))
        return replace(statement, evidence=shown)
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
    """A claim on other hardware is none on this model; without a model, or with one of no known family, every claim counts."""
    family = family_of_model(model) if model else ""
    return not family or not claim.family or claim.family == family


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


def _names_versions(claim: Claim) -> bool:
    return bool(claim.listed or claim.ranges or claim.trains)


def _covered(held: HeldClaim) -> Sequence[Subject]:
    """The CVEs that a union tells versions for."""
    fact = held.held.fact
    if held.claim.cve or not isinstance(fact, Advisory) or not _names_versions(held.claim):
        return ()
    return tuple(("", cve) for cve in fact.cves)


def _subjects_of_fixes(held: HeldClaim) -> Sequence[Subject]:
    fact = held.held.fact
    if not held.claim.fixed:
        return ()
    if held.claim.cve:
        return (("", held.claim.cve),)
    return (*(("", cve) for cve in fact.cves), (fact.id, "")) if isinstance(fact, Advisory) else ()


def _is_disbelieved(about: _Found) -> bool:
    """Only ever said of the product as a whole, while another source names the versions or clears this one."""
    return (about.names_versions or bool(about.clears)) and all(BASES[place] == WHOLE for place, _ in about.says)


def _disbelieved(found: Mapping[Subject, _Found]) -> Iterable[str]:
    for (advisory, cve), about in sorted(found.items()):
        if about.says and _is_disbelieved(about):
            sources = ", ".join(sorted({held.held.source for _, held in about.says}))
            yield f"{cve or advisory}: {sources} names the product without versions, another source names versions and not this one"


def _cves(subject: Subject, about: _Found) -> Sequence[str]:
    """The CVE, or those that a union is over."""
    if subject[1]:
        return (subject[1],)
    facts = (held.held.fact for _, held in about.says)
    return tuple(dict.fromkeys(cve for fact in facts if isinstance(fact, Advisory) for cve in fact.cves))


def _statement(
    subject: Subject, about: _Found, exploited: Mapping[str, str], likely: Mapping[str, float], first_fixed: Sequence[str]
) -> Statement:
    advisory, cve = subject
    says = sorted(about.says, key=lambda each: (each[0], _detail(each[1]), each[1].held.source))
    best, held = says[0]
    facts = [each.held.fact for _, each in says]
    cves = _cves(subject, about)
    scores = [score for fact in facts if (score := _score(fact, cve)) is not None]
    words = [word for fact in facts if (word := fact.severity if isinstance(fact, Advisory | Vulnerability) else "")]
    title = next((fact.title for fact in facts if isinstance(fact, Advisory | Vulnerability) and fact.title), "")
    basis = BASES[best]
    others = [(each.held.source, BASES[place]) for place, each in says[1:] if each.held.source != held.held.source]
    return Statement(
        advisory=advisory or _advisory_of(says) or None,
        cve=cve or None,
        title=title or next((exploited[each] for each in cves if each in exploited), ""),
        verdict=PROBABLY_AFFECTED if basis == BETWEEN else AFFECTED,
        basis=basis,
        severity=words[0] if words else None,
        cvss=max(scores, default=None),
        kev=any(each in exploited for each in cves),
        epss=max((likely[each] for each in cves if each in likely), default=None),
        first_fixed=tuple(first_fixed),
        source=held.held.source,
        as_of=held.held.as_of,
        others=tuple(dict.fromkeys([*others, *((source, CLEARED) for source in about.clears)])),
        cves=() if cve else tuple(cves),
    )


def _advisory_of(says: Sequence[tuple[int, HeldClaim]]) -> str:
    for _, held in says:
        fact = held.held.fact
        name = fact.id if isinstance(fact, Advisory) else fact.advisory if isinstance(fact, Vulnerability) else ""
        if name:
            return name
    return ""


def _detail(held: HeldClaim) -> int:
    """A fact of the vendor's own document before one that quotes it."""
    return 0 if isinstance(held.held.fact, Advisory) else 1


def _score(fact: object, cve: str) -> float | None:
    if isinstance(fact, Vulnerability):
        return fact.cvss
    if isinstance(fact, Advisory):
        return fact.cvss.get(cve) if cve else max(fact.cvss.values(), default=None)
    return None


def _published(held: HeldClaim) -> str:
    fact = held.held.fact
    if isinstance(fact, Advisory):
        return fact.updated or fact.published
    return fact.published if isinstance(fact, Vulnerability) else ""
