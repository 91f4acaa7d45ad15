"""security.log.acl: what a list on an interface drops is told, with where it came in."""

from collections.abc import Callable

from natvakt_server.analysis.configuration.access_lists import AccessList, Entry
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity


def _bound(reading: Reading) -> list[AccessList]:
    """Lists on interfaces; of a text without any interface all extended ones."""
    names = {
        line.text.split()[2] for port in reading.interfaces for line in port.all(r"(?:ip|ipv4|ipv6) (?:access-group|traffic-filter) \S+ ")
    }
    if not reading.interfaces:
        return [each for each in reading.access_lists.values() if "extended" in each.head.text or each.version == 6]
    return [reading.access_lists[name] for name in sorted(names) if name in reading.access_lists]


def _judged(subject: Subject, logs: Callable[[Entry], bool]) -> Outcome:
    lists = _bound(subject.reading)
    breaches = []
    for each in lists:
        denies = [entry for entry in each.entries if not entry.permits]
        silent = [entry.line for entry in denies if not logs(entry)]
        passes_all = (
            bool(each.entries) and each.entries[-1].permits and each.entries[-1].source.anything and each.entries[-1].every_protocol
        )
        if silent or (not denies and not passes_all):
            family = "ipv6" if each.version == 6 else "ip"
            fix = (f"ip access-list extended {each.name}", f" deny {family} any any log-input")
            breaches.append(Breach(Severity.LOW, silent or (each.head,), each.name, fix))
    return settle(breaches, len(lists), [entry.line for each in lists for entry in each.entries if logs(entry)], "no-list-bound")


def with_place(subject: Subject) -> Outcome:
    return _judged(subject, lambda entry: "log-input" in entry.rest)


def at_all(subject: Subject) -> Outcome:
    return _judged(subject, lambda entry: entry.logs)


CHECK = ConfigurationRule(
    id="security.log.acl",
    title=Text("Lists drop packets without a word", "Filter kastar paket utan att säga något"),
    impact=Text(
        "An attack that is held off is not seen, and neither is a mistake in the list.",
        "Ett angrepp som stoppas syns inte, och inte heller ett fel i listan.",
    ),
    recommendation=Text("Log what is denied, with the interface.", "Logga det som nekas, med gränssnittet."),
    severities=(Severity.LOW,),
    effort_minutes=15,
    requirements=(
        Requirement(("ios", "ios-xe"), with_place, ("CISC-ND-000290",)),
        Requirement(("ios", "ios-xe"), at_all, ("CISC-RT-000200",)),
        Requirement(("nx-os", "ios-xr"), at_all, ("CISC-RT-000200",)),
    ),
)
