"""One request of one person: who, in which language, at what time, and how to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Request, abort, redirect, url_for
from jinja2 import Environment
from markupsafe import Markup
from werkzeug.wrappers import Response

from natvakt_server.domain.accounts import Session, User
from natvakt_server.domain.estate import Customer
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.domain.rights import NOWHERE, Grants, Permission, Scope, allows
from natvakt_server.reports import words
from natvakt_server.web.access.authentication import Authentication
from natvakt_server.web.ports import ConsolePorts, ConsoleSettings, Surroundings
from natvakt_server.web.reading import ReportShelf
from natvakt_server.web.routing import Access, Entry, Route
from natvakt_server.web.speech import Catalogue, Speech
from natvakt_server.web.static_files import StaticFiles
from natvakt_server.web.walls.ports import walled

THEMES = ("auto", "light", "dark")
PARTIAL_HEADER = "HX-Request"


@dataclass(frozen=True, slots=True)
class Console:
    """What lives as long as the console: ports, settings, and the few objects with a memory of their own."""

    whole: ConsolePorts  # without walls: for who somebody is, never for what is shown
    settings: ConsoleSettings
    surroundings: Surroundings
    catalogue: Catalogue
    templates: Environment
    static: StaticFiles
    navigation: tuple[Entry, ...]
    routes: Mapping[str, Route]
    authentication: Authentication
    shelf: ReportShelf


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    session: Session


@dataclass(frozen=True)
class Visit:
    console: Console
    request: Request
    now_ns: int
    speech: Speech
    theme: str
    csrf: str
    signed_in: SignedIn | None = None
    new_visitor: str | None = None  # the random value a stranger's browser has to be given
    scope: Scope = NOWHERE  # where the route's permission holds

    @cached_property
    def ports(self) -> ConsolePorts:
        """Everything outside this visit's scope is as if it were not there."""
        return walled(self.console.whole, self.scope)

    @cached_property
    def reports(self) -> ReportShelf:
        return self.console.shelf.within(self.scope)

    @property
    def grants(self) -> Grants:
        return self.signed_in.user.grants if self.signed_in is not None and self.is_complete else Grants()

    def may(self, permission: Permission | str, tenant: str = "", site: str = "") -> bool:
        """Over the site, the customer, or without both over the whole partner."""
        return allows(self.grants, Permission(permission), tenant, site)

    @cached_property
    def user(self) -> User:
        """Who this is; only where the route asks for a session."""
        assert self.signed_in is not None
        return self.signed_in.user

    @property
    def is_complete(self) -> bool:
        """Both factors were given."""
        return self.signed_in is not None and self.signed_in.session.second_factor

    @property
    def wants_fragment(self) -> bool:
        return PARTIAL_HEADER in self.request.headers

    @property
    def source(self) -> str:
        return self.request.remote_addr or "unknown"

    def navigation(self) -> list[Entry]:
        return [entry for entry in self.console.navigation if self.is_open(self.console.routes[entry.route])]

    def is_open(self, route: Route) -> bool:
        """To somebody who is signed in: what the route needs holds over the partner, or over something."""
        scope = self.grants.scope(route.permission)
        return scope.everywhere if route.access is Access.PARTNER else not scope.is_empty

    def argument(self, name: str, default: str = "") -> str:
        return self.request.args.get(name, default)

    def field(self, name: str) -> str:
        return self.request.form.get(name, "")

    def report_words(self) -> words.Speech:
        """Facts of findings, as the report says them in this person's language."""
        return words.Speech(self.speech.language, self.speech.zone)

    def url(self, route: str, **values: Any) -> str:
        return url_for(route, **values)

    def here(self, **changes: str | int | None) -> str:
        """This address with some of its state changed; None takes a part away."""
        kept: dict[str, Any] = {**(self.request.view_args or {}), **self.request.args.to_dict(), **changes}
        return url_for(self.request.endpoint or "", **{name: value for name, value in kept.items() if value not in (None, "")})

    def csrf_field(self) -> Markup:
        return Markup('<input type="hidden" name="csrf" value="{}">').format(self.csrf)

    def render(self, template: str, **context: Any) -> str:
        whole: Mapping[str, Any] = {"visit": self, "t": self.speech, "url": self.url, "asset": self.console.static.address, **context}
        return self.console.templates.get_template(template).render(whole)

    def fragment(self, template: str, **context: Any) -> Markup:
        """A rendered template to be put into another one; it has escaped what it holds."""
        return Markup(self.render(template, **context))  # noqa: S704 - rendered with autoescape

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        return Response(self.render(template, **context), status, mimetype="text/html")

    def go(self, route: str, **values: Any) -> Response:
        """To another page, by GET, after something was done."""
        return redirect(url_for(route, **values), 303)

    def download(self, content: bytes, media_type: str, name: str) -> Response:
        response = Response(content, mimetype=media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def customer(self, tenant: str) -> Customer:
        """404 where there is no such customer."""
        found = self.ports.estate.customer(tenant)
        if found is None:
            abort(404)
        return found

    def audit(self, action: str, subject: str, outcome: str = "ok", detail: str = "", tenant: str | None = None) -> None:
        actor = f"user:{self.signed_in.user.name}" if self.signed_in else f"visitor:{self.source}"
        self.console.whole.audit.record(AuditEntry(self.now_ns, actor, action, subject, outcome, detail, tenant))
