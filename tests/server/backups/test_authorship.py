"""Who changed it: from the log where it was heard, else from the header of the text, else what the agent was told."""

from datetime import UTC, datetime

import pytest
from natvakt_server.backups.configurations.authorship import Author, Event, Header, author, authors, event, header
from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.configuration.timeline import TextFacts
from testkit.configurations import AIREOS, ASA, IOS, IOS_XR, NX_OS

SECOND_NS = 1_000_000_000
DAY = 86_400 * SECOND_NS


def ns(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * SECOND_NS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (IOS, Header("14:23:11 CET Mon Nov 23 2026", "anna", ns(2026, 11, 23, 13, 23, 11))),
        (ASA, Header("14:23:11.184 CEST Tue Jun 30 2026", "anna", ns(2026, 6, 30, 12, 23, 11))),
        (NX_OS, Header("Mon Nov 23 13:23:11 2026", None, ns(2026, 11, 23, 13, 23, 11))),
        (IOS_XR, Header("Mon Nov 23 13:23:11 2026", "anna", ns(2026, 11, 23, 13, 23, 11))),
        (AIREOS, None),
        (IOS.replace(" by anna", ""), Header("14:23:11 CET Mon Nov 23 2026", None, ns(2026, 11, 23, 13, 23, 11))),
        (IOS.replace("14:23:11 CET", "14:23:11 EST"), Header("14:23:11 EST Mon Nov 23 2026", "anna", None)),
        (IOS.replace("Nov 23 2026", "Foo 99 2026"), Header("14:23:11 CET Mon Foo 99 2026", "anna", None)),
        (IOS.replace("Nov 23 2026", "Nov 99 2026"), Header("14:23:11 CET Mon Nov 99 2026", "anna", None)),
    ],
    ids=["ios", "asa", "nx-os", "ios-xr", "aireos", "nobody", "unknown-zone", "no-month", "no-day"],
)
def test_the_header_of_a_text(text: str, expected: Header | None) -> None:
    assert header(parse(text)) == expected


@pytest.mark.parametrize(
    ("mnemonic", "message", "expected"),
    [
        ("%SYS-5-CONFIG_I", "Configured from console by anna on vty0 (10.0.0.9)", Event(7, "anna", "10.0.0.9")),
        ("CONFIG_I", "Configured from console by console", Event(7, "console", "console")),
        ("SYS-5-CONFIG_I", "Configured from memory by anna on vty1", Event(7, "anna", "vty1")),
        ("VSHD-5-VSHD_SYSLOG_CONFIG_I", "Configured from vty by admin on 10.0.0.9@pts/0", Event(7, "admin", "10.0.0.9@pts/0")),
        ("%MGBL-CONFIG-6-DB_COMMIT", "Configuration committed by user 'bo'. Use 'show configuration'", Event(7, "bo", None)),
        ("%ASA-5-111008", "User 'enable_15' executed the 'access-list A deny ip any any' command.", Event(7, "enable_15", None)),
        ("%ASA-5-111010", "User 'bo', running 'CLI' from IP 10.0.0.9, executed 'hostname x'", Event(7, "bo", "10.0.0.9")),
        ("PARSER-5-CFGLOG_LOGGEDCMD", "User:anna  logged command:interface Gi1/0/1", Event(7, "anna", None)),
        ("%ASA-5-111008", "User 'enable_15' executed the 'show running-config' command.", None),
        ("%LINK-3-UPDOWN", "Configured from console by anna", None),
        ("%SYS-5-CONFIG_I", "something else", None),
    ],
)
def test_an_event_of_the_log(mnemonic: str, message: str, expected: Event | None) -> None:
    assert event(7, mnemonic, message) == expected


WRITTEN = Header("14:23:11 CET", "cilla", 1000)


def test_the_newest_event_between_two_looks_made_the_version() -> None:
    day = 86_400 * SECOND_NS
    events = [Event(3 * day, "bo"), Event(1, "too-early"), Event(2 * day, "anna", "10.0.0.9"), Event(9 * day, "too-late")]
    assert author(4 * day, day, events, WRITTEN) == Author("bo", 3 * day, "", None, "log", ("anna",))


def test_without_an_event_the_header_says_it() -> None:
    assert author(4, 1, [], WRITTEN) == Author("cilla", 1000, "14:23:11 CET", None, "text")


def test_the_first_version_may_be_older_than_any_event() -> None:
    assert author(4, None, [Event(3, "bo")], WRITTEN).by == "cilla"


def test_nothing_is_made_up() -> None:
    assert author(4, 1, [], None) is None


def version(
    number: int, first: int, last: int, source: Source = Source.RUNNING, complete: bool = True, by: str = ""
) -> ConfigurationVersion:
    facts = TextFacts("d", "d", "ios", 1, 1, complete)
    return ConfigurationVersion(number, source, "m", first * DAY, last * DAY, facts, "12:00" if by else "", by, 7 if by else 0)


def test_each_version_of_a_device_has_its_own() -> None:
    history = [
        version(4, 9, 9, by="cilla"),
        version(3, 5, 8),
        version(2, 1, 4, by="anna"),
        version(1, 6, 6, Source.STARTUP),
        version(5, 7, 7, complete=False),
    ]
    found = authors(history, [Event(4 * DAY + DAY // 2, "bo", "10.0.0.9"), Event(DAY // 2, "nobody")])
    assert {number: (each.by, each.basis) for number, each in found.items()} == {
        2: ("anna", "text"),
        3: ("bo", "log"),
        4: ("cilla", "text"),
    }
    assert found[2].at_ns == 7
