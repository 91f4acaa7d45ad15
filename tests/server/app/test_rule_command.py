"""`natvakt-server rule list`, `show`, `test` and the folders of a partner's own rules and a customer's thresholds."""

import io
import json
from pathlib import Path

import pytest
from natvakt_server.analysis.configuration.rule_files import RuleFileRefused
from natvakt_server.app.commands import check_config, rule
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.main import build_parser
from natvakt_server.app.policies import Policies, PolicyRefused, threshold_names
from natvakt_server.app.rules import rule_book
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.policy import CustomerPolicy

OWN = """
[[rule]]
id = "security.acme.domain"
severity = "low"
effort_minutes = 5
title = { en = "No domain", sv = "Ingen domän" }
impact = { en = "Names are short.", sv = "Namn är korta." }
recommendation = { en = "Set it.", sv = "Sätt den." }

[[rule.requirement]]
os = ["ios-xe"]
must = ["ip domain name acme\\\\.example$"]
fix = ["ip domain name acme.example"]
"""


def context(out: io.StringIO, tmp_path: Path, *arguments: str) -> Context:
    options = build_parser().parse_args([*arguments, "--config", str(tmp_path / "server.toml"), "--json"])
    return Context(options, {}, out, io.StringIO(), "1", SystemClock())


def told(tmp_path: Path, *arguments: str) -> dict[str, object]:
    out = io.StringIO()
    command = check_config if arguments[0] == "check-config" else rule
    assert command.run(context(out, tmp_path, *arguments)) == 0
    answer = json.loads(out.getvalue())
    assert isinstance(answer, dict)
    return answer


def test_list_names_every_rule_with_both_languages(tmp_path: Path) -> None:
    rules = told(tmp_path, "rule", "list")["rules"]
    assert {each["id"] for each in rules} == {each.id for each in rule_book().rules}
    assert all(each["title"]["sv"] for each in rules)


def test_show_tells_thresholds(tmp_path: Path) -> None:
    (shown,) = told(tmp_path, "rule", "show", "security.mgmt.exec-timeout")["rules"]
    assert shown["thresholds"] == [{"name": "exec_timeout_minutes", "default": 10, "strict": 5}]


def test_a_rule_that_is_not_there_names_what_is_near(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"security\.mgmt\.telnet"):
        rule.run(context(io.StringIO(), tmp_path, "rule", "show", "mgmt.telnet"))


def test_a_partners_own_rules_are_tested_before_they_are_used(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    (tmp_path / "sw.txt").write_text("hostname sw\n")
    answer = told(tmp_path, "rule", "test", str(tmp_path / "own.toml"), str(tmp_path / "sw.txt"))
    assert [(each["rule"], each["verdict"]) for each in answer["files"][0]["results"]] == [("security.acme.domain", "fail")]


def test_a_folder_named_in_the_settings_is_judged_by(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.toml").write_text(OWN)
    (tmp_path / "server.toml").write_text(f'[assessment]\nrules_folder = "{folder}"\n')
    assert "security.acme.domain" in {each["id"] for each in told(tmp_path, "rule", "list")["rules"]}


def test_a_mistake_in_a_rule_file_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace('"low"', '"terrible"'))
    with pytest.raises(RuleFileRefused, match=r"own\.toml: rule 1 \(security\.acme\.domain\): severity is 'terrible'"):
        rule.run(context(io.StringIO(), tmp_path, "rule", "test", str(tmp_path / "own.toml")))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text('[assessment]\nrules_folder = "/nowhere/at/all"\n')
    with pytest.raises(RuleFileRefused, match="is no folder"):
        rule.run(context(io.StringIO(), tmp_path, "rule", "list"))


def policies(folder: Path | None) -> Policies:
    return Policies(folder, threshold_names(rule_book().checks))


def test_a_customers_thresholds_are_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text("strict = true\nexec_timeout_minutes = 15\ncapacity.poe.share = 0.9\n")
    assert policies(tmp_path).of("acme").numbers == {"strict": 1.0, "exec_timeout_minutes": 15.0, "capacity.poe.share": 0.9}
    assert policies(tmp_path).of("other") == CustomerPolicy("other")
    assert policies(None).of("acme") == CustomerPolicy("acme")


def test_what_was_set_in_the_console_counts_over_the_file(tmp_path: Path) -> None:
    class Book:
        def put_policy(self, policy: CustomerPolicy) -> None:
            raise NotImplementedError

        def policy(self, tenant: str) -> CustomerPolicy | None:
            told = {"exec_timeout_minutes": 5.0, "of_a_rule_that_is_gone": 3.0}
            return CustomerPolicy("acme", told, {"time_servers": ("10.1.0.61",)}, 7, "erik") if tenant == "acme" else None

    (tmp_path / "acme.toml").write_text("strict = true\nexec_timeout_minutes = 15\n")
    both = Policies(tmp_path, threshold_names(rule_book().checks), Book())
    assert both.of("acme").numbers == {"strict": 1.0, "exec_timeout_minutes": 5.0}
    assert both.of("acme").places == {"time_servers": ("10.1.0.61",)}
    assert both.of("beta") == CustomerPolicy("beta")


@pytest.mark.parametrize(
    ("text", "says"),
    [("exec_timeout = 5", "no threshold of a rule"), ('exec_timeout_minutes = "5"', "write a number"), ("x = ", "not valid TOML")],
)
def test_a_policy_that_cannot_be_followed_is_told(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "acme.toml").write_text(text)
    with pytest.raises(PolicyRefused, match=says):
        policies(tmp_path).of("acme")


def test_check_config_gives_one_result_for_each_identifier(tmp_path: Path) -> None:
    (tmp_path / "sw.txt").write_bytes(b"hostname sw\r\nip http server\r\n")
    answer = told(tmp_path, "check-config", str(tmp_path / "sw.txt"), "--os", "ios-xe")
    (web,) = [each for each in answer["results"] if each["rule"] == "security.mgmt.http-server"]
    assert web["references"] == ["CISC-ND-000470"]
    assert web["evidence"] == [{"line": 2, "text": "ip http server"}]
    assert web["remediation"] == ["no ip http server"]
    assert [each["references"][0] for each in answer["results"] if each["rule"] == "security.aaa.policy"] == [
        f"CISC-ND-000{number}" for number in (550, 570, 580, 590, 600, 610)
    ]
