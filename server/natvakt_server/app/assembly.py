"""Which parts a role runs."""

from collections.abc import Sequence

from natvakt_server.app.parts import House, enrolment_part, gateway_part, ingest_part, jobs_part, make_desk, server_identity
from natvakt_server.app.services import Part


def assemble(house: House, role: str) -> Sequence[Part]:
    parts: list[Part] = []
    if role in ("all", "worker"):
        parts += [ingest_part(house), jobs_part(house, lambda: 0)]
    if role in ("all", "gateway"):
        desk = make_desk(house.configuration, house.stores, house.keys, house.clock, house.random)
        identity = server_identity(house)
        parts += [enrolment_part(house, desk, identity), gateway_part(house, desk, identity)]
    return parts
