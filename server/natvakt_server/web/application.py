"""Builds the console: screens in, a WSGI application out. Nothing here happens at import."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from flask import Flask, abort, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.web.access.authentication import make_authentication
from natvakt_server.web.access.forms import VISITOR_COOKIE
from natvakt_server.web.access.gate import Gate, KnockLimit
from natvakt_server.web.access.headers import secured
from natvakt_server.web.api.house import ApiPorts
from natvakt_server.web.api.serving import mount
from natvakt_server.web.faults import Faults
from natvakt_server.web.ports import ConsolePorts, ConsoleSettings, Surroundings
from natvakt_server.web.reading import ReportShelf
from natvakt_server.web.routing import Route
from natvakt_server.web.screens import SCREENS
from natvakt_server.web.speech import Catalogue
from natvakt_server.web.static_files import StaticFiles, read_static_files
from natvakt_server.web.visit import Console, Visit
from natvakt_server.web.walls.outside import OutsideScope
from natvakt_server.web.words import WORDS

FORM_LIMIT_BYTES = 64 * 1024
FOREVER = "public, max-age=31536000, immutable"


def create_application(
    ports: ConsolePorts,
    settings: ConsoleSettings,
    surroundings: Surroundings,
    templates: Environment | None = None,
    api: ApiPorts | None = None,
) -> Flask:
    """`templates`: an environment to share, so that many applications compile them once. `api` None: pages only."""
    application = Flask("natvakt_console", static_folder=None, template_folder=None)
    application.config.update(MAX_CONTENT_LENGTH=FORM_LIMIT_BYTES, MAX_FORM_MEMORY_SIZE=FORM_LIMIT_BYTES, PROPAGATE_EXCEPTIONS=False)
    console = Console(
        whole=ports,
        settings=settings,
        surroundings=surroundings,
        catalogue=Catalogue([WORDS, *(screen.words for screen in SCREENS)]),
        templates=templates or template_environment(),
        static=read_static_files(),
        navigation=tuple(entry for screen in SCREENS for entry in screen.navigation),
        routes={route.name: route for screen in SCREENS for route in screen.routes},
        authentication=make_authentication(ports.accounts, ports.second_factors, settings, surroundings),
        shelf=ReportShelf(ports.assessments),
    )
    gate = Gate(console, KnockLimit())
    for screen in SCREENS:
        for route in screen.routes:
            add_route(application, route, gate)
    application.add_url_rule(
        "/static/<path:name>", "static", serve_static(console.static), methods=["GET"], provide_automatic_options=False
    )
    faults = Faults(gate)
    application.register_error_handler(HTTPException, faults.known)
    application.register_error_handler(StoreUnavailable, faults.away)
    application.register_error_handler(SeriesUnavailable, faults.away)
    application.register_error_handler(OutsideScope, faults.outside)
    application.register_error_handler(Exception, faults.unexpected)
    if api is not None:
        mount(application, api, settings, surroundings)
    application.after_request(secured)
    return application


def template_environment() -> Environment:
    """Templates lie beside the screens; everything a template prints is escaped; a name it does not know is an error."""
    folder = Path(str(files("natvakt_server.web")))
    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )


def add_route(application: Flask, route: Route, gate: Gate) -> None:
    def view(**values: str) -> Response:
        visit = gate.visit(request, route)
        refusal = gate.refusal(route, visit)
        answer = refusal if refusal is not None else route.handler(visit, **values)
        return _with_visitor(answer, visit)

    application.add_url_rule(route.path, route.name, view, methods=[route.method], provide_automatic_options=False)


def _with_visitor(answer: Response, visit: Visit) -> Response:
    """A stranger's browser gets the random value that its forms are marked with; it has to come back with the next form."""
    if visit.new_visitor is not None:
        answer.set_cookie(VISITOR_COOKIE, visit.new_visitor, secure=True, httponly=True, samesite="Strict")
    return answer


def serve_static(static: StaticFiles) -> Callable[[str], Response]:
    def view(name: str) -> Response:
        found = static.file(name)
        if found is None:
            abort(404)
        compressed = request.accept_encodings.quality("gzip") > 0
        answer = Response(found.compressed if compressed else found.content, content_type=found.media_type)
        if compressed:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = FOREVER
        return answer

    return view
