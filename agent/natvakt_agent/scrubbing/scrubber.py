"""A configuration as it may leave the site.

    text ── grammar and shapes ── the vault's values and the secrets just found, in every form ── residue? ── text
            (natvakt_wire.scrubbing)                                                              └── blocked, no text

Each secret becomes one mark without blanks; lines stay as many as they were and end as they ended. What cannot be made clean is not
sent at all.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from natvakt_wire.scrubbing.lines import split_lines
from natvakt_wire.scrubbing.marks import Mark
from natvakt_wire.scrubbing.reading import UNREADABLE_KINDS, Finding, Reader
from natvakt_wire.scrubbing.redaction import mark_of, replace
from natvakt_wire.scrubbing.vocabulary import is_ordinary
from natvakt_wire.scrubbing.well_known import is_well_known_word

from natvakt_agent.scrubbing.equality import SiteKey
from natvakt_agent.scrubbing.known_values import MIN_LETTERS, KnownValues, Place, decodings
from natvakt_agent.scrubbing.outcome import Removed, Scrubbed
from natvakt_agent.scrubbing.residue import residue_lines

SYSTEMS = ("ios", "ios-xe", "nx-os", "asa", "ios-xr", "aireos", "small-business")
MAX_PASSES = 4
"""A pass may lay open what the one before it hid; a text that is not clean then is not sent."""
MAX_LETTERS = 64 * 1024 * 1024


class Scrubber:
    """`vault_values`: every secret the site's vault holds. Knows no disk and no network; safe to call from several threads."""

    def __init__(self, site_key: SiteKey, vault_values: Iterable[str] = ()) -> None:
        self._site_key = site_key
        self._vault_values = frozenset(value for value in vault_values if _is_worth_hunting(value))

    def scrub(self, text: str, os: str) -> Scrubbed:
        """The text without its secrets. `os` is one of SYSTEMS; raises ValueError for another."""
        if os not in SYSTEMS:
            raise ValueError(f"os {os[:40]!r}: is not known; it takes one of {', '.join(SYSTEMS)}")
        if len(text) > MAX_LETTERS:
            return Scrubbed(None, (), blocked=True)
        reader, values, removed = Reader(), set(self._vault_values), list[Removed]()
        for _ in range(MAX_PASSES):
            findings = reader.find(text)
            values |= _plain_secrets(findings)
            findings = _joined(text, findings, KnownValues(values).places(text))
            if not findings:
                doubtful = residue_lines(text)
                return Scrubbed(None if doubtful else text, _in_order(removed), bool(doubtful), doubtful)
            removed += [Removed(finding.line + 1, finding.kind) for finding in findings]
            text = replace(text, findings, self._mark)
        return Scrubbed(None, _in_order(removed), blocked=True, doubtful=tuple(sorted({finding.line + 1 for finding in findings})))

    def _mark(self, finding: Finding) -> Mark:
        secret = finding.plain if finding.plain is not None else finding.text
        return mark_of(finding, self._site_key.equality(secret))


def _in_order(removed: Iterable[Removed]) -> tuple[Removed, ...]:
    return tuple(sorted(removed, key=lambda one: one.line))


def _plain_secrets(findings: Iterable[Finding]) -> set[str]:
    """What to look for elsewhere: secrets that could be read, and what is written in hex or base64 where a secret stands."""
    certain = [finding for finding in findings if finding.kind not in UNREADABLE_KINDS]
    written = {text for finding in certain for text in (finding.text, finding.plain) if text is not None}
    return {text for one in written for text in (one, *decodings(one)) if len(text) >= MIN_LETTERS and _is_worth_hunting(text)}


def _is_worth_hunting(value: str) -> bool:
    """A word that everybody knows, or that ordinary lines are made of, is removed where the grammar says it is a secret, and only there."""
    return (
        bool(value.strip())
        and not is_well_known_word(value)
        and not is_ordinary(value)
        and not (value.isdigit() and len(value) < MIN_LETTERS)
    )


def _joined(text: str, findings: Sequence[Finding], places: Sequence[Place]) -> list[Finding]:
    """Findings of the grammar, and for the places outside them findings of their own; a place that touches a finding widens it."""
    starts, contents = _line_starts(text)
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.line, []).append(finding)
    for place in places:
        for line, start, end in _pieces(place, starts, contents):
            by_line[line] = _with_piece(by_line.get(line, []), contents[line], line, start, end, place.value)
    return [finding for line in sorted(by_line) for finding in by_line[line]]


def _line_starts(text: str) -> tuple[list[int], list[str]]:
    starts, contents, place = [], [], 0
    for content, end in split_lines(text):
        starts.append(place)
        contents.append(content)
        place += len(content) + len(end)
    return starts, contents


def _pieces(place: Place, starts: Sequence[int], contents: Sequence[str]) -> Iterable[tuple[int, int, int]]:
    """The part of a place on each line that it covers."""
    line = bisect_right(starts, place.start) - 1
    while line < len(starts) and starts[line] < place.end:
        start, end = max(place.start - starts[line], 0), min(place.end - starts[line], len(contents[line]))
        start += len(contents[line][start:end]) - len(contents[line][start:end].lstrip())
        if start < end:
            yield line, start, end
        line += 1


def _with_piece(findings: Sequence[Finding], content: str, line: int, start: int, end: int, value: str) -> list[Finding]:
    touched = [finding for finding in findings if finding.start < end and start < finding.end]
    if any(finding.start <= start and end <= finding.end for finding in touched):
        return list(findings)
    start, end = min([start, *(finding.start for finding in touched)]), max([end, *(finding.end for finding in touched)])
    kind = touched[0].kind if touched else "vault-value"
    encryption = touched[0].encryption if touched else None
    whole = Finding(line, start, end, kind, content[start:end], encryption, value)
    kept = sorted([*(finding for finding in findings if finding not in touched), whole], key=lambda finding: finding.start)
    assert all(one.end <= two.start for one, two in pairwise(kept))
    return kept
