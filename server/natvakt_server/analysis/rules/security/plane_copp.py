"""security.plane.copp: what is meant for the device itself is limited, so that it cannot be drowned."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_FIX = ("control-plane", " service-policy input <policy>")


def judge(subject: Subject) -> Outcome:
    """A policy on the control plane, or on one of its parts. Switches of IOS-XE 16 and later bring one along, which they show."""
    reading = subject.reading
    bound = reading.below(r"control-plane\b", r"service-policy input \S")
    if bound:
        named = bound[0].text.split()[-1]
        defined = reading.find(rf"policy-map (?:type \S+ )?(?:\S+ )?{re.escape(named)}$")
        limits = [line for head in defined for line in reading.inside(head, r"(?:police|drop)\b")]
        if defined and not limits:
            fix = (f"policy-map {named}", " class class-default", "  police <rate> conform-action transmit exceed-action drop")
            return settle([Breach(Severity.MEDIUM, (*bound, *defined), "control-plane", fix)], 1)
        return settle((), 1, bound)
    heads = reading.find(r"control-plane\b")
    return settle([Breach(Severity.MEDIUM, heads[:1], "control-plane", _FIX)], 1)


def nx_os(subject: Subject) -> Outcome:
    """A profile is on from the first start; only a line takes it off."""
    off = subject.reading.find(r"(?:no copp profile|copp profile none|no service-policy input copp)")
    return settle(
        [Breach(Severity.MEDIUM, off, "copp", ("copp profile strict",))] if off else [], 1, subject.reading.find(r"copp profile \S")
    )


CHECK = ConfigurationRule(
    id="security.plane.copp",
    title=Text("The control plane is not protected", "Kontrollplanet är inte skyddat"),
    impact=Text(
        "A flood of packets to the device itself takes its processor, and with it routing and logins.",
        "En flod av paket till enheten själv tar dess processor, och med den routning och inloggning.",
    ),
    recommendation=Text(
        "Sort what is meant for the device into classes and limit each.",
        "Dela in det som är avsett för enheten i klasser och begränsa var och en.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=60,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-001220", "CISC-RT-000120")),
        Requirement(("nx-os",), nx_os, ("CISC-RT-000120",)),
    ),
)
