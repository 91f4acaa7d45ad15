"""What people see when something did not work: what happened, what to do, and an id that stands in the log."""

import logging
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.web.access.gate import Gate
from natvakt_server.web.access.headers import secured

ID_BYTES = 6
EXPLAINED = (400, 401, 403, 404, 405, 413, 429, 500, 503)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Faults:
    gate: Gate

    def known(self, error: HTTPException) -> Response:
        """404, 403 and their like: nobody's fault but worth a line."""
        status = error.code or 500
        answer = error.get_response()
        if status < 400 or error.response is not None:
            return Response(answer.get_data(), answer.status_code, answer.headers)
        number = self._number()
        _log.info("event=answered-with-error id=%s status=%d method=%s path=%r", number, status, request.method, request.path)
        page = self._page(status, number, f"form-{status}" if error.description == "form" else str(status))
        if "Allow" in answer.headers:
            page.headers["Allow"] = answer.headers["Allow"]
        return page

    def outside(self, _error: Exception) -> Response:
        """A change of what is not the visitor's, as if it were not there."""
        return self.known(NotFound())

    def away(self, error: Exception) -> Response:
        """A store is away: it comes back by itself."""
        number = self._number()
        _log.warning("event=store-away id=%s path=%r reason=%s", number, request.path, error)
        answer = self._page(503, number, "503")
        answer.headers["Retry-After"] = "30"
        return answer

    def unexpected(self, error: Exception) -> Response:
        """The end of a request's road: the stack goes to the log, never to the page."""
        number = self._number()
        _log.error("event=request-failed id=%s method=%s path=%r", number, request.method, request.path, exc_info=error)
        return self._page(500, number, "500")

    def _number(self) -> str:
        return self.gate.console.surroundings.random(ID_BYTES).hex()

    def _page(self, status: int, number: str, what: str) -> Response:
        try:
            visit = self.gate.visit(request)
            return secured(visit.page("templates/error.html", status, number=number, what=self._word(what)))
        except (StoreUnavailable, SeriesUnavailable):
            return secured(Response(f"{status}: the database is away; error {number}\n", status, mimetype="text/plain"))

    def _word(self, what: str) -> str:
        return what if self.gate.console.catalogue.knows(f"error.{what}") else "other"
