"""security.fw.dos: the firewall notices floods and scans, and limits half-open sessions to servers it publishes."""

import re
from collections.abc import Callable

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_BASIC, _SCANNING = "threat-detection basic-threat", "threat-detection scanning-threat shun"


def _detects(command: str, fix: str) -> Callable[[Subject], Outcome]:
    def judge(subject: Subject) -> Outcome:
        told = subject.reading.setting(command)
        return settle([] if told.on else [Breach(Severity.LOW, told.lines, fix.rpartition(" ")[0], (fix,))], 1, told.lines)

    return judge


def half_open(subject: Subject) -> Outcome:
    """Servers published by a static translation to an interface outside."""
    reading = subject.reading
    outside = "|".join(re.escape(port.nameif or "") for port in reading.outside) or "outside"
    published = [
        *reading.below(r"object network \S", rf"nat \(\S+,(?:{outside}|any)\) static "),
        *reading.find(rf"nat \(\S+,(?:{outside}|any)\) .*source static "),
        *reading.find(rf"static \(\S+,(?:{outside})\) "),
    ]
    published = [line for line in published if " destination static " not in line.text]
    limits = reading.below(r"policy-map \S", r"set connection .*embryonic-conn-max \d")
    fix = ("policy-map global_policy", " class <servers>", "  set connection embryonic-conn-max 1000 per-client-embryonic-max 50")
    breaches = [Breach(Severity.LOW, published[:5], "embryonic-conn-max", fix)] if published and not limits else []
    return settle(breaches, len(published), limits, "nothing-published")


CHECK = ConfigurationRule(
    id="security.fw.dos",
    title=Text("Floods and scans go unnoticed", "Floder och skanningar märks inte"),
    impact=Text(
        "A flood fills the table of connections, and a scan that precedes an attack is seen by nobody.",
        "En flod fyller tabellen över anslutningar, och en skanning före ett angrepp ses av ingen.",
    ),
    recommendation=Text(
        "Turn threat detection on and limit half-open sessions to published servers.",
        "Slå på hotdetektering och begränsa halvöppna sessioner till publicerade servrar.",
    ),
    severities=(Severity.LOW,),
    effort_minutes=20,
    requirements=(
        Requirement(("asa",), _detects(r"threat-detection basic-threat", _BASIC), ("CASA-FW-000150", "CASA-ND-001180")),
        Requirement(("asa",), _detects(r"threat-detection scanning-threat", _SCANNING), ("CASA-FW-000220",)),
        Requirement(("asa",), half_open),
    ),
)
