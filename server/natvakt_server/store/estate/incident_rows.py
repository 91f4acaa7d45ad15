"""Rows of incidents and maintenance to the domain's dataclasses, and back."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import RowMapping

from natvakt_server.domain.incidents import Cause, Incident, Maintenance, Member, Why
from natvakt_server.domain.notification import Severity
from natvakt_server.store.estate.mapping import printable, storable


def incident_of(row: RowMapping) -> Incident:
    return Incident(**{**row, "cause": Cause(row["cause"]), "severity": Severity(row["severity"])})


def member_of(row: RowMapping) -> Member:
    return Member(**{name: value for name, value in row.items() if name not in ("incident", "why")}, why=Why(row["why"]))


def maintenance_of(row: RowMapping) -> Maintenance:
    return Maintenance(**{**row, "weekdays": tuple(int(digit) for digit in row["weekdays"])})


def maintenance_values(one: Maintenance) -> Mapping[str, object]:
    weekdays = "".join(str(day) for day in one.weekdays)
    return {**asdict(one), "weekdays": weekdays, "reason": printable(one.reason), "owner": storable(one.owner) or ""}
