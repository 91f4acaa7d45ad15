"""Escalation chains: who is told next as long as nobody acknowledges."""

from dataclasses import replace

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.escalation import Chain, Step
from natvakt_server.web import tables
from natvakt_server.web.notifications.forms import FormRefused, chosen, name_of, number_of
from natvakt_server.web.notifications.queries import chains_table
from natvakt_server.web.visit import Visit

MOST_STEPS = 6
MOST_MINUTES, LEAST_REPEAT_MINUTES = 24 * 60, 5
CALENDAR, DESTINATION = "calendar:", "destination:"


def show_all(visit: Visit) -> Response:
    table = chains_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "chains")
    return visit.page("notifications/chains.html", table=table)


def show_new(visit: Visit) -> Response:
    return form_page(visit, Chain("", "", ()))


def show_one(visit: Visit, chain_id: str) -> Response:
    return form_page(visit, found(visit, chain_id))


def form_page(visit: Visit, chain: Chain, status: int = 200, refused: FormRefused | None = None) -> Response:
    ports = visit.ports.notifying
    names = [(f"{CALENDAR}{each.id}", f"{each.name} ({visit.speech('on-call')})") for each in ports.chains.calendars()]
    names += [(f"{DESTINATION}{each.id}", each.name) for each in ports.settings.destinations()]
    steps = [
        (step.after_minutes, [*(f"{CALENDAR}{each}" for each in step.calendars), *(f"{DESTINATION}{each}" for each in step.destinations)])
        for step in chain.steps
    ]
    rows = [*steps, *[("", [])] * (max(MOST_STEPS - len(steps), 0))]
    return visit.page("notifications/chain.html", status, chain=chain, rows=rows, names=names, refused=refused)


def add(visit: Visit) -> Response:
    return save(visit, Chain(visit.console.surroundings.new_id(), "", ()), is_new=True)


def change(visit: Visit, chain_id: str) -> Response:
    return save(visit, found(visit, chain_id), is_new=False)


def save(visit: Visit, before: Chain, *, is_new: bool) -> Response:
    draft = before
    try:
        draft = replace(draft, steps=steps_of(visit))
        repeat = number_of(visit.field("repeat_minutes") or "0", "chain-repeat", 0, MOST_MINUTES)
        if not draft.steps:
            raise FormRefused("chain-no-steps")
        if 0 < repeat < LEAST_REPEAT_MINUTES:
            raise FormRefused("form-bad-number", "chain-repeat")
        changed = replace(draft, name=name_of(visit), repeat_minutes=repeat)
    except FormRefused as refused:
        return form_page(visit, replace(draft, id="" if is_new else before.id, name=visit.field("name")), 400, refused)
    visit.ports.notifying.chains.put_chain(changed)
    visit.audit("chain-add" if is_new else "chain-change", f"chain:{changed.id}", detail=changed.name)
    return visit.go("notifications.chains")


def steps_of(visit: Visit) -> tuple[Step, ...]:
    """Rows with somebody to tell, in their order. Raises FormRefused."""
    ports, steps = visit.ports.notifying, []
    calendars = [f"{CALENDAR}{each.id}" for each in ports.chains.calendars()]
    destinations = [f"{DESTINATION}{each.id}" for each in ports.settings.destinations()]
    for number in range(MOST_STEPS):
        who = chosen(visit, f"who-{number}", [*calendars, *destinations])
        if who:
            minutes = number_of(visit.field(f"after-{number}") or "0", "chain-after", 0, MOST_MINUTES)
            told, asked = ([each.removeprefix(kind) for each in who if each.startswith(kind)] for kind in (DESTINATION, CALENDAR))
            steps.append(Step(minutes, tuple(told), tuple(asked)))
    return tuple(steps)


def remove(visit: Visit, chain_id: str) -> Response:
    chain = found(visit, chain_id)
    visit.ports.notifying.chains.remove_chain(chain.id)
    visit.audit("chain-remove", f"chain:{chain.id}", detail=chain.name)
    return visit.go("notifications.chains")


def found(visit: Visit, chain_id: str) -> Chain:
    chain = next((each for each in visit.ports.notifying.chains.chains() if each.id == chain_id), None)
    if chain is None:
        abort(404)
    return chain
