"""A text with marks where its secrets were."""

from collections.abc import Callable, Iterable

from natvakt_wire.scrubbing.lines import split_lines
from natvakt_wire.scrubbing.marks import Mark
from natvakt_wire.scrubbing.reading import Finding, find_secrets
from natvakt_wire.scrubbing.well_known import is_well_known_word


def mark_of(finding: Finding, equality: str | None = None) -> Mark:
    """The mark for a finding. `equality`: the keyed hash, where there is a key."""
    known = is_well_known_word(finding.plain if finding.plain is not None else finding.text)
    length = len(finding.plain) if finding.plain is not None else None
    return Mark(finding.kind, finding.encryption, length, equality, known)


def replace(text: str, findings: Iterable[Finding], mark: Callable[[Finding], Mark]) -> str:
    """The text with each finding's columns taken by its mark. Findings stand in order and do not overlap."""
    lines = split_lines(text)
    contents = [content for content, _ in lines]
    for finding in reversed(list(findings)):
        line = contents[finding.line]
        contents[finding.line] = f"{line[: finding.start]}{mark(finding)}{line[finding.end :]}"
    return "".join(content + end for content, (_, end) in zip(contents, lines, strict=True))


def redact(text: str) -> str:
    """The text without its secrets, where no site key is at hand: marks without equality hashes."""
    return replace(text, find_secrets(text), mark_of)
