"""Occasions are announced in the transaction that writes what happened."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, RowMapping, select

from natvakt_server.domain.notification import Kind, Occasion, Severity
from natvakt_server.store.estate.mapping import to_json
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.notifications import occasion
from natvakt_server.store.estate.transactions import writing

AT_ONCE = 500


class SqlAnnouncements:
    """Implements `Announcements`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def announce(self, occasions: Sequence[Occasion]) -> int:
        return writing(self._engine, lambda c: put_occasions(c, occasions))


def put_occasions(connection: Connection, occasions: Sequence[Occasion]) -> int:
    """Within the caller's transaction; what was announced before is not announced again. Answers how many were new."""
    return insert_missing(connection, occasion, [occasion_row(each, routed=False) for each in occasions], ("key",)) if occasions else 0


def last_kinds(connection: Connection, incidents: Sequence[str]) -> Mapping[str, Kind]:
    """What was last announced of each of these incidents; those nothing was ever announced of are left out."""
    found: dict[str, Kind] = {}
    for some in (incidents[start : start + AT_ONCE] for start in range(0, len(incidents), AT_ONCE)):
        query = select(occasion.c.incident, occasion.c.kind).where(occasion.c.incident.in_(some)).order_by(occasion.c.id)
        found |= {incident: Kind(kind) for incident, kind in connection.execute(query)}
    return found


def occasion_row(told: Occasion, *, routed: bool) -> dict[str, object]:
    body = {"cause": told.cause, "devices": list(told.devices), "suppressed": told.suppressed, "facts": dict(told.facts), "by": told.by}
    return {
        "key": told.key,
        "tenant": told.tenant,
        "site": told.site,
        "incident": told.incident,
        "kind": told.kind.value,
        "severity": told.severity.value,
        "at_ns": told.at_ns,
        "body": to_json(body),
        "routed": routed,
    }


def occasion_of(row: RowMapping) -> Occasion:
    return Occasion(
        key=row["key"],
        tenant=row["tenant"],
        site=row["site"],
        incident=row["incident"],
        kind=Kind(row["kind"]),
        severity=Severity(row["severity"]),
        at_ns=row["at_ns"],
        **json.loads(row["body"]),
    )
