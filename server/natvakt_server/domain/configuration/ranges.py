"""Lists as configurations write them: interfaces (`Gi1/0/1 - 4 , Gi1/0/7`, `Ethernet1/1-48`) and numbers (`1,10-12`)."""

import re
from collections.abc import Sequence

EXPANSION_LIMIT = 4096  # more members than any device has ports or VLANs
_PORT = re.compile(r"(?P<word>[A-Za-z][A-Za-z-]*)? *(?P<path>(\d+/)*)(?P<first>\d+)(?P<rest>[.:]\d+)?( *- *(?P<last>.+))?$")
_LAST = re.compile(r"([A-Za-z][A-Za-z-]*)? *((?:\d+/)*)(\d+)$")
_NAME = re.compile(r"([A-Za-z][A-Za-z-]*?)-? *(\d[\d/.:]*)$")
_SPAN = re.compile(r"(\d+)(?: *- *(\d+))?$")


def expand_interfaces(text: str) -> Sequence[str]:
    """`"Gi1/0/1-3,1/0/7"` -> `Gi1/0/1`, `Gi1/0/2`, `Gi1/0/3`, `Gi1/0/7`.

    A word or a path that is left out is that of the member before. Raises ValueError with the member that cannot be read, or where
    the list has more than EXPANSION_LIMIT members.
    """
    names: list[str] = []
    word = ""
    for member in text.removeprefix("range").split(","):
        match = _PORT.match(member.strip())
        if match is None or not (match["word"] or word):
            raise ValueError(f"{member.strip()!r} is not an interface or a range of them, such as Gi1/0/1-4")
        word = match["word"] or word
        first, last = int(match["first"]), _last(match["last"], word, match["path"], member) if match["last"] else int(match["first"])
        if last < first or len(names) + last - first >= EXPANSION_LIMIT:
            raise ValueError(f"{member.strip()!r} goes from {first} to {last}; at most {EXPANSION_LIMIT} interfaces, upwards")
        names += [f"{word}{match['path']}{number}{match['rest'] or ''}" for number in range(first, last + 1)]
    return names


def _last(text: str, word: str, path: str, member: str) -> int:
    """`48`, or the whole name again as NX-OS may write it."""
    match = _LAST.match(text.strip())
    if match is None or (match[1] and not _same_word(match[1], word)) or (match[2] and match[2] != path):
        raise ValueError(f"{member.strip()!r} does not end with a number of the same module")
    return int(match[3])


def expand_numbers(text: str) -> Sequence[int]:
    """`"1,10-12"` -> 1, 10, 11, 12. Raises ValueError with the member that cannot be read, or beyond EXPANSION_LIMIT members."""
    numbers: list[int] = []
    for member in text.split(","):
        match = _SPAN.match(member.strip())
        if match is None:
            raise ValueError(f"{member.strip()!r} is not a number or a range of them, such as 10-12")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or len(numbers) + last - first >= EXPANSION_LIMIT:
            raise ValueError(f"{member.strip()!r} goes from {first} to {last}; at most {EXPANSION_LIMIT} numbers, upwards")
        numbers += range(first, last + 1)
    return numbers


def interface_key(name: str) -> tuple[str, str]:
    """The same for `Gi1/0/1`, `GigabitEthernet1/0/1` and `gigabitethernet 1/0/1`: two letters and the numbers. Other names: themselves."""
    match = _NAME.match(name.strip())
    return (match[1][:2].lower(), match[2]) if match else (name.strip().lower(), "")


def _same_word(one: str, other: str) -> bool:
    return one.lower().startswith(other.lower()) or other.lower().startswith(one.lower())
