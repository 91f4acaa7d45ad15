"""Where what happens meets those who must hear of it: an occasion is announced once, in the transaction that writes what happened.

    monitoring, backups ─► Occasion ─► occasion table ─► rules: who gets it ─► outbox ─► channels (mail, webhook, ...)

Whoever announces knows nothing of people and channels, and whoever sends knows nothing of why something is an incident.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Protocol


class Kind(Enum):
    """What happened to the incident. A severity that rose is UPDATED; ESCALATED is announced by the escalation chain itself."""

    OPENED = "opened"
    UPDATED = "updated"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    CLEARED = "cleared"


class Severity(Enum):
    INFORMATION = "information"
    WARNING = "warning"
    CRITICAL = "critical"


SEVERITIES = (Severity.INFORMATION, Severity.WARNING, Severity.CRITICAL)  # the worst last


@dataclass(frozen=True, slots=True)
class Occasion:
    """`key`: the same occasion always has the same one, however often it is announced, such as `INCIDENT/opened/1`.

    `at_ns`: when it happened, UTC. `cause`: one word that people are told in their language, such as site-down, device-down,
    interface-down, backup-late; `devices`: names, the cause first; `suppressed`: how many more are silent because of it; `facts`: what else
    is known, as words and figures (`interface`, `value`, `limit`); `by`: who acknowledged it.
    """

    key: str
    tenant: str
    site: str
    incident: str
    kind: Kind
    severity: Severity
    at_ns: int
    cause: str
    devices: Sequence[str] = ()
    suppressed: int = 0
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    by: str = ""


class Announcements(Protocol):
    def announce(self, occasions: Sequence[Occasion]) -> int:
        """In one transaction of its own; answers how many were new. A store that writes what happened calls `put_occasions(connection,
        ...)` of `store/estate/occasions.py` in its own transaction instead: neither is kept without the other. Raises StoreUnavailable.
        """
        ...
