"""The edge: TLS that is verified, hosts on the list only, bodies that are bounded before and after they are unpacked."""

import socket
import ssl

import pytest
from natvakt_server.connectors.https import HostRefused, HttpsTransport, Proxy, proxy_of
from natvakt_server.knowledge.asking.messages import AnswerTooLarge, NoAnswer, Request
from natvakt_server.knowledge.asking.services import HOSTS
from testkit.knowledge_network import network
from testkit.knowledge_sources import FakeSources, fault

KEV = Request("www.cisa.gov", "/known.json")
MIB = 1024 * 1024


def transport(net, authority=None):
    context = ssl.create_default_context(cafile=authority or net.authority)
    return HttpsTransport(HOSTS, context, "natvakt-server/test", lambda: 0.0, proxy_of(net.proxy))


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    with network(FakeSources(lambda: 0), tmp_path_factory.mktemp("net")) as made:
        yield made


@pytest.fixture(autouse=True)
def untouched(net):
    net.cut, net.packed, net.flood = None, False, 0
    net.sources.faults.clear()


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_comes_through_the_proxy_plain_or_packed(net, packed):
    net.packed = packed
    answer = transport(net).send(KEV, MIB)
    assert (answer.status, answer.headers["etag"]) == (200, '"one"')
    assert b"CVE-2024-10001" in answer.body
    assert net.connected[-1] == "www.cisa.gov:443"


def test_a_host_that_is_not_on_the_list_is_never_called(net):
    before = len(net.connected)
    with pytest.raises(HostRefused):
        transport(net).send(Request("elsewhere.example", "/"), MIB)
    assert len(net.connected) == before


def test_a_certificate_of_an_unknown_authority_is_refused(net, tmp_path):
    (tmp_path / "other").mkdir()
    with network(FakeSources(lambda: 0), tmp_path / "other") as other, pytest.raises(NoAnswer, match=r"its certificate is not trusted"):
        transport(net, other.authority).send(KEV, MIB)


def test_a_certificate_for_another_name_is_refused(tmp_path):
    with (
        network(FakeSources(lambda: 0), tmp_path, ["elsewhere.example"]) as net,
        pytest.raises(NoAnswer, match=r"its certificate is not trusted"),
    ):
        transport(net).send(KEV, MIB)
    assert net.sources.requests == []


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_breaks_off_is_none(net, packed):
    net.cut, net.packed = 40, packed
    with pytest.raises(NoAnswer):
        transport(net).send(KEV, MIB)


def test_an_answer_larger_than_is_taken_is_left(net):
    net.sources.faults = [fault(200, b"x" * (MIB + 1))]
    with pytest.raises(AnswerTooLarge, match="more than 1 MiB"):
        transport(net).send(KEV, MIB)


def test_a_small_answer_that_unpacks_to_a_large_one_is_left(net):
    net.flood = 50 * MIB
    with pytest.raises(AnswerTooLarge):
        transport(net).send(KEV, MIB)


def test_a_redirect_is_an_answer_and_not_followed(net):
    net.sources.faults = [fault(302, location="https://elsewhere.example/")]
    before = len(net.connected)
    assert transport(net).send(KEV, MIB).status == 302
    assert len(net.connected) == before + 1


def test_nobody_there_is_told(net):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = HttpsTransport(HOSTS, ssl.create_default_context(), "test", lambda: 0.0, Proxy("127.0.0.1", taken.getsockname()[1]))
        with pytest.raises(NoAnswer, match=r"www\.cisa\.gov: ConnectionRefusedError"):
            nobody.send(KEV, MIB)


def test_a_request_does_not_show_what_it_carries():
    shown = repr(Request("id.cisco.com", "/token", {"Authorization": "Bearer s3cret"}, b"client_secret=s3cret"))
    assert "s3cret" not in shown


@pytest.mark.parametrize("url", ["https://proxy:1", "proxy:3128", "http://user:word@proxy:1", "http://proxy/path", "http://"])
def test_a_proxy_is_named_by_host_and_port(url):
    with pytest.raises(ValueError, match="http://HOST:PORT"):
        proxy_of(url)
