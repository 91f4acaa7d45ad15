"""`natvakt-server knowledge`: the contract that people script against, over an empty folder of state."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from natvakt_server.app.commands import knowledge
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.main import build_parser
from natvakt_server.app.system_clock import SystemClock
from testkit.knowledge import as_bytes, csaf, cve_record, eox, eox_page, nvd_record, product, releases, vulnerability

ONE = "CVE-2024-10001"


class Line:
    """The command line over one folder of state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str, content: Any) -> str:
        path = self.folder / name
        path.write_bytes(as_bytes(content))
        return str(path)

    def run(self, *arguments: str) -> tuple[int, Mapping[str, Any]]:
        out = io.StringIO()
        options = build_parser().parse_args(["knowledge", *arguments, "--json"])
        environment = {"NATVAKT_STATE_DIR": str(self.folder / "state")}
        code = knowledge.run(Context(options, environment, out, io.StringIO(), "1", SystemClock()))
        answer = json.loads(out.getvalue())
        assert isinstance(answer, dict)
        return code, answer

    def text(self, *arguments: str) -> str:
        out = io.StringIO()
        options = build_parser().parse_args(["knowledge", *arguments])
        knowledge.run(Context(options, {"NATVAKT_STATE_DIR": str(self.folder / "state")}, out, io.StringIO(), "1", SystemClock()))
        return out.getvalue()


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def test_an_import_counts_and_a_second_one_changes_nothing(line: Line) -> None:
    tree, ids = releases("Cisco IOS XE Software", {"17.3": ["17.3.1"]})
    page = eox_page(eox(), eox("NONE-1", EOXError={"ErrorID": "E1", "ErrorDescription": "nothing"}))
    files = [
        line.file("one.json", csaf(branches=[tree], vulnerabilities=[vulnerability(ONE, ids)])),
        line.file("two.json", page),
        line.file("three.csv", f"cve,epss\n{ONE},0.5\nCVE-x,0.5\n"),
    ]
    code, answer = line.run("import", *files)
    assert (code, answer["schema"]) == (0, "natvakt.knowledge-import/1")
    counted = [
        (each["format"], each["read"], each["new"], each["changed"], each["unchanged"], len(each["rejected"])) for each in answer["files"]
    ]
    assert counted == [("csaf-2.0", 1, 1, 0, 0, 0), ("eox-api", 2, 1, 0, 0, 1), ("epss", 2, 1, 0, 0, 1)]
    assert [each["error"] for each in answer["files"]] == [None, None, None]
    _, again = line.run("import", *files)
    assert [(each["new"], each["changed"], each["unchanged"]) for each in again["files"]] == [(0, 0, 1), (0, 0, 1), (0, 0, 1)]


def test_a_file_that_is_wrong_stores_nothing_of_itself_and_the_others_are_taken_in(line: Line) -> None:
    whole = as_bytes([cve_record(), cve_record("CVE-2024-10002")])
    broken, good = line.file("broken.json", whole[:-40]), line.file("good.json", nvd_record())
    code, answer = line.run("import", broken, str(line.folder / "gone.json"), good)
    assert code == 1
    first, second, third = answer["files"]
    assert (first["read"], first["new"], first["format"]) == (0, 0, None)
    assert first["error"].startswith("not JSON: ")
    assert second["error"] == "cannot be read: No such file or directory; check its name and rights"
    assert (third["error"], third["new"]) == (None, 1)
    _, status = line.run("status")
    assert [(each["source"], each["kind"], each["facts"]) for each in status["sources"]] == [("nvd", "vulnerability", 1)]


def test_exposure_of_one_version_is_one_object_and_of_several_a_list_in_the_order_asked(line: Line) -> None:
    line.run(
        "import",
        line.file("one.json", cve_record(affected=[product("Cisco IOS XE Software", "17.3.1", "17.3.4a")])),
        "--as-of",
        "2026-11-01",
    )
    _, one = line.run("exposure", "--os", "ios-xe", "--version", "17.03.04a")
    assert {key: one[key] for key in ("schema", "os", "version", "normalised", "train")} == {
        "schema": "natvakt.exposure/1",
        "os": "ios-xe",
        "version": "17.03.04a",
        "normalised": "17.3.4a",
        "train": "17.3",
    }
    (statement,) = one["statements"]
    assert {key: statement[key] for key in ("advisory", "cve", "verdict", "basis", "severity", "cvss", "kev", "epss", "first_fixed")} == {
        "advisory": "cisco-sa-test-web",
        "cve": ONE,
        "verdict": "affected",
        "basis": "listed",
        "severity": "high",
        "cvss": 8.6,
        "kev": False,
        "epss": None,
        "first_fixed": [],
    }
    assert (statement["source"], statement["as_of"]) == ("cve-program", "2026-11-01")
    _, several = line.run("exposure", "--os", "ios-xe", "--version", "17.9.1", "--version", " 17.3.1 ", "--version", "nonsense")
    assert [each["version"] for each in several["results"]] == ["17.9.1", " 17.3.1 ", "nonsense"]
    assert [len(each["statements"]) for each in several["results"]] == [0, 1, 0]
    assert several["results"][2]["normalised"] is None


def test_exposure_reads_a_configuration(line: Line) -> None:
    tree, ids = releases("Cisco IOS XE Software", {"17.3": ["17.3.1"]})
    document = csaf(branches=[tree], title="Cisco IOS XE Software Web UI Vulnerability", vulnerabilities=[vulnerability(ONE, ids)])
    line.run("import", line.file("one.json", document))
    asked = ("exposure", "--os", "ios-xe", "--version", "17.3.1", "--config")
    _, on = line.run(*asked, line.file("on.txt", "hostname a\r\n  ip http server \r\n"))
    assert on["statements"][0]["evidence"] == [{"line": 2, "text": "ip http server"}]
    _, off = line.run(*asked, line.file("off.txt", "no ip http server\nno ip http secure-server\n"))
    assert (off["statements"][0]["verdict"], off["statements"][0]["evidence"][1]) == (
        "not-exposed",
        {"line": 2, "text": "no ip http secure-server"},
    )
    with pytest.raises(CommandFailed, match="cannot be read: No such file"):
        line.run(*asked, str(line.folder / "gone.txt"))


def test_lifecycles_come_in_the_order_asked_and_an_unknown_one_says_so(line: Line) -> None:
    text = "pid,end_of_sale,last_date_of_support,replacement,bulletin\nWS-1,2022-10-31,2027-10-31,C9-1,EOL1\n"
    line.run("import", line.file("one.csv", text), "--as-of", "2024-11-09")
    _, answer = line.run("lifecycle", "WS-1=", "WS-1")
    unknown, known = answer["products"]
    assert (unknown["pid"], unknown["known"], unknown["milestones"], unknown["source"]) == ("WS-1=", False, {}, None)
    assert known["milestones"] == {"end_of_sale": "2022-10-31", "last_date_of_support": "2027-10-31"}
    assert (known["replacement"], known["bulletin"], known["source"], known["as_of"]) == ("C9-1", "EOL1", "partner", "2024-11-09")


def test_what_sources_say_differently_is_kept_and_shown(line: Line) -> None:
    line.run("import", line.file("eox.json", eox_page(eox("WS-1"))), "--as-of", "2026-11-02")
    line.run("import", line.file("own.csv", "pid,end_of_sale,last_date_of_support\nWS-1,2021-01-31,2027-06-30\n"), "--as-of", "2026-11-01")
    _, answer = line.run("lifecycle", "WS-1")
    (product,) = answer["products"]
    assert (product["source"], product["milestones"]["last_date_of_support"]) == ("cisco-eox", "2026-01-31")
    assert product["conflicts"] == {"last_date_of_support": [{"source": "partner", "date": "2027-06-30"}]}
    assert "WS-1: last_date_of_support is 2026-01-31 by cisco-eox, 2027-06-30 by partner" in line.text("lifecycle", "WS-1")


def test_an_empty_knowledge_base_is_usable(line: Line) -> None:
    _, status = line.run("status")
    assert status == {"schema": "natvakt.knowledge-status/1", "sources": [], "fetches": [], "alarms": []}
    assert "The knowledge base is empty" in line.text("status")
    _, exposure = line.run("exposure", "--os", "asa", "--version", "9.8(4)20")
    assert (exposure["statements"], exposure["normalised"]) == ([], "9.8.4.20")


def test_a_bundle_carries_everything_to_another_server_and_is_taken_in_once(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first, second = Line(tmp_path / "one"), Line(tmp_path / "two")
    first.run("import", first.file("a.json", cve_record(affected=[product("Cisco IOS XE Software", "17.3.1")])), "--as-of", "2026-11-01")
    first.run("import", first.file("b.json", eox_page(eox())), "--as-of", "2026-11-01")
    path = str(tmp_path / "bundle")
    _, made = first.run("bundle", "create", "-o", path)
    assert made["facts"] == 2
    assert first.run("bundle", "verify", path)[0] == 0
    assert second.run("bundle", "verify", path) == (1, {**second.run("bundle", "verify", path)[1], "trusted": False})
    with pytest.raises(CommandFailed, match="which is not trusted here; compare it"):
        second.run("bundle", "import", path)
    _, taken = second.run("bundle", "import", path, "--key", made["public_key"])
    assert (taken["new"], taken["changed"], taken["unchanged"]) == (2, 0, 0)
    _, again = second.run("bundle", "import", path, "--key", made["public_key"])
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    asked = ("exposure", "--os", "ios-xe", "--version", "17.3.1")
    assert second.run(*asked)[1] == first.run(*asked)[1]


def test_options_that_are_wrong_are_named(line: Line) -> None:
    path = line.file("one.json", cve_record())
    with pytest.raises(CommandFailed, match="--as-of 'soon' is no date"):
        line.run("import", path, "--as-of", "soon")
    with pytest.raises(CommandFailed, match="--source 'a b'"):
        line.run("import", path, "--source", "a b")


def test_texts_for_people_tell_the_same(line: Line) -> None:
    path = line.file("one.json", cve_record(affected=[product("Cisco IOS XE Software", "17.3.1")]))
    assert "cve-5, 1 read, 1 new, 0 changed, 0 unchanged" in line.text("import", path)
    assert f"affected  {ONE}" in line.text("exposure", "--os", "ios-xe", "--version", "17.3.1")
    assert "unknown" in line.text("lifecycle", "WS-1")
    assert "cve-program" in line.text("status")
