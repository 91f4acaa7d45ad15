"""core.software.mixed: members of one stack, or many devices of one model, run different software."""

from collections import Counter

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

PER_PLATFORM = 2


def member_versions(device: Device) -> dict[str, str]:
    """Software of each chassis of a stack, as ENTITY-MIB tells it."""
    return {
        str(row.get("name") or row.get("index")): str(row["software_version"])
        for row in device.table("component").rows
        if row.get("class") == "chassis" and row.get("software_version")
    }


def judge(device: Device, evidence: Evidence) -> Judgement:
    at_ns = device.table("component").observed_ns
    members = member_versions(device)
    if len(set(members.values())) > 1:
        facts = tuple(Fact(f"{name} software", version, None, at_ns) for name, version in sorted(members.items()))
        return decide([Failure(None, Severity.HIGH, facts)], 1)
    if device.version is None or device.model is None:
        return unknown(Reason.NOT_PROVIDED)
    versions = Counter(d.version for d in evidence.devices if d.model == device.model and d.version)
    commonest = min(versions, key=lambda v: (-versions[v], str(v)))
    if len(versions) > PER_PLATFORM and device.version != commonest:
        facts = (Fact("software", device.version, None, at_ns), Fact(f"most common on {device.model}", commonest, None, None))
        return decide([Failure(None, Severity.LOW, facts)], 1)
    return decide([], 1)


RULE = Rule(
    id="core.software.mixed",
    title=Text("Different software in one stack or platform", "Olika programvara i en stack eller plattform"),
    impact=Text(
        "Members with different software may not take over for each other, and every fault must be looked for twice.",
        "Medlemmar med olika programvara kan kanske inte ta över för varandra, och varje fel måste sökas två gånger.",
    ),
    recommendation=Text("Align all to one release.", "Lägg alla på samma version."),
    severities=(Severity.HIGH, Severity.LOW),
    applies_to=network_device,
    tables=("component",),
    judge=judge,
    effort_minutes=60,
    change=Change.RESTART,
)
