"""On-call calendars: who has the turn, who had it before and who stands in."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.escalation import OnCallCalendar, Person, StandIn
from natvakt_server.notify.turns import turns
from natvakt_server.web import tables
from natvakt_server.web.notifications.forms import (
    NAME_CHARACTERS,
    FormRefused,
    chosen,
    day_of,
    moment_of,
    name_of,
    number_of,
    time_of,
    zone_of,
)
from natvakt_server.web.notifications.queries import calendars_table
from natvakt_server.web.speech import moment
from natvakt_server.web.visit import Visit

MOST_PEOPLE, MOST_STAND_INS, SHOWN_TURNS = 12, 10, 5
MOST_TURN_DAYS = 31


def show_all(visit: Visit) -> Response:
    table = calendars_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "on-call")
    return visit.page("notifications/calendars.html", table=table)


def show_new(visit: Visit) -> Response:
    today: date = moment(visit.now_ns).date()
    return form_page(visit, OnCallCalendar("", "", visit.console.settings.time_zone, today, 7, "08:00", ()))


def show_one(visit: Visit, calendar_id: str) -> Response:
    return form_page(visit, found(visit, calendar_id))


def form_page(visit: Visit, calendar: OnCallCalendar, status: int = 200, refused: FormRefused | None = None) -> Response:
    return visit.page(
        "notifications/calendar.html",
        status,
        calendar=calendar,
        rows=[*calendar.people, *[Person("", ())] * min(2, MOST_PEOPLE - len(calendar.people))],
        stand_ins=[*calendar.stand_ins, *[None] * (len(calendar.stand_ins) < MOST_STAND_INS)],
        names=[(each.id, each.name) for each in visit.ports.notifying.settings.destinations()],
        turns=turns(calendar, visit.now_ns, SHOWN_TURNS) if calendar.people else (),
        local=lambda at_ns: moment(at_ns).astimezone(ZoneInfo(calendar.time_zone)).strftime("%Y-%m-%dT%H:%M"),
        refused=refused,
    )


def add(visit: Visit) -> Response:
    today: date = moment(visit.now_ns).date()
    return save(visit, OnCallCalendar(visit.console.surroundings.new_id(), "", "UTC", today, 7, "08:00", ()), is_new=True)


def change(visit: Visit, calendar_id: str) -> Response:
    return save(visit, found(visit, calendar_id), is_new=False)


def save(visit: Visit, before: OnCallCalendar, *, is_new: bool) -> Response:
    draft = before
    try:
        draft = replace(draft, people=people_of(visit))
        changed = replace(
            draft,
            name=name_of(visit),
            time_zone=zone_of(visit),
            first_day=day_of(visit, "first_day", "calendar-first-day"),
            turn_days=number_of(visit.field("turn_days"), "calendar-turn-days", 1, MOST_TURN_DAYS),
            handover=time_of(visit, "handover", "calendar-handover", required=True),
        )
        changed = replace(changed, stand_ins=stand_ins_of(visit, changed))
        if not changed.people:
            raise FormRefused("calendar-no-people")
    except FormRefused as refused:
        return form_page(visit, replace(draft, id="" if is_new else before.id, name=visit.field("name")), 400, refused)
    visit.ports.notifying.chains.put_calendar(changed)
    visit.audit("calendar-add" if is_new else "calendar-change", f"calendar:{changed.id}", detail=changed.name)
    return visit.go("notifications.calendar", calendar_id=changed.id)


def people_of(visit: Visit) -> tuple[Person, ...]:
    """Rows with a name, in their order. Raises FormRefused."""
    known, people = [each.id for each in visit.ports.notifying.settings.destinations()], list[Person]()
    for number in range(MOST_PEOPLE):
        name = visit.field(f"person-{number}").strip()
        if not name:
            continue
        where = chosen(visit, f"where-{number}", known)
        if len(name) > NAME_CHARACTERS or not name.isprintable() or name in [each.name for each in people]:
            raise FormRefused("form-bad-name", "calendar-person")
        if not where:
            raise FormRefused("calendar-no-destination", "calendar-person")
        people.append(Person(name, where))
    return tuple(people)


def stand_ins_of(visit: Visit, calendar: OnCallCalendar) -> tuple[StandIn, ...]:
    """Rows with a name and both moments; those that are over are forgotten. Raises FormRefused."""
    found_now = []
    for number in range(MOST_STAND_INS):
        name = visit.field(f"stand-in-{number}")
        if not name:
            continue
        if name not in [each.name for each in calendar.people]:
            raise FormRefused("calendar-no-such-person", "calendar-stand-in")
        first, last = (moment_of(visit.field(f"{end}-{number}"), calendar.time_zone, "calendar-stand-in") for end in ("from", "until"))
        if last <= first:
            raise FormRefused("form-bad-span", "calendar-stand-in")
        if last > visit.now_ns:
            found_now.append(StandIn(first, last, name))
    return tuple(sorted(found_now, key=lambda each: each.from_ns))


def remove(visit: Visit, calendar_id: str) -> Response:
    calendar = found(visit, calendar_id)
    visit.ports.notifying.chains.remove_calendar(calendar.id)
    visit.audit("calendar-remove", f"calendar:{calendar.id}", detail=calendar.name)
    return visit.go("notifications.calendars")


def found(visit: Visit, calendar_id: str) -> OnCallCalendar:
    calendar = next((each for each in visit.ports.notifying.chains.calendars() if each.id == calendar_id), None)
    if calendar is None:
        abort(404)
    return calendar
