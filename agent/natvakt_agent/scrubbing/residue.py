"""The last look before a text leaves: is there a word left that looks like a secret?

By other means than the grammar's, so that one's mistake is not the other's: counts how unevenly letters are spread (Shannon, bits a letter)
and what stands behind the plainest keywords, and knows nothing of any system's syntax.
"""

import math
import re
from collections import Counter

from natvakt_wire.scrubbing.lines import split_lines
from natvakt_wire.scrubbing.marks import MARK

MIN_RANDOM_LETTERS = 24
MIN_BITS_PER_LETTER = 4.0
_WORD = re.compile(r"[A-Za-z0-9+=$!@#%^&*]{24,}")
_KEYWORD = re.compile(
    r"^\s*(?:snmp-server community|enable (?:secret|password)|vtp password|key-string|(?:ikev[12] )?pre-shared-key)(?:\s+[0-9])?"
    r"\s+(?P<value>\S+)\s*$",
    re.IGNORECASE,
)
_HASH = re.compile(r"\$(?:1|5|6|8|9|14|2[aby])\$[./0-9A-Za-z$]{8,}")
_PEM = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY ?-{4,5}")
_NO_SECRET = re.compile(r"\*+|key-chain|local|remote|address|hostname|hex|!")
_GONE = "\u00b7"
"""Stands for a mark."""


def residue_lines(text: str) -> tuple[int, ...]:
    """The lines (from 1) on which something that looks like a secret is left. `text` carries marks where secrets were."""
    bare = [MARK.sub(_GONE, content) for content, _ in split_lines(text)]
    return tuple(number for number, line in enumerate(bare, start=1) if _is_doubtful(line, bare[number - 2] if number > 1 else ""))


def _is_doubtful(line: str, before: str) -> bool:
    if _HASH.search(line) or any(_bits(word) >= MIN_BITS_PER_LETTER and _is_mixed(word) for word in _WORD.findall(line)):
        return True
    if _PEM.search(before) and line.strip() not in ("", _GONE) and not line.lstrip().startswith("-"):
        return True
    announced = _KEYWORD.match(line)
    return announced is not None and announced["value"].strip("\"'") != _GONE and not _NO_SECRET.fullmatch(announced["value"])


def _bits(word: str) -> float:
    """Shannon entropy of the letters of a word, in bits a letter."""
    return -sum(count / len(word) * math.log2(count / len(word)) for count in Counter(word).values())


def _is_mixed(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isupper, word)) and any(map(str.islower, word))
