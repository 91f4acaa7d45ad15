"""Every operation answers what the document says of it, whatever it is asked."""

from typing import Any
from urllib.parse import urlencode

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from natvakt_server.domain.rights import OVER, PARTNER, PERMISSIONS, Grant, Role
from natvakt_server.web.api.limits import CALLS
from natvakt_server.web.api.operation import Operation
from natvakt_server.web.api.operations import OPERATIONS
from testkit.api import Program, path_of, program
from testkit.api_values import examples
from testkit.console import ConsoleHouse
from testkit.two_customers import OWN

READING = [each for each in OPERATIONS if each.is_reading]


@pytest.fixture
def told(house: ConsoleHouse) -> dict[str, str]:
    return examples(house)


def test_the_document_is_openapi_and_names_every_operation_once(noc: Program) -> None:
    document = noc.document
    assert document["openapi"].startswith("3.1.")
    described = [operation for path in document["paths"].values() for operation in path.values()]
    assert sorted(each["operationId"] for each in described) == sorted({each.name for each in OPERATIONS})
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema.get("type") == "object", name
    shapes = {repr(parameter["schema"]): parameter["schema"] for each in described for parameter in each["parameters"]}
    for schema in shapes.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for each in described:
        names = [(parameter["in"], parameter["name"]) for parameter in each["parameters"]]
        assert len(names) == len(set(names)), each["operationId"]


def test_every_operation_answers_as_described(noc: Program, told: dict[str, str]) -> None:
    for operation in READING:
        answer = noc.ask("GET", path_of(operation, told), query_string=told.get(f"{operation.name}?", ""))
        assert answer.status_code == 200, f"{operation.name}: {answer.text}"
        noc.check(operation, answer)
        if operation.is_list:
            assert answer.json["results"], f"{operation.name} has nothing to show: the example is too poor to check its shape"


def test_every_list_can_be_searched_and_asked_by_each_of_its_fields(house: ConsoleHouse, noc: Program, told: dict[str, str]) -> None:
    for operation in READING:
        if operation.is_list:
            path, own = path_of(operation, told), told.get(f"{operation.name}?", "")
            nothing = noc.ask("GET", path, query_string=f"{own}&q=nothing-is-called-this")
            assert (nothing.status_code, nothing.json["count"]) == (200, 0), f"{operation.name}: {nothing.text}"
            house.clock.move(CALLS.burst)
            for field in operation.fields or ():
                ordered = noc.ask("GET", path, query_string=f"{own}&ordering=-{field.name}&q=a")
                noc.check(operation, ordered)
                assert ordered.status_code == 200, f"{operation.name} by {field.name}: {ordered.text}"


def test_promise_50_one_customers_things_do_not_exist_for_anothers_engineer(house: ConsoleHouse, told: dict[str, str]) -> None:
    beta = program(house, Grant(Role.ENGINEER, "beta"), secret="beta-token")
    for operation in OPERATIONS:
        more = {"query_string": told.get(f"{operation.name}?", ""), **told_body(operation)}
        answer = beta.ask(operation.method, path_of(operation, told), **more)
        if operation.is_list and answer.status_code == 200:
            assert not operation.path_values, operation.name
            assert OWN not in answer.text, operation.name
            continue
        assert answer.status_code == 404, f"{operation.name}: {answer.text}"
        nowhere = {**told, **dict.fromkeys(operation.path_values, "nothing"), "findings.list?": "customer=nothing"}
        more["query_string"] = nowhere.get(f"{operation.name}?", "")
        missing = beta.ask(operation.method, path_of(operation, nowhere), **more)
        assert (missing.status_code, set(missing.json)) == (404, set(answer.json)), operation.name


def test_promise_50_nobody_does_what_their_token_does_not_hold(house: ConsoleHouse, told: dict[str, str]) -> None:
    for role in Role:
        grant = Grant(role) if PARTNER in OVER[role] else Grant(role, OWN)
        token = program(house, grant, secret=f"token-of-{role}")
        for operation in OPERATIONS:
            more = {"query_string": told.get(f"{operation.name}?", ""), **told_body(operation)}
            answer = token.ask(operation.method, path_of(operation, told), **more)
            allowed = operation.permission in PERMISSIONS[role]
            assert (answer.status_code != 403) is allowed, f"{operation.name} for {role}: {answer.status_code}"
            assert answer.status_code < 500
    for operation in OPERATIONS:
        house.clock.move(60)
        assert Program(house).ask(operation.method, path_of(operation, told), **told_body(operation)).status_code == 401


def told_body(operation: Operation) -> dict[str, Any]:
    return {} if operation.body is None else {"json": {"claims": 1} if operation.name == "incidents.take" else {}}


def values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What the document allows for one argument."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"]
    if kind == "array":
        return st.lists(values_of(schema["items"]), min_size=1, max_size=3)
    if kind == "boolean":
        return st.sampled_from(["true", "false"])
    if kind == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    if "pattern" in schema and "\\u0000" not in schema["pattern"]:
        return st.from_regex(schema["pattern"], fullmatch=True)
    return st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=40)


def calls(document: dict[str, Any], operation: Operation) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the arguments the document has for this operation, and those it cannot do without."""
    parameters = document["paths"][operation.path][operation.method.lower()]["parameters"]
    query = {each["name"]: values_of(each["schema"]) for each in parameters if each["in"] == "query"}
    required = {each["name"] for each in parameters if each["in"] == "query" and each["required"]}
    chosen = st.lists(st.sampled_from(sorted(query)), max_size=4, unique=True) if query else st.just([])
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: query[name] for name in {*names, *required}}))


def test_nothing_the_document_allows_is_a_fault_of_the_server(house: ConsoleHouse, noc: Program, told: dict[str, str]) -> None:
    asks = {operation.name: calls(noc.document, operation) for operation in READING}
    paths = st.one_of(st.just(told), st.text(max_size=20).map(lambda text: {**told, "device": text, "customer": text, "site": text}))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.sampled_from(READING), paths)
    def ask(data: st.DataObject, operation: Operation, where: dict[str, str]) -> None:
        house.clock.move(CALLS.burst)
        call = data.draw(asks[operation.name])
        answer = noc.ask("GET", path_of(operation, where), query_string=urlencode(call, doseq=True))
        assert answer.status_code < 500, answer.text
        if answer.status_code not in (301, 308, 405):  # a path with an empty or a doubled part is no operation's
            noc.check(operation, answer)

    ask()
