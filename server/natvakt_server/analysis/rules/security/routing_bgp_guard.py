"""security.routing.bgp-guard: neighbours in other networks prove who they are, sit next to us, and tell only so much."""

import re
from collections.abc import Callable

from natvakt_wire.scrubbing.marks import find_marks

from natvakt_server.analysis.configuration.bgp import Neighbour, neighbours
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, cannot_tell, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

_FILTER = r"(?:prefix-list|route-map|distribute-list|filter-list|route-policy) (?P<name>\S+) in\b"


def _external(reading: Reading) -> list[Neighbour]:
    return [each for each in neighbours(reading) if each.external]


def _breach(each: Neighbour, command: str, *lines: Line) -> Breach:
    return Breach(Severity.MEDIUM, lines or (each.head,), f"neighbor {each.name}", (each.process.text, f" neighbor {each.name} {command}"))


def _needs(pattern: str, command: str) -> Callable[[Subject], Outcome]:
    def judge(subject: Subject) -> Outcome:
        found = _external(subject.reading)
        good = [(each, each.last(pattern)) for each in found]
        breaches = [_breach(each, command) for each, line in good if line is None]
        return settle(breaches, len(found), [line for _, line in good if line is not None], "no-external-neighbour")

    return judge


def passwords(subject: Subject) -> Outcome:
    """Each has a key, and no two networks share one. A key that was removed without its hash is not compared."""
    found = _external(subject.reading)
    breaches = [_breach(each, "password <key>") for each in found if each.last(r"(?:password|ao|keychain) \S") is None]
    seen: dict[str, str | None] = {}
    redacted = False
    for each in found:
        line = each.last(r"password \S")
        key = _key(line) if line is not None else None
        redacted = redacted or (line is not None and key is None)
        if line is not None and key is not None and seen.setdefault(key, each.remote) != each.remote:
            breaches.append(_breach(each, "password <key of its own>", line))
    if not breaches and redacted and len({each.remote for each in found}) > 1:
        return cannot_tell("redacted")
    return settle(breaches, len(found), [line for each in found if (line := each.last(r"password \S"))], "no-external-neighbour")


def _key(line: Line) -> str | None:
    marks = [mark for _, _, mark in find_marks(line.text)]
    return marks[0].equality if marks else line.text.split()[-1]


def filters(subject: Subject) -> Outcome:
    """What a neighbour tells is filtered, by a list that drops private and reserved networks."""
    reading = subject.reading
    found = _external(reading)
    breaches, good = [], []
    for each in found:
        line = each.last(_FILTER)
        if line is None:
            breaches.append(_breach(each, "prefix-list <list> in"))
            continue
        name = re.search(r"prefix-list (\S+) in", line.text, re.IGNORECASE)
        if name is not None and not _drops_bogons(reading, name[1]):
            fix = f"ip prefix-list {name[1]} seq 1 deny 10.0.0.0/8 le 32"
            breaches.append(Breach(Severity.MEDIUM, (line,), f"neighbor {each.name}", (fix,)))
        good.append(line)
    return settle(breaches, len(found), good, "no-external-neighbour")


def _drops_bogons(reading: Reading, name: str) -> bool:
    """The list denies 10.0.0.0/8, or permits no more than what it names. One that is not there is another matter."""
    lines = reading.find(rf"(?:ip|ipv6) prefix-list {re.escape(name)} ")
    if not lines:
        return True
    wide = [line for line in lines if re.search(r"permit 0\.0\.0\.0/[0-7] ", f"{line.text} ")]
    return not wide or any(re.search(r"deny 10\.0\.0\.0/8\b", line.text) for line in lines)


SYSTEMS = ("ios", "ios-xe", "nx-os", "ios-xr")
CHECK = ConfigurationRule(
    id="security.routing.bgp-guard",
    title=Text("BGP neighbours are trusted without limits", "BGP-grannar litas på utan gränser"),
    impact=Text(
        "A neighbour's mistake, or somebody who speaks in its name, takes over or drowns the routing table.",
        "En grannes misstag, eller någon som talar i dess namn, tar över eller dränker routingtabellen.",
    ),
    recommendation=Text(
        "Give each neighbour network a key, TTL security, a limit of prefixes and a filter.",
        "Ge varje grannät en nyckel, TTL-skydd, en gräns för prefix och ett filter.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=30,
    requirements=(
        Requirement(SYSTEMS, _needs(r"ttl-security\b", "ttl-security hops 1"), ("CISC-RT-000470",)),
        Requirement(SYSTEMS, passwords, ("CISC-RT-000480",)),
        Requirement(SYSTEMS, filters, ("CISC-RT-000490",)),
        Requirement(SYSTEMS, _needs(r"maximum-prefix \S", "maximum-prefix <number>"), ("CISC-RT-000560",)),
    ),
    roles=frozenset((Role.ROUTER, Role.WAN_EDGE, Role.CORE)),
    references=("RFC 5082", "RFC 7454"),
    change=Change.INTERRUPTION,
)
