"""HTTP as it goes out: a real server on loopback, which tries what servers try."""

import base64
import hmac
import json
from hashlib import sha256

import pytest
from natvakt_server.domain.notification import Kind
from natvakt_server.notify.channels import CHANNELS
from natvakt_server.notify.port import HttpCall, Refused, Unavailable
from natvakt_server.notify.reach import Reach
from natvakt_server.notify.transports.http import HttpPost
from testkit.channels import CANARY, LOOPBACK, notice, target, transports
from testkit.notifying import ORIGIN
from testkit.receiver import receiver

__all__ = ["receiver"]
OVER_HTTP = [name for name in CHANNELS if name not in ("mail", "syslog")]


def sent(receiver, name, what=None, **changes):
    channel = CHANNELS[name]
    outgoing = channel.outgoing(what or notice(), target(name, receiver.url, **changes), ORIGIN)
    channel.judge(transports()[HttpCall].send(outgoing))
    return receiver.received[-1]


@pytest.mark.parametrize("name", OVER_HTTP)
def test_every_channel_arrives_over_http(receiver, name):
    assert b"sw-01" in sent(receiver, name).body
    assert receiver.received[0].headers["user-agent"] == "natvakt/1.0"


def test_a_webhook_can_be_checked_by_who_gets_it(receiver):
    got = sent(receiver, "webhook")
    identity, seconds, signature = (got.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    secret = target("webhook", "")["secret"].encode()
    expected = hmac.digest(secret, f"{identity}.{seconds}.".encode() + got.body, sha256)
    assert signature == "v1," + base64.b64encode(expected).decode()
    assert json.loads(got.body)["occasions"][0]["devices"] == ["sw-01", "ap-01"]


@pytest.mark.parametrize("place", ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "/elsewhere"])
def test_a_webhook_that_redirects_is_refused_and_not_followed(receiver, place):
    receiver.answers = [(307, {"Location": place}, b"")]
    with pytest.raises(Refused, match="redirect"):
        sent(receiver, "webhook")
    assert len(receiver.received) == 1


def test_a_private_address_is_not_called_at_all(receiver):
    post = HttpPost(Reach(), "natvakt/1.0", resolve=lambda host, port: ["127.0.0.1"])
    with pytest.raises(Refused, match="not a public address"):
        post.send(HttpCall(f"https://hook.example:{receiver.port}/{CANARY}", b"{}"))
    assert receiver.received == []


def test_the_connection_goes_to_the_address_that_was_looked_at(receiver):
    """A name that resolves to something else the second time is asked once."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    post = HttpPost(LOOPBACK, "natvakt/1.0", resolve=lambda host, port: next(answers))
    assert post.send(HttpCall(f"http://rebinding.example:{receiver.port}/x", b"{}")).status == 200
    assert receiver.received[0].headers["host"] == f"rebinding.example:{receiver.port}"


def test_a_server_that_says_nothing_is_let_go(receiver):
    receiver.silent = True
    post = transports(timeout_seconds=0.1)[HttpCall]
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1 did not answer"):
        post.send(HttpCall(f"{receiver.url}/{CANARY}", b"{}"))


def test_a_server_that_trickles_is_cut_off(receiver):
    receiver.silent = True
    post = transports(timeout_seconds=30.0, longest_seconds=0.1)[HttpCall]
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1 cannot be reached"):
        post.send(HttpCall(f"{receiver.url}/{CANARY}", b"{}"))


def test_a_large_answer_is_read_no_further_than_it_is_worth(receiver):
    receiver.answers = [(200, {}, b"x" * 1_000_000)]
    assert len(transports()[HttpCall].send(HttpCall(f"{receiver.url}/", b"{}")).body) == 16 * 1024


def test_errors_name_the_host_and_no_more():
    for url in (f"http://127.0.0.1:1/{CANARY}?token={CANARY}", f"https://name.invalid/{CANARY}"):
        with pytest.raises(Unavailable) as raised:
            transports()[HttpCall].send(HttpCall(url, b"{}"))
        assert CANARY not in str(raised.value)


def test_tls_is_verified(receiver):
    post = HttpPost(LOOPBACK, "natvakt/1.0")
    with pytest.raises(Unavailable, match="cannot be reached"):
        post.send(HttpCall(f"https://127.0.0.1:{receiver.port}/", b"{}"))


def test_a_ticket_is_made_when_an_incident_opens_and_changed_where_that_is_written_down(receiver):
    from_opened = sent(receiver, "ticket")
    assert from_opened.path == "/tickets"
    assert json.loads(from_opened.body)["externalId"] == "i1"
    cleared = sent(receiver, "ticket", notice(kind=Kind.CLEARED))
    assert cleared.path == "/tickets/i1/notes"
    assert CHANNELS["ticket"].outgoing(notice(kind=Kind.CLEARED), target("ticket", receiver.url, update_url=""), ORIGIN) is None


def test_pagerduty_hears_the_end_under_the_same_key(receiver):
    actions = [json.loads(sent(receiver, "pagerduty", notice(kind=kind)).body) for kind in (Kind.OPENED, Kind.ACKNOWLEDGED, Kind.CLEARED)]
    assert [(each["event_action"], each["dedup_key"]) for each in actions] == [("trigger", "i1"), ("acknowledge", "i1"), ("resolve", "i1")]
