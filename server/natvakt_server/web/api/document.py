"""The OpenAPI 3.1 document, made from the operations: what is served and what is described cannot differ."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from natvakt_server.domain.listing import Comparison
from natvakt_server.web.api.arguments import DEFAULT_LIMIT, HIGHEST_LIMIT, HIGHEST_NUMBER, HIGHEST_OFFSET, LONGEST_TEXT
from natvakt_server.web.api.operation import COMPARISONS, PREFIX, Field, Kind, Operation
from natvakt_server.web.api.problem import MEDIA_TYPE, Problem

VERSION = "1.0"
REFERENCES = "#/components/schemas/{name}"
Json = dict[str, Any]
_MEANINGS: Mapping[Comparison, str] = {
    Comparison.IS: "is one of these",
    Comparison.IS_NOT: "is none of these",
    Comparison.HOLDS: "holds, whatever the case",
    Comparison.HOLDS_NOT: "does not hold",
    Comparison.STARTS: "starts with",
    Comparison.STARTS_NOT: "does not start with",
    Comparison.ENDS: "ends with",
    Comparison.ENDS_NOT: "does not end with",
    Comparison.ALIKE: "is, whatever the case",
    Comparison.ALIKE_NOT: "is not, whatever the case",
    Comparison.BELOW: "is less than, or before",
    Comparison.AT_MOST: "is at most, or not after",
    Comparison.ABOVE: "is more than, or after",
    Comparison.AT_LEAST: "is at least, or not before",
    Comparison.EMPTY: "has no value",
}
_REFUSALS = {
    "400": "An argument is not what it should be",
    "401": "No token, or not a good one",
    "403": "The token does not hold this permission anywhere",
    "404": "No such thing, or not this token's to see",
    "429": "Too many calls; `Retry-After` says when to come again",
    "503": "A store is away for now; `Retry-After` says when to come again",
}
_WRITING_REFUSALS = {
    "409": "It is being done, or it is done, already",
    "413": "Too much",
    "415": "Not JSON",
    "422": "Not what it takes",
}


def build(operations: Sequence[Operation], address: str) -> Json:
    """`address`: scheme, host and port under which the API is reached."""
    paths: dict[str, Json] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _described(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "natvakt",
            "version": VERSION,
            "summary": "Customers, their networks, what was found in them and how they are.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{address}{PREFIX}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "A token from Administration."}},
        },
    }


def page_of(answer: type[msgspec.Struct]) -> Json:
    """The shape of a list: NetBox's."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer", "minimum": 0},
            "next": link,
            "previous": link,
            "results": {"type": "array", "items": {"$ref": REFERENCES.format(name=answer.__name__)}},
        },
    }


def argument_schemas(operation: Operation) -> Json:
    """JSON Schema of everything that may stand in the address, by name."""
    return {each["name"]: each["schema"] for each in _parameters(operation)}


def _schemas(operations: Sequence[Operation]) -> Json:
    types = [kind for each in operations for kind in (each.answer, each.body) if kind is not None]
    _, schemas = msgspec.json.schema_components([*dict.fromkeys(types), Problem], ref_template=REFERENCES)
    return dict(sorted(schemas.items()))


def _described(operation: Operation) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.name.split(".")[0]],
        "description": f"Needs the permission `{operation.permission}`.",
        "parameters": list(_parameters(operation)),
        "responses": {str(operation.status): _answer(operation), **_refusals(operation)},
    }
    if operation.body is not None:
        schema = {"$ref": REFERENCES.format(name=operation.body.__name__)}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _answer(operation: Operation) -> Json:
    if operation.answer is None:
        content: Json = {kind: {"schema": {} if kind.endswith("json") else {"type": "string"}} for kind in operation.media_types}
    else:
        schema = page_of(operation.answer) if operation.is_list else {"$ref": REFERENCES.format(name=operation.answer.__name__)}
        content = {"application/json": {"schema": schema}}
    described: Json = {"description": operation.summary, "content": content}
    if operation.is_reading:
        described["headers"] = {"ETag": {"schema": {"type": "string"}}}
    return described


def _refusals(operation: Operation) -> Json:
    reference = {MEDIA_TYPE: {"schema": {"$ref": REFERENCES.format(name=Problem.__name__)}}}
    refusals: Json = {status: {"description": text, "content": reference} for status, text in _REFUSALS.items()}
    if operation.is_reading:
        refusals["304"] = {"description": "Still what `If-None-Match` names"}
    else:
        for status, text in (
            ("409", "It is being done, or it is done, already"),
            ("413", "Too much"),
            ("415", "Not JSON"),
            ("422", "Not what it takes"),
        ):
            refusals[status] = {"description": text, "content": reference}
    return dict(sorted(refusals.items()))


def _parameters(operation: Operation) -> Iterator[Json]:
    for name in operation.path_values:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    for each in operation.parameters:
        yield {
            "name": each.name,
            "in": "query",
            "required": each.required,
            "description": each.summary,
            "schema": _schema(each.kind, each.choices),
        }
    if operation.fields is not None:
        yield from _paging(operation.fields)
        for field in operation.fields:
            for comparison in COMPARISONS[field.kind]:
                yield _filter(field, comparison)
    if not operation.is_reading:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Up to 128 letters, digits, - and _: the same key again does nothing again and gets the same answer.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"},
        }


def _paging(fields: Sequence[Field]) -> Iterator[Json]:
    one = f"-?({'|'.join(each.name for each in fields)})"
    limit = {"type": "integer", "minimum": 0, "maximum": HIGHEST_LIMIT, "default": DEFAULT_LIMIT}
    for name, summary, schema in (
        ("limit", "How many on a page; 0: as many as there may be", limit),
        ("offset", "How many to pass over", {"type": "integer", "minimum": 0, "maximum": HIGHEST_OFFSET, "default": 0}),
        ("ordering", "Fields, comma between them, - in front for descending", {"type": "string", "pattern": f"^{one}(,{one})*$"}),
        ("q", "What a person would search for", _schema(Kind.TEXT, ())),
    ):
        yield {"name": name, "in": "query", "required": False, "description": summary, "schema": schema}


def _filter(field: Field, comparison: Comparison) -> Json:
    name = f"{field.name}__{comparison}" if comparison else field.name
    one = {"type": "boolean"} if comparison is Comparison.EMPTY else _schema(field.kind, field.choices)
    several = comparison is not Comparison.EMPTY and field.kind is not Kind.SWITCH
    schema: Json = {"type": "array", "items": one, "minItems": 1, "maxItems": 8} if several else one
    return {"name": name, "in": "query", "required": False, "description": f"{field.name} {_MEANINGS[comparison]}", "schema": schema}


def _schema(kind: Kind, choices: Sequence[str]) -> Json:
    shapes: Mapping[Kind, Json] = {
        Kind.TEXT: {"type": "string", "maxLength": LONGEST_TEXT, "pattern": "^[^\\u0000]*$"},
        Kind.CHOICE: {"type": "string", "enum": list(choices)},
        Kind.NUMBER: {"type": "integer", "minimum": -HIGHEST_NUMBER, "maximum": HIGHEST_NUMBER},
        Kind.MOMENT: {"type": "string", "format": "date-time"},
        Kind.SWITCH: {"type": "boolean"},
    }
    return shapes[kind]
