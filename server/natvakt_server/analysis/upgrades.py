"""The upgrade plan of one customer, from what was frozen: every device, where it could go, and what each release leaves."""

from collections.abc import Iterator, Sequence

from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.hardware import chassis_pids, free_flash
from natvakt_server.analysis.software import version_of
from natvakt_server.analysis.vulnerabilities import day_of
from natvakt_server.knowledge.exposure import Exposure
from natvakt_server.knowledge.known import exposure_key
from natvakt_server.knowledge.planner import Option, Step, Upgradable, plan
from natvakt_server.knowledge.versions.systems import parse_version


def upgrade_plan(evidence: Evidence) -> Sequence[Step]:
    """Steps name devices by their id."""
    return plan(
        [found for device in evidence.devices if (found := _upgradable(device, evidence)) is not None], day_of(evidence).isoformat()
    )


def _upgradable(device: Device, evidence: Evidence) -> Upgradable | None:
    running = version_of(device)
    exposure = evidence.knowledge.exposure(device.os, device.version, device.model)
    if running is None or exposure is None or not exposure.statements:
        return None
    flash = free_flash(device)
    return Upgradable(device.id, running, exposure, tuple(_options(device, exposure, evidence)), flash[1] if flash is not None else None)


def _options(device: Device, exposure: Exposure, evidence: Evidence) -> Iterator[Option]:
    known = evidence.knowledge
    told = known.suggestion(chassis_pids(device))
    sizes = told.suggestion.image_bytes if told is not None else {}
    suggested = told.suggestion.releases if told is not None else ()
    for release in known.candidates.get(exposure_key(device.os or "", device.version or "", device.model), ()):
        left = known.exposure(device.os, release, device.model)
        if left is None or left.normalised is None:
            continue
        version = parse_version(exposure.os, left.normalised)
        cycle = known.cycle(version.os, version.train)
        until = (cycle.cycle.end_of_maintenance or cycle.cycle.end_of_security) if cycle is not None else ""
        yield Option(version, left, release in suggested, until, sizes.get(release))
