"""From an occasion to the person: rules, outbox and a real SMTP server on loopback."""

import shutil

import pytest
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.store.estate.engine import open_engine
from testkit.databases import migrated_file
from testkit.notifying import Desk, by_mail, destination, occasion, rule
from testkit.postbox import postbox

__all__ = ["migrated_file", "postbox"]


@pytest.fixture
def engine(tmp_path, migrated_file):
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    opened = open_engine(f"sqlite:///{path}")
    yield opened
    opened.dispose()


@pytest.fixture
def desk(engine, postbox):
    made = Desk(engine, by_mail(postbox.port))
    made.settings.put_destination(destination())
    made.settings.put_rule(rule())
    return made


def test_an_occasion_becomes_a_mail(desk, postbox):
    desk.announce(occasion())
    ((sender, recipients, mail),) = postbox.taken
    assert (sender, recipients) == ("natvakt@norrsken.example", ["noc@norrsken.example"])
    assert mail["Subject"] == "[Critical] Acme, HQ: device does not answer: sw-01 (+12)"
    text = mail.get_content()
    assert "Devices: sw-01, ap-01" in text
    assert "Silent because of it: 12" in text
    assert "https://noc.example/alerts/i1" in text
    assert desk.told() == [("opened", "sent", 1)]


def test_the_same_occasion_announced_again_is_one_mail(desk, postbox):
    desk.announce(occasion(), occasion())
    desk.announce(occasion())
    assert len(postbox.taken) == 1


def test_two_rules_that_lead_to_one_place_make_one_mail(desk, postbox):
    desk.settings.put_rule(rule(id="r2", name="Acme", tenant="acme"))
    desk.announce(occasion())
    assert len(postbox.taken) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"tenant": "other"},
        {"site": "elsewhere"},
        {"least": Severity.CRITICAL},
        {"kinds": (Kind.CLEARED,)},
        {"enabled": False},
        {"destinations": ("gone",)},
    ],
)
def test_a_rule_that_does_not_apply_tells_nobody(desk, postbox, changes):
    desk.settings.put_rule(rule(**changes))
    desk.announce(occasion(severity=Severity.WARNING))
    assert postbox.taken == []
    assert desk.outbox.unrouted(10) == [], "and is not looked at again"
