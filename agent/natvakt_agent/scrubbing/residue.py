"""The last look before a text leaves: is there a word left that looks like a secret?

By other means than the grammar's, so that one's mistake is not the other's: counts how unevenly letters are spread (Shannon, bits a letter)
and what stands behind the plainest keywords, and knows nothing of any system's syntax.
"""

import math
import re
from collections import Counter

from natvakt_wire.scrubbing.marks import MARK

MIN_RANDOM_LETTERS = 24
MIN_BITS_PER_LETTER = 4.0
_WORD = re.compile(r"[A-Za-z0-9+=$!@#%^&*]{24,}")
_KEYWORD = re.compile(
    r"^\s*(?:snmp-server community|enable (?:secret|password)|vtp password|key-string|(?:ikev[12] )?pre-shared-key)(?:\s+[0-9])?"
    r"\s+(?P<value>\S+)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_HASH = re.compile(r"\$(?:1|5|6|8|9|14|2[aby])\$[./0-9A-Za-z$]{8,}")
_PEM = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY ?-{4,5}[ \t]*(?:\r\n|\n|\r)[ \t]*(?P<first>\S*)")
_MASKED = re.compile(r"\*+|key-chain|local|remote|address|hostname|hex")


def has_residue(text: str) -> bool:
    """Whether something that looks like a secret is left. `text` carries marks where secrets were."""
    bare = MARK.sub("\u00b7", text)
    if _HASH.search(bare) or any(_bits(word) >= MIN_BITS_PER_LETTER and _is_mixed(word) for word in _WORD.findall(bare)):
        return True
    if any(match["first"] not in ("", "\u00b7") and not match["first"].startswith("-") for match in _PEM.finditer(bare)):
        return True
    return any(match["value"].strip("\"'") != "\u00b7" and not _MASKED.fullmatch(match["value"]) for match in _KEYWORD.finditer(bare))


def _bits(word: str) -> float:
    """Shannon entropy of the letters of a word, in bits a letter."""
    return -sum(count / len(word) * math.log2(count / len(word)) for count in Counter(word).values())


def _is_mixed(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isupper, word)) and any(map(str.islower, word))
