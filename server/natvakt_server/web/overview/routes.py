"""The first page, and its wall view."""

from werkzeug.wrappers import Response

from natvakt_server.domain.rights import Permission
from natvakt_server.web.overview.queries import look
from natvakt_server.web.overview.words import WORDS
from natvakt_server.web.routing import Entry, Screen, get
from natvakt_server.web.visit import Visit


def show(visit: Visit) -> Response:
    page = look(visit.ports, visit.reports, visit.now_ns)
    return visit.page("overview/wall.html" if visit.argument("wall") == "1" else "overview/overview.html", page=page)


SCREEN = Screen(
    name="overview",
    words=WORDS,
    routes=(get("overview.show", "/", show, permission=Permission.SEE),),
    navigation=(Entry("overview", "overview.show"),),
)
