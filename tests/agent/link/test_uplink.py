"""The uplink thread over real sockets against the real gateway: mutual TLS, renewal, commands, and servers that must be refused."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.link.connection import UplinkAccess
from natvakt_agent.link.directives import Command, Directives
from natvakt_agent.link.uplink import Uplink, UplinkHandlers
from natvakt_agent.model.delivery import Position
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import Spool, open_spool
from natvakt_server.gateway.server import GatewayServer, ServerSettings, TlsFiles
from natvakt_server.gateway.session import SessionParts
from natvakt_wire import gap as wire_gap
from natvakt_wire import seal as wire_seal
from natvakt_wire.batch import Batch, ClockNote, encode
from natvakt_wire.envelope import Envelope, Header, LaneClass
from natvakt_wire.ids import SERVER_NAME
from natvakt_wire.signing import Domain, sign
from natvakt_wire.v1 import uplink_pb2
from testkit.gateway import AgentSide, Line, ManualClock, octets
from testkit.simulation_crypto import gap_signer, real_suite
from testkit.wire import NOW_NS, identity_key, recipient_key, seeded_random

PATIENCE_SECONDS = 30
POLICY_KEY = identity_key(77)


@dataclass(frozen=True)
class _Identity:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _issue(names: list[x509.GeneralName], issuer: _Identity | None = None) -> _Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
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
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is not None:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(authority, critical=False)
    else:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _Identity(builder.sign(issuer.key if issuer else key, SHA256()), key)


class _HostClock:
    """Wall time near the certificates', monotonic time that a waiting thread sees move."""

    def __init__(self) -> None:
        self.boot_id = b"u" * 16
        self._now_ns = 10**12

    def wall_ns(self) -> int:
        return NOW_NS

    def monotonic_ns(self) -> int:
        self._now_ns += 200_000_000
        return self._now_ns


@dataclass
class _Site:
    """An agent with its spool and uplink, and the gateway it speaks to."""

    line: Line
    agent: AgentSide
    spool: Spool
    authority: _Identity
    port: int
    uplink: Uplink
    heard: list[tuple[str, object]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def append(self) -> bytes:
        tenant, site, name = self.agent.name

        def seal(position: Position) -> Envelope:
            header = Header(
                tenant=tenant,
                site=site,
                agent=name,
                epoch=position.epoch,
                lane=position.lane,
                lane_class=position.lane_class,
                seq=position.seq,
                previous=position.previous,
                clock_trusted=True,
                boot_id=b"u" * 16,
                closed_wall_ns=NOW_NS,
                closed_monotonic_ns=1,
            )
            batch = Batch([octets(position.seq)], [], ClockNote(b"u" * 16, NOW_NS, 1))
            return wire_seal.seal(header, encode(batch), recipient_key().public, self.agent.key)

        digest = self.spool.append(LaneClass.METRICS, seal)
        self.uplink.appended()
        return digest

    def tell(self, kind: str, what: object) -> None:
        with self.news:
            self.heard.append((kind, what))
            self.news.notify_all()

    def wait(self, kind: str) -> object:
        """The first thing of that kind that is heard."""
        with self.news:
            assert self.news.wait_for(lambda: any(heard == kind for heard, _ in self.heard), PATIENCE_SECONDS), f"no {kind}: {self.heard}"
            return next(what for heard, what in self.heard if heard == kind)


class _WatchedSpool:
    """The spool, telling the test of every acknowledgement."""

    def __init__(self, spool: Spool, tell: Callable[[str, object], None]) -> None:
        self._spool = spool
        self._tell = tell

    def __getattr__(self, name: str) -> object:
        return getattr(self._spool, name)

    def ack(self, lane: int, through_seq: int, digest: bytes) -> object:
        outcome = self._spool.ack(lane, through_seq, digest)
        self._tell(f"ack {through_seq}", outcome)
        return outcome


Start = Callable[..., _Site]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    ends: list[Callable[[], object]] = []

    def start_one(agent_trusts: _Identity | None = None, client_of: _Identity | None = None, server_name: str = SERVER_NAME) -> _Site:
        agent, authority = AgentSide(), _issue([])
        line = Line(agent)
        host = _issue([x509.DNSName(server_name)], authority)
        parts = SessionParts(
            ManualClock(), seeded_random(1), line.admission.refusal, wire_seal.verify, wire_gap.verify_gap, line.tally, line.limits
        )
        server = GatewayServer(
            settings=replace(ServerSettings("127.0.0.1:0", "0.1.0"), tick_seconds=0.02, revocation_seconds=0.05),
            tls=TlsFiles(host.pem, host.key_pem, authority.pem),
            parts=replace(parts, limits=replace(parts.limits, collect_interval_ns=0)),
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
        ends.extend((stop.set, lambda: thread.join(PATIENCE_SECONDS)))
        assert started.wait(PATIENCE_SECONDS)

        client = _issue([x509.UniformResourceIdentifier("spiffe://natvakt/" + "/".join(agent.name))], client_of or authority)
        (tmp_path / "spool").mkdir(mode=0o700, exist_ok=True)
        clock = _HostClock()
        sign_gap = gap_signer(real_suite(), agent.name, agent.key)
        spool = open_spool(LocalDisk(tmp_path / "spool"), SpoolOptions(reserve_bytes=0), clock, seeded_random(4), sign_gap)
        access = UplinkAccess(f"127.0.0.1:{ports[0]}", (agent_trusts or authority).pem, client.pem, client.key_pem)
        site: list[_Site] = []

        def tell(kind: str, what: object) -> None:
            site[0].tell(kind, what)

        def prepare() -> UplinkAccess:
            tell("attempt", None)
            return access

        def carry_out(command: Command) -> None:
            tell("command", command)

        def renewed(result: uplink_pb2.RenewalResult) -> bool:
            tell("renewed", result.certificate_chain)
            return False

        handlers = UplinkHandlers(
            prepare=prepare,
            renewal=lambda: uplink_pb2.Renewal(csr=b"csr", signature=b"signature"),
            renewed=renewed,
            recipients=lambda keys: tell("recipients", keys.body),
            policy=lambda body: tell("policy", body),
            policy_version=lambda: 0,
        )
        uplink = Uplink(
            spool=_WatchedSpool(spool, tell),  # type: ignore[arg-type]
            clock=clock,
            clock_trust=ClockTrust(0),
            random=Random(1).random,
            directives=Directives(POLICY_KEY.public_key().public_bytes_raw(), carry_out),
            handlers=handlers,
            version="0.1.0",
        )
        site.append(_Site(line, agent, spool, authority, ports[0], uplink))
        ends[:0] = [uplink.stop, spool.close]
        return site[0]

    yield start_one
    for end in ends:
        end()


def test_batches_travel_and_are_acknowledged_before_they_are_forgotten(start: Start) -> None:
    site = start()
    digest = site.append()
    site.uplink.start()
    site.wait("ack 1")
    second = site.append()
    site.wait("ack 2")
    assert [row.incoming.digest for row in site.line.inbox.rows.values()] == [digest, second]
    assert site.spool.index.live(LaneClass.METRICS).pending_count == 0


def test_promise_6_stopping_ends_the_thread_and_keeps_what_was_not_acknowledged(start: Start) -> None:
    site = start()
    site.uplink.start()
    site.wait("attempt")
    site.uplink.stop()
    site.append()
    assert site.spool.index.live(LaneClass.METRICS).pending_count == 1


def test_policy_and_commands_are_verified_and_answered_and_forged_ones_counted(start: Start) -> None:
    site = start()
    body = b'{"version":1}'
    order = b'{"id":"c1","verb":"scan-now","not_after":' + str(NOW_NS * 2).encode() + b"}"
    site.line.outgoing.messages = [
        uplink_pb2.ServerMessage(policy=uplink_pb2.SignedPolicy(body=b"forged", signature=bytes(64))),
        uplink_pb2.ServerMessage(policy=uplink_pb2.SignedPolicy(body=body, signature=sign(Domain.POLICY, POLICY_KEY, body))),
        uplink_pb2.ServerMessage(command=uplink_pb2.SignedCommand(body=order, signature=sign(Domain.COMMAND, POLICY_KEY, order))),
    ]
    site.uplink.start()
    assert site.wait("policy") == body
    assert site.wait("command") == Command("c1", "scan-now")
    assert site.uplink.driver.counts["directives_refused"] == 1


def test_a_renewal_is_asked_for_within_the_session_and_its_answer_handed_on(start: Start) -> None:
    site = start()
    site.line.renewals.ready = [uplink_pb2.RenewalResult(certificate_chain=b"chain")]
    site.uplink.start()
    assert site.wait("renewed") == b"chain"


@pytest.mark.parametrize("fault", ["another-authority", "another-name", "foreign-client"])
def test_promise_47_who_the_partner_did_not_certify_gets_no_session_and_nothing_is_lost(start: Start, fault: str) -> None:
    if fault == "another-authority":
        site = start(agent_trusts=_issue([]))
    elif fault == "another-name":
        site = start(server_name="www.example.org")
    else:
        site = start(client_of=_issue([]))
    site.append()
    site.uplink.start()
    site.wait("attempt")
    with site.news:
        retried = site.news.wait_for(lambda: sum(kind == "attempt" for kind, _ in site.heard) >= 2, PATIENCE_SECONDS)
    assert retried
    assert not site.line.inbox.rows
    assert site.spool.index.live(LaneClass.METRICS).pending_count == 1
