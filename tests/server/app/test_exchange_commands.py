"""`import` and `export`: a dry run first, what is applied, and what an agent gets to put beside its configuration."""

import io
import json
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.main import build_parser, module_of
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.estate import Customer, DocumentEffect, Site
from natvakt_server.domain.registry import Role
from natvakt_server.store.estate.documents import apply_documents
from natvakt_server.store.estate.transactions import writing
from testkit.databases import counting_ids

CSV = """name,address,customer,site,role
core,10.0.0.1,acme,hq,core
new,10.0.0.2,acme,hq,
lab,10.1.0.1,acme,lab,
g1,10.2.0.1,gamma,hq,
broken,nowhere,acme,hq,
"""


class Server:
    """An initialised state folder with the customer acme, its site hq, and one switch there."""

    def __init__(self, root: Path, template: Path) -> None:
        (root / "server.toml").write_text('[partner]\nname = "Norrsken"\n')
        self.environment, self.configuration, self.root = {"NATVAKT_STATE_DIR": str(root)}, str(root / "server.toml"), root
        context = self.context("export", "--format", "csv")
        context.paths().create()
        shutil.copy(template, context.paths().database)
        (context.paths().folder / "initialised").touch()
        self.stores = context.stores()
        self.stores.administration.add_customer(Customer("acme", "Acme AB"))
        self.stores.administration.add_site(Site("acme", "hq", "HQ"))
        told = [DocumentEffect("a1", "device", 1, "d", [{"name": "core", "poll_address": "10.0.0.1", "serial": "S1", "os": "ios-xe"}])]
        ids = counting_ids()
        writing(self.stores.engine, lambda c: apply_documents(c, "acme", "hq", told, ids))

    def context(self, *arguments: str) -> Context:
        self.out, self.err = io.StringIO(), io.StringIO()
        options = build_parser().parse_args([*arguments, "--config", self.configuration])
        return Context(options, self.environment, self.out, self.err, "0", SystemClock())

    def run(self, *arguments: str) -> dict[str, Any]:
        assert module_of(arguments[0]).run(self.context(*arguments, "--json")) == 0
        answer: dict[str, Any] = json.loads(self.out.getvalue())
        return answer

    def file(self, text: str) -> str:
        path = self.root / "list"
        path.write_text(text, "utf-8")
        return str(path)


@pytest.fixture
def server(tmp_path: Path, migrated_file: Path) -> Server:
    return Server(tmp_path, migrated_file)


def places(rows: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    return [(each["customer"], each["site"]) for each in rows]


def test_a_dry_run_tells_everything_and_changes_nothing(server: Server) -> None:
    told = server.run("import", server.file(CSV), "--format", "csv")
    assert (told["applied"], [each["customer"] for each in told["customers"]]) == (False, ["gamma"])
    assert places(told["sites"]) == [("acme", "lab"), ("gamma", "hq")]
    assert [(each["name"], each["from"], each["to"]) for each in told["roles"]] == [("core", "access", "core")]
    assert [each["name"] for each in told["not_observed"]] == ["new", "lab", "g1"]
    assert [each["place"] for each in told["refused"]] == ["line 6"]
    assert [each.tenant for each in server.stores.reader.customers()] == ["acme"]
    assert server.stores.audit.entries() == []


def test_people_are_shown_the_difference_line_by_line(server: Server) -> None:
    assert module_of("import").run(server.context("import", server.file(CSV), "--format", "csv")) == 0
    lines = server.out.getvalue().splitlines()
    assert lines[0].split() == ["+", "customer", "gamma", "gamma"]
    assert any(line.startswith("~  acme/hq core") and line.endswith("role access -> core") for line in lines)
    assert lines[-1] == "Would change 4; 3 not observed, 1 refused. Nothing was changed: this was a dry run, --apply does it."


def test_applied_it_is_done_once_and_audited(server: Server) -> None:
    told = server.run("import", server.file(CSV), "--format", "csv", "--apply")
    assert told["applied"]
    assert [(each.tenant, each.site) for each in server.stores.reader.sites("gamma")] == [("gamma", "hq")]
    assert server.stores.reader.devices("acme")[0].role is Role.CORE
    assert actions(server) == ["customer-add", "role-set", "site-add", "site-add"]
    again = server.run("import", server.file(CSV), "--format", "csv", "--apply")
    assert (again["customers"], again["sites"], again["roles"]) == ([], [], [])
    assert len(actions(server)) == 4


def actions(server: Server) -> list[str]:
    return sorted(each.action for each in server.stores.audit.entries() if each.action != "recipient-key-made")


def test_what_no_agent_observes_becomes_targets_for_its_site(server: Server, tmp_path: Path) -> None:
    listed = server.file(CSV.replace("new,", '"new ""one""\\",'))
    told = server.run("import", listed, "--format", "csv", "--targets", str(tmp_path / "out"))
    assert [Path(each).name for each in told["targets"]] == ["acme-hq.toml", "acme-lab.toml", "gamma-hq.toml"]
    assert tomllib.loads(Path(told["targets"][0]).read_text())["target"] == [{"name": 'new "one"\\', "address": "10.0.0.2"}]
    with pytest.raises(CommandFailed, match="is there already"):
        server.run("import", listed, "--format", "csv", "--targets", str(tmp_path / "out"))


@pytest.mark.parametrize("format", ["csv", "ansible", "netbox", "oxidized"])
def test_what_is_exported_is_no_change_when_it_is_imported(server: Server, tmp_path: Path, format: str) -> None:
    path = tmp_path / "exported"
    assert server.run("export", "--format", format, "-o", str(path))["devices"] == 1
    columns = ["--columns", "name,ip,model,-", "--customer", "acme", "--site", "hq"] if format == "oxidized" else []
    told = server.run("import", str(path), "--format", format, *columns)
    assert [told[name] for name in ("sites", "roles", "not_observed", "not_listed", "refused")] == [[], [], [], [], []]
    with pytest.raises(CommandFailed, match="name a file that is not there yet"):
        server.run("export", "--format", format, "-o", str(path))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "/no/such/file", "--format", "csv"), "cannot be read"),
        (("export", "--format", "csv", "--customer", "nobody"), "is not known"),
        (("import", "LIST", "--format", "csv", "--customer", "Not A Slug"), "is not a slug"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_way_out(server: Server, arguments: tuple[str, ...], says: str) -> None:
    named = [server.file(CSV) if each == "LIST" else each for each in arguments]
    with pytest.raises(CommandFailed, match=says):
        server.run(*named)


def test_a_file_that_is_no_text_is_refused(server: Server) -> None:
    (server.root / "list").write_bytes(b"name,address\n\xff\xfe")
    with pytest.raises(CommandFailed, match="byte 13 is no UTF-8"):
        server.run("import", str(server.root / "list"), "--format", "csv")
