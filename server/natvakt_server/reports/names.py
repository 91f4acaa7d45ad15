"""Names that devices give themselves, made fit to stand in a line of ours: not too long, and not turning it around."""

import unicodedata
from collections.abc import Sequence

ISOLATE, END = "\u2068", "\u2069"  # Unicode Bidirectional Algorithm: first strong isolate, pop directional isolate
TURNING = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})
LONGEST = 48


def isolated(text: str) -> str:
    """Text that runs from right to left, or overrides the direction, keeps that to itself."""
    if any(unicodedata.bidirectional(character) in TURNING for character in text):
        return f"{ISOLATE}{text}{END}"
    return text


def clipped(text: str, longest: int = LONGEST) -> str:
    """For lists and footers; the whole name stands in the inventory and at the finding."""
    return isolated(text if len(text) <= longest else text[: longest - 1] + "…")


def listed(names: Sequence[str], most: int) -> str:
    """`a, b, c (+7)`."""
    rest = len(names) - most
    return ", ".join(clipped(name) for name in names[:most]) + (f" (+{rest})" if rest > 0 else "")
