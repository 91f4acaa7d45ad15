"""`natvakt-server knowledge unknown`: what nobody told of is listed, and the list can be filled in and given back."""

import io
import json
import shutil

import pytest
from natvakt_server.app.commands import knowledge
from natvakt_server.app.context import Context
from natvakt_server.app.main import build_parser
from natvakt_server.app.state import StatePaths
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.store.estate.engine import open_engine
from testkit.console import ConsoleHouse


@pytest.fixture
def root(tmp_path, migrated_file):
    """The state of a server with one switch and a module in it."""
    paths = StatePaths(tmp_path / "state")
    paths.create()
    shutil.copy(migrated_file, paths.database)
    (paths.folder / "initialised").touch()
    engine = open_engine(f"sqlite:///{paths.database}")
    house = ConsoleHouse(engine)
    house.add_switch()
    components = [
        {"index": 1, "class": "chassis", "model": "C9200L-24T-4G", "serial": "FCW1"},
        {"index": 2, "class": "module", "model": "C9200-NM-4G", "serial": "FCW2"},
        {"index": 3, "class": "port", "model": "not a product"},
    ]
    house.tell("acme-hq-hq-acc1", {"component": components}, age_seconds=1)
    engine.dispose()
    return tmp_path


def run(root, *arguments):
    out = io.StringIO()
    options = build_parser().parse_args(["knowledge", *arguments])
    assert knowledge.run(Context(options, {"NATVAKT_STATE_DIR": str(root / "state")}, out, io.StringIO(), "0", SystemClock())) == 0
    return out.getvalue()


def test_what_nobody_told_of_is_listed_with_the_reason(root):
    told = json.loads(run(root, "unknown", "--json"))
    assert {"C9200-NM-4G", "C9200L-24T-4G"} <= {each["pid"] for each in told["products"]}
    assert "not a product" not in json.dumps(told)
    (version,) = told["versions"]
    assert version["devices"] == 1
    assert "holds nothing about" in version["reasons"][0]


def test_the_list_filled_in_is_taken_and_the_products_are_known_then(root):
    lines = run(root, "unknown", "--csv").splitlines()
    filled = [line.replace(",,,", ",2024-01-01,2025-01-01,", 1) for line in lines[1:]]
    (root / "filled.csv").write_text("\n".join([lines[0], *filled]) + "\n")
    taken = json.loads(run(root, "import", str(root / "filled.csv"), "--json"))
    assert taken["files"][0]["new"] == len(filled)
    assert json.loads(run(root, "unknown", "--json"))["products"] == []
