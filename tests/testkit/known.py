"""What the knowledge base says, as lines of a scenario.

    affected CVE-2024-1 ios-xe 17.9.1,17.9.3 cvss=9.8 fixed=17.9.4a title=Web~UI     listed releases; `~` is a blank
    exploited CVE-2024-1
    lifecycle WS-C2960X-24 last_date_of_support=2026-01-31 replacement=C9200L-24T
    suggestion C9300-24T ios-xe 17.9.5,17.12.4 size=400000000 deferred=17.9.2
    cycle ios-xe 17.3 end_of_maintenance=2023-09-30

`as-of=2026-01-31` on a line makes it older than the rest, which is a day old.
"""

from collections.abc import Mapping, Sequence

from natvakt_server.analysis.evidence import Device
from natvakt_server.analysis.hardware import pieces
from natvakt_server.knowledge.claims import Claims
from natvakt_server.knowledge.facts import MILESTONES, Exploited, Fact, Lifecycle, ReleaseCycle, Suggestion, Vulnerability
from natvakt_server.knowledge.known import Asked, Known, cut_out
from testkit.knowledge import MemoryKnowledge

DAY = "2026-11-17"


def known(lines: Sequence[str], devices: Sequence[Device]) -> Known:
    store = MemoryKnowledge()
    for line in lines:
        kind, *words = line.split()
        named = {name: value.replace("~", " ") for name, told, value in (word.partition("=") for word in words) if told and value}
        bare = [word for word in words if word.endswith("=") or "=" not in word]
        store.put(f"test-{kind}", named.get("as-of", DAY), [fact(kind, bare, named)], 0)
    return cut_out(store, [Asked(each.os, each.version, each.model, tuple(piece.pid for piece in pieces(each))) for each in devices])


def fact(kind: str, bare: Sequence[str], named: Mapping[str, str]) -> Fact:
    match kind:
        case "affected":
            return _affected(bare, named)
        case "exploited":
            return Exploited(bare[0], "2026-01-01")
        case "lifecycle":
            return Lifecycle(bare[0], {name: named[name] for name in MILESTONES if name in named}, named.get("replacement", ""))
        case "suggestion":
            releases = tuple(bare[2].split(","))
            sizes = {release: int(named["size"]) for release in releases if "size" in named}
            deferred = tuple(named["deferred"].split(",")) if "deferred" in named else ()
            return Suggestion(bare[0], bare[1], releases, "", {}, sizes, deferred)
        case "cycle":
            ends = (named.get("end_of_maintenance", ""), named.get("end_of_security", ""))
            return ReleaseCycle(bare[0], bare[1], "", *ends)
    raise AssertionError(f"{kind}: affected, exploited, lifecycle, suggestion or cycle")


def _affected(bare: Sequence[str], named: Mapping[str, str]) -> Vulnerability:
    cve, os, releases = bare
    claims = Claims()
    for release in releases.split(","):
        claims.of(os, cve).release(release)
    for fixed in named.get("fixed", "").split(",") if "fixed" in named else ():
        claims.of(os, cve).fixed(fixed)
    cvss = float(named["cvss"]) if "cvss" in named else None
    return Vulnerability(cve, named.get("title", "A vulnerability"), "", named.get("severity", ""), cvss, claims=claims.build())
