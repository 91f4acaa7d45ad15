"""security.mgmt.banner: what is shown before a login warns; it does not welcome."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, fails, passes
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Kind

_WELCOMES = re.compile(r"\b(welcome|välkommen|bienvenue|willkommen)\b", re.IGNORECASE)
_TEXT = "Authorised users only. All use is logged."


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    heads = reading.find(r"banner (?:login|motd|asdm|exec)\b")
    texts = [line for head in heads for line in (head, *reading.configuration.descendants(head, {Kind.BANNER}))]
    command = f"banner login {_TEXT}" if subject.os == "asa" else f"banner {'motd' if subject.os == 'nx-os' else 'login'} ^{_TEXT}^"
    if not heads:
        return fails(Breach(Severity.LOW, remediation=(command,)))
    welcoming = [line for line in texts if _WELCOMES.search(line.text)]
    return fails(Breach(Severity.LOW, welcoming, remediation=(command,))) if welcoming else passes(heads)


CHECK = ConfigurationRule(
    id="security.mgmt.banner",
    title=Text("No warning before login", "Ingen varning före inloggning"),
    impact=Text(
        "Without a notice it is harder to act against whoever logs in without permission.",
        "Utan ett meddelande är det svårare att ingripa mot den som loggar in utan lov.",
    ),
    recommendation=Text(
        "Set a login banner that says who may use the device; never one that welcomes.",
        "Sätt en inloggningsbanner som säger vem som får använda enheten; aldrig en som välkomnar.",
    ),
    severities=(Severity.LOW,),
    effort_minutes=5,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-000160",)),
        Requirement(("asa",), judge, ("CASA-ND-000160",)),
        Requirement(("nx-os", "ios-xr", "small-business"), judge),
    ),
)
