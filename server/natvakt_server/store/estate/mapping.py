"""Rows to the domain's dataclasses and back. Texts from devices are made storable here, once."""

import json
import re
from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from natvakt_server.domain.estate import Customer, Device, Row, Site, Snapshot
from natvakt_server.domain.registry import Role

TEXT_LIMIT = 255
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")


def storable(value: object) -> str | None:
    """A device's text as a column may hold it: no control characters (PostgreSQL refuses NUL), at most 255 characters, None if blank."""
    return None if value is None else printable(str(value))[:TEXT_LIMIT].rstrip() or None


def printable(text: str) -> str:
    """On one line, without control characters: PostgreSQL refuses NUL, and a log line must stay one."""
    return _UNPRINTABLE.sub(" ", text).strip()


def to_json(value: object) -> str:
    """Canonical ASCII JSON: any text survives, NUL and lone surrogates included, in any database encoding."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def rows_from_json(text: str) -> Sequence[Row]:
    rows: Sequence[Row] = json.loads(text)
    return rows


def customer_of(row: RowMapping) -> Customer:
    return Customer(row["tenant"], row["name"], row["language"], row["time_zone"], row["schedule"], row["created_ns"])


def site_of(row: RowMapping) -> Site:
    return Site(row["tenant"], row["site"], row["name"], row["created_ns"])


def device_of(row: RowMapping, agent_devices: Mapping[str, Sequence[str]], origins: Mapping[str, str]) -> Device:
    return Device(
        id=row["id"],
        tenant=row["tenant"],
        site=row["site"],
        name=row["name"],
        address=row["address"],
        role=Role(row["role"]),
        vendor=row["vendor"],
        os=row["os"],
        version=row["version"],
        model=row["model"],
        serial=row["serial"],
        engine_id=row["engine_id"],
        base_mac=row["base_mac"],
        first_seen_ns=row["first_seen_ns"],
        last_seen_ns=row["last_seen_ns"],
        agent_devices=tuple(agent_devices.get(row["id"], ())),
        origin=origins.get(row["id"], ""),
    )


def snapshot_of(row: RowMapping) -> Snapshot:
    return Snapshot(row["kind"], row["observed_ns"], row["confirmed_ns"], row["digest"], rows_from_json(row["rows"]))
