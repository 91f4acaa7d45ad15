"""security.l2.vtp: nobody can change the VLANs of all switches with one message."""

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    cannot_tell,
    does_not_apply,
    fails,
    passes,
)
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_FIX = ("vtp mode transparent",)


def judge(subject: Subject) -> Outcome:
    """Without a line the mode is in the VLAN database, which no configuration shows: a switch ships as server."""
    reading = subject.reading
    if not reading.may_switch:
        return does_not_apply("not-a-switch")
    if subject.os == "nx-os" and not reading.setting(r"feature vtp$").on:
        return does_not_apply("feature-not-used")
    modes = reading.find(r"(?:no )?vtp mode \S")
    quiet = [line for line in modes if line.text.split()[2].lower() in ("transparent", "off")]
    password = reading.find(r"vtp password \S")
    if quiet or password:
        return passes([*quiet, *password])
    if modes:
        return fails(Breach(Severity.MEDIUM, modes[-1:], None, _FIX))
    return cannot_tell("cli-not-allowed")


CHECK = ConfigurationRule(
    id="security.l2.vtp",
    title=Text("VTP without a password", "VTP utan lösenord"),
    impact=Text(
        "A switch with a higher revision number, old or hostile, wipes the VLANs of the whole site.",
        "En switch med högre revisionsnummer, gammal eller fientlig, raderar hela platsens VLAN.",
    ),
    recommendation=Text("Set VTP to transparent or off.", "Sätt VTP till transparent eller av."),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(Requirement((*SWITCH_SYSTEMS, "nx-os"), judge, ("CISC-L2-000030",)),),
    roles=SWITCH_ROLES,
)
