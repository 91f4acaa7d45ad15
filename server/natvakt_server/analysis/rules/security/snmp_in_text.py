"""security.snmp.version, write and acl, as far as a configuration tells: communities, what they may do and who may use them."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.analysis.rules.security import snmp_version
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_WRITES = re.compile(
    r"snmp-server community \S+ (?:.*\b)?(?:rw|su)\b|snmp-server community \S+ group (?:network-admin|vdc-admin)\b", re.IGNORECASE
)
_READS_WRITES = re.compile(r"snmp-server group \S+ v3 .*\bwrite (?!\S*none)\S+", re.IGNORECASE)
_WORDS = frozenset(
    ("ro", "rw", "view", "su", "ipv6", "use-ipv4acl", "use-ipv6acl", "use-acl", "group", "ipv4", "sysadmin", "lrowner", "systemowner")
)


def _communities(reading: Reading) -> list[Line]:
    return reading.find(r"snmp-server community \S")


def version(subject: Subject) -> Outcome:
    """A community is version 1 or 2c, whoever uses it."""
    reading = subject.reading
    lines = _communities(reading) or reading.find(r"snmp-server host \S+ .*(?:community \S|version (?:1|2c) )")
    groups = reading.find(r"snmp-server group \S+ v3 ")
    fix = [f"no {line.text}" for line in lines]
    view = ("snmp-server view NATVAKT-VIEW iso included", "snmp-server group NATVAKT v3 priv read NATVAKT-VIEW")
    own = view if subject.os in ("ios", "ios-xe") else ("snmp-server group NATVAKT v3 priv",) if subject.os == "asa" else ()
    breaches = [Breach(Severity.MEDIUM, lines, "snmp-server community", (*own, *fix))] if lines else []
    return settle(breaches, len(lines) + len(groups), groups, "feature-not-used")


def wireless(subject: Subject) -> Outcome:
    lines = subject.reading.find(r"config snmp version (?:v1|v2c) enable")
    breaches = [Breach(Severity.MEDIUM, (line,), None, (line.text.replace("enable", "disable"),)) for line in lines]
    return settle(breaches, 1, subject.reading.find(r"config snmp version v3 enable"))


def write(subject: Subject) -> Outcome:
    """A community or a group of version 3 that may set values."""
    reading = subject.reading
    lines = [*_communities(reading), *reading.find(r"snmp-server group \S+ v3 ")]
    wrong = [line for line in lines if _WRITES.match(line.text) or _READS_WRITES.match(line.text)]
    breaches = [Breach(Severity.HIGH, (line,), " ".join(line.text.split()[:2]), (f"no {line.text}",)) for line in wrong]
    return settle(breaches, len(lines), lines, "feature-not-used")


def access(subject: Subject) -> Outcome:
    """Each community and group names a list, and the list is there."""
    reading = subject.reading
    lines = [*_communities(reading), *reading.find(r"snmp-server group \S+ v3 ")]
    if not lines:
        return does_not_apply("feature-not-used")
    used = {line.text.split()[2] for line in reading.find(r"snmp-server community \S+ use-(?:ipv4|ipv6)?acl ")}
    breaches = []
    for line in lines:
        words = line.text.split()
        if not _listed(reading, words) and not (subject.os == "nx-os" and words[2] in used):
            command = f"{line.text} access <list>" if words[1].lower() == "group" else f"{line.text} <list>"
            if subject.os == "nx-os":
                command = f"snmp-server community {words[2]} use-ipv4acl <list>"
            breaches.append(Breach(Severity.MEDIUM, (line,), " ".join(words[:2]), (command,)))
    return settle(breaches, len(lines), lines)


def _listed(reading: Reading, words: list[str]) -> bool:
    """`community NAME [view V] [RO] [ipv6 LIST] [LIST]`; `group NAME v3 priv [read V] [write V] [access [ipv6] LIST]`."""
    if words[1].lower() == "group":
        named = [word for number, word in enumerate(words) if number > 4 and words[number - 1].lower() in ("access", "ipv4", "ipv6")]
    else:
        rest = [word for number, word in enumerate(words) if number > 2 and words[number - 1].lower() not in ("view", "group")]
        named = [word for word in rest if word.lower() not in _WORDS]
    return any(word in reading.access_lists for word in named)


SYSTEMS = ("ios", "ios-xe", "nx-os", "asa", "ios-xr", "small-business")
VERSION = ConfigurationRule(
    id=snmp_version.RULE.id,
    title=snmp_version.RULE.title,
    impact=snmp_version.RULE.impact,
    recommendation=snmp_version.RULE.recommendation,
    severities=(Severity.MEDIUM,),
    effort_minutes=snmp_version.RULE.effort_minutes,
    requirements=(Requirement(SYSTEMS, version), Requirement(("aireos",), wireless)),
)
WRITE = ConfigurationRule(
    id="security.snmp.write",
    title=Text("SNMP may change the device", "SNMP får ändra i enheten"),
    impact=Text(
        "Whoever has the string copies the configuration out, changes it or restarts the device.",
        "Den som har strängen kopierar ut konfigurationen, ändrar den eller startar om enheten.",
    ),
    recommendation=Text("Remove write access: nothing here needs it.", "Ta bort skrivrätten: inget här behöver den."),
    severities=(Severity.HIGH,),
    effort_minutes=5,
    requirements=(Requirement(SYSTEMS, write),),
)
ACCESS = ConfigurationRule(
    id="security.snmp.acl",
    title=Text("SNMP answers anybody", "SNMP svarar vem som helst"),
    impact=Text(
        "Every host can guess the string and read the state of the network, or load the device with questions.",
        "Varje enhet kan gissa strängen och läsa nätets tillstånd, eller belasta enheten med frågor.",
    ),
    recommendation=Text("Bind a list with the management stations to it.", "Bind en lista med övervakningsstationerna till den."),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(Requirement(("ios", "ios-xe", "nx-os", "ios-xr"), access),),
)
