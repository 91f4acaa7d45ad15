"""The file for who helps: enough to help with, and nothing in it that tells whose it is."""

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.app.commands import support
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.main import build_parser
from natvakt_server.app.pseudonyms import TAKEN_OUT, Pseudonyms
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.store.estate.engine import open_engine
from testkit.console import ConsoleHouse
from testkit.two_customers import OTHER, OWN, furnish

CONFIGURATION = """[partner]
name = "Norrsken Nät AB"
public_address = "noc.norrsken.example"
[series]
url = "http://admin:hunter2@10.7.7.7:8086"
[mail]
server = "mail.norrsken.example:587"
sender = "noc@norrsken.example"
"""
LOG = f"""2026-11-25 21:30:04 WARNING natvakt event=refused actor='user:olga' source=192.0.2.77
password=hunter2 token: nvt_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG community "hemligt"
{OWN}-sw1 at 10.9.9.9 (00:1b:54:aa:bb:01, 001b.54aa.bb01, fe80::1) of {OWN} AB told {OTHER} nothing
Authorization: Bearer abc.def.ghi
"""
SECRETS = ("hunter2", "hemligt", "abcdefghijkl", "abc.def.ghi")
NAMES = ("norrsken", "Norrsken", OWN, OTHER, "olga")
ADDRESSES = ("10.9.9.9", "10.7.7.7", "192.0.2.77", "1b:54", "001b.54aa", "fe80")
CANARIES = (*SECRETS, *NAMES, *ADDRESSES)


@pytest.fixture
def context(tmp_path: Path, migrated_file: Path) -> Context:
    (tmp_path / "server.toml").write_text(CONFIGURATION)
    (tmp_path / "server.log").write_text(LOG)
    words = [
        "support",
        "-o",
        str(tmp_path / "bundle.zip"),
        "--log",
        str(tmp_path / "server.log"),
        "--config",
        str(tmp_path / "server.toml"),
    ]
    options = build_parser().parse_args([*words, "--json"])
    made = Context(options, {"NATVAKT_STATE_DIR": str(tmp_path)}, io.StringIO(), io.StringIO(), "0.1.0", SystemClock())
    made.paths().create()
    shutil.copy(migrated_file, made.paths().database)
    (made.paths().folder / "initialised").touch()
    engine = open_engine(f"sqlite:///{made.paths().database}")
    house = ConsoleHouse(engine)
    furnish(house, OWN)
    furnish(house, OTHER)
    engine.dispose()
    return made


def bundle(context: Context) -> dict[str, str]:
    assert support.run(context) == 0
    with zipfile.ZipFile(context.options.output) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_promise_39_it_tells_what_who_helps_needs_and_no_name_address_or_secret(context: Context) -> None:
    parts = bundle(context)
    for name, text in parts.items():
        for canary in CANARIES:
            assert canary not in text, f"{name} holds {canary}"
    told: dict[str, Any] = {name: json.loads(text) for name, text in parts.items() if name.endswith(".json")}
    assert {each["name"] for each in told["doctor.json"]} >= {"database", "ingest", "jobs", "agents' certificates", "clocks"}
    assert told["versions.json"]["natvakt"] == "0.1.0"
    assert told["database.json"]["rows"]["device"] == 4
    assert {each["kind"] for each in told["jobs.json"]} == {"assessment"}
    whose = {each["customer"] for each in told["agents.json"]}
    assert len(whose) == 2
    assert whose == {each["customer"] for each in told["jobs.json"]}, "the same name has the same stand-in everywhere"
    assert told["configuration.json"]["series"]["store"] == "duckdb"
    assert "2026-11-25 21:30:04 WARNING natvakt event=refused" in parts["log.txt"]
    assert context.options.output.stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_not_written_over(context: Context) -> None:
    context.options.output.write_text("mine")
    with pytest.raises(CommandFailed, match="name a file that is not there yet"):
        support.run(context)
    assert context.options.output.read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hq answered at 21:30:04 from 127.0.0.1", "site-1 answered at 21:30:04 from 127.0.0.1"),
        ("the hqx of acme-hq", "the hqx of customer-1-hq"),
        ("ACME and acme", "customer-1 and customer-1"),
        ("http://u:p@10.0.0.1:8086/x", "http://ip-1:8086/x"),
        ("2001:db8::7 and 2001:db8:0:0:0:0:0:8", "ip-1 and ip-2"),
        ("version 17.9.5, 2026-11-25T21:00:00Z", "version 17.9.5, 2026-11-25T21:00:00Z"),
        ("the token was refused", "the token was refused"),
    ],
)
def test_what_is_taken_out_and_what_stays(text: str, told: str) -> None:
    assert Pseudonyms({"customer": ["acme"], "site": ["hq"]}).text(text) == told


def test_values_of_keys_that_are_named_like_secrets_go_as_a_whole() -> None:
    value = {"password": "x y", "api_token": "z", "token_file": "/etc/t", "deep": [{"secret": ["a", "b"]}], "empty": {"key": ""}}
    assert Pseudonyms({}).value(value) == {
        "password": TAKEN_OUT, "api_token": TAKEN_OUT, "token_file": "/etc/t", "deep": [{"secret": [TAKEN_OUT] * 2}], "empty": {"key": ""},
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.from_regex(r"[a-z][a-z0-9-]{4,12}", fullmatch=True), min_size=1, max_size=4, unique=True),
    st.lists(st.text(max_size=6), min_size=2, max_size=5),
)
def test_a_known_name_is_nowhere_whatever_stands_around_it(names: list[str], around: list[str]) -> None:
    pseudonyms = Pseudonyms({"customer": names})
    text = names[0].join(around).replace("customer", "")
    told = pseudonyms.text(text)
    for kept in ("customer-",):
        told = told.replace(kept, "\x00")
    assert names[0] not in told
