"""`user`, `api-token` and `audit`: who may do what is given and taken on the server, and the trail of it is verified."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from natvakt_server.app.commands import api_token, audit, user
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.main import build_parser
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.store.estate.tables.identity import audit as audit_table
from sqlalchemy import delete, update

COMMANDS = {"user": user, "api-token": api_token, "audit": audit}


class Server:
    """An initialised state folder with the customers acme (site hq) and beta."""

    def __init__(self, root: Path, template: Path) -> None:
        (root / "server.toml").write_text('[partner]\nname = "Norrsken"\n')
        self.environment, self.configuration = {"NATVAKT_STATE_DIR": str(root)}, str(root / "server.toml")
        context = self.context("user", "list")
        context.paths().create()
        shutil.copy(template, context.paths().database)
        (context.paths().folder / "initialised").touch()
        self.stores = context.stores()
        for tenant in ("acme", "beta"):
            self.stores.administration.add_customer(Customer(tenant, tenant))
        self.stores.administration.add_site(Site("acme", "hq", "HQ"))

    def context(self, *arguments: str) -> Context:
        self.out, self.err = io.StringIO(), io.StringIO()
        options = build_parser().parse_args([*arguments, "--json", "--config", self.configuration])
        return Context(options, self.environment, self.out, self.err, "0", SystemClock())

    def run(self, *arguments: str) -> dict[str, Any]:
        context = self.context(*arguments)
        assert COMMANDS[arguments[0]].run(context) == 0
        answer: dict[str, Any] = json.loads(self.out.getvalue())
        return answer


@pytest.fixture
def server(tmp_path: Path, migrated_file: Path) -> Server:
    return Server(tmp_path, migrated_file)


def test_somebody_of_a_customer_is_added_with_what_is_theirs(server: Server) -> None:
    answer = server.run("user", "add", "rut", "--role", "customer-reader", "--customer", "acme/hq", "--customer", "beta")
    assert "/welcome/" in answer["link"]
    made = server.stores.accounts.user_by_name("rut")
    assert made is not None
    assert made.role == ""
    assert made.given == (Grant(Role.CUSTOMER_READER, "acme", "hq"), Grant(Role.CUSTOMER_READER, "beta"))


def test_a_role_over_all_customers_needs_no_place(server: Server) -> None:
    assert server.run("user", "add", "siv", "--role", "sales")["grants"] == [{"role": "sales", "place": "*"}]
    assert server.run("user", "list")["users"] == [{"name": "siv", "disabled": False, "grants": [{"role": "sales", "place": "*"}]}]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--role", "customer-reader"),
        ("--role", "owner", "--customer", "acme"),
        ("--role", "sales", "--customer", "gamma"),
        ("--role", "sales", "--customer", "acme/attic"),
    ],
)
def test_what_cannot_be_given_is_refused_and_nobody_is_added(server: Server, wrong: tuple[str, ...]) -> None:
    with pytest.raises(CommandFailed):
        server.run("user", "add", "rut", *wrong)
    assert not server.stores.accounts.users()


def test_a_grant_is_given_and_taken_and_both_are_in_the_trail(server: Server) -> None:
    server.run("user", "add", "siv", "--role", "sales", "--customer", "acme")
    assert server.run("user", "grant", "siv", "--role", "consultant", "--customer", "beta")["grants"][0]["place"] == "beta"
    assert server.run("user", "revoke", "siv", "--role", "sales", "--customer", "acme")["grants"] == [
        {"role": "consultant", "place": "beta"}
    ]
    with pytest.raises(CommandFailed, match="was not given that"):
        server.run("user", "revoke", "siv", "--role", "sales", "--customer", "acme")
    told = server.run("audit", "list")["entries"]
    assert [each["action"] for each in told] == ["grant-take", "grant-give", "user-add"]


def test_a_token_is_shown_once_works_and_is_revoked(server: Server) -> None:
    made = server.run("api-token", "create", "grafana", "--role", "customer-reader", "--customer", "acme", "--days", "30")
    now_ns = SystemClock().wall_ns()
    bearer = server.stores.access.api_tokens.bearer(made["token"], now_ns)
    assert bearer is not None
    assert bearer.grants.given == (Grant(Role.CUSTOMER_READER, "acme"),)
    listed = server.run("api-token", "list")["tokens"]
    assert [(each["name"], each["state"]) for each in listed] == [("grafana", "good")]
    assert made["token"] not in json.dumps(listed)
    server.run("api-token", "revoke", made["id"])
    assert server.stores.access.api_tokens.bearer(made["token"], now_ns) is None
    with pytest.raises(CommandFailed, match="revoked before"):
        server.run("api-token", "revoke", made["id"])


@pytest.mark.parametrize("days", ["0", "-1", "367"])
def test_a_token_without_a_fit_end_is_refused(server: Server, days: str) -> None:
    with pytest.raises(CommandFailed, match="days"):
        server.run("api-token", "create", "grafana", "--role", "sales", "--days", days)


def tampered(server: Server, change: Callable[[Any], Any]) -> None:
    with server.stores.engine.begin() as connection:
        connection.execute(change(audit_table))


def test_promise_55_a_trail_that_holds_is_told_with_its_newest_row(server: Server) -> None:
    for name in ("rut", "siv"):
        server.run("user", "add", name, "--role", "sales")
    told = server.run("audit", "verify")
    assert (told["rows"], told["holds"]) == (2, True)
    assert server.run("audit", "verify", "--last", told["last"])["holds"]


def test_promise_55_a_changed_row_is_found_and_named(server: Server) -> None:
    for name in ("rut", "siv", "tor"):
        server.run("user", "add", name, "--role", "sales")
    tampered(server, lambda table: update(table).where(table.c.number == 2).values(detail="nothing to see"))
    with pytest.raises(CommandFailed, match="row 2 was changed"):
        server.run("audit", "verify")


def test_promise_55_rows_cut_off_at_the_end_are_found_with_what_was_kept_elsewhere(server: Server) -> None:
    for name in ("rut", "siv"):
        server.run("user", "add", name, "--role", "sales")
    last = server.run("audit", "verify")["last"]
    tampered(server, lambda table: delete(table).where(table.c.number == 2))
    assert server.run("audit", "verify")["rows"] == 1
    with pytest.raises(CommandFailed, match="cut off"):
        server.run("audit", "verify", "--last", last)
    server.run("user", "add", "tor", "--role", "sales")
    with pytest.raises(CommandFailed, match="written anew"):
        server.run("audit", "verify", "--last", last)
    with pytest.raises(CommandFailed, match="NUMBER:DIGEST"):
        server.run("audit", "verify", "--last", "two")
