"""security.mgmt.vty-acl: whoever wants to log in over the network must come from where managers sit."""

from natvakt_server.analysis.configuration.access_lists import Entry
from natvakt_server.analysis.configuration.addresses import is_everything
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.login_lines import LoginLine
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_OWN_LIST = "<list of managers>"


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    lines = [line for line in reading.vty if not line.closed]
    uses_v6 = any(port.last(r"ipv6 (?:address|enable)") is not None for port in reading.interfaces)
    breaches: list[Breach] = []
    good: list[Line] = []
    for line in lines:
        found = line.last(r"(?:ip )?access-class (?!.*\bout\b)")
        breaches += _judged(reading, line, found, "access-class")
        good += [found] if found is not None else []
        if uses_v6:
            breaches += _judged(reading, line, line.last(r"ipv6 access-class \S+ in"), "ipv6 access-class")
    return settle(breaches, len(lines), good, "no-vty-line")


def _judged(reading: Reading, line: LoginLine, found: Line | None, command: str) -> list[Breach]:
    fix = (line.name, f" {command} {_OWN_LIST} in")
    if found is None:
        return [Breach(Severity.HIGH, (line.line,), line.name, fix)]
    words = found.text.split()
    name = words[words.index("access-class") + 1]
    known = reading.access_lists.get(name)
    if known is None:
        return [Breach(Severity.HIGH, (found,), line.name, (f"ip access-list standard {name}", " permit <network of managers>"))]
    admitting = known.admits_any
    return [] if admitting is None else [Breach(Severity.HIGH, (found, admitting.line), line.name, _narrowed(name, admitting))]


def _narrowed(name: str, entry: Entry) -> tuple[str, ...]:
    return (f"ip access-list extended {name}", f" no {entry.line.text}", " permit tcp <network of managers> any eq 22")


def asa(subject: Subject) -> Outcome:
    """On an ASA who may connect is said for each interface; any address inside is no list."""
    reading = subject.reading
    outside = {port.nameif for port in reading.outside}
    lines = [line for line in reading.find(r"ssh (?:\d|\S+:)\S* \S+(?: \S+)?$") if line.text.split()[-1] not in outside]
    wide = [line for line in lines if is_everything(*line.text.split()[1:3])]
    breaches = [
        Breach(
            Severity.HIGH, (line,), line.text.split()[-1], (f"no {line.text}", f"ssh <network of managers> <mask> {line.text.split()[-1]}")
        )
        for line in wide
    ]
    return settle(breaches, len(lines), lines, "no-ssh")


def xr(subject: Subject) -> Outcome:
    """IOS-XR names the list on the server of SSH, or on the line template."""
    reading = subject.reading
    servers = reading.find(r"ssh server (?:v2|vrf|session-limit|rate-limit)")
    listed = reading.find(r"ssh server .*ipv[46] access-list ") + reading.below(r"line (?:default|template)", r"access-class ingress ")
    breaches = (
        [Breach(Severity.HIGH, servers[:1], None, ("ssh server vrf default ipv4 access-list <list of managers>",))] if not listed else []
    )
    return settle(breaches, len(servers), listed, "no-ssh")


CHECK = ConfigurationRule(
    id="security.mgmt.vty-acl",
    title=Text("Logins are accepted from anywhere", "Inloggning tas emot varifrån som helst"),
    impact=Text(
        "Every device on the network, and whoever got into one, can try passwords and vulnerabilities of SSH.",
        "Varje enhet på nätet, och den som tagit sig in i någon, kan pröva lösenord och sårbarheter i SSH.",
    ),
    recommendation=Text(
        "Bind a list of the managers' networks to every line, for IPv4 and, where it is used, IPv6.",
        "Bind en lista med förvaltarnas nät till varje linje, för IPv4 och, där det används, IPv6.",
    ),
    severities=(Severity.HIGH,),
    effort_minutes=15,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-000140",)),
        Requirement(("nx-os",), judge),
        Requirement(("asa",), asa),
        Requirement(("ios-xr",), xr),
    ),
)
