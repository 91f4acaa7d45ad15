"""Chains and on-call calendars, as people keep them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Engine, RowMapping, select

from natvakt_server.domain.escalation import Chain, OnCallCalendar, Person, StandIn, Step
from natvakt_server.store.estate.mapping import to_json
from natvakt_server.store.estate.notifications import put_row, remove_row
from natvakt_server.store.estate.tables.escalations import calendar, chain
from natvakt_server.store.estate.transactions import reading, writing


class SqlEscalationSettings:
    """Implements `EscalationSettings`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def chains(self) -> Sequence[Chain]:
        query = select(chain).order_by(chain.c.name, chain.c.id)
        return reading(self._engine, lambda c: [_chain(row) for row in c.execute(query).mappings()])

    def put_chain(self, changed: Chain) -> None:
        steps = to_json([asdict(step) for step in changed.steps])
        values = {"id": changed.id, "name": changed.name, "steps": steps, "repeat_minutes": changed.repeat_minutes}
        writing(self._engine, lambda c: put_row(c, chain, values))

    def remove_chain(self, chain_id: str) -> bool:
        return writing(self._engine, lambda c: remove_row(c, chain, chain_id))

    def calendars(self) -> Sequence[OnCallCalendar]:
        query = select(calendar).order_by(calendar.c.name, calendar.c.id)
        return reading(self._engine, lambda c: [_calendar(row) for row in c.execute(query).mappings()])

    def put_calendar(self, changed: OnCallCalendar) -> None:
        told = {
            "first_day": changed.first_day.isoformat(),
            "people": to_json([asdict(person) for person in changed.people]),
            "stand_ins": to_json([asdict(each) for each in changed.stand_ins]),
        }
        values = {**asdict(changed), **told}
        writing(self._engine, lambda c: put_row(c, calendar, values))

    def remove_calendar(self, calendar_id: str) -> bool:
        return writing(self._engine, lambda c: remove_row(c, calendar, calendar_id))


def _chain(row: RowMapping) -> Chain:
    steps = [Step(each["after_minutes"], tuple(each["destinations"]), tuple(each["calendars"])) for each in json.loads(row["steps"])]
    return Chain(row["id"], row["name"], tuple(steps), row["repeat_minutes"])


def _calendar(row: RowMapping) -> OnCallCalendar:
    told = {
        "first_day": date.fromisoformat(row["first_day"]),
        "people": tuple(Person(each["name"], tuple(each["destinations"])) for each in json.loads(row["people"])),
        "stand_ins": tuple(StandIn(**each) for each in json.loads(row["stand_ins"])),
    }
    return OnCallCalendar(**{**row, **told})
