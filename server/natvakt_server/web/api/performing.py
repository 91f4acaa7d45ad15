"""Does one operation for one bearer, whatever it came by: from the address and the body to an answer that is ready to be sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec

from natvakt_server.domain.bearers import Bearer
from natvakt_server.domain.listing import Page
from natvakt_server.web.api.arguments import read_arguments
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.house import ApiHouse
from natvakt_server.web.api.operation import PREFIX, File, Operation
from natvakt_server.web.api.problem import Refused, not_found

KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
LONGEST_PATH_VALUE = 255


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation with what came with it, unread. `given`: every value of every argument."""

    operation: Operation
    path: Mapping[str, str]
    given: Mapping[str, Sequence[str]]
    body: bytes = b""
    key: str = ""


class ListAnswer(msgspec.Struct, frozen=True):
    """A page of a list, in NetBox's manner."""

    count: int
    next: str | None
    previous: str | None
    results: Sequence[object]


def perform(house: ApiHouse, bearer: Bearer, asked: Asked) -> msgspec.Struct | File:
    """Raises Refused, and what the ports raise. The bearer was admitted."""
    operation = asked.operation
    arguments, wish = read_arguments(operation, asked.given)
    for name, value in asked.path.items():
        if "\x00" in value or len(value) > LONGEST_PATH_VALUE:
            raise not_found(name)
    if asked.key and not KEY.fullmatch(asked.key):
        raise Refused(400, "bad-argument", "Idempotency-Key: not 1 to 128 letters, digits, - or _")
    now_ns = house.surroundings.clock.wall_ns()
    call = Call(house, operation, bearer, now_ns, asked.path, arguments, wish, _body(operation, asked.body), asked.key)
    answer = operation.handler(call)
    if isinstance(answer, Page):
        return _listed(call, asked, answer)
    if not isinstance(answer, msgspec.Struct | File):
        raise TypeError(f"{operation.name} answered {type(answer).__name__}, which is nothing that can be sent")
    return answer


def _body(operation: Operation, body: bytes) -> msgspec.Struct | None:
    if operation.body is None:
        return None
    try:
        read: msgspec.Struct = msgspec.json.decode(body or b"{}", type=operation.body)
    except msgspec.ValidationError as error:
        raise Refused(422, "bad-body", f"{error}; the document at {PREFIX}/openapi.json describes it") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(400, "bad-body", f"the body is no JSON: {error}") from None
    return read


def _listed(call: Call, asked: Asked, page: Page[object]) -> ListAnswer:
    wish = call.wish
    after = wish.offset + wish.limit
    following = _link(call, asked, after) if after < page.count else None
    before = _link(call, asked, max(0, wish.offset - wish.limit)) if wish.offset > 0 else None
    return ListAnswer(page.count, following, before, page.items)


def _link(call: Call, asked: Asked, offset: int) -> str:
    """To another page of the same list, by the address people know the console by and not by what the caller says it is."""
    path = asked.operation.path
    for name, value in asked.path.items():
        path = path.replace(f"{{{name}}}", value)
    kept = [(name, value) for name, values in asked.given.items() if name not in ("limit", "offset") for value in values]
    state = urlencode([*kept, ("limit", call.wish.limit), ("offset", offset)])
    return f"{call.house.settings.address}{PREFIX}{path}?{state}"
