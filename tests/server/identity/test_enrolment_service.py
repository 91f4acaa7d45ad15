"""The Enrolment service over real sockets on the loopback: promise 47, limits, and what a stranger is told.

TLS checks certificates against the machine's clock, so the house here lives in the present.
"""

import socket
import ssl
import threading
import time

import grpc
import pytest
from natvakt_agent.link.enrolment import Enrolment
from natvakt_agent.link.enrolment_calls import PinnedEnrolmentCalls, ServerRefused, ServerUnreachable
from natvakt_agent.link.identity_files import IdentityFiles
from natvakt_server.gateway.enrolment import (
    CALLS_PER_ADDRESS,
    MAX_REQUEST_BYTES,
    EnrolmentListener,
    EnrolmentServer,
    address_of,
    require_tls13,
)
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.errors import Advice, NotAdmitted
from natvakt_wire.ids import SERVER_NAME
from natvakt_wire.v1 import enrolment_pb2, enrolment_pb2_grpc
from testkit.identity import DeskCalls, IdentityHouse, SettableClock
from testkit.wire import seeded_random

TIMEOUT_SECONDS = 10.0


@pytest.fixture
def house():
    return IdentityHouse(clock=SettableClock(now_ns=time.time_ns()))


class Served:
    """An enrolment server on a free port, for the length of a `with`."""

    def __init__(self, house, identity, desk=None):
        listener = EnrolmentListener("127.0.0.1:0", identity.chain_pem, identity.key_pem)
        self._server = EnrolmentServer(listener, desk or house.desk, house.clock)
        self._stop, self._started = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._server.run, args=(self._stop, self._note), daemon=True)

    def _note(self, port):
        self.address = f"127.0.0.1:{port}"
        self._started.set()

    def __enter__(self):
        self._thread.start()
        assert self._started.wait(TIMEOUT_SECONDS)
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(TIMEOUT_SECONDS)


@pytest.fixture
def served(house):
    with Served(house, house.authority.server_identity([])) as running:
        yield running


def calls(address, ca_pem):
    return PinnedEnrolmentCalls(address, ca_pem, TIMEOUT_SECONDS)


def raw_stub(served, house):
    credentials = grpc.ssl_channel_credentials(house.authority.certificate_pem)
    channel = grpc.secure_channel(served.address, credentials, [("grpc.ssl_target_name_override", SERVER_NAME)])
    return channel, enrolment_pb2_grpc.EnrolmentStub(channel)


def test_an_agent_enrols_and_comes_back_over_real_sockets(house, served, tmp_path):
    files = IdentityFiles(tmp_path, seeded_random(1))

    def connect(address, ca_pem):
        assert address == "127.0.0.1:7444"
        return calls(served.address, ca_pem)

    agent = Enrolment(files, connect, house.clock, seeded_random(2), "0.1.0")
    name = agent.enrol(house.desk.issue_token("acme", "hq")).membership.name
    assert agent.come_back().membership.name == name
    assert house.registry.agent(name.agent) is not None


def test_promise_47_a_server_of_another_ca_is_refused_before_a_token_is_shown(house, served):
    impostor_pin = IdentityHouse(clock=house.clock).authority.certificate_pem
    with pytest.raises(ServerRefused, match="certificate is not good") as caught:
        calls(served.address, impostor_pin).enrol(enrolment_pb2.EnrolRequest(token="secret"))
    assert caught.value.advice is Advice.STOP
    assert not house.audit.rows


def test_promise_47_an_expired_server_certificate_is_refused(house):
    house.clock.now_ns -= 2 * 86_400 * 10**9
    expired = house.authority.server_identity([], life_seconds=86_400)
    with Served(house, expired) as served, pytest.raises(ServerRefused, match="expired"):
        calls(served.address, house.authority.certificate_pem).enrol(enrolment_pb2.EnrolRequest())


def test_promise_47_an_agents_own_certificate_cannot_play_the_server(house, tmp_path):
    agent = Enrolment(IdentityFiles(tmp_path, seeded_random(1)), DeskCalls(house).connect, house.clock, seeded_random(2), "0.1.0")
    agent.enrol(house.desk.issue_token("acme", "hq"))
    tls = IdentityFiles(tmp_path, seeded_random(1)).tls()

    class Stolen:
        chain_pem, key_pem = tls.chain_pem, tls.key_pem

    with Served(house, Stolen) as served, pytest.raises(ServerRefused, match="certificate is not good"):
        calls(served.address, house.authority.certificate_pem).enrol(enrolment_pb2.EnrolRequest())


def test_promise_47_a_server_that_speaks_only_tls_1_2_is_refused(house, tmp_path):
    identity = house.authority.server_identity([])
    (tmp_path / "pair.pem").write_bytes(identity.key_pem + identity.chain_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pair.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_handshake_once, args=(listener, context))
        thread.start()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(ServerRefused, match=r"no TLS 1\.3"):
            calls(address, house.authority.certificate_pem).enrol(enrolment_pb2.EnrolRequest(token="secret"))
        thread.join(TIMEOUT_SECONDS)


def test_promise_47_a_caller_that_speaks_only_tls_1_2_is_refused(house, served):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=house.authority.certificate_pem.decode())
    context.set_alpn_protocols(["h2"])
    host, port = served.address.split(":")
    with (
        socket.create_connection((host, int(port)), TIMEOUT_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=SERVER_NAME) as old,
    ):
        assert old.version() == "TLSv1.2"
        old.sendall(_enrol_call_over_http2())
        answer = b""
        while b"TLS 1.3 is required" not in answer:
            piece = old.recv(4096)
            assert piece, f"the connection ended after {answer!r}"
            answer += piece
    assert not house.registry.agents()


def test_without_a_server_the_agent_is_told_to_try_later(house):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ServerUnreachable, match=f"127.0.0.1:{port}"):
        calls(f"127.0.0.1:{port}", house.authority.certificate_pem).enrol(enrolment_pb2.EnrolRequest())


def test_a_refusal_travels_with_its_reason_and_what_to_do(house, served):
    used = EnrolmentToken.from_text(house.desk.issue_token("acme", "hq"))
    with pytest.raises(ServerRefused) as caught:
        calls(served.address, house.authority.certificate_pem).enrol(enrolment_pb2.EnrolRequest(token=used.secret_text))
    assert caught.value.advice is Advice.GIVE_UP_ITEM
    with pytest.raises(ServerRefused, match="unknown, used or too old") as caught:
        calls(served.address, house.authority.certificate_pem).enrol(enrolment_pb2.EnrolRequest(token="guess"))
    assert caught.value.advice is Advice.STOP
    assert [entry.subject for entry in house.refusals()] == ["127.0.0.1", "127.0.0.1"]


def test_calls_from_one_address_are_limited(house, served):
    channel, stub = raw_stub(served, house)
    with channel:
        codes = []
        for _ in range(int(CALLS_PER_ADDRESS.burst) + 1):
            with pytest.raises(grpc.RpcError) as caught:
                stub.Enrol(enrolment_pb2.EnrolRequest(token="guess"), timeout=TIMEOUT_SECONDS)
            codes.append(caught.value.code())
    assert codes[-1] is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert set(codes[:-1]) == {grpc.StatusCode.UNAUTHENTICATED}
    house.clock.advance(60)
    with pytest.raises(ServerRefused, match="unknown"):
        calls(served.address, house.authority.certificate_pem).enrol(enrolment_pb2.EnrolRequest(token="guess"))


def test_messages_over_the_limit_are_refused_before_the_desk_sees_them(house, served):
    channel, stub = raw_stub(served, house)
    with channel, pytest.raises(grpc.RpcError) as caught:
        stub.Enrol(enrolment_pb2.EnrolRequest(csr=bytes(MAX_REQUEST_BYTES + 1)), timeout=TIMEOUT_SECONDS)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert not house.audit.rows


def test_what_goes_wrong_inside_is_not_told_to_strangers(house, caplog):
    class Broken:
        def enrol(self, request, peer=""):
            raise RuntimeError("password of the database is hunter2")

    with Served(house, house.authority.server_identity([]), Broken()) as served:
        channel, stub = raw_stub(served, house)
        with channel, pytest.raises(grpc.RpcError) as caught:
            stub.Enrol(enrolment_pb2.EnrolRequest(), timeout=TIMEOUT_SECONDS)
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert "hunter2" not in caught.value.details()
    assert any("enrolment failed" in record.message for record in caplog.records)


def test_an_address_in_use_is_an_error_that_names_it(house, served):
    identity = house.authority.server_identity([])
    second = EnrolmentServer(EnrolmentListener(served.address, identity.chain_pem, identity.key_pem), house.desk, house.clock)
    with pytest.raises(OSError, match=served.address):
        second.run(threading.Event(), lambda port: None)


@pytest.mark.parametrize("context", [{}, {"ssl_tls_version": [b"TLSv1.2"]}, {"ssl_tls_version": []}])
def test_promise_47_anything_but_tls_1_3_is_not_admitted(context):
    with pytest.raises(NotAdmitted, match=r"TLS 1\.3 is required"):
        require_tls13(context)


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:192.0.2.7:55010", "192.0.2.7"),
        ("ipv6:[2001:db8:1:2:3:4:5:6]:55010", "2001:db8:1:2"),
        ("ipv6:%5B2001:db8:1:2:9::1%5D:1", "2001:db8:1:2"),
        ("unix:", "unix:"),
    ],
)
def test_callers_are_counted_by_address_without_their_port(peer, address):
    assert address_of(peer) == address


def _handshake_once(listener, context):
    connection, _ = listener.accept()
    with connection:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except (ssl.SSLError, OSError):
            return


def _enrol_call_over_http2():
    """RFC 9113 and 7541 by hand: preface, SETTINGS, HEADERS of literals, one empty gRPC message."""

    def frame(kind, flags, stream, body):
        return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body

    fields = [
        (b":method", b"POST"),
        (b":scheme", b"https"),
        (b":path", b"/natvakt.v1.Enrolment/Enrol"),
        (b":authority", SERVER_NAME.encode()),
        (b"content-type", b"application/grpc"),
        (b"te", b"trailers"),
    ]
    block = b"".join(b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value for name, value in fields)
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    return preface + frame(4, 0, 0, b"") + frame(1, 4, 1, block) + frame(0, 1, 1, bytes(5))
