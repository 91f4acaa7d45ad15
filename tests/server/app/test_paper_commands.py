"""`contract` and `answer`: what they take, print and refuse, and that the next assessment goes by it."""

import io
import json
import shutil

import pytest
from natvakt_server.app.commands import answer, contract
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.main import build_parser
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.answers import GivenAnswer
from natvakt_server.domain.contracts import ContractListRefused
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.jobs.assessment import stored
from natvakt_server.reports.signing import signed
from testkit.report import assessed, case

RULE = "voice.phone.power"


class Desk:
    def __init__(self, root, template):
        self.environment = {"NATVAKT_STATE_DIR": str(root)}
        context = self.context("contract", "list", "acme")
        context.paths().create()
        shutil.copy(template, context.paths().database)
        (context.paths().folder / "initialised").touch()
        self.stores = context.stores()
        self.stores.administration.add_customer(Customer("acme", "Acme AB", "sv", "Europe/Stockholm"))
        self.stores.administration.add_site(Site("acme", "hq", "HQ"))

    def context(self, *arguments):
        self.out = io.StringIO()
        return Context(build_parser().parse_args([*arguments, "--json"]), self.environment, self.out, io.StringIO(), "0", SystemClock())

    def run(self, *arguments):
        context = self.context(*arguments)
        assert {"contract": contract, "answer": answer}[arguments[0]].run(context) == 0
        return json.loads(self.out.getvalue())


@pytest.fixture
def desk(tmp_path, migrated_file):
    return Desk(tmp_path / "state", migrated_file)


def test_a_list_is_taken_shown_and_forgotten(desk, tmp_path):
    (tmp_path / "list.csv").write_text("serial,number,ends_on,service\nfnv1,205,2027-06-30,8x5xNBD\n")
    assert desk.run("contract", "import", "acme", str(tmp_path / "list.csv"))["imported"] == 1
    shown = desk.run("contract", "list", "acme")
    assert shown["contracts"] == [{"serial": "FNV1", "number": "205", "ends_on": "2027-06-30", "service": "8x5xNBD"}]
    desk.run("contract", "forget", "acme")
    assert desk.run("contract", "list", "acme")["given_ns"] is None
    with pytest.raises(CommandFailed, match="no list of contracts"):
        desk.run("contract", "forget", "acme")


def test_a_list_that_cannot_be_read_changes_nothing(desk, tmp_path):
    (tmp_path / "good.csv").write_text("serial,number\nFNV1,205\n")
    (tmp_path / "bad.csv").write_text("serial,number\nFNV2,206\n,207\n")
    (tmp_path / "latin.csv").write_bytes("serial,number\nFNVå,206\n".encode("latin-1"))
    desk.run("contract", "import", "acme", str(tmp_path / "good.csv"))
    with pytest.raises(ContractListRefused, match="line 3"):
        desk.run("contract", "import", "acme", str(tmp_path / "bad.csv"))
    for name, says in (("latin.csv", "not UTF-8"), ("nowhere.csv", "cannot be read")):
        with pytest.raises(CommandFailed, match=says):
            desk.run("contract", "import", "acme", str(tmp_path / name))
    assert [each["serial"] for each in desk.run("contract", "list", "acme")["contracts"]] == ["FNV1"]


def test_a_customer_that_is_not_there_is_named(desk):
    with pytest.raises(CommandFailed, match="customer 'beta' is not known"):
        desk.run("contract", "list", "beta")


def test_what_waits_for_an_answer_is_listed_answered_and_waits_again(desk):
    made = assessed(case(RULE, "nobody looked"))
    desk.stores.assessments.save(stored(signed(made, lambda _: bytes(64)), b"frozen", 1))
    waiting = [each for each in desk.run("answer", "list", "acme")["answers"] if each["rule"] == RULE]
    assert waiting
    assert waiting[0]["holds"] is None
    device = waiting[0]["device_id"]
    desk.stores.papers.give(GivenAnswer("acme", RULE, device, True, 1, "Anna Ek"))
    told = [each for each in desk.run("answer", "list", "acme")["answers"] if (each["rule"], each["device_id"]) == (RULE, device)]
    assert [(each["holds"], each["by"]) for each in told] == [(True, "Anna Ek")]


def test_a_rule_that_waits_for_nobody_and_a_device_that_is_not_there_are_named(desk):
    with pytest.raises(CommandFailed, match="device 'nobody' of acme is not known"):
        desk.run("answer", "give", "acme", RULE, "nobody", "--holds", "yes", "--by", "Anna Ek")
    with pytest.raises(CommandFailed, match="device 'nobody' of acme is not known"):
        desk.run("answer", "withdraw", "acme", RULE, "nobody")
