"""Who may pass: looked at before any handler runs, from what the route declares.

    session cookie ─► session in the store ─► user ─► route's access ─► grants over the place
                                              ─► form token and origin, if the method changes something ─► handler

Every refusal of somebody who is signed in goes to the audit trail. Refusals of strangers go there too, up to a rate, so that nobody
fills the database by knocking; all of them are logged.
"""

import logging
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Request, abort, redirect, url_for
from werkzeug.wrappers import Response

from natvakt_server.domain.rights import NOWHERE, Permission, Scope
from natvakt_server.web.access.forms import VISITOR_COOKIE, same
from natvakt_server.web.access.sessions import SESSION_COOKIE
from natvakt_server.web.routing import Access, Route
from natvakt_server.web.speech import LANGUAGES, Speech
from natvakt_server.web.visit import PARTIAL_HEADER, THEMES, Console, SignedIn, Visit

ZONE_COOKIE, THEME_COOKIE, LANGUAGE_COOKIE = "natvakt-zone", "natvakt-theme", "natvakt-language"
SAFE_METHODS = ("GET", "HEAD")
STRANGERS_A_MINUTE = 60
MINUTE_NS = 60_000_000_000
_log = logging.getLogger(__name__)


def reaches(scope: Scope, route: Route, tenant: str, site: str) -> bool:
    """Whether a scope is enough for a route at this place; `routing` says what is."""
    if route.access is Access.PARTNER:
        return scope.everywhere
    if site:
        return scope.holds(tenant, site)
    if tenant:
        return scope.touches(tenant) if route.method in SAFE_METHODS else scope.covers(tenant)
    return not scope.is_empty


class KnockLimit:
    """How many refusals of strangers a minute are worth a row in the audit trail."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = -1
        self._count = 0

    def admits(self, monotonic_ns: int) -> bool:
        with self._lock:
            if monotonic_ns // MINUTE_NS != self._minute:
                self._minute, self._count = monotonic_ns // MINUTE_NS, 0
            self._count += 1
            return self._count <= STRANGERS_A_MINUTE


@dataclass(frozen=True, slots=True)
class Gate:
    console: Console
    knocks: KnockLimit

    def visit(self, request: Request, route: Route | None = None) -> Visit:
        """Who is here, and where the permission of the route holds for them; without a route nowhere."""
        console = self.console
        now_ns = console.surroundings.clock.wall_ns()
        found = console.authentication.keeper.find(request.cookies.get(SESSION_COOKIE, ""))
        signed_in = SignedIn(*found) if found else None
        language = signed_in.user.language if signed_in else self._language_of(request)
        speech = Speech(console.catalogue, language, self._zone_of(request), now_ns)
        theme = request.cookies.get(THEME_COOKIE, "auto")
        if theme not in THEMES:
            theme = "auto"
        if signed_in is not None:
            scope = self._scope(signed_in, route)
            return Visit(console, request, now_ns, speech, theme, signed_in.session.csrf, signed_in, scope=scope)
        known = request.cookies.get(VISITOR_COOKIE)
        visitor = known or console.authentication.keeper.random_text()
        return Visit(
            console, request, now_ns, speech, theme, console.authentication.marks.form_mark(visitor), new_visitor=None if known else visitor
        )

    def refusal(self, route: Route, visit: Visit) -> Response | None:
        """None: come in. Else a way to log in, or an error by `abort`."""
        turned = self._turned_away(route, visit)
        if turned is not None:
            return turned
        if visit.request.method not in SAFE_METHODS and not self._is_own_form(visit):
            self.refused(visit, "form-refused", route.name)
            abort(403, "form")
        return None

    def _turned_away(self, route: Route, visit: Visit) -> Response | None:
        if route.access is Access.ANYONE:
            return None
        if visit.signed_in is None:
            self.refused(visit, "no-session", route.name)
            return self._log_in(visit)
        if route.access is Access.FIRST_FACTOR:
            return None
        if not visit.is_complete:
            self.refused(visit, "second-factor-missing", route.name)
            return self._log_in(visit)
        if route.access is not Access.OWN:
            self._hold_place(route, visit)
        return None

    def _scope(self, signed_in: SignedIn, route: Route | None) -> Scope:
        passed = signed_in.session.second_factor and route is not None and route.access in (Access.SIGNED_IN, Access.PARTNER)
        return signed_in.user.grants.scope(route.permission) if passed and route is not None else NOWHERE

    def _hold_place(self, route: Route, visit: Visit) -> None:
        """403 where somebody may see that there is something, 404 where not: then it is as if it were not there."""
        place = visit.request.view_args or {}
        tenant, site = place.get("tenant", ""), place.get("site", "")
        if reaches(visit.scope, route, tenant, site):
            return
        self.refused(visit, "role-refused", route.name)
        seen = visit.grants.scope(Permission.SEE)
        known = (seen.holds(tenant, site) if site else seen.touches(tenant)) if tenant else True
        abort(403 if known else 404)

    def _log_in(self, visit: Visit) -> Response:
        if PARTIAL_HEADER in visit.request.headers:
            answer = Response(status=401)
            answer.headers["HX-Redirect"] = url_for("accounts.login")
            return answer
        if visit.request.method not in SAFE_METHODS:
            abort(401)
        if visit.signed_in is not None:
            return redirect(url_for("accounts.code"), 303)
        return redirect(url_for("accounts.login", next=visit.request.full_path.rstrip("?")), 303)

    def _is_own_form(self, visit: Visit) -> bool:
        request = visit.request
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return False
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return False
        if visit.signed_in is None and not request.cookies.get(VISITOR_COOKIE):
            return False
        return same(request.form.get("csrf") or request.headers.get("X-CSRF-Token", ""), visit.csrf)

    def refused(self, visit: Visit, action: str, subject: str) -> None:
        _log.warning("event=refused action=%s route=%s source=%s", action, subject, visit.source)
        if visit.signed_in is not None or self.knocks.admits(self.console.surroundings.clock.monotonic_ns()):
            visit.audit(action, subject, "refused")

    def _language_of(self, request: Request) -> str:
        asked = request.cookies.get(LANGUAGE_COOKIE) or request.accept_languages.best_match(("sv", "en"))
        return asked if asked in LANGUAGES else self.console.settings.language

    def _zone_of(self, request: Request) -> ZoneInfo:
        """The viewer's, as the browser told in a cookie; the partner's until it has."""
        try:
            return ZoneInfo(request.cookies.get(ZONE_COOKIE) or self.console.settings.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(self.console.settings.time_zone)
