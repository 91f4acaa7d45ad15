"""A program that calls the API: its token, and answers held against the document that describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jsonschema
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.web.api.operation import PREFIX, Operation
from natvakt_server.web.api.operations import OPERATIONS
from testkit.console import ORIGIN, ConsoleHouse
from werkzeug.test import TestResponse

ENGINEER = Grant(Role.ENGINEER)
BY_NAME = {each.name: each for each in OPERATIONS}


@dataclass
class Program:
    """Calls with one token, none where `secret` is empty."""

    house: ConsoleHouse
    secret: str = ""
    address: str = "192.0.2.20"
    values: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def client(self) -> Any:
        return self.house.application.test_client()

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> TestResponse:
        own = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        environ = {"REMOTE_ADDR": self.address}
        return self.client.open(path, method=method, base_url=ORIGIN, headers={**own, **(headers or {})}, environ_base=environ, **more)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", f"{PREFIX}{path}", {name.replace("_", "-"): value for name, value in headers.items()})

    def results(self, path: str) -> list[dict[str, Any]]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json["results"]

    @cached_property
    def document(self) -> dict[str, Any]:
        answer = self.get("/openapi.json")
        assert answer.status_code == 200, answer.text
        return answer.json

    def check(self, operation: Operation, answer: TestResponse) -> None:
        """Raises where the answer is not one the document has for this operation."""
        described = self.document["paths"][operation.path][operation.method.lower()]["responses"]
        assert str(answer.status_code) in described, f"{operation.name}: {answer.status_code} is in no document: {answer.text[:400]}"
        content = described[str(answer.status_code)].get("content")
        if content is None:
            assert not answer.data
            return
        assert answer.mimetype in {kind.split(";")[0] for kind in content}, f"{operation.name}: {answer.mimetype}"
        if answer.mimetype.endswith("json") and answer.mimetype in content:
            jsonschema.validate(answer.json, {**content[answer.mimetype]["schema"], "components": self.document["components"]})


def program(house: ConsoleHouse, *grants: Grant, secret: str = "a-token") -> Program:
    return Program(house, house.tokens.give(secret, *(grants or (ENGINEER,))))


def path_of(operation: Operation, values: Mapping[str, str]) -> str:
    path = operation.path
    for name in operation.path_values:
        path = path.replace(f"{{{name}}}", values[name])
    return PREFIX + path
