"""core.software.unsupported: the train is past the end of its maintenance."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.hardware import chassis_pids
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.software import version_of
from natvakt_server.analysis.vulnerabilities import age_of, day_of
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Until which day a train is maintained: the later of maintenance and security corrections that its cycle tells."""
    running = version_of(device)
    told = evidence.knowledge.cycle(running.os, running.train) if running is not None else None
    if running is None or told is None:
        return unknown(Reason.NOT_LISTED)
    end = told.cycle.end_of_maintenance or told.cycle.end_of_security
    if not end:
        return unknown(Reason.NOT_LISTED)
    if end >= day_of(evidence).isoformat():
        return decide([], 1)
    suggestion = evidence.knowledge.suggestion(chassis_pids(device))
    target = suggestion.suggestion.releases[0] if suggestion is not None and suggestion.suggestion.releases else None
    facts = (
        Fact("running release", device.version, None, device.last_seen_ns or None),
        Fact(f"{running.train} maintenance ended", end),
        *((Fact("suggested release", target),) if target else ()),
        Fact(f"{running.train} told by", f"{told.source} {told.as_of}"),
        *age_of(told.as_of, evidence),
    )
    return decide([Failure(running.train, Severity.HIGH, facts, (f"! upgrade to {target}",) if target else ())], 1)


RULE = Rule(
    id="core.software.unsupported",
    title=Text("The software train is no longer maintained", "Programvaruversionen underhålls inte längre"),
    impact=Text(
        "Faults and vulnerabilities of this train are no longer corrected; the way out is a larger step the longer it waits.",
        "Fel och sårbarheter i versionen rättas inte längre; steget därifrån blir större ju längre det väntar.",
    ),
    recommendation=Text("Move to a train that is maintained.", "Gå till en version som underhålls."),
    severities=(Severity.HIGH,),
    applies_to=any_device,
    tables=(),
    beside=("component",),
    judge=judge,
    effort_minutes=120,
    references=("CISC-ND-001470", "CASA-ND-001420", "CSCO-NM-000280"),
    change=Change.RESTART,
)
