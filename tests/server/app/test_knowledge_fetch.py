"""`natvakt-server knowledge fetch` as people call it: over real TLS to sources made here, with settings and secrets from files."""

import io
import json
import shutil
from types import SimpleNamespace

import pytest
from natvakt_server.app.commands import doctor, knowledge
from natvakt_server.app.config import ConfigurationError, load
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.knowledge_asking import knowledge_parts
from natvakt_server.app.knowledge_sources import configured, source_desk
from natvakt_server.app.main import build_parser
from natvakt_server.app.state import StatePaths
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.store.estate.engine import open_engine
from testkit.console import ConsoleHouse
from testkit.knowledge import eox
from testkit.knowledge_network import network
from testkit.knowledge_sources import CLIENT, CLIENT_SECRET, FakeSources, advisory, suggested

PID = "C9200L-48P-4X"


class Centre:
    """One switch at one customer; `run` is the command line."""

    def __init__(self, root, net):
        self.root, self.net, self.noted = root, net, io.StringIO()
        (root / "secret").write_text(CLIENT_SECRET + "\n")
        self.settings(sources="cisco-openvuln, cisa-kev", cisco_client_id=CLIENT, cisco_client_secret_file=str(root / "secret"))

    def settings(self, **keys):
        keys = {"proxy": self.net.proxy, "certificate_authority": str(self.net.authority), **keys}
        lines = [f'{name} = "{value}"' for name, value in keys.items()]
        (self.root / "server.toml").write_text("\n".join(["[knowledge]", *lines]) + "\n")

    def context(self, words):
        options = build_parser([words[0]]).parse_args([*words, "--config", str(self.root / "server.toml"), "--json"])
        return Context(options, {"NATVAKT_STATE_DIR": str(self.root / "state")}, io.StringIO(), self.noted, "0", SystemClock())

    def run(self, *words):
        context = self.context(["knowledge", *words])
        code = knowledge.run(context)
        return code, json.loads(context.out.getvalue())

    def exposure(self, os, version):
        options = build_parser(["knowledge"]).parse_args(["knowledge", "exposure", "--os", os, "--version", version, "--json"])
        context = Context(options, {"NATVAKT_STATE_DIR": str(self.root / "state")}, io.StringIO(), self.noted, "0", SystemClock())
        return knowledge.run(context), json.loads(context.out.getvalue())


@pytest.fixture
def centre(tmp_path, migrated_file):
    paths = StatePaths(tmp_path / "state")
    paths.create()
    shutil.copy(migrated_file, paths.database)
    (paths.folder / "initialised").touch()
    engine = open_engine(f"sqlite:///{paths.database}")
    ConsoleHouse(engine).add_switch()
    engine.dispose()
    sources = FakeSources(SystemClock().wall_ns)
    sources.advisories["OSType/iosxe", "17.9.5"] = [advisory("cisco-sa-one", "CVE-2024-10001", "17.9.5", "17.9.6")]
    sources.eox, sources.suggestions = {PID: [eox(PID)]}, {PID: [suggested(PID, "17.12.4")]}
    sources.epss = {"CVE-2024-10001": 0.4}
    with network(sources, tmp_path) as net:
        yield Centre(tmp_path, net)


def test_sources_are_asked_and_what_they_answer_is_known(centre):
    code, told = centre.run("fetch", "cisco-openvuln", "cisco-eox", "cisco-suggestion", "cisa-kev", "first-epss", "nvd")
    assert code == 0, told
    assert [(each["source"], each["new"], each["complete"]) for each in told["sources"]] == [
        ("cisco-openvuln", 1, True),
        ("cisco-eox", 1, True),
        ("cisco-suggestion", 1, True),
        ("cisa-kev", 1, True),
        ("nvd", 0, True),
        ("first-epss", 1, True),
    ]
    assert set(centre.net.connected) == {
        f"{host}:443" for host in ("id.cisco.com", "apix.cisco.com", "www.cisa.gov", "api.first.org", "services.nvd.nist.gov")
    }
    _, exposure = centre.exposure("ios-xe", "17.9.5")
    (statement,) = exposure["statements"]
    assert (statement["kev"], statement["epss"], statement["first_fixed"]) == (True, 0.4, ["17.9.6"])
    assert "cisco-openvuln: 1 of 1 questions, 2 calls" in centre.noted.getvalue()
    assert CLIENT_SECRET not in centre.noted.getvalue() + json.dumps(told)
    sent = json.dumps([[request.target, dict(request.headers)] for request in centre.net.sources.requests])
    assert "acme" not in sent.lower()
    assert "hq-acc1" not in sent
    _, status = centre.run("status")
    openvuln = next(each for each in status["fetches"] if each["source"] == "cisco-openvuln")
    assert (openvuln["configured"], openvuln["age_days"], openvuln["error"], openvuln["calls"]) == (True, 0, None, 2)
    assert openvuln["next_at"] > openvuln["tried_at"]
    assert next(each["terms"] for each in status["sources"] if each["source"] == "cisa-kev").startswith("CC0")


def test_a_dry_run_tells_the_questions_and_asks_nobody(centre):
    code, told = centre.run("fetch", "--dry-run")
    assert (code, told["dry_run"]) == (0, True)
    assert [(each["source"], each["questions"]) for each in told["sources"]] == [
        ("cisco-openvuln", [["ios-xe 17.9.5"]]),
        ("cisa-kev", [["feed"]]),
    ]
    assert centre.net.connected == []


def test_the_running_server_asks_what_is_configured_and_nobody_where_nothing_is(centre):
    context = centre.context(["doctor"])
    house = SimpleNamespace(configuration=context.configuration(), stores=context.stores(), clock=SystemClock(), version="0")
    (part,) = knowledge_parts(house)
    assert part.name == "knowledge"
    while len(house.stores.asked.states()) < 2:
        assert part.step() < 1.0
    assert {state.error for state in house.stores.asked.states().values()} == {""}
    assert {each.kind for each in house.stores.knowledge.sources()} == {"advisory", "exploited"}
    centre.settings()
    house.configuration = context.configuration()
    assert knowledge_parts(house) == ()
    house.stores.close()


def test_a_source_that_fails_is_told_by_the_code_by_status_and_by_the_doctor_and_the_others_are_asked(centre):
    (centre.root / "secret").write_text("another\n")
    code, told = centre.run("fetch")
    assert code == 1
    assert [(each["source"], each["complete"]) for each in told["sources"]] == [("cisco-openvuln", False), ("cisa-kev", True)]
    _, status = centre.run("status")
    assert [each["source"] for each in status["alarms"]] == ["cisco-openvuln"]
    assert "id.cisco.com answers 401" in status["fetches"][0]["error"]
    context = centre.context(["doctor"])
    doctor.run(context)
    (check,) = [each for each in json.loads(context.out.getvalue())["checks"] if each["name"] == "knowledge"]
    assert check["state"] == "WARN"
    assert "cisco-openvuln advisory never answered: id.cisco.com answers 401" in check["detail"]


def test_without_sources_or_credentials_nobody_is_asked_and_the_way_out_is_told(centre):
    centre.settings()
    with pytest.raises(CommandFailed, match=r"knowledge\.sources"):
        centre.run("fetch")
    with pytest.raises(ConfigurationError, match="Cisco's API console"):
        centre.run("fetch", "cisco-eox")
    with pytest.raises(ConfigurationError, match="'nist' is no source"):
        centre.run("fetch", "nist")
    assert centre.net.connected == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"every": "5m"}, "knowledge.every"),
        ({"proxy": "https://proxy"}, "knowledge.proxy"),
        ({"certificate_authority": "/nowhere.pem"}, "knowledge.certificate_authority"),
        ({"nvd_api_key_file": "/nowhere"}, "knowledge.nvd_api_key_file"),
        ({"sources": "nvd, cisco"}, "knowledge.sources"),
    ],
)
def test_settings_that_cannot_be_are_told_by_their_key(centre, keys, words):
    centre.settings(**keys)
    with pytest.raises(ConfigurationError, match=words):
        settings = load(centre.root / "server.toml", {}).knowledge
        configured(settings)
        source_desk(settings, centre.context(["doctor"]).stores(), SystemClock(), "0", print)
