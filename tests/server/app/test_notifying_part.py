"""The worker's part that tells people, put together as it runs: keys of the state folder, mail server and networks of server.toml."""

import argparse
import io
import json
import shutil

import pytest
from natvakt_server.app.config import ConfigurationError
from natvakt_server.app.context import Context
from natvakt_server.app.house import open_house
from natvakt_server.app.keys import notification_key
from natvakt_server.app.notifying import make_notifier, notifying_tasks
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.notify.sealing import SecretSealer
from testkit.databases import migrated_file
from testkit.notifying import destination, occasion, rule
from testkit.postbox import postbox
from testkit.receiver import receiver

__all__ = ["migrated_file", "postbox", "receiver"]


@pytest.fixture
def opened(tmp_path, migrated_file, postbox):
    """Opens the house of an initialised state with these keys of server.toml."""
    houses = []

    def make(**keys):
        told = {"MAIL__SERVER": f"127.0.0.1:{postbox.port}", "MAIL__SECURITY": "none", "MAIL__SENDER": "natvakt@norrsken.example", **keys}
        environment = {"NATVAKT_STATE_DIR": str(tmp_path), **{f"NATVAKT_SERVER__{name}": value for name, value in told.items()}}
        options = argparse.Namespace(config=tmp_path / "none.toml", json=False)
        context = Context(options, environment, io.StringIO(), io.StringIO(), "1.0", SystemClock())
        context.paths().create()
        shutil.copy(migrated_file, context.paths().database)
        houses.append(open_house(context, "worker"))
        return houses[-1]

    yield make
    for house in houses:
        house.close()


def told(house, *destinations):
    house.stores.administration.add_customer(Customer("acme", "Acme & Söner AB"))
    house.stores.administration.add_site(Site("acme", "hq", "Huvudkontoret"))
    for each in destinations:
        house.stores.notifying.settings.put_destination(each)
    house.stores.notifying.settings.put_rule(rule(destinations=tuple(each.id for each in destinations)))
    house.stores.notifying.announcements.announce([occasion(at_ns=house.clock.wall_ns())])
    make_notifier(house, lambda work: work()).step()
    return house.stores.notifying.outbox.messages(10)


def test_an_occasion_goes_out_by_mail_and_webhook(opened, postbox, receiver):
    house = opened(NOTIFICATIONS__OWN_NETWORKS="127.0.0.0/8")
    sealed = SecretSealer(notification_key(house.keys.files).public.raw).sealed("d2", {"secret": "sixteen characters"})
    hook = destination(id="d2", name="Hook", channel="webhook", settings={"url": f"{receiver.url}/in"}, sealed=sealed)
    assert {each.state for each in told(house, destination(language="sv"), hook)} == {"sent"}
    assert postbox.taken[0][2]["Subject"] == "[Kritiskt] Acme & Söner AB, Huvudkontoret: enheten svarar inte: sw-01 (+12)"
    assert json.loads(receiver.received[0].body)["link"] == "https://127.0.0.1:8443/customers/acme/alerts/i1"


def test_a_webhook_on_this_very_machine_is_refused_unless_its_network_is_named(opened, receiver):
    (message,) = told(opened(), destination(channel="slack", settings={"url": f"https://127.0.0.1:{receiver.port}/in"}))
    assert message.state == "failed"
    assert "notifications.own_networks" in message.detail
    assert receiver.received == []


def test_without_a_mail_server_the_reason_names_the_key(opened):
    (message,) = told(opened(MAIL__SERVER=""), destination())
    assert (message.state, "set mail.server" in message.detail) == ("waiting", True)


def test_a_network_that_is_none_is_told_by_its_key(opened):
    with pytest.raises(ConfigurationError, match=r"notifications\.own_networks: '10\.0\.0\.0/99'"):
        make_notifier(opened(NOTIFICATIONS__OWN_NETWORKS="10.0.0.0/99"), lambda work: work())


def test_what_is_older_than_is_kept_is_forgotten(opened):
    house = opened(NOTIFICATIONS__RETAIN="1d")
    told(house, destination())
    house.stores.notifying.announcements.announce([occasion("old/opened/1", at_ns=1)])
    make_notifier(house, lambda work: work()).step()
    (task,) = notifying_tasks(house)
    assert task.run() == 1
    assert len(house.stores.notifying.outbox.messages(10)) == 1
