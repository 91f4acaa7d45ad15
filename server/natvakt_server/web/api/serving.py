"""The API over HTTP: routes from the operations, answers with their ETag, refusals as problems with an id."""

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from flask import Blueprint, Flask, Request, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.web.access.gate import KnockLimit
from natvakt_server.web.api import document
from natvakt_server.web.api.doorkeeper import Doorkeeper
from natvakt_server.web.api.house import ApiHouse, ApiPorts
from natvakt_server.web.api.limits import CALLS, KNOCKS, RateLimit
from natvakt_server.web.api.mcp import Mcp
from natvakt_server.web.api.operation import PREFIX, File, Operation
from natvakt_server.web.api.operations import OPERATIONS
from natvakt_server.web.api.performing import Asked, perform
from natvakt_server.web.api.problem import MEDIA_TYPE, Refused, problem
from natvakt_server.web.ports import ConsoleSettings, Surroundings
from natvakt_server.web.reading import ReportShelf

ROOT = "/api"
MCP_PATH = "/api/mcp"
JSON = "application/json"
ID_BYTES = 6
AWAY_SECONDS = "30"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_VALUE = re.compile(r"\{(\w+)\}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Api:
    house: ApiHouse
    doorkeeper: Doorkeeper
    operations: Sequence[Operation]
    mcp: Mcp
    description: bytes  # the OpenAPI document

    def answer(self, operation: Operation, values: dict[str, str]) -> Response:
        bearer = self.doorkeeper.bearer(request)
        self.doorkeeper.admit(bearer, operation)
        given = {name: request.args.getlist(name) for name in request.args}
        body = b"" if operation.body is None else _json_body(request)
        answer = perform(self.house, bearer, Asked(operation, values, given, body, request.headers.get("Idempotency-Key", "")))
        if isinstance(answer, File):
            sent = Response(answer.content, operation.status, content_type=answer.media_type)
            sent.headers["Content-Disposition"] = f'attachment; filename="{answer.name}"'
        else:
            sent = Response(msgspec.json.encode(answer), operation.status, content_type=JSON)
        return _with_tag(sent) if operation.is_reading else sent

    def describe(self) -> Response:
        self.doorkeeper.bearer(request)
        return _with_tag(Response(self.description, content_type=JSON))

    def talk(self) -> Response:
        """One message of the Model Context Protocol."""
        bearer = self.doorkeeper.bearer(request)
        origin = request.headers.get("Origin")
        if origin is not None and origin != self.house.settings.address:
            raise Refused(403, "other-origin", "a page of another place may not call")
        answer = self.mcp.answer(bearer, _json_body(request))
        return Response(status=202) if answer is None else Response(msgspec.json.encode(answer), content_type=JSON)

    def metrics(self) -> Response:
        return self.house.ports.watch.answer(request, self.house.surroundings)

    def nothing(self, path: str) -> Response:
        """What no operation answers: told apart only for who has a token."""
        self.doorkeeper.bearer(request)
        allowed = sorted({each.method for each in self.operations if _matches(each, f"{ROOT}/{path}")})
        allowed = ["POST"] if f"{ROOT}/{path}" == MCP_PATH else allowed
        if allowed:
            detail = f"{request.method} is not for this address; {', '.join(allowed)} is"
            raise Refused(405, "method-not-allowed", detail, {"Allow": ", ".join(allowed)})
        raise Refused(404, "no-such-operation", f"no operation has this address; {PREFIX}/openapi.json lists them all")


@dataclass(frozen=True, slots=True)
class ApiFaults:
    """As the pages' faults, for programs: problems instead of pages."""

    house: ApiHouse

    def refused(self, error: Refused) -> Response:
        number = self._number()
        _log.info(
            "event=api-refused id=%s status=%d code=%s method=%s path=%r", number, error.status, error.code, request.method, request.path
        )
        return _problem(error, number)

    def known(self, error: HTTPException) -> Response:
        """What the web framework refuses: a body too large, a header it cannot read."""
        return self.refused(Refused(error.code or 500, f"http-{error.code}", error.name.lower()))

    def away(self, error: Exception) -> Response:
        number = self._number()
        _log.warning("event=store-away id=%s path=%r reason=%s", number, request.path, error)
        return _problem(Refused(503, "store-away", "a store is away for now; nothing was half done", {"Retry-After": AWAY_SECONDS}), number)

    def unexpected(self, error: Exception) -> Response:
        """The end of a call's road: the stack goes to the log, never to the caller."""
        number = self._number()
        _log.error("event=request-failed id=%s method=%s path=%r", number, request.method, request.path, exc_info=error)
        return _problem(Refused(500, "failed", "a fault of the server; its log has more under the id"), number)

    def _number(self) -> str:
        return self.house.surroundings.random(ID_BYTES).hex()


def mount(
    application: Flask,
    ports: ApiPorts,
    settings: ConsoleSettings,
    surroundings: Surroundings,
    operations: Sequence[Operation] = OPERATIONS,
) -> None:
    """Adds every operation, the document that describes them, and one answer for everything else below `/api`."""
    house = ApiHouse(ports, settings, surroundings, ReportShelf(ports.console.assessments))
    doorkeeper = Doorkeeper(house, RateLimit(CALLS), RateLimit(KNOCKS), KnockLimit())
    description = msgspec.json.encode(document.build(operations, settings.address), order="deterministic")
    api = Api(house, doorkeeper, operations, Mcp(house, operations), description)
    blueprint, faults = Blueprint("api", __name__), ApiFaults(house)
    for each in operations:
        path, name = PREFIX + _VALUE.sub(r"<\1>", each.path), each.name.replace(".", "_")
        blueprint.add_url_rule(path, name, _view(api, each), methods=[each.method], provide_automatic_options=False)
    blueprint.add_url_rule(f"{PREFIX}/openapi.json", "document", api.describe, methods=["GET"], provide_automatic_options=False)
    blueprint.add_url_rule(MCP_PATH, "mcp", api.talk, methods=["POST"], provide_automatic_options=False)
    blueprint.add_url_rule("/metrics", "metrics", api.metrics, methods=["GET"], provide_automatic_options=False)
    blueprint.add_url_rule(f"{ROOT}/<path:path>", "nothing", api.nothing, methods=METHODS, provide_automatic_options=False)
    blueprint.register_error_handler(Refused, faults.refused)
    blueprint.register_error_handler(HTTPException, faults.known)
    blueprint.register_error_handler(StoreUnavailable, faults.away)
    blueprint.register_error_handler(SeriesUnavailable, faults.away)
    blueprint.register_error_handler(Exception, faults.unexpected)
    application.register_blueprint(blueprint)


def _view(api: Api, operation: Operation) -> Callable[..., Response]:
    def view(**values: str) -> Response:
        return api.answer(operation, values)

    return view


def _matches(operation: Operation, path: str) -> bool:
    return re.fullmatch(PREFIX + _VALUE.sub("[^/]+", re.escape(operation.path).replace(r"\{", "{").replace(r"\}", "}")), path) is not None


def _json_body(asked: Request) -> bytes:
    if asked.content_length and asked.mimetype != JSON:
        raise Refused(415, "not-json", f"the body is {asked.mimetype or 'nothing that is named'!r}; send {JSON}")
    return asked.get_data(cache=False)


def _with_tag(answer: Response) -> Response:
    """The same bytes have the same tag; who has them gets a 304."""
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Authorization"
    answer.make_conditional(request)
    return answer


def _problem(told: Refused, number: str) -> Response:
    answer = Response(msgspec.json.encode(problem(told.status, told.code, told.detail, number)), told.status, content_type=MEDIA_TYPE)
    answer.headers.update(told.headers)
    return answer
