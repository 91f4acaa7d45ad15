"""Backups that turn, as occasions: what is not as expected opens, what is well again is over. Pure.

What nobody observed is no occasion: the agent's silence is one already, and a backup that cannot be seen is neither late nor well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from natvakt_server.domain.backup_jobs.expecting import CONFIGURATION
from natvakt_server.domain.backup_jobs.judging import WELL, Reason, State
from natvakt_server.domain.backup_jobs.standing import Standing, Turn
from natvakt_server.domain.estate import Device
from natvakt_server.domain.notification import Kind, Occasion, Severity

INCIDENT_PREFIX = "backup-"
SEVERITIES: Mapping[State, Severity] = {
    State.FAILED: Severity.WARNING,
    State.EMPTY: Severity.CRITICAL,
    State.NEVER: Severity.WARNING,
    State.LATE: Severity.WARNING,
    State.SHRINKING: Severity.WARNING,
}


def incident_of(standing: Standing) -> str:
    """The same for the same job of the same device, for as long as there is one."""
    place = "\x1f".join((standing.tenant, standing.device, standing.job))
    return f"{INCIDENT_PREFIX}{sha256(place.encode()).hexdigest()[:40]}"


@dataclass(frozen=True, slots=True)
class BackupTeller:
    """Implements `TurnTeller`. `devices`: by id, for the names."""

    devices: Mapping[str, Device]

    def incident(self, standing: Standing) -> str:
        return incident_of(standing)

    def occasion(self, turn: Turn, *, is_open: bool) -> Occasion | None:
        now = turn.standing
        if now.state in WELL:
            severity = SEVERITIES.get(turn.before, Severity.WARNING) if turn.before else Severity.WARNING
            return self._told(now, Kind.CLEARED, severity) if is_open else None
        if now.state not in SEVERITIES or now.reason is Reason.FIRST_RUN_AWAITED:
            return None
        return self._told(now, Kind.UPDATED if is_open else Kind.OPENED, SEVERITIES[now.state])

    def _told(self, standing: Standing, kind: Kind, severity: Severity) -> Occasion:
        device, incident = self.devices.get(standing.device), incident_of(standing)
        facts = {"job": "configuration" if standing.job == CONFIGURATION else standing.job, "reason": standing.detail}
        return Occasion(
            key=f"{incident}/{kind.value}/{standing.state}/{standing.since_ns}",
            tenant=standing.tenant,
            site=device.site if device else "",
            incident=incident,
            kind=kind,
            severity=severity,
            at_ns=standing.since_ns,
            cause="backup-well" if kind is Kind.CLEARED else f"backup-{standing.state}",
            devices=(device.name,) if device else (standing.device,),
            facts={name: value for name, value in facts.items() if value},
        )
