"""security.fw.any-any: no list that is bound inbound lets everything through; every interface has one."""

from collections.abc import Callable, Sequence

from natvakt_server.analysis.configuration.access_lists import Entry
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.filters import permits_everything
from natvakt_server.analysis.configuration.firewall import Binding, Zone, bindings
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_SEVERITY = {Zone.INSIDE: Severity.MEDIUM, Zone.DMZ: Severity.HIGH, Zone.OUTSIDE: Severity.CRITICAL}


def _judge(*zones: Zone) -> Callable[[Subject], Outcome]:
    def judge(subject: Subject) -> Outcome:
        found = [each for each in bindings(subject.reading) if each.zone in zones]
        breaches = [breach for each in found for breach in _breaches(each)]
        if not found and not subject.reading.interfaces:
            breaches = [Breach(Severity.MEDIUM, (), None, (f"access-group <list> in interface <{zones[0]}>",))]
        return settle(breaches, max(len(found), len(breaches)), [each.line for each in found if each.line is not None], "no-such-interface")

    return judge


def _breaches(each: Binding) -> Sequence[Breach]:
    """A list that is not bound: from inside everything passes, from outside nothing does, but nobody said so and nothing is logged."""
    if each.known is None:
        if each.zone is Zone.DMZ:
            return ()
        shown = (each.line,) if each.line is not None else (each.port.line,) if each.port is not None else ()
        return (Breach(Severity.MEDIUM, shown, each.name, (f"access-group <list> in interface {each.name}",)),)
    wide = [entry for entry in each.known.entries if permits_everything(entry)]
    bound = (each.line,) if each.line is not None else ()
    return [Breach(_SEVERITY[each.zone], (entry.line, *bound), each.name, _narrowed(entry)) for entry in wide]


def _narrowed(entry: Entry) -> tuple[str, ...]:
    """What the rule's hits need stands before it; then it goes."""
    name = entry.line.text.split()[1]
    return (f"show access-list {name}", f"access-list {name} extended permit tcp <source> <destination> eq <port>", f"no {entry.line.text}")


CHECK = ConfigurationRule(
    id="security.fw.any-any",
    title=Text("The firewall lets everything through", "Brandväggen släpper igenom allt"),
    impact=Text(
        "Where everything is permitted nothing is filtered: from outside every server is open, from inside a break-in reaches out.",
        "Där allt är tillåtet filtreras inget: utifrån är varje server öppen, inifrån når ett intrång ut.",
    ),
    recommendation=Text(
        "See what the rule's hits need, permit that, and remove the rule.", "Se vad regelns träffar behöver, tillåt det och ta bort regeln."
    ),
    severities=(Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM),
    effort_minutes=60,
    requirements=(
        Requirement(("asa",), _judge(Zone.INSIDE, Zone.DMZ), ("CASA-FW-000010", "CASA-FW-000240")),
        Requirement(("asa",), _judge(Zone.OUTSIDE), ("CASA-FW-000170", "CASA-FW-000230")),
    ),
)
