"""Who is let onto the Uplink, over real sockets with real certificates, and how fast who may not is cut: promises 47, 48, 60 and 61.

TLS checks certificates against the machine's clock, so the house lives in the present; the gateway's own clock is moved by the tests.
"""

import threading
import time

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from natvakt_agent.link.enrolment import Enrolment
from natvakt_agent.link.identity_files import IdentityFiles
from natvakt_server.gateway.core import Admission
from natvakt_server.gateway.recorder import Recorder
from natvakt_server.gateway.server import GatewayServer, ServerSettings, TlsFiles
from natvakt_server.gateway.session import SessionParts
from natvakt_server.gateway.tally import Tally
from natvakt_server.identity.admission import RevocationReason, denied_agents
from natvakt_wire import gap, seal
from natvakt_wire.ids import SERVER_NAME
from natvakt_wire.v1 import uplink_pb2, uplink_pb2_grpc
from testkit.gateway import Outgoing, RenewalDesk
from testkit.identity import Applicant, DeskCalls, IdentityHouse, SettableClock
from testkit.inbox import MemoryInbox
from testkit.wire import seeded_random

TIMEOUT_SECONDS = 10.0
DAY_NS = 86_400 * 10**9


@pytest.fixture
def house():
    return IdentityHouse(clock=SettableClock(now_ns=time.time_ns()))


class ServedGateway:
    """A gateway on a free port over the identities of a house, for the length of a `with`."""

    def __init__(self, house):
        identity = house.authority.server_identity([])
        admission, tally = Admission(), Tally()
        recorder = Recorder(
            store=MemoryInbox(),
            directory=house.registry,
            outgoing=Outgoing(),
            renewals=RenewalDesk(),
            audit=house.audit,
            inbox_quota_bytes=lambda tenant: 10**9,
            tally=tally,
        )
        self._server = GatewayServer(
            settings=ServerSettings("127.0.0.1:0", "test", tick_seconds=0.05, revocation_seconds=0.05),
            tls=TlsFiles(identity.chain_pem, identity.key_pem, house.authority.certificate_pem),
            parts=SessionParts(house.clock, house.random, admission.refusal, seal.verify, gap.verify_gap, tally),
            admission=admission,
            recorder=recorder,
            refused=lambda: denied_agents(house.registry.agents()),
            tally=tally,
        )
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
    with ServedGateway(house) as running:
        yield running


@pytest.fixture
def enrolled(house, tmp_path):
    """The name of an enrolled agent and its key and chain."""
    files = IdentityFiles(tmp_path, seeded_random(1))
    agent = Enrolment(files, DeskCalls(house).connect, house.clock, seeded_random(2), "0.1.0")
    return agent.enrol(house.desk.issue_token("acme", "hq")).membership.name, files.tls()


class Stream:
    """An open stream that has said Hello and heard Welcome."""

    def __init__(self, served, house, tls, ca_pem=None):
        key, chain = (tls.key_pem, tls.chain_pem) if tls else (None, None)
        credentials = grpc.ssl_channel_credentials(ca_pem or house.authority.certificate_pem, key, chain)
        self._channel = grpc.secure_channel(served.address, credentials, [("grpc.ssl_target_name_override", SERVER_NAME)])
        self._over = threading.Event()
        self._call = uplink_pb2_grpc.UplinkStub(self._channel).Stream(self._say(), timeout=TIMEOUT_SECONDS)

    def _say(self):
        yield uplink_pb2.AgentMessage(hello=uplink_pb2.Hello(protocol=1, epoch=bytes(range(16)), boot_id=bytes(16), version="0.1.0"))
        self._over.wait(TIMEOUT_SECONDS)

    def hear(self):
        return next(self._call)

    def end(self):
        """Status and detail, after whatever is still said."""
        with pytest.raises(grpc.RpcError) as caught:
            for _ in self._call:
                continue
        return caught.value.code().name, caught.value.details()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over.set()
        self._call.cancel()
        self._channel.close()


def test_an_enrolled_agent_is_let_in(house, served, enrolled):
    _, tls = enrolled
    with Stream(served, house, tls) as stream:
        assert stream.hear().HasField("welcome")


def test_promise_47_without_a_client_certificate_nobody_is_let_in(house, served):
    with Stream(served, house, None) as stream:
        assert stream.end()[0] == "UNAVAILABLE"


def test_promise_47_a_client_certificate_of_another_ca_is_refused(house, served, tmp_path):
    other = IdentityHouse(clock=house.clock)
    files = IdentityFiles(tmp_path, seeded_random(1))
    Enrolment(files, DeskCalls(other).connect, house.clock, seeded_random(2), "0.1.0").enrol(other.desk.issue_token("acme", "hq"))
    with Stream(served, house, files.tls()) as stream:
        assert stream.end()[0] == "UNAVAILABLE"


def test_promise_47_an_agent_refuses_a_server_of_another_ca(house, served, enrolled):
    _, tls = enrolled
    with Stream(served, house, tls, IdentityHouse(clock=house.clock).authority.certificate_pem) as stream:
        assert stream.end()[0] == "UNAVAILABLE"


def test_promise_47_a_servers_certificate_names_no_agent(house, served):
    with Stream(served, house, house.authority.server_identity([])) as stream:
        assert stream.end()[0] in {"UNAUTHENTICATED", "UNAVAILABLE"}
    assert not house.audit.entries(tenant="acme")


def test_promise_48_a_captured_certificate_without_its_key_opens_nothing(house, served, enrolled):
    _, tls = enrolled

    class Captured:
        chain_pem = tls.chain_pem
        key_pem = Applicant(tls=generate_private_key(SECP256R1())).tls_pem()

    with Stream(served, house, Captured) as stream:
        assert stream.end()[0] == "UNAVAILABLE"


def test_promise_60_a_revoked_agent_with_an_open_stream_is_cut_without_saying_anything(house, served, enrolled):
    name, tls = enrolled
    with Stream(served, house, tls) as stream:
        assert stream.hear().HasField("welcome")
        house.desk.revoke(name.agent, "user:anna", RevocationReason.RETIRED)
        status, detail = stream.end()
    assert status == "UNAUTHENTICATED"
    assert "retired" in detail


def test_promise_60_the_watch_and_the_tick_together_take_less_than_five_seconds():
    settings = ServerSettings("127.0.0.1:0", "test")
    assert settings.revocation_seconds + settings.tick_seconds < 5


def test_promise_61_a_stream_is_closed_when_its_certificate_ends(house, served, enrolled):
    _, tls = enrolled
    with Stream(served, house, tls) as stream:
        assert stream.hear().HasField("welcome")
        house.clock.now_ns += DAY_NS
        status, detail = stream.end()
    assert (status, detail.partition(":")[0]) == ("UNAUTHENTICATED", "certificate-expired")
