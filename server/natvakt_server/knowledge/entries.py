"""What one entry of a version list says: a release, a train, a range in words, or that every version is meant.

Sources write "15.2(7)E8", "before 15.2(1)T", "3.16.5S and earlier", "16.6 through 16.9.4", ">= 9.8, < 9.8.4", "n/a", and CSAF's
`product_version_range` writes `vers:cisco/>=16.12|<16.12.10a` (package-url's vers-spec).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from natvakt_server.knowledge.facts import Range

NO_VERSION = frozenset(
    ("", "n/a", "na", "unspecified", "unknown", "all", "all versions", "all releases", "any", "*", "-", "0", "0.0", "none", "not specified")
)
MOST_PARTS = 2_000

_HEAD = re.compile(r"^(?:all )?(?:(?:software )?(?:versions?|releases?)(?::| |$))+", re.IGNORECASE)
_TAIL = re.compile(r"(?: (?:software )?(?:versions?|releases?))+$", re.IGNORECASE)
_BELOW = r"(?:prior to|before|earlier than|lower than|less than|older than|below|<)"
_BEFORE = re.compile(rf"^(?:{_BELOW})(?: (?:version|release))?\s*(?P<end>[^<>=\s].*)$", re.IGNORECASE)
_UP_TO = re.compile(r"^(?:<=|up to(?: and including)?|through|until)\s*(?P<end>\S.*)$", re.IGNORECASE)
_AND_EARLIER = re.compile(r"^(?P<end>\S.*?),? (?:and|or)(?: all)? (?:prior|earlier|below|lower|older|before)$", re.IGNORECASE)
_FROM = re.compile(r"^(?:>=|since|from|starting (?:with|from))\s*(?P<start>\S.*)$", re.IGNORECASE)
_AND_LATER = re.compile(r"^(?P<start>\S.*?),? (?:and|or)(?: all)? (?:later|above|newer|higher|up|after)$", re.IGNORECASE)
_ABOVE = re.compile(r"^>\s*(?P<start>[^=\s].*)$")
_FROM_BEFORE = re.compile(
    rf"^(?:from |>=\s*)?(?P<start>\S.*?)(?: and later)?(?:,? and |, ?| )(?:{_BELOW})\s*(?P<end>[^=\s].*)$", re.IGNORECASE
)
_RELEASE = r"\d\S*(?: (?:p|patch )\d+)?"
_FROM_TO = re.compile(
    rf"^(?:from )?(?P<start>{_RELEASE}) (?:to|through|thru|until|up to|-|\N{{EN DASH}}) (?P<end>{_RELEASE})$"
    rf"|^between (?P<low>{_RELEASE}) and (?P<high>{_RELEASE})$",
    re.IGNORECASE,
)
_VERS = re.compile(r"^vers:[a-z][a-z0-9.+-]*/(?P<constraints>.*)$", re.IGNORECASE | re.DOTALL)
_CONSTRAINT = re.compile(r"(?P<how>>=|<=|!=|=|<|>|)(?P<version>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """`release`: as it was written; `between`: a range; `cleared`: a release said not to be affected. All None: every version."""

    release: str | None = None
    between: Range | None = None
    cleared: str | None = None

    @property
    def is_whole(self) -> bool:
        return self.release is None and self.between is None and self.cleared is None


WHOLE = Entry()


def read_entry(text: str) -> Sequence[Entry]:
    """What the entry says; never empty. A text that is none of the forms is a release, whatever it may be."""
    shown = " ".join(text.split())
    if found := _VERS.match(shown):
        return tuple(_constraints(found["constraints"])) or (WHOLE,)
    bare = _TAIL.sub("", _HEAD.sub("", shown)).strip()
    if shown.lower() in NO_VERSION or bare.lower() in NO_VERSION:
        return (WHOLE,)
    between = _in_words(bare)
    return (Entry(between=between),) if between is not None else (Entry(release=bare),)


def _in_words(text: str) -> Range | None:
    if found := _UP_TO.match(text) or _AND_EARLIER.match(text):
        return Range(end=_bare(found["end"]), end_included=True)
    if found := _BEFORE.match(text):
        return Range(end=_bare(found["end"]))
    if found := _FROM_BEFORE.match(text):
        return Range(_bare(found["start"]), _bare(found["end"]))
    if found := _FROM_TO.match(text):
        return Range(found["start"] or found["low"], found["end"] or found["high"], end_included=True)
    if found := _FROM.match(text) or _AND_LATER.match(text):
        return Range(_bare(found["start"]))
    if found := _ABOVE.match(text):
        return Range(_bare(found["start"]), start_included=False)
    return None


def _bare(text: str) -> str:
    return _TAIL.sub("", _HEAD.sub("", text)).strip()


def _constraints(text: str) -> Iterator[Entry]:
    """A lower bound and the upper bound behind it are one range, as in the specification's algorithm."""
    start: tuple[str, bool] | None = None
    for part in text.split("|")[:MOST_PARTS]:
        found = _CONSTRAINT.fullmatch(part.strip())
        if found is None or found["version"] == "*":
            continue
        how, version = found["how"], unquote(found["version"]).strip()
        if how in (">", ">="):
            if start is not None:
                yield Entry(between=Range(start[0], start_included=start[1]))
            start = (version, how == ">=")
        elif how in ("<", "<="):
            low, included = start or ("", True)
            yield Entry(between=Range(low, version, included, how == "<="))
            start = None
        else:
            yield Entry(cleared=version) if how == "!=" else Entry(release=version)
    if start is not None:
        yield Entry(between=Range(start[0], start_included=start[1]))


def parts_of(text: str) -> Sequence[str]:
    """An entry that lists several: "15.2(1)T, 15.2(2)T"; the entry alone where it lists none."""
    parts = [part.strip() for part in re.split(r"[,;]| and (?=\d)", text) if part.strip()]
    return parts if len(parts) > 1 else (text,)
