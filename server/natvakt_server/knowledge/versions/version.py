"""What a software version is to the knowledge base: a train, and a place in it.

Releases are ordered within a train and not comparable across trains: 15.2(7)E8 says nothing about 15.7(3)M4. An advisory that lists
one train's releases is silent about the others, and so are we.
"""

import re
from dataclasses import dataclass

Place = tuple[int | str | tuple[int, str] | tuple[int, ...], ...]
"""Sorts the releases of one train; all places of a train have the same shape."""
BUILDS = " builds"
"""How the train of build numbers ends, which are ordered among themselves only."""


class VersionUnknown(ValueError):
    """A text that is no version of that operating system."""


@dataclass(frozen=True, slots=True)
class Version:
    """`normalised` is the advisories' spelling: no leading zeros, no remarks, no suffix words. `text` is what was given."""

    os: str
    text: str
    normalised: str
    train: str
    place: Place

    @property
    def is_build(self) -> bool:
        """A build number, which says of itself nothing about the release."""
        return self.train.endswith(BUILDS)

    def is_same(self, other: "Version") -> bool:
        """Whether both name one release, however they are spelt."""
        return (self.os, self.train, self.place) == (other.os, other.train, other.place)

    def precedes(self, other: "Version") -> bool | None:
        """Whether this release is older; None where the two are not comparable."""
        if (self.os, self.train) != (other.os, other.train):
            return None
        return bool(self.place < other.place)


LONGEST_VERSION_CHARACTERS = 128
_WRAPPING = re.compile(r"[\s\"']+")


def tidy(os: str, text: str) -> str:
    """The text with blanks and quotes around it gone and inner blanks single. Raises VersionUnknown for what is empty or far too long."""
    if len(text) > LONGEST_VERSION_CHARACTERS:
        raise VersionUnknown(f"{os}: a version of {len(text)} characters; at most {LONGEST_VERSION_CHARACTERS} are read")
    shown = _WRAPPING.sub(" ", text).strip()
    if not shown:
        raise VersionUnknown(f"{os}: the version is empty")
    return shown


def unknown(os: str, text: str, form: str) -> VersionUnknown:
    """`form` shows what a version of that system looks like."""
    return VersionUnknown(f"{os}: {text[:40]!r} is no version of it; versions look like {form}")


def suffix(letters: str) -> tuple[int, str]:
    """A rebuild letter's place: none before a, z before aa."""
    return len(letters), letters
