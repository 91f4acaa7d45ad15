"""security.aaa.servers: two servers know who may log in; the device's own accounts come last."""

from collections.abc import Sequence

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

LEAST_SERVERS = 2
_GROUP_FIRST = r"aaa authentication login \S+ group \S+"


def servers(reading: Reading) -> Sequence[Line]:
    """One line for each server: of the old form, of the new one, private to a group. Documents write `x.x.x.x` for several."""
    found = reading.find(r"(?:radius|tacacs)-server host \S")
    for head in reading.find(r"(?:radius|tacacs) server \S"):
        found += reading.find(r"address \S", head)[:1]
    found += reading.below(r"aaa group server (?:radius|tacacs\+) ", r"server-private \S")
    if not found:
        found = reading.below(r"aaa group server (?:radius|tacacs\+) ", r"server (?:name )?\S")
    return list({line.number if "x.x.x.x" in line.text else line.text.split(" key")[0]: line for line in found}.values())


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    breaches: list[Breach] = []
    model = reading.setting(r"aaa new-model$")
    if subject.os in ("ios", "ios-xe") and not model.on:
        breaches.append(Breach(Severity.MEDIUM, model.lines, "aaa", ("aaa new-model",)))
    known = servers(reading)
    if len(known) < LEAST_SERVERS:
        fix = ("tacacs server <name>", " address ipv4 <server>", " key <key>")
        if subject.os == "nx-os":
            fix = ("feature tacacs+", "tacacs-server host <server> key <key>", "aaa group server tacacs+ <group>")
        breaches.append(Breach(Severity.MEDIUM, known, "aaa servers", fix))
    lists = reading.find(_GROUP_FIRST)
    if not lists:
        told = reading.find(r"aaa authentication login ")
        breaches.append(Breach(Severity.MEDIUM, told, "aaa authentication", ("aaa authentication login default group tacacs+ local",)))
    return settle(breaches, 1, (*model.lines, *known, *lists))


def asa(subject: Subject) -> Outcome:
    reading = subject.reading
    hosts = reading.find(r"aaa-server \S+ (?:\(\S+\) )?host \S")
    groups = {line.text.split()[1] for line in reading.find(r"aaa-server \S+ protocol (?:tacacs\+|radius|ldap)")} | {
        line.text.split()[1] for line in hosts
    }
    lists = [
        line for line in reading.find(r"aaa authentication (?:ssh|http|serial|enable|telnet) console \S") if line.text.split()[4] in groups
    ]
    breaches: list[Breach] = []
    if len(hosts) < LEAST_SERVERS:
        fix = ("aaa-server <group> protocol tacacs+", "aaa-server <group> (<interface>) host <server>")
        breaches.append(Breach(Severity.MEDIUM, hosts, "aaa-server", fix))
    if not lists:
        told = reading.find(r"aaa authentication \S+ console ")
        breaches.append(Breach(Severity.MEDIUM, told, "aaa authentication", ("aaa authentication ssh console <group> LOCAL",)))
    return settle(breaches, 1, (*hosts, *lists))


CHECK = ConfigurationRule(
    id="security.aaa.servers",
    title=Text("Logins are not asked of two servers", "Inloggning frågas inte hos två servrar"),
    impact=Text(
        "Accounts live on each device: somebody who left keeps his access, and nobody sees who did what.",
        "Konton finns på varje enhet: den som slutat har kvar sin åtkomst, och ingen ser vem som gjorde vad.",
    ),
    recommendation=Text(
        "Ask two TACACS+ or RADIUS servers, and the local account only when none answers.",
        "Fråga två TACACS+- eller RADIUS-servrar, och det lokala kontot bara när ingen svarar.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=45,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-001370",)),
        Requirement(("asa",), asa, ("CASA-ND-001310",)),
        Requirement(("nx-os", "ios-xr"), judge),
    ),
)
