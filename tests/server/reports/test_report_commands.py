"""`natvakt-server report show`, `report verify` and `assess run`: what they print, where they write, and how they refuse."""

import hashlib
import io
import json
import shutil
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from natvakt_server.analysis.evidence import freeze
from natvakt_server.app.commands import assess, finding, report
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.keys import report_signer
from natvakt_server.app.main import build_parser
from natvakt_server.app.rules import rule_book
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.identity.key_files import KeyDirectory
from natvakt_server.jobs.assessment import judge, no_outlook, stored
from natvakt_server.reports.model import canonical
from natvakt_server.reports.signing import signed
from testkit.report import REPORT_ID, assessed, case, evidence, frame


class Out(io.TextIOWrapper):
    """A standard output that keeps what was written to it, as text and as bytes."""

    def __init__(self):
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    def data(self):
        self.flush()
        return self.buffer.getvalue()


class House:
    """An initialised server in a folder, with one customer and one report."""

    def __init__(self, root, template):
        self.environment = {"NATVAKT_STATE_DIR": str(root)}
        self.out, self.err = Out(), Out()
        context = self.context("report", "show", "x")
        context.paths().create()
        shutil.copy(template, context.paths().database)
        (context.paths().folder / "initialised").touch()
        self.stores = context.stores()
        self.stores.administration.add_customer(Customer("acme", "Acme AB", "sv", "Europe/Stockholm"))
        self.stores.administration.add_site(Site("acme", "hq", "HQ"))
        signer = report_signer(KeyDirectory(context.paths().keys))
        made = assessed(case("core.link.duplex", "half here, full there, late collisions"), public_key=signer.public_key)
        self.document = signed(made, signer.sign)
        self.stores.assessments.save(stored(self.document, b"frozen", 1))

    def context(self, *arguments):
        options = build_parser().parse_args(list(arguments))
        return Context(options, self.environment, self.out, self.err, "0", SystemClock())

    def run(self, *arguments):
        """Exit code, and what went to stdout."""
        command = {"report": report, "assess": assess, "finding": finding}[arguments[0]]
        self.out = Out()
        code = command.run(self.context(*arguments))
        return code, self.out.data()


@pytest.fixture
def house(tmp_path, monkeypatch, migrated_file):
    monkeypatch.delenv("NATVAKT_STATE_DIR", raising=False)
    return House(tmp_path / "state", migrated_file)


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("html", b"<!doctype html>"), ("json", b'{"id"'), ("sarif", b"{")])
def test_a_report_is_shown_in_each_format(house, form, begins):
    code, shown = house.run("report", "show", REPORT_ID, "--format", form)
    assert code == 0
    assert shown.startswith(begins)


def test_the_json_shown_is_the_signed_document_byte_for_byte(house):
    assert house.run("report", "show", REPORT_ID)[1] == canonical(house.document)


@pytest.mark.parametrize(("language", "says"), [("sv", "Åtgärdsplan"), ("en", "Action plan")])
def test_the_language_may_be_asked_for(house, language, says):
    assert says in house.run("report", "show", REPORT_ID, "--format", "html", "--language", language)[1].decode()


def test_without_a_language_the_customers_is_spoken(house):
    assert "Åtgärdsplan" in house.run("report", "show", REPORT_ID, "--format", "html")[1].decode()


def test_a_report_goes_into_a_file_whole_or_not_at_all(house, tmp_path):
    wanted = tmp_path / "r.json"
    code, shown = house.run("report", "show", REPORT_ID, "-o", str(wanted))
    assert (code, shown) == (0, b""), "stdout stays clean"
    assert wanted.read_bytes() == canonical(house.document)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.json", "state"]


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(house, tmp_path):
    with pytest.raises(CommandFailed, match=r"nowhere/r\.pdf: cannot be written.*-o"):
        house.run("report", "show", REPORT_ID, "-o", str(tmp_path / "nowhere" / "r.pdf"))


def test_an_unknown_report_is_refused_with_the_way_out(house):
    with pytest.raises(CommandFailed, match=r"'no-such' is not known.*assess run"):
        house.run("report", "show", "no-such")


@pytest.mark.parametrize("arguments", [("show", "x", "--format", "docx"), ("show", "x", "--language", "de"), ("show",), ("verify",), ()])
def test_wrong_usage_exits_with_2(house, arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        house.context("report", *arguments)
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def verified(house, tmp_path, data):
    file = tmp_path / "given.json"
    file.write_bytes(data)
    code, shown = house.run("report", "verify", str(file), "--json")
    return code, json.loads(shown)


def test_a_whole_report_of_this_server_verifies(house, tmp_path):
    code, told = verified(house, tmp_path, canonical(house.document))
    assert code == 0
    assert (told["valid"], told["trusted"], told["report"]) == (True, True, REPORT_ID)


@pytest.mark.parametrize(
    "change", [lambda d: d[:-1], lambda d: d + b"\n", lambda d: d.replace(b'"high"', b'"info"', 1), lambda d: b"", lambda d: b"{}"]
)
def test_a_changed_or_cut_report_does_not(house, tmp_path, change):
    code, told = verified(house, tmp_path, change(canonical(house.document)))
    assert code == 1
    assert told["valid"] is False
    assert told["detail"]


def test_a_report_of_another_server_is_whole_but_not_trusted(house, tmp_path, migrated_file):
    other = House(tmp_path / "other", migrated_file).document
    assert other.public_key != house.document.public_key
    code, told = verified(house, tmp_path, canonical(other))
    assert (code, told["valid"], told["trusted"]) == (1, True, False)


def test_away_from_any_server_a_report_verifies_and_names_its_key(house, tmp_path):
    data = canonical(house.document)
    house.environment = {"NATVAKT_STATE_DIR": str(tmp_path / "empty")}
    code, told = verified(house, tmp_path, data)
    assert (code, told["valid"], told["trusted"]) == (0, True, False)
    assert house.document.public_key in told["detail"]
    assert not (tmp_path / "empty").exists(), "verifying makes nothing"


def test_a_file_that_is_not_there_is_named(house, tmp_path):
    with pytest.raises(CommandFailed, match=r"none\.json: cannot be read"):
        house.run("report", "verify", str(tmp_path / "none.json"))


def test_assess_puts_one_job_in_the_queue(house):
    code, shown = house.run("assess", "run", "acme/hq", "--json")
    told = json.loads(shown)
    assert (code, told["schema"], told["state"]) == (0, "natvakt.assess/1", "waiting")
    job = house.stores.jobs.job(told["job"])
    assert (job.tenant, dict(job.arguments)) == ("acme", {"sites": ["hq"]})


def test_assess_all_asks_for_every_site(house):
    job = json.loads(house.run("assess", "run", "acme/all", "--json")[1])["job"]
    assert house.stores.jobs.job(job).arguments["sites"] == []


@pytest.mark.parametrize(
    ("place", "says"),
    [("acme/nowhere", r"acme/nowhere is not known.*hq"), ("globex/hq", "globex/hq is not known"), ("acme", "TENANT/SITE")],
)
def test_assess_refuses_what_is_not_there(house, place, says):
    with pytest.raises(CommandFailed, match=says):
        house.run("assess", "run", place)


def test_assess_waits_no_longer_than_asked(house):
    with pytest.raises(CommandFailed, match=r"natvakt-server run"):
        house.run("assess", "run", "acme/hq", "--wait", "--timeout", "0")


def test_a_report_of_nothing_can_be_shown(house):
    nothing = msgspec.structs.replace(assessed(evidence()), id="nothing")
    house.stores.assessments.save(stored(nothing, b"", 2))
    assert house.run("report", "show", "nothing", "--format", "pdf")[1].startswith(b"%PDF-")


def test_findings_are_listed_accepted_and_counted_again(house):
    wanted = next(f for f in house.document.findings if f.rule == "core.link.duplex")
    found = json.loads(house.run("finding", "list", "acme", "--json")[1])["findings"]
    assert wanted.id in {f["id"] for f in found}
    how = ("--until", "2099-01-01", "--reason", "new link in spring", "--by", "Anna Ek")
    with pytest.raises(CommandFailed, match="three years"):
        house.run("finding", "accept", wanted.id, *how)
    until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    assert house.run("finding", "accept", wanted.id, "--until", until, *how[2:])[0] == 0
    (kept,) = house.stores.acceptances.accepted("acme")
    assert (kept.finding, kept.until.isoformat(), kept.by, kept.rule) == (wanted.id, until, "Anna Ek", "core.link.duplex")
    (told,) = [f for f in json.loads(house.run("finding", "list", "acme", "--json")[1])["findings"] if f["id"] == wanted.id]
    assert told["accepted"] == {"until": until, "by": "Anna Ek", "reason": "new link in spring"}
    assert house.run("finding", "unaccept", wanted.id, "--by", "Anna Ek")[0] == 0
    assert house.stores.acceptances.accepted("acme") == []
    assert [e.action for e in house.stores.audit.entries()][:2] == ["finding-unaccept", "finding-accept"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("accept", "nothing", "--until", "2027-01-01", "--reason", "x", "--by", "y"), "finding list"),
        (("unaccept", "nothing", "--by", "y"), "not accepted"),
        (("list", "globex"), "customer add"),
    ],
)
def test_what_is_not_there_is_neither_accepted_nor_counted_again(house, arguments, says):
    with pytest.raises(CommandFailed, match=says):
        house.run("finding", *arguments)


@pytest.mark.parametrize(("form", "says"), [("plan-text", "Väg tillbaka"), ("plan-csv", "rollback")])
def test_the_plan_is_shown_as_text_and_csv(house, form, says):
    assert says in house.run("report", "show", REPORT_ID, "--format", form)[1].decode()


def test_recipients_are_added_listed_and_removed(house):
    house.run("report", "recipients", "acme", "--add", "anna@example.org", "--add", "bo@example.org", "--language", "en")
    shown = json.loads(house.run("report", "recipients", "acme", "--remove", "bo@example.org", "--json")[1])
    assert shown["recipients"] == [{"address": "anna@example.org", "language": "en"}]
    with pytest.raises(CommandFailed, match="no mail address"):
        house.run("report", "recipients", "acme", "--add", "anna@example.org\nBcc: x@y.z")
    with pytest.raises(CommandFailed, match="no recipient"):
        house.run("report", "recipients", "acme", "--remove", "bo@example.org")


def test_a_report_is_put_in_the_outbox_for_those_named(house):
    with pytest.raises(CommandFailed, match=r"mail\.server"):
        house.run("report", "deliver", REPORT_ID, "--to", "anna@example.org")
    house.environment |= {"NATVAKT_SERVER__MAIL__SERVER": "127.0.0.1:25", "NATVAKT_SERVER__MAIL__SENDER": "rapport@norrsken.example"}
    with pytest.raises(CommandFailed, match="no recipients"):
        house.run("report", "deliver", REPORT_ID)
    shown = json.loads(house.run("report", "deliver", REPORT_ID, "--to", "anna@example.org", "--json")[1])
    assert shown["mails"] == [{"address": "anna@example.org", "state": "waiting", "attempts": 0, "detail": None}]


def test_a_report_judged_again_on_its_frozen_evidence_is_the_same_to_the_byte(house):
    what, rules = case("core.link.duplex", "half here, full there, late collisions"), rule_book().rules
    signer, frozen = report_signer(KeyDirectory(house.context("report", "show", "x").paths().keys)), freeze(what)
    frame_ = frame(id="again", public_key=signer.public_key, inputs_digest=hashlib.sha256(frozen).hexdigest())
    document = judge(frozen, rules, frame_, signer, no_outlook)
    house.stores.assessments.save(stored(document, frozen, 2))
    code, shown = house.run("assess", "repeat", "again", "--json")
    assert (code, json.loads(shown)) == (0, {"schema": "natvakt.repeat/1", "report": "again", "same": True, "changed_rules": []})
    other = signed(msgspec.structs.replace(document, id="other", customer="Someone else"), signer.sign)
    house.stores.assessments.save(stored(other, frozen, 3))
    assert house.run("assess", "repeat", "other")[0] == 1
