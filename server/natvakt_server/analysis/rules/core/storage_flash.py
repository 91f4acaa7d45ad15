"""core.storage.flash: no file system has room for the image that is suggested, with a fifth to spare."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.hardware import free_flash
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.software import compared
from natvakt_server.analysis.vulnerabilities import age_of
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

SHARE = 1.2
MEBIBYTE = 1024 * 1024


def judge(device: Device, evidence: Evidence) -> Judgement:
    suggested = compared(device, evidence)
    size = suggested.told.suggestion.image_bytes.get(suggested.target) if suggested is not None else None
    if suggested is None or not size:
        return unknown(Reason.NOT_LISTED)
    flash = free_flash(device)
    if flash is None:
        return unknown(Reason.NOT_PROVIDED)
    name, free = flash
    if free >= SHARE * size:
        return decide([], 1)
    observed_ns = device.table("storage").observed_ns
    facts = (
        Fact(f"{name} free", round(free / MEBIBYTE), "MiB", observed_ns),
        Fact(f"image of {suggested.target} size", round(size / MEBIBYTE), "MiB"),
        *age_of(suggested.told.as_of, evidence),
    )
    return decide([Failure(name, Severity.LOW, facts, ("install remove inactive",) if device.os == "ios-xe" else ())], 1)


RULE = Rule(
    id="core.storage.flash",
    title=Text("No room for the suggested image", "Inget utrymme för den rekommenderade avbilden"),
    impact=Text(
        "The upgrade stops half-way, in the maintenance window, when the image does not fit.",
        "Uppgraderingen stannar halvvägs, i servicefönstret, när avbilden inte får plats.",
    ),
    recommendation=Text("Remove images that are no longer used.", "Ta bort avbilder som inte längre används."),
    severities=(Severity.LOW,),
    applies_to=network_device,
    tables=("storage",),
    beside=("component",),
    judge=judge,
    effort_minutes=15,
)
