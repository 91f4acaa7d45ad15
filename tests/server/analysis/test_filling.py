"""Commands hold the customer's own addresses where somebody has told them, and say what to fill in where nobody has."""

import ast
from pathlib import Path

import natvakt_server.analysis.rules
import pytest
from natvakt_server.analysis.engine import findings, judge_all
from natvakt_server.analysis.evidence import freeze, thaw
from natvakt_server.analysis.filling import filled
from natvakt_server.analysis.thresholds import MEASURED, thresholds, thresholds_of
from natvakt_server.app.rules import rule_book
from testkit.report import case, evidence

PLACES = {
    "time_servers": ("10.1.0.61", "10.1.0.62"),
    "log_servers": ("10.1.0.63",),
    "login_servers": ("10.1.0.64",),
    "management_networks": ("10.1.9.0/24", "10.2.9.0/24"),
}


@pytest.mark.parametrize(
    ("command", "made"),
    [
        ("ntp server <time server 2>", ["ntp server 10.1.0.62"]),
        ("ntp server <time server 3>", ["ntp server <time server 3>"]),
        ("ntp server <address of a time server>", ["ntp server 10.1.0.61"]),
        ("logging host <server>", ["logging host 10.1.0.63"]),
        ("logging host <interface> <server>", ["logging host <interface> 10.1.0.63"]),
        (" address ipv4 <server>", [" address ipv4 10.1.0.64"]),
        ("aaa-server <group> (<interface>) host <server>", ["aaa-server <group> (<interface>) host 10.1.0.64"]),
        (" path scp://<server>/$h-$t", [" path scp://<server>/$h-$t"]),
        (
            " permit tcp <network of managers> any eq 22",
            [" permit tcp 10.1.9.0 0.0.0.255 any eq 22", " permit tcp 10.2.9.0 0.0.0.255 any eq 22"],
        ),
        (
            "ssh <network of managers> <mask> inside",
            ["ssh 10.1.9.0 255.255.255.0 inside", "ssh 10.2.9.0 255.255.255.0 inside"],
        ),
    ],
)
def test_what_is_known_is_filled_in(command: str, made: list[str]) -> None:
    assert filled([command], PLACES) == made
    assert filled([command], {}) == [command]


def test_a_finding_proposes_the_customers_own_servers() -> None:
    (one,) = case("core.time.ntp", "one server in the configuration").devices
    rules = [rule for rule in rule_book().rules if rule.id == "core.time.ntp"]
    bare = evidence(one)
    told = type(bare)(**{name: getattr(bare, name) for name in bare.__struct_fields__} | {"places": {"time_servers": ("10.1.0.61",)}})
    assert thaw(freeze(told)) == told
    (found,) = findings(judge_all(rules, told), told)
    assert "ntp server 10.1.0.61" in found.remediation


def test_every_threshold_that_a_rule_asks_for_can_be_set_and_has_the_default_that_is_shown() -> None:
    asked = {}
    for path in Path(natvakt_server.analysis.rules.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "evidence.policy.get":
                name, default = node.args
                asked[ast.literal_eval(name)] = constants.get(ast.unparse(default))
    assert {each.name for each in MEASURED} == asked.keys()
    assert {each.name: each.default for each in MEASURED if asked[each.name] is not None} == {
        name: float(default) for name, default in asked.items() if default is not None
    }


def test_each_threshold_is_listed_once() -> None:
    names = [each.name for each in thresholds(rule_book().checks)]
    assert names == sorted(set(names))
    assert {"exec_timeout_minutes", "capacity.poe.share"} <= set(names)


def test_every_measured_threshold_is_told_of_the_rule_that_is_named_so() -> None:
    rules = {rule.id for rule in rule_book().rules}
    told = [each.name for rule in sorted(rules) for each in thresholds_of(rule, None)]
    assert sorted(told) == [each.name for each in MEASURED]
