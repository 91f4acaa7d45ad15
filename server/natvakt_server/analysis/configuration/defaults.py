"""What a system does where no line says anything, where that differs by system or version.

Sources: the vendor's command references and release notes; for Smart Install the field notice and CVE-2018-0171. A release that is not
known gives the default of the system's newer trains, for that is what most devices run.
"""

from dataclasses import dataclass

from natvakt_server.analysis.configuration.reading import Reading


@dataclass(frozen=True, slots=True)
class Default:
    """`on` from release `first` up to, not with, `end`, both as (major, minor); None: without bound. Later rows win."""

    setting: str
    system: str
    on: bool
    first: tuple[int, int] | None = None
    end: tuple[int, int] | None = None


DEFAULTS: tuple[Default, ...] = (
    Default("vstack", "ios", True, (12, 2), (15, 3)),
    Default("vstack", "ios-xe", True, (3, 2), (16, 5)),
    Default("service pad", "ios", True, None, (16, 0)),
    Default("ip bootp server", "ios", True, None, (16, 0)),
    Default("ip source-route", "ios", True),
    Default("ip source-route", "ios-xe", True),
    Default("ip source-route", "nx-os", True),
    Default("service finger", "ios", True, None, (12, 1)),
    Default("small servers", "ios", True, None, (12, 0)),
    Default("ssh version 1", "ios", True),
    Default("ssh version 1", "ios-xe", True, None, (17, 1)),
    Default("ssh version 1", "asa", True, None, (9, 16)),
    Default("ssh weak algorithms", "ios", True),
    Default("ssh weak algorithms", "ios-xe", True, None, (17, 1)),
    Default("ssh weak algorithms", "asa", True),
    Default("ssh weak exchange", "ios", True),
    Default("ssh weak exchange", "ios-xe", True, None, (17, 1)),
    Default("ssh weak exchange", "asa", True, (8, 0), (9, 12)),
    Default("old tls", "ios", True),
    Default("old tls", "ios-xe", True, None, (17, 1)),
    Default("old tls", "asa", True, None, (9, 20)),
)
NEEDS_A_RELEASE = frozenset(("vstack", "service pad", "ip bootp server", "service finger", "small servers", "ssh weak exchange"))


def by_default(reading: Reading, setting: str) -> bool:
    """Whether a setting is on where no line says so."""
    release = reading.release
    found = False
    for each in DEFAULTS:
        if each.setting != setting or each.system != reading.system:
            continue
        if release is None:
            found = each.on if each.setting not in NEEDS_A_RELEASE else found
        elif (each.first is None or release >= each.first) and (each.end is None or release < each.end):
            found = each.on
    return found
