"""voice.gateway.fax: fax is sent by T.38 in one place and in the voice stream in another."""

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    does_not_apply,
    fails,
    passes,
)
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))


def judge(subject: Subject) -> Outcome:
    relay = subject.configuration.anywhere(r"fax protocol t38\b")
    stream = subject.configuration.anywhere(r"fax protocol pass-through\b|modem passthrough (?:nse|protocol)")
    if not relay and not stream:
        return does_not_apply("no-fax")
    if relay and stream:
        fix = tuple(
            command
            for line in stream
            for command in (*_section(subject, line), " fax protocol t38 version 0 ls-redundancy 0 hs-redundancy 0")
        )
        return fails(Breach(Severity.LOW, (*stream, *relay), "fax", fix))
    return passes(relay or stream)


def _section(subject: Subject, line: Line) -> tuple[str, ...]:
    parent = subject.configuration.parent(line)
    return (parent.text,) if parent is not None else ()


CHECK = ConfigurationRule(
    id="voice.gateway.fax",
    title=Text("Fax is handled in two ways", "Fax hanteras på två sätt"),
    impact=Text("Some faxes arrive, others break off on the second page.", "Vissa fax kommer fram, andra bryts på sida två."),
    recommendation=Text("Use T.38 everywhere, as far as the provider does.", "Använd T.38 överallt, så långt leverantören gör det."),
    severities=(Severity.LOW,),
    effort_minutes=20,
    requirements=(Requirement(("ios", "ios-xe"), judge),),
    roles=ROUTERS,
    references=("ITU-T T.38",),
)
