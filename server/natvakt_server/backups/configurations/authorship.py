"""Who changed a configuration, and when: from the device's log where it was heard, else from the header the device writes over the text.

A version was made somewhere between the last look at the one before and the first look at itself; the newest event in that span is its
change. Times of a header are in the device's own zone and are only a moment where the text itself says what that zone's word means.

Sources of the forms: Cisco's system message guides (%SYS-5-CONFIG_I, %PARSER-5-CFGLOG_LOGGEDCMD, %VSHD-5-VSHD_SYSLOG_CONFIG_I,
%MGBL-CONFIG-6-DB_COMMIT, %ASA-5-111007, -111008, -111010).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from natvakt_server.domain.configuration.facts import zones
from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.configuration.model import Configuration
from natvakt_server.domain.events import StoredEvent

SECOND_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A device's clock and the agent's may differ by this much.
CLOCK_SLACK_NS = 120 * SECOND_NS
_HEADERS = (
    re.compile(r"!+ ?Last configuration change at (?P<at>.+?)(?: by (?P<by>\S+))?$"),
    re.compile(r": Written by (?P<by>\S+) at (?P<at>.+)$"),
    re.compile(r"!Running configuration last done at: *(?P<at>.+)$"),
)
_HEADER_LINES = 12
_MOMENTS = (
    re.compile(r"(?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)? (?P<zone>\S+) \w{3} (?P<month>\w{3}) +(?P<day>\d+) (?P<year>\d{4})$"),
    re.compile(r"\w{3} (?P<month>\w{3}) +(?P<day>\d+) (?P<clock>\d\d:\d\d:\d\d) (?P<year>\d{4})(?P<zone>)$"),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EVENTS = (
    re.compile(r"Configured from (?P<origin>\S+(?: \S+)?) by (?P<by>\S+?)(?: on (?P<line>\S+)(?: \((?P<address>[^)]+)\))?)?\.?$"),
    re.compile(r"User[:=] ?(?P<by>\S+?),? +logged command: ?(?P<command>.+)$"),
    re.compile(r"Configuration committed by user '(?P<by>[^']+)'"),
    re.compile(r"User '(?P<by>[^']+)', running '[^']*' from IP (?P<address>\S+?), executed '(?P<command>[^']+)'"),
    re.compile(r"User '(?P<by>[^']+)' executed the '(?P<command>[^']+)' command"),
    re.compile(r"Begin configuration: (?P<address>\S+) reading from \S+"),
)
_MNEMONICS = frozenset({"CONFIG_I", "CFGLOG_LOGGEDCMD", "VSHD_SYSLOG_CONFIG_I", "DB_COMMIT", "111007", "111008", "111010"})
_READ_ONLY = re.compile(r"(show|more|write|copy|ping|traceroute|terminal|exit|end|enable|login|perfmon|dir)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """As the device wrote it. `at_ns` where its zone is known from the same text."""

    at: str
    by: str | None
    at_ns: int | None


@dataclass(frozen=True, slots=True)
class Event:
    """A change heard in the device's log."""

    at_ns: int
    by: str | None
    origin: str | None = None  # address or line it came from


@dataclass(frozen=True, slots=True)
class Author:
    """`basis`: `log`, or `text` for its header; `others`: names of further events of the same span."""

    by: str | None
    at_ns: int | None
    at: str
    origin: str | None
    basis: str
    others: tuple[str, ...] = ()


def header(configuration: Configuration) -> Header | None:
    """What the text itself says of its last change; None where it says nothing."""
    for line in configuration.lines[:_HEADER_LINES]:
        for form in _HEADERS:
            match = form.match(line.text)
            if match:
                at = match["at"].strip()
                return Header(at, match.groupdict().get("by"), _moment_ns(at, configuration))
    return None


def event(at_ns: int, mnemonic: str, message: str) -> Event | None:
    """From a log message; `mnemonic` as `CONFIG_I` or with facility and severity as `%SYS-5-CONFIG_I`. None: it tells of no change."""
    if mnemonic.removeprefix("%").rsplit("-", 1)[-1].upper() not in _MNEMONICS:
        return None
    for form in _EVENTS:
        match = form.search(message)
        if match is None:
            continue
        told = match.groupdict()
        command = (told.get("command") or "").strip()
        if _READ_ONLY.match(command):
            return None
        by = told.get("by")
        name, _, place = (by or "").partition("@")
        origin = told.get("address") or told.get("line") or place or told.get("origin")
        return Event(at_ns, name or None, origin)
    return None


def heard(events: Iterable[StoredEvent]) -> Sequence[Event]:
    """Of what the agents heard: a message by its words, a notification by what it carries."""
    told = [each.told for each in events if each.told.is_change]
    return [event(each.at_ns, each.mnemonic, each.message) or Event(each.at_ns, each.user or None, each.origin or None) for each in told]


def author(first_seen_ns: int, seen_before_ns: int | None, events: Iterable[Event], written: Header | None) -> Author | None:
    """Of a version first seen at that time, when the one before was last seen at `seen_before_ns` (None: it is the first).

    `written`: what stood over its first text. None: nothing is known.
    """
    inside: Sequence[Event] = ()
    if seen_before_ns is not None:
        span = seen_before_ns - CLOCK_SLACK_NS, first_seen_ns + CLOCK_SLACK_NS
        inside = sorted((each for each in events if span[0] <= each.at_ns <= span[1]), key=lambda each: each.at_ns)
    if inside:
        newest = inside[-1]
        names = dict.fromkeys(each.by for each in inside if each.by and each.by != newest.by)
        return Author(newest.by, newest.at_ns, "", newest.origin, "log", tuple(names))
    return None if written is None else Author(written.by, written.at_ns, written.at, None, "text")


def authors(versions: Sequence[ConfigurationVersion], events: Sequence[Event]) -> Mapping[int, Author]:
    """Of the whole versions of one device, by id; versions nobody is known for are missing."""
    found: dict[int, Author] = {}
    for source in Source:
        seen_before_ns: int | None = None
        for version in sorted(
            (each for each in versions if each.source is source and each.is_whole), key=lambda each: each.first_observed_ns
        ):
            told = Header(version.changed_at, version.changed_by or None, version.changed_ns or None)
            somebody = author(version.first_observed_ns, seen_before_ns, events, told if told.at or told.by else None)
            if somebody is not None:
                found[version.id] = somebody
            seen_before_ns = version.last_observed_ns
    return found


def _moment_ns(text: str, configuration: Configuration) -> int | None:
    match = next((found for form in _MOMENTS if (found := form.match(text))), None)
    if match is None or match["month"].title() not in _MONTHS:
        return None
    known = zones(configuration)
    if match["zone"] and match["zone"].lstrip("*.") not in known:
        return None
    if not match["zone"] and len(known) > 2:
        return None  # local time without a word, on a device that has a zone
    offset = known.get(match["zone"].lstrip("*."), 0)
    hour, minute, second = (int(part) for part in match["clock"].split(":"))
    month = _MONTHS.index(match["month"].title()) + 1
    try:
        when = datetime(int(match["year"]), month, int(match["day"]), hour, minute, second, tzinfo=timezone(timedelta(minutes=offset)))
    except ValueError:
        return None
    return (when - _EPOCH) // timedelta(microseconds=1) * 1000
