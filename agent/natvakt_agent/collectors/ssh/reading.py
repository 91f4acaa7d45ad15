"""What an answer is worth: refused by the device, not to be trusted, or whole. Pure functions over text (promise 31)."""

import re
from dataclasses import dataclass
from datetime import datetime

from natvakt_agent.collectors.ssh.dialects import Dialect

REFUSALS = re.compile(
    r"^\s*(?:%\s*(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized|Bad|Permission|Authorization|Command)[^\n]*"
    r"|\^?\s*%?\s*Invalid (?:input|command)[^\n]*|Command authorization failed[^\n]*|ERROR: %?[^\n]*|Incorrect (?:usage|input)[^\n]*"
    r"|%\s*Error[^\n]*|%?\s*(?:This command is not authorized|Not authorized|Permission denied)[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
NO_RIGHT = re.compile(r"authorization|not authorized|permission|privilege", re.IGNORECASE)
ABSENT_STARTUP = re.compile(r"startup-config is not present|No Configuration|(?:NVRAM|Startup) config.* empty", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x02\x04-\x08\x0b-\x1f\x7f]")
PRIVILEGE = re.compile(r"privilege level(?: is)?\s*:?\s+(\d{1,2})", re.IGNORECASE)
REFUSAL_LINES = 6
HIGHEST_PRIVILEGE = 15
DAY = r"\w{3} (?P<month>\w{3}) +(?P<day>\d{1,2})"
TIME = r"(?P<time>\d{1,2}:\d\d:\d\d)(?:\.\d+)?"
YEAR = r"(?P<year>\d{4})"
BY = r"(?: by (?P<by>\S+))?"
CHANGES = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        # IOS and IOS-XE: ! Last configuration change at 12:31:07 CET Mon Nov 23 2026 by admin
        rf"^! ?(?:Last configuration change|NVRAM config last updated) at {TIME} (?P<zone>\S+) {DAY} {YEAR}{BY}",
        # IOS-XR: !! Last configuration change at Mon Nov 23 12:31:07 2026 by admin
        rf"^!! ?Last configuration change at {DAY} {TIME} {YEAR}{BY}",
        # NX-OS: !Running configuration last done at: Mon Nov 23 12:31:07 2026
        rf"^!(?:Running configuration last done|Startup config saved) at: {DAY} {TIME} {YEAR}",
        # ASA: : Written by enable_15 at 12:31:07.519 UTC Mon Nov 23 2026
        rf"^: Written by (?P<by>\S+) at {TIME} (?P<zone>\S+) {DAY} {YEAR}",
    )
)


@dataclass(frozen=True, slots=True)
class Change:
    """When and by whom a device says its configuration was changed. `at` is ISO 8601, with `Z` only where the device says UTC."""

    at: str | None = None
    by: str | None = None


def refusal(text: str) -> str | None:
    """The device's own words where it does not do what it was asked."""
    head = "\n".join(text.split("\n")[:REFUSAL_LINES])
    found = REFUSALS.search(head)
    return found.group(0).strip(" ^\r\n")[:200] if found else None


def is_right_missing(words: str) -> bool:
    return NO_RIGHT.search(words) is not None


def privilege(text: str) -> int | None:
    found = PRIVILEGE.search(text)
    return int(found.group(1)) if found else None


def distrust(text: str) -> str | None:
    """Why a text is not what the device means to say: control characters of a terminal are left in it."""
    for number, line in enumerate(text.split("\n"), 1):
        if CONTROL.search(line):
            return f"control characters in line {number}"
    return None


def shortfall(text: str, dialect: Dialect, level: int | None) -> str | None:
    """Why a configuration is not a whole one, or None. `level` is the privilege it was read with."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return "the device answered with nothing"
    if ABSENT_STARTUP.search("\n".join(lines[:3])):
        return "there is no such configuration on the device"
    if not any(line.startswith(dialect.first_words) for line in lines):
        return f"holds no line that a configuration of {dialect.name} has"
    if dialect.last_line is not None and dialect.last_line not in lines[-4:]:
        return f"does not end with `{dialect.last_line}`"
    if level is not None and level < HIGHEST_PRIVILEGE:
        return f"was read with privilege {level} of {HIGHEST_PRIVILEGE}, which may hide lines"
    return None


def last_change(text: str) -> Change:
    for pattern in CHANGES:
        found = pattern.search(text)
        if found:
            named = found.groupdict()
            return Change(_iso(named), named.get("by"))
    return Change()


def _iso(named: dict[str, str | None]) -> str | None:
    try:
        moment = datetime.strptime(f"{named['day']} {named['month']} {named['year']} {named['time']}", "%d %b %Y %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return moment.isoformat() + ("Z" if named.get("zone") in ("UTC", "GMT") else "")
