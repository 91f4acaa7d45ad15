"""Which parts a role runs. A part is one line: roles that run it, and the function that makes it."""

from collections.abc import Sequence

from natvakt_server.app.console import console_part
from natvakt_server.app.house import House
from natvakt_server.app.knowledge_asking import knowledge_parts
from natvakt_server.app.monitoring import monitoring_part
from natvakt_server.app.notifying import notifying_part
from natvakt_server.app.parts import (
    clerk_part,
    enrolment_part,
    gateway_part,
    ingest_part,
    jobs_part,
    renew_certificates,
    upkeep_part,
)
from natvakt_server.app.services import Part
from natvakt_server.jobs.upkeep import RollUps


def assemble(house: House, role: str) -> Sequence[Part]:
    parts: list[Part] = []
    if role in ("all", "worker"):
        renew_certificates(house)
        roll_ups = RollUps(house.series, house.clock)
        parts += [ingest_part(house), jobs_part(house, roll_ups), clerk_part(house), upkeep_part(house, roll_ups)]
        parts += knowledge_parts(house)
        parts.append(monitoring_part(house))
        parts.append(notifying_part(house))
    if role in ("all", "gateway"):
        parts += [enrolment_part(house), gateway_part(house)]
    if role in ("all", "console"):
        parts.append(console_part(house))
    return parts
