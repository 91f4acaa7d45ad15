"""The Model Context Protocol: the reading operations as tools, behind the same token, permissions and walls."""

from typing import Any

import jsonschema
import pytest
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.web.api.operations import OPERATIONS
from testkit.api import Program, program
from testkit.api_values import examples
from testkit.console import ORIGIN, ConsoleHouse
from testkit.two_customers import OWN

PATH = "/api/mcp"


def ask(caller: Program, method: str, **params: Any) -> dict[str, Any]:
    answer = caller.ask("POST", PATH, json={"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
    assert (answer.json["jsonrpc"], answer.json["id"]) == ("2.0", 7)
    return answer.json


def call(caller: Program, tool: str, /, **arguments: Any) -> dict[str, Any]:
    return ask(caller, "tools/call", name=tool, arguments=arguments)["result"]


def test_a_client_says_hello_and_is_told_what_is_offered(noc: Program) -> None:
    told = ask(noc, "initialize", protocolVersion="2025-03-26", capabilities={}, clientInfo={"name": "x", "version": "1"})["result"]
    assert (told["protocolVersion"], told["capabilities"]) == ("2025-03-26", {"tools": {"listChanged": False}})
    assert ask(noc, "initialize", protocolVersion="1999-01-01")["result"]["protocolVersion"] == "2025-06-18"
    assert noc.ask("POST", PATH, json={"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    assert ask(noc, "ping")["result"] == {}


def test_every_reading_operation_is_a_tool_and_no_writing_one_is(noc: Program) -> None:
    tools = {each["name"]: each for each in ask(noc, "tools/list")["result"]["tools"]}
    assert set(tools) == {each.name.replace(".", "_") for each in OPERATIONS if each.is_reading}
    for tool in tools.values():
        jsonschema.Draft202012Validator.check_schema(tool["inputSchema"])
        assert tool["annotations"]["readOnlyHint"]


def test_a_tool_answers_what_the_operation_answers(house: ConsoleHouse, noc: Program) -> None:
    told = examples(house)
    listed = call(noc, "devices_list", customer=OWN, name__ic="SW", limit=10)
    assert listed["structuredContent"] == noc.get(f"/devices?customer={OWN}&limit=10").json
    assert call(noc, "devices_show", device=told["device"])["structuredContent"]["name"] == f"{OWN}-sw1"
    text = call(noc, "configurations_text", device=told["device"], version=int(told["version"]))
    assert "hostname" in text["content"][0]["text"]
    assert call(noc, "assessments_report", assessment=told["assessment"], format="pdf")["isError"]


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("devices_list", {"nmae": "x"}, "nmae"),
        ("devices_list", {"name": {"deep": 1}}, "name"),
        ("devices_list", {"name": []}, "name"),
        ("devices_show", {}, "device is not given"),
        ("devices_show", {"device": "nothing"}, "not-found"),
        ("findings_list", {}, "customer is not given"),
    ],
)
def test_what_a_tool_cannot_do_is_told_to_the_caller(noc: Program, name: str, arguments: dict[str, Any], says: str) -> None:
    told = call(noc, name, **arguments)
    assert told["isError"]
    assert says in told["content"][0]["text"]


def test_promise_50_tools_are_walled_as_operations_are(house: ConsoleHouse) -> None:
    told = examples(house)
    beta = program(house, Grant(Role.CUSTOMER_READER, "beta"))
    names = {each["name"] for each in ask(beta, "tools/list")["result"]["tools"]}
    assert "configurations_text" not in names
    assert "devices_list" in names
    assert call(beta, "devices_list")["structuredContent"]["count"] == 0
    assert call(beta, "devices_show", device=told["device"])["isError"]
    assert ask(beta, "tools/call", name="configurations_text", arguments={})["error"]["code"] == -32602
    assert Program(house).ask("POST", PATH, json={}).status_code == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"[]", -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/destroy"}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "assessments_run"}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "devices_list", "arguments": 3}}', -32602),
    ],
)
def test_what_is_no_message_is_an_error_of_the_protocol(noc: Program, body: bytes, code: int) -> None:
    answer = noc.ask("POST", PATH, data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (200, code)


def test_a_page_of_another_place_and_other_methods_are_refused(noc: Program) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert noc.ask("POST", PATH, {"Origin": "https://evil.example"}, json=message).status_code == 403
    assert noc.ask("POST", PATH, {"Origin": ORIGIN}, json=message).status_code == 200
    assert (noc.ask("GET", PATH).status_code, noc.ask("GET", PATH).headers["Allow"]) == (405, "POST")
    assert noc.ask("POST", PATH, data=b"x", content_type="text/plain").status_code == 415
