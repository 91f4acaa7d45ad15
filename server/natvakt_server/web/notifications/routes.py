"""Notifications: who hears of what, by which way, and what came of it. For those who may change how the NOC works."""

from werkzeug.wrappers import Response

from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.notifications import calendars, chains, destinations, rules
from natvakt_server.web.notifications.queries import messages_table
from natvakt_server.web.notifications.words import WORDS
from natvakt_server.web.routing import Access, Entry, Handler, Route, Screen, get, post
from natvakt_server.web.visit import Visit


def show_messages(visit: Visit) -> Response:
    table = messages_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "messages")
    return visit.page("notifications/messages.html", table=table)


def reading(name: str, path: str, handler: Handler) -> Route:
    return get(f"notifications.{name}", f"/notifications{path}", handler, Access.PARTNER, Permission.SETTINGS)


def writing(name: str, path: str, handler: Handler) -> Route:
    return post(f"notifications.{name}", f"/notifications{path}", handler, Access.PARTNER, Permission.SETTINGS)


SCREEN = Screen(
    name="notifications",
    words=WORDS,
    routes=(
        reading("messages", "", show_messages),
        reading("destinations", "/destinations", destinations.show_all),
        reading("new_destination", "/destinations/new", destinations.show_new),
        writing("add_destination", "/destinations/new", destinations.add),
        reading("destination", "/destinations/<destination_id>", destinations.show_one),
        writing("change_destination", "/destinations/<destination_id>", destinations.change),
        writing("test_destination", "/destinations/<destination_id>/test", destinations.test),
        writing("remove_destination", "/destinations/<destination_id>/remove", destinations.remove),
        reading("rules", "/rules", rules.show_all),
        reading("new_rule", "/rules/new", rules.show_new),
        writing("add_rule", "/rules/new", rules.add),
        reading("rule", "/rules/<rule_id>", rules.show_one),
        writing("change_rule", "/rules/<rule_id>", rules.change),
        writing("remove_rule", "/rules/<rule_id>/remove", rules.remove),
        reading("chains", "/chains", chains.show_all),
        reading("new_chain", "/chains/new", chains.show_new),
        writing("add_chain", "/chains/new", chains.add),
        reading("chain", "/chains/<chain_id>", chains.show_one),
        writing("change_chain", "/chains/<chain_id>", chains.change),
        writing("remove_chain", "/chains/<chain_id>/remove", chains.remove),
        reading("calendars", "/on-call", calendars.show_all),
        reading("new_calendar", "/on-call/new", calendars.show_new),
        writing("add_calendar", "/on-call/new", calendars.add),
        reading("calendar", "/on-call/<calendar_id>", calendars.show_one),
        writing("change_calendar", "/on-call/<calendar_id>", calendars.change),
        writing("remove_calendar", "/on-call/<calendar_id>/remove", calendars.remove),
    ),
    navigation=(Entry("notifications", "notifications.messages"),),
)
