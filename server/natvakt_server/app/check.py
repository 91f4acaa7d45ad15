"""What `doctor` says of one thing it looked at."""

from dataclasses import dataclass

OK, WARN, FAIL = "OK", "WARN", "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """`remedy` is empty where nothing is to be done."""

    name: str
    state: str
    detail: str
    remedy: str = ""
