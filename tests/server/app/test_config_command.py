"""`natvakt-server config list`, `show` and `diff`: what they print and how they refuse."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from natvakt_server.app.commands import config
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.main import build_parser
from natvakt_server.app.system_clock import SystemClock
from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import ConsoleHouse

NEWER = IOS.replace("description desk 1", "description by the door").replace("by anna", "by bo")
DEVICE = "acme/hq-acc1"


class House:
    """An initialised server in a folder, with a switch that was changed and not saved."""

    def __init__(self, root: Path, template: Path) -> None:
        self.environment = {"NATVAKT_STATE_DIR": str(root)}
        paths = self.context(io.StringIO(), "list", DEVICE).paths()
        paths.create()
        shutil.copy(template, paths.database)
        (paths.folder / "initialised").touch()
        self.stores = self.context(io.StringIO(), "list", DEVICE).stores()
        estate = ConsoleHouse(self.stores.engine)
        estate.add_switch(ports=2, serial="FCW0000A0AA")
        estate.add_switch("hq-acc2", site="branch")
        estate.add_switch("hq-acc2")
        tell_configuration(estate, "acme-hq-hq-acc1", IOS, IOS, age_seconds=7200)
        tell_configuration(estate, "acme-hq-hq-acc1", NEWER, IOS, age_seconds=3600)
        self.versions = self.stores.configurations.configurations("acme", estate.estate.devices("acme", "hq")[0].id)

    def context(self, out: io.StringIO, *arguments: str) -> Context:
        options = build_parser().parse_args(["config", *arguments])
        return Context(options, self.environment, out, io.StringIO(), "0", SystemClock())

    def run(self, *arguments: str) -> str:
        out = io.StringIO()
        assert config.run(self.context(out, *arguments)) == 0
        return out.getvalue()

    def told(self, *arguments: str) -> dict:
        return json.loads(self.run(*arguments, "--json"))


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> House:
    return House(tmp_path, migrated_file)


def test_the_list_names_versions_authors_and_the_verdict(house: House) -> None:
    told = house.told("list", DEVICE)
    assert told["schema"] == "natvakt.configurations/1"
    assert [(each["source"], each["changed_by"]) for each in told["versions"]] == [
        ("running", "bo"),
        ("startup", "anna"),
        ("running", "anna"),
    ]
    assert told["versions"][0]["changed_at"] == "2026-11-23T13:23:11Z"
    assert told["unsaved"] is True
    assert told["verdict"]["restorable"] is True
    assert {each["remark"] for each in told["verdict"]["remarks"]} == {"secrets", "unsaved"}
    shown = house.run("list", DEVICE)
    assert "restorable: yes" in shown
    assert "startup: differs from running" in shown


def test_a_device_without_configurations_says_so(house: House) -> None:
    assert "No configuration of hq-acc2 has been read." in house.run("list", "acme/branch/hq-acc2")
    assert house.told("list", "acme/branch/hq-acc2")["verdict"] is None


def test_show_prints_the_newest_or_the_one_asked_for(house: House, tmp_path: Path) -> None:
    assert house.told("show", DEVICE)["text"] == NEWER
    assert house.told("show", DEVICE, "--version", str(house.versions[-1].id))["text"] == IOS
    assert house.told("show", DEVICE, "--source", "startup")["text"] == IOS
    assert house.run("show", DEVICE) == NEWER
    assert house.run("show", DEVICE, "-o", str(tmp_path / "text")) == ""
    assert (tmp_path / "text").read_text() == NEWER


def test_diff_names_section_and_lines(house: House) -> None:
    (change,) = house.told("diff", DEVICE)["changes"]
    number = IOS.splitlines().index(" description desk 1") + 1
    assert change == {
        "what": "changed",
        "path": ["interface GigabitEthernet1/0/1"],
        "before": {"line": number, "text": "description desk 1"},
        "after": {"line": number, "text": "description by the door"},
    }
    assert house.told("diff", DEVICE, "--with", "startup")["changes"] == [change]
    lines = house.run("diff", DEVICE).splitlines()
    assert lines[0] == "@@ interface GigabitEthernet1/0/1"
    assert re.fullmatch(rf"- +{number} description desk 1", lines[1])
    newest = str(house.versions[0].id)
    assert "mean the same" in house.run("diff", DEVICE, "--with", newest)


def test_every_reading_of_a_text_is_written_down(house: House) -> None:
    house.run("show", DEVICE)
    house.run("diff", DEVICE)
    assert [each.actor for each in house.stores.audit.entries() if each.action == "configuration-read"] == ["cli"] * 3


@pytest.mark.parametrize("name", ["acme/hq/hq-acc1", "acme/10.0.0.1"])
def test_a_device_has_several_names(house: House, name: str) -> None:
    if name.endswith("10.0.0.1"):
        with pytest.raises(CommandFailed, match="more than one"):
            house.run("list", name)
    else:
        assert house.told("list", name)["name"] == "hq-acc1"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("list", "hq-acc1"), "TENANT/NAME"),
        (("list", "acme/"), "TENANT/NAME"),
        (("list", "acme/nothing"), r"not known; acme/branch/hq-acc2, acme/hq/hq-acc1"),
        (("list", "beta/hq-acc1"), "not known; none there yet"),
        (("list", "acme/hq-acc2"), r"more than one has that name; acme/branch/hq-acc2, acme/hq/hq-acc2"),
        (("show", DEVICE, "--version", "99999"), "no such version"),
        (("show", "acme/branch/hq-acc2"), "no running configuration was read"),
        (("diff", DEVICE, "--with", "x"), "no such version"),
        (("diff", DEVICE, "--source", "startup"), "is the first one"),
        (("show", DEVICE, "-o", "/nowhere/at/all"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_an_error_with_a_way_out(house: House, arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandFailed, match=says):
        house.run(*arguments)
