"""What the knowledge base holds: facts of the world, each under the source that said it.

A fact is stored as it was said; facts of different sources stand side by side, and what contradicts is shown, never merged away. Dates are
ISO 8601 days. Versions are kept in the advisories' spelling, grouped by train, so that a judgement reads one train only.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

SEVERITIES = ("critical", "high", "medium", "low", "informational")


class Range(msgspec.Struct, frozen=True, omit_defaults=True):
    """Releases between two ends; an end that is empty is open. `end_included`: the end itself is affected."""

    start: str = ""
    end: str = ""
    start_included: bool = True
    end_included: bool = False


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one source says of one operating system for one vulnerability.

    `cve` is empty where the source gives only the union over several. `listed`: train -> releases. `products`: the names that were used.
    `trains`: named as a whole, * for a number left open ("3.*E"). `cleared`: releases said not to be affected.
    `whole`: the system is named without any version. `unread`: entries that are no version of it, as they were written. `family`: the
    hardware family that alone is meant (nexus-3000), where one system runs on several that are judged apart.
    """

    os: str
    cve: str = ""
    family: str = ""
    listed: Mapping[str, tuple[str, ...]] = {}
    ranges: tuple[Range, ...] = ()
    fixed: tuple[str, ...] = ()
    whole: bool = False
    unread: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    trains: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()


class Advisory(msgspec.Struct, frozen=True, omit_defaults=True, tag="advisory"):
    """A vendor's notice. `id` is its own (cisco-sa-...)."""

    id: str
    title: str
    severity: str = ""
    published: str = ""
    updated: str = ""
    url: str = ""
    cves: tuple[str, ...] = ()
    cvss: Mapping[str, float] = {}
    claims: tuple[Claim, ...] = ()


class Vulnerability(msgspec.Struct, frozen=True, omit_defaults=True, tag="vulnerability"):
    """A CVE record, as its numbering authority or NVD tells it. `advisory` is the vendor's notice that it names, if any."""

    cve: str
    title: str = ""
    advisory: str = ""
    severity: str = ""
    cvss: float | None = None
    published: str = ""
    url: str = ""
    rejected: bool = False
    claims: tuple[Claim, ...] = ()
    updated: str = ""


class Exploited(msgspec.Struct, frozen=True, omit_defaults=True, tag="exploited"):
    """CISA's catalogue of known exploited vulnerabilities."""

    cve: str
    added: str
    due: str = ""
    product: str = ""
    title: str = ""
    ransomware: bool = False


class Likelihood(msgspec.Struct, frozen=True, omit_defaults=True, tag="likelihood"):
    """EPSS (FIRST): the probability of exploitation within 30 days, and its percentile; both 0 to 1."""

    cve: str
    score: float
    percentile: float | None = None


MILESTONES = ("announced", "end_of_sale", "end_of_software_maintenance", "end_of_vulnerability_support", "last_date_of_support")


class Lifecycle(msgspec.Struct, frozen=True, omit_defaults=True, tag="lifecycle"):
    """Milestones of one product id, by Cisco's names; `milestones` has no entry for a date that is not known.

    `updated`: the day of the record, where it says. `others`: further records of the same source on the same product.
    """

    pid: str
    milestones: Mapping[str, str] = {}
    replacement: str = ""
    bulletin: str = ""
    url: str = ""
    updated: str = ""
    others: tuple["Lifecycle", ...] = ()


class ReleaseCycle(msgspec.Struct, frozen=True, omit_defaults=True, tag="cycle"):
    """A software train: maintained until `end_of_maintenance`, given security fixes until `end_of_security`."""

    os: str
    train: str
    released: str = ""
    end_of_maintenance: str = ""
    end_of_security: str = ""
    long_term: bool = False
    url: str = ""


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True, tag="suggestion"):
    """The releases that Cisco suggests for one product, in its own order. `deferred`: releases that were withdrawn."""

    pid: str
    os: str
    releases: tuple[str, ...]
    software_type: str = ""
    dates: Mapping[str, str] = {}
    image_bytes: Mapping[str, int] = {}
    deferred: tuple[str, ...] = ()


class Price(msgspec.Struct, frozen=True, omit_defaults=True, tag="price"):
    """What the partner asks for one product, without tax."""

    pid: str
    price: float
    currency: str = ""


class Build(msgspec.Struct, frozen=True, omit_defaults=True, tag="build"):
    """Which release a build number is, where a device prints the one and advisories write the other."""

    os: str
    build: str
    release: str


Fact = Advisory | Vulnerability | Exploited | Likelihood | Lifecycle | ReleaseCycle | Suggestion | Price | Build
Kind = Literal["advisory", "vulnerability", "exploited", "likelihood", "lifecycle", "cycle", "suggestion", "price", "build"]


def kind_of(fact: Fact) -> str:
    return str(type(fact).__struct_config__.tag)


def key_of(fact: Fact) -> str:
    """What the fact is about; one fact a source, kind and key."""
    match fact:
        case Advisory():
            return fact.id
        case Vulnerability() | Exploited() | Likelihood():
            return fact.cve
        case ReleaseCycle():
            return f"{fact.os} {fact.train}"
        case Build():
            return f"{fact.os} {fact.build}"
        case Lifecycle() | Suggestion() | Price():
            return fact.pid


def claims_of(fact: Fact) -> Sequence[Claim]:
    return fact.claims if isinstance(fact, Advisory | Vulnerability) else ()
