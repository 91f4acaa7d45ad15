"""A train named by itself: "15.2E", "17.3", "9.16.x", "3.xE", "7.0(3)I7(x)".

Sources name a train where they mean every release of it. A number that is left open (x, *) stands for any number.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_OPEN = r"(?:x|\*)"
_NUMBER = rf"(?:\d{{1,2}}|{_OPEN})"
_TWO = rf"(?P<major>\d{{1,2}})\.(?P<minor>{_NUMBER})(?:\.{_OPEN})*"
_FORMS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "ios": re.compile(rf"(?P<major>\d{{1,2}})\.(?P<minor>{_NUMBER})(?:\({_OPEN}\))?(?P<letters>[A-Z]{{0,4}})(?:{_OPEN})?", re.ASCII),
        "ios-xe": re.compile(rf"(?P<major>\d{{1,2}})\.(?P<minor>{_NUMBER})(?:\.{_OPEN})*(?P<letters>[A-Z]{{0,2}})", re.ASCII),
        "nx-os": re.compile(
            rf"(?P<major>\d{{1,2}})\.(?P<minor>{_NUMBER})(?:\((?P<first>\d{{1,3}})\)(?P<letters>[A-Z]{{1,3}}\d{{0,2}}))?(?:\({_OPEN}\))?",
            re.ASCII,
        ),
        "aci": re.compile(rf"(?P<major>\d{{1,2}})\.(?P<minor>{_NUMBER})(?:\({_OPEN}\))?", re.ASCII),
        "cucm": re.compile(rf"(?P<major>\d{{1,2}})(?:\.(?P<minor>{_NUMBER}))?(?:\({_OPEN}\)|\.{_OPEN})?", re.ASCII),
    }
)
_DOTTED = re.compile(_TWO, re.ASCII)


def train_of(os: str, text: str) -> str | None:
    """The train that the text names, with * for a number that is left open; None where it names none."""
    found = _FORMS.get(os, _DOTTED).fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    minor = parts.get("minor")
    if minor is None:
        return str(int(parts["major"]))
    head = f"{int(parts['major'])}.{int(minor) if minor.isdecimal() else '*'}"
    inner = f"({int(parts['first'])})" if parts.get("first") else ""
    return f"{head}{inner}{parts.get('letters') or ''}"


def is_in_train(train: str, named: str) -> bool:
    """Whether a release's train is the one that `train_of` found."""
    if "*" not in named:
        return train == named
    return re.fullmatch(re.escape(named).replace(r"\*", r"\d+"), train) is not None
