"""The gateway on a real socket: TLS 1.3 with client certificates, a stream, revocation, and everybody who is refused."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from natvakt_server.domain.identity import AgentState
from natvakt_server.gateway.pacing import Rate
from natvakt_server.gateway.server import RETRY_AFTER_KEY, GatewayServer, ServerSettings, TlsFiles
from natvakt_server.gateway.session import SessionParts
from natvakt_wire import gap as wire_gap
from natvakt_wire import seal as wire_seal
from natvakt_wire.v1 import health_pb2, health_pb2_grpc, uplink_pb2, uplink_pb2_grpc
from testkit.gateway import AgentSide, Line, ManualClock, batch_message
from testkit.wire import seeded_random

PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Identity:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def issue(name: str, names: list[x509.GeneralName], issuer: Identity | None = None) -> Identity:
    """A certificate for an hour, by `issuer` or, without one, an authority of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Identity(builder.sign(issuer.key if issuer else key, SHA256()), key)


def spiffe(agent: AgentSide) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier("spiffe://natvakt/" + "/".join(agent.name))]


@dataclass
class Running:
    port: int
    authority: Identity
    server: GatewayServer
    line: Line
    agent: AgentSide

    def channel(self, client: Identity | None, authority: Identity | None = None) -> grpc.Channel:
        credentials = grpc.ssl_channel_credentials(
            (authority or self.authority).pem, client.key_pem if client else None, client.pem if client else None
        )
        return grpc.secure_channel(f"localhost:{self.port}", credentials)

    def client(self, names: list[x509.GeneralName] | None = None) -> Identity:
        return issue("agent", spiffe(self.agent) if names is None else names, self.authority)


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts gateways on free ports; `refused` and settings may be changed. All are stopped at the end."""
    stops: list[tuple[threading.Event, threading.Thread]] = []

    def start_one(**changes: object) -> Running:
        agent = AgentSide()
        line = Line(agent)
        authority = issue("authority", [])
        host = issue("gateway", [x509.DNSName("localhost")], authority)
        clock = ManualClock(wall=int(datetime.now(UTC).timestamp() * 1e9))
        parts = SessionParts(clock, seeded_random(1), line.admission.refusal, wire_seal.verify, wire_gap.verify_gap, line.tally)
        settings = ServerSettings("127.0.0.1:0", "0.1.0", tick_seconds=0.02, revocation_seconds=0.05)
        server = GatewayServer(
            settings=replace(settings, **changes),
            tls=TlsFiles(host.pem, host.key_pem, authority.pem),
            parts=parts,
            admission=line.admission,
            recorder=line.recorder,
            refused=line.directory.refused,
            tally=line.tally,
        )
        stop, started, ports = threading.Event(), threading.Event(), []

        def on_started(port: int) -> None:
            ports.append(port)
            started.set()

        thread = threading.Thread(target=server.run, args=(stop, on_started))
        thread.start()
        stops.append((stop, thread))
        assert started.wait(PATIENCE_SECONDS)
        return Running(ports[0], authority, server, line, agent)

    yield start_one
    for stop, thread in stops:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


class Stream:
    """An agent's end: say something, hear the next message."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._more = threading.Condition()
        self._outgoing: list[uplink_pb2.AgentMessage] = []
        self._done = False
        self.call = uplink_pb2_grpc.UplinkStub(channel).Stream(self._requests(), timeout=PATIENCE_SECONDS)

    def _requests(self) -> Iterator[uplink_pb2.AgentMessage]:
        while True:
            with self._more:
                while not self._outgoing and not self._done:
                    self._more.wait()
                if not self._outgoing:
                    return
                message = self._outgoing.pop(0)
            yield message

    def say(self, message: uplink_pb2.AgentMessage) -> None:
        with self._more:
            self._outgoing.append(message)
            self._more.notify()

    def hear(self) -> uplink_pb2.ServerMessage:
        return next(self.call)

    def close(self) -> None:
        with self._more:
            self._done = True
            self._more.notify()

    def refusal(self) -> grpc.RpcError:
        """How the server ended it."""
        with pytest.raises(grpc.RpcError) as caught:
            while True:
                self.hear()
        self.close()
        return caught.value


@pytest.fixture
def running(start: Start) -> Running:
    return start()


def test_a_batch_goes_in_over_mutual_tls_and_its_ack_comes_out(running: Running) -> None:
    with running.channel(running.client()) as channel:
        stream = Stream(channel)
        stream.say(running.agent.hello())
        assert stream.hear().welcome.resume_nonce
        envelopes = [running.agent.envelope() for _ in range(3)]
        for envelope in envelopes:
            stream.say(batch_message(envelope))
        acked = 0
        while acked < 3:
            acked = stream.hear().ack.through_seq
        stream.close()
        assert list(stream.call) == []
    assert [row.incoming.digest for row in running.line.inbox.rows.values()] == [envelope.digest for envelope in envelopes]


def test_health_answers_who_has_a_certificate(running: Running) -> None:
    with running.channel(running.client()) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthRequest(), timeout=PATIENCE_SECONDS)
    assert (answer.serving, answer.version) == (True, "0.1.0")


def test_promise_47_without_a_client_certificate_there_is_no_connection(running: Running) -> None:
    with running.channel(None) as channel:
        assert Stream(channel).refusal().code() is grpc.StatusCode.UNAVAILABLE


def test_promise_47_a_certificate_of_another_authority_is_refused_both_ways(running: Running) -> None:
    stranger = issue("stranger authority", [])
    with running.channel(issue("agent", spiffe(running.agent), stranger)) as channel:
        assert Stream(channel).refusal().code() is grpc.StatusCode.UNAVAILABLE
    with running.channel(running.client(), authority=stranger) as channel:
        assert Stream(channel).refusal().code() is grpc.StatusCode.UNAVAILABLE


def test_promise_47_a_stream_over_tls_1_2_is_refused(running: Running, tmp_path, caplog: pytest.LogCaptureFixture) -> None:
    """gRPC completes such a handshake, and its client cannot be held to 1.2: this one speaks just enough HTTP/2 to open a stream."""
    client = running.client()
    (tmp_path / "agent.pem").write_bytes(client.pem + client.key_pem)
    context = ssl.create_default_context(cadata=running.authority.pem.decode())
    context.load_cert_chain(tmp_path / "agent.pem")
    context.set_alpn_protocols(["h2"])
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    headers = {":method": "POST", ":scheme": "https", ":path": "/natvakt.v1.Uplink/Stream", ":authority": "localhost"}
    headers |= {"content-type": "application/grpc", "te": "trailers"}
    block = b"".join(b"\x00" + _hpack_text(name) + _hpack_text(value) for name, value in headers.items())
    with (
        socket.create_connection(("127.0.0.1", running.port), PATIENCE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(4, 0, 0, b"") + _frame(1, 4, 1, block))
        while not _ends_stream_1(_read_frame(tls)):
            pass
    assert "TLSv1.2 is too old" in caplog.text
    assert len(running.line.inbox.session_states) == 0


def _hpack_text(text: str) -> bytes:
    """RFC 7541 section 5.2, without Huffman."""
    return bytes([len(text)]) + text.encode()


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """RFC 9113 section 4.1."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def _read_frame(connection: ssl.SSLSocket) -> tuple[int, int, int]:
    """Kind, flags and stream of the next frame; a connection that ends counts as reset."""
    head = _read_exactly(connection, 9)
    if head is None:
        return 3, 0, 1
    _read_exactly(connection, int.from_bytes(head[:3], "big"))
    return head[3], head[4], int.from_bytes(head[5:9], "big")


def _read_exactly(connection: ssl.SSLSocket, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            return None
        data += more
    return data


def _ends_stream_1(frame: tuple[int, int, int]) -> bool:
    kind, flags, stream = frame
    return stream == 1 and (kind == 3 or (kind == 1 and bool(flags & 1)))


@pytest.mark.parametrize(
    "names",
    [
        [],
        [x509.DNSName("localhost")],
        [x509.UniformResourceIdentifier("spiffe://elsewhere/acme/hq/agent")],
        [x509.UniformResourceIdentifier("spiffe://natvakt/acme/hq/not-a-uuid")],
    ],
)
def test_promise_40_a_certificate_that_names_no_agent_is_refused(running: Running, names: list[x509.GeneralName]) -> None:
    with running.channel(running.client(names)) as channel:
        refusal = Stream(channel).refusal()
    assert refusal.code() is grpc.StatusCode.UNAUTHENTICATED
    assert len(running.line.inbox.session_states) == 0


def test_promise_40_a_header_of_another_customer_ends_the_stream(running: Running) -> None:
    with running.channel(running.client()) as channel:
        stream = Stream(channel)
        stream.say(running.agent.hello())
        stream.hear()
        stream.say(batch_message(running.agent.envelope(tenant="beta")))
        assert stream.refusal().code() is grpc.StatusCode.PERMISSION_DENIED


def test_promise_60_an_open_stream_is_cut_when_its_agent_is_revoked(running: Running) -> None:
    with running.channel(running.client()) as channel:
        stream = Stream(channel)
        stream.say(running.agent.hello())
        stream.hear()
        running.line.directory.set_state(running.agent.name[2], AgentState.REVOKED, "stolen")
        assert stream.hear().nack.reason == uplink_pb2.NACK_REASON_REVOKED
        refusal = stream.refusal()
    assert refusal.code() is grpc.StatusCode.UNAUTHENTICATED
    assert "revoked" in (refusal.details() or "")


def test_promise_13_streams_beyond_the_rate_are_sent_away_with_a_time_to_come_back(start: Start) -> None:
    running = start(streams_per_agent=Rate(per_second=0.001, burst=1))
    with running.channel(running.client()) as channel:
        first = Stream(channel)
        first.say(running.agent.hello())
        first.hear()
        refusal = Stream(channel).refusal()
        first.close()
    assert refusal.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    metadata: Mapping[str, str] = dict(refusal.trailing_metadata())
    assert int(metadata[RETRY_AFTER_KEY]) >= 2000


def test_promise_44_a_message_over_a_mebibyte_never_reaches_the_core(running: Running) -> None:
    with running.channel(running.client()) as channel:
        stream = Stream(channel)
        stream.say(uplink_pb2.AgentMessage(batch=uplink_pb2.Envelope(ciphertext=bytes(1024 * 1024 + 1))))
        assert stream.refusal().code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert running.line.tally["received.batch"] == 0


def test_a_port_in_use_is_said_with_the_way_out(running: Running) -> None:
    settings = ServerSettings(f"127.0.0.1:{running.port}", "0.1.0")
    line = running.line
    parts = SessionParts(ManualClock(), seeded_random(1), line.admission.refusal, wire_seal.verify, wire_gap.verify_gap, line.tally)
    host = issue("gateway", [x509.DNSName("localhost")], running.authority)
    second = GatewayServer(
        settings=settings,
        tls=TlsFiles(host.pem, host.key_pem, running.authority.pem),
        parts=parts,
        admission=line.admission,
        recorder=line.recorder,
        refused=dict,
        tally=line.tally,
    )
    with pytest.raises(OSError, match="is another server running there"):
        second.run(threading.Event(), lambda _port: None)
