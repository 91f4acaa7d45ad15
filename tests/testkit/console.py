"""A whole console over SQLite and planned series, with people in it, and a browser that keeps cookies and sends forms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any

import msgspec
import pyotp
from flask import Flask
from jinja2 import Environment
from natvakt_server.analysis.evidence import Evidence
from natvakt_server.domain.accounts import User
from natvakt_server.domain.assessment import Assessment
from natvakt_server.domain.bearers import Bearer
from natvakt_server.domain.delivery import SessionState
from natvakt_server.domain.estate import Customer, DocumentEffect, Row, Site
from natvakt_server.domain.identity import AgentRecord, AgentState, IdentityKey
from natvakt_server.domain.policy import Threshold
from natvakt_server.domain.rights import Grant, Grants
from natvakt_server.domain.series import Line, Query, SeriesKey, Tier
from natvakt_server.domain.sign_on import IdentityProvider
from natvakt_server.domain.tiers import HOUR_NS, MINUTE_NS, SECOND_NS, WIDTH_NS
from natvakt_server.domain.vitals import DiskSpace
from natvakt_server.knowledge.staleness import Stale
from natvakt_server.notify.sealing import SecretSealer
from natvakt_server.reports.model import ReportDocument, canonical
from natvakt_server.reports.signing import signed
from natvakt_server.store.estate.acceptances import SqlAcceptances
from natvakt_server.store.estate.accounts import SqlAccountStore
from natvakt_server.store.estate.administration import SqlEstateAdministration
from natvakt_server.store.estate.agents import SqlAgentRegistry
from natvakt_server.store.estate.agreements import SqlAgreements
from natvakt_server.store.estate.api_tokens import SqlApiTokens
from natvakt_server.store.estate.assessments import SqlAssessmentStore
from natvakt_server.store.estate.audit import SqlAuditLog
from natvakt_server.store.estate.backups import SqlBackups
from natvakt_server.store.estate.commands import SqlCommandBook
from natvakt_server.store.estate.configurations import SqlConfigurationHistory
from natvakt_server.store.estate.documents import apply_documents
from natvakt_server.store.estate.escalations import SqlEscalationSettings
from natvakt_server.store.estate.events import SqlEventLog
from natvakt_server.store.estate.incident_book import SqlIncidentBook
from natvakt_server.store.estate.jobs import SqlJobQueue
from natvakt_server.store.estate.listing import SqlEstateListing
from natvakt_server.store.estate.notifications import SqlNotificationSettings
from natvakt_server.store.estate.outbox import SqlOutbox
from natvakt_server.store.estate.overview import SqlEstateOverview
from natvakt_server.store.estate.papers import SqlPapers
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.estate.report_outbox import SqlReportOutbox
from natvakt_server.store.estate.search import SqlEstateSearch
from natvakt_server.store.estate.second_factors import SqlSecondFactors
from natvakt_server.store.estate.sign_on import SqlIdentityBook
from natvakt_server.store.estate.transactions import writing
from natvakt_server.store.inbox.gateway import SqlGatewayStore
from natvakt_server.store.inbox.quarantine import SqlDeliveryReader
from natvakt_server.store.inbox.vitals import SqlVitals
from natvakt_server.web.access.passwords import Passwords
from natvakt_server.web.access.second_factor import SecondFactor, base32
from natvakt_server.web.access.sessions import SESSION_COOKIE, SessionKeeper, token_hash
from natvakt_server.web.api.house import ApiPorts
from natvakt_server.web.api.watching import Watch
from natvakt_server.web.application import create_application, template_environment
from natvakt_server.web.ports import ConsolePorts, ConsoleSettings, HashingCost, NotifyingPorts, Surroundings
from natvakt_wire.seal import RecipientPrivateKey
from sqlalchemy import Engine
from testkit.databases import counting_ids
from testkit.report import assessed, device, evidence, finding, signer, told
from werkzeug.test import TestResponse

NOW_NS = 1_795_600_000 * SECOND_NS // HOUR_NS * HOUR_NS + 30 * MINUTE_NS
SECRET = bytes(range(32))
NOTIFICATION_PRIVATE = RecipientPrivateKey.from_bytes(bytes(range(96)))
NOTIFICATION_KEY = NOTIFICATION_PRIVATE.public.raw
ORIGIN = "https://console.example:8443"
SEED = b"20 bytes of a seed.."
PASSWORD = "sju lila traktorer"
CHEAP = HashingCost(memory_kibibytes=8, passes=1, lanes=1)


@dataclass
class MovingClock:
    """Stands still until it is moved; both clocks move together."""

    now_ns: int = NOW_NS

    def wall_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns

    def move(self, seconds: float) -> None:
        self.now_ns += int(seconds * SECOND_NS)


@dataclass
class PlannedSeries:
    """A `SeriesReader` that holds lines by tenant and tier. `away`: what it raises instead of answering."""

    held: dict[tuple[str, Tier], list[Line]] = field(default_factory=dict)
    away: Exception | None = None
    asked: list[Query] = field(default_factory=list)

    def add(self, tenant: str, line: Line, tier: Tier = Tier.RAW) -> None:
        self.held.setdefault((tenant, tier), []).append(line)

    def lines(self, tenant: str, query: Query) -> Sequence[Line]:
        self.asked.append(query)
        if self.away is not None:
            raise self.away
        found = []
        for line in self.held.get((tenant, query.tier), ()):
            key = line.key
            wanted = key.measurement == query.measurement and key.field in query.fields and key.device in query.devices
            if wanted and all(dict(key.tags).get(name) == value for name, value in query.tags.items()):
                inside = [(m, v) for m, v in zip(line.times_ns, line.values, strict=True) if query.start_ns <= m < query.end_ns]
                if inside:
                    found.append(Line(key, [m for m, _ in inside], [v for _, v in inside]))
        return sorted(found, key=lambda line: (line.key.device, line.key.tags, line.key.field))

    def latest(self, tenant: str, measurement: str, devices: Sequence[str], since_ns: int) -> Mapping[SeriesKey, tuple[int, float]]:
        if self.away is not None:
            raise self.away
        return {
            line.key: (line.times_ns[-1], line.values[-1])
            for line in self.held.get((tenant, Tier.RAW), ())
            if line.key.measurement == measurement and line.key.device in devices and line.times_ns[-1] >= since_ns
        }


@dataclass
class PlannedTokens:
    """A `TokenCheck` of the tokens it is told: by secret, who holds it."""

    held: dict[str, Bearer] = field(default_factory=dict)

    def give(self, secret: str, *grants: Grant) -> str:
        self.held[secret] = Bearer(f"id-of-{secret}", secret, Grants(grants))
        return secret

    def bearer(self, secret: str, now_ns: int) -> Bearer | None:
        return self.held.get(secret)


@dataclass
class PlannedAge:
    """A `KnowledgeAge` that says what it is told to."""

    found: list[Stale] = field(default_factory=list)

    def stale(self, now_ns: int) -> Sequence[Stale]:
        return self.found


@dataclass
class Randomness:
    """Different bytes at every call, the same in every run."""

    calls: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self, size: int) -> bytes:
        number = next(self.calls)
        return (number.to_bytes(8, "big") * (size // 8 + 1))[:size]


@cache
def compiled_templates() -> Environment:
    return template_environment()


@cache
def hashed(password: str) -> str:
    return Passwords(CHEAP, Randomness()).hashed(password)


def of_tenant(what: Evidence, tenant: str) -> Evidence:
    return msgspec.structs.replace(what, tenant=tenant)


def renamed(document: ReportDocument, report_id: str) -> ReportDocument:
    return msgspec.structs.replace(document, id=report_id)


class ConsoleHouse:
    """Stores, people, and the application over them. Customers acme and beta; acme has sites hq and branch."""

    def __init__(self, engine: Engine, sign_on: IdentityProvider | None = None) -> None:
        self.engine, self.clock, self.series, self.random, self.ids = engine, MovingClock(), PlannedSeries(), Randomness(), counting_ids()
        self.accounts, self.audit, self.jobs = SqlAccountStore(engine), SqlAuditLog(engine), SqlJobQueue(engine)
        self.agents, self.commands, self.assessments = SqlAgentRegistry(engine), SqlCommandBook(engine), SqlAssessmentStore(engine)
        self.estate, self.administration, self.gateway = SqlEstateReader(engine), SqlEstateAdministration(engine), SqlGatewayStore(engine)
        self.second_factors = SqlSecondFactors(engine)
        self.knowledge_age, self.api_tokens = PlannedAge(), SqlApiTokens(engine)
        self.backups, self.agreements = SqlBackups(engine), SqlAgreements(engine)
        self.acceptances, self.outbox = SqlAcceptances(engine), SqlReportOutbox(engine)
        self.notifications = SqlNotificationSettings(engine)
        self.papers = SqlPapers(engine)
        self.ports = ConsolePorts(
            estate=self.estate,
            device_history=self.estate,
            overview=SqlEstateOverview(engine),
            search=SqlEstateSearch(engine),
            series=self.series,
            assessments=self.assessments,
            acceptances=self.acceptances,
            papers=self.papers,
            report_outbox=self.outbox,
            configurations=SqlConfigurationHistory(engine),
            agreements=self.agreements,
            backups=self.backups,
            expectations=self.backups,
            events=SqlEventLog(engine),
            incidents=SqlIncidentBook(engine),
            accounts=self.accounts,
            second_factors=self.second_factors,
            identities=SqlIdentityBook(engine),
            sign_on=sign_on,
            api_tokens=self.api_tokens,
            agents=self.agents,
            agent_sessions=self.gateway,
            audit=self.audit,
            jobs=self.jobs,
            commands=self.commands,
            delivery=SqlDeliveryReader(engine),
            knowledge=self.knowledge_age,
            notifying=NotifyingPorts(self.notifications, SqlEscalationSettings(engine), SqlOutbox(engine), SecretSealer(NOTIFICATION_KEY)),
        )
        self.settings = ConsoleSettings(
            partner="Norrsken Nät AB",
            language="en",
            time_zone="Europe/Stockholm",
            address=ORIGIN,
            version="0.1.0",
            session_lifetime_ns=12 * HOUR_NS,
            session_idle_ns=HOUR_NS,
            secret=SECRET,
            hashing=CHEAP,
            thresholds=(Threshold("capacity.poe.share", 0.85, is_share=True), Threshold("exec_timeout_minutes", 10, 5)),
        )
        self.surroundings = Surroundings(self.clock, self.random, self.ids)
        self.tokens = PlannedTokens()
        watch = Watch(SqlVitals(engine), lambda: DiskSpace(3 * 2**30, 8 * 2**30), self.settings.version)
        self.api = ApiPorts(self.ports, SqlEstateListing(engine), self.tokens, watch)
        self.application: Flask = create_application(self.ports, self.settings, self.surroundings, compiled_templates(), self.api)
        self.keeper = SessionKeeper(self.accounts, self.surroundings, self.settings.session_lifetime_ns, self.settings.session_idle_ns)
        for tenant, name in (("acme", "Acme AB"), ("beta", "Beta & Söner")):
            self.administration.add_customer(Customer(tenant, name, schedule="monthly", created_ns=NOW_NS - 90 * 24 * HOUR_NS))
        for tenant, site, name in (("acme", "hq", "Huvudkontoret"), ("acme", "branch", "Filialen"), ("beta", "hq", "Kontoret")):
            self.administration.add_site(Site(tenant, site, name))
        self.owner, self.engineer = self.add_user("olga", "owner"), self.add_user("erik", "engineer")

    # people

    def add_user(self, name: str, role: str, **changes: object) -> User:
        """Somebody who has set up everything; the password is PASSWORD, the seed of the codes SEED."""
        factor = SecondFactor(SECRET, self.accounts, self.random, "test")
        user = User(self.ids(), name, name.title(), role, language="en", password_hash=hashed(PASSWORD))
        user = replace(user, **{"totp_sealed": factor.sealed(SEED, user.id), **changes})  # type: ignore[arg-type]
        self.accounts.put_user(user)
        return user

    def code(self, steps_ahead: int = 0) -> str:
        return pyotp.TOTP(base32(SEED)).generate_otp(self.clock.now_ns // SECOND_NS // 30 + steps_ahead)

    def link(self, user: User, life_seconds: int = 86_400) -> str:
        token = f"token-of-{user.name}-{self.clock.now_ns}"
        self.accounts.add_link(token_hash(token), user.id, self.clock.now_ns + life_seconds * SECOND_NS)
        return f"/welcome/{token}"

    def browser(self, user: User | None = None, second_factor: bool = True, address: str = "192.0.2.10") -> "Browser":
        """Signed in as this person, without having gone through the forms."""
        browser = Browser(self, address)
        if user is not None:
            browser.token = self.keeper.open(user.id, second_factor)
            browser.set_cookie(SESSION_COOKIE, browser.token)
        return browser

    def audited(self, action: str) -> list[tuple[str, str, str]]:
        """(actor, subject, outcome), oldest first."""
        return [(e.actor, e.subject, e.outcome) for e in reversed(self.audit.entries(1000)) if e.action == action]

    # the estate

    def tell(
        self, agent_device: str, tables: Mapping[str, Sequence[Row]], tenant: str = "acme", site: str = "hq", age_seconds: float = 60
    ) -> str:
        """As one batch from an agent. Answers the estate device's id."""
        observed_ns = self.clock.now_ns - int(age_seconds * SECOND_NS)
        documents = [DocumentEffect(agent_device, kind, observed_ns, f"{kind}-{observed_ns}", rows) for kind, rows in tables.items()]
        writing(self.engine, lambda c: apply_documents(c, tenant, site, documents, self.ids))
        return next(d.id for d in self.estate.devices(tenant, site) if agent_device in d.agent_devices)

    def add_switch(self, name: str = "hq-acc1", tenant: str = "acme", site: str = "hq", ports: int = 3, **told_of_itself: object) -> str:
        """A switch with ports and a day of five-minute traffic, an hour of it raw. Answers the device's id."""
        identity = {
            "name": name,
            "poll_address": "10.0.0.1",
            "serial": f"SN-{tenant}-{name}",
            "model": "C9200L-48P-4X",
            "os": "ios-xe",
            "version": "17.9.5",
        }
        interfaces = [
            {"ifIndex": n, "ifName": f"Gi1/0/{n}", "ifAlias": f"desk {n}", "ifType": "ethernetCsmacd"} for n in range(1, ports + 1)
        ]
        agent_device = f"{tenant}-{site}-{name}"
        device_id = self.tell(
            agent_device,
            {
                "device": [{**identity, **told_of_itself}],
                "interface": interfaces,
                "cpu": [{"index": "1", "name": "Switch 1"}],
                "component": [{"index": 1, "class": "chassis", "name": "Switch 1", "model": "C9200L-48P-4X", "serial": f"SN-{name}"}],
                "neighbour": [
                    {
                        "protocol": "cdp",
                        "local_ifIndex": 1,
                        "index": 1,
                        "local_port": "Gi1/0/1",
                        "remote_name": "hq-core",
                        "remote_port": "Te1/1/1",
                    }
                ],
            },
            tenant,
            site,
        )
        for index in range(1, ports + 1):
            self._add_port(tenant, agent_device, str(index), octets_a_second=1000 * index)
        self.add_gauge(tenant, agent_device, "cpu", (("index", "1"),), "used_ratio", 0.2)
        self.add_gauge(tenant, agent_device, "reachability", (("method", "icmp"),), "up", 1.0)
        return device_id

    def _add_port(self, tenant: str, agent_device: str, index: str, octets_a_second: int) -> None:
        tags = (("ifIndex", index),)

        def add(name: str, times_ns: Sequence[int], values: Sequence[float], tier: Tier) -> None:
            self.series.add(tenant, Line(SeriesKey("interface", agent_device, tags, name), times_ns, values), tier)

        minutes = [self.clock.now_ns - (60 - n) * MINUTE_NS for n in range(61)]
        for name in ("ifHCInOctets", "ifHCOutOctets"):
            add(name, minutes, [octets_a_second * 60 * n for n in range(61)], Tier.RAW)
        for name, value in (("ifOperStatus", 1), ("ifAdminStatus", 1), ("ifHighSpeed", 1000.0)):
            add(name, minutes, [value] * 61, Tier.RAW)
        for tier in (Tier.FIVE_MINUTES, Tier.HOUR):
            width = WIDTH_NS[tier]
            first = (self.clock.now_ns - 24 * HOUR_NS) // width * width
            starts = list(range(first, self.clock.now_ns - width, width))
            for name, rate in (("ifHCInOctets", octets_a_second), ("ifHCOutOctets", octets_a_second), ("ifInErrors", 0)):
                add(f"{name}_increase", starts, [rate * width // SECOND_NS] * len(starts), tier)
                add(f"{name}_seconds", starts, [width / SECOND_NS] * len(starts), tier)

    def add_gauge(
        self, tenant: str, agent_device: str, measurement: str, tags: tuple[tuple[str, str], ...], name: str, value: float
    ) -> None:
        """The same value every minute of the last hour, and every five minutes of the last day."""
        key = SeriesKey(measurement, agent_device, tags, name)
        minutes = [self.clock.now_ns - (60 - n) * MINUTE_NS for n in range(61)]
        self.series.add(tenant, Line(key, minutes, [value] * 61))
        fives = [self.clock.now_ns - n * 5 * MINUTE_NS for n in range(288, 0, -1)]
        self.series.add(tenant, Line(key, fives, [value] * 288), Tier.FIVE_MINUTES)

    def add_agent(
        self, agent_id: str = "agent-1", tenant: str = "acme", site: str = "hq", seen_ago_seconds: float = 30, **changes: object
    ) -> AgentRecord:
        now_ns = self.clock.now_ns
        record = AgentRecord(
            agent_id,
            tenant,
            site,
            AgentState.ACTIVE,
            now_ns - HOUR_NS,
            now_ns - int(seen_ago_seconds * SECOND_NS),
            "0.1.0",
            now_ns + 12 * HOUR_NS,
        )
        record = replace(record, **changes)  # type: ignore[arg-type]
        self.agents.enrol(record, IdentityKey(record.id, bytes(32), record.id.encode().ljust(32, b"."), now_ns))
        return record

    def add_session(self, agent_id: str, skew_seconds: float = 0) -> None:
        state = SessionState(agent_id, b"e" * 16, b"n" * 32, b"", skew_ns=int(skew_seconds * SECOND_NS), opened_ns=self.clock.now_ns)
        assert self.gateway.put_session(state, b"")

    def add_assessment(
        self, device_id: str, name: str = "hq-acc1", tenant: str = "acme", age_seconds: float = 3600, score: float = 71.2, **changes: object
    ) -> ReportDocument:
        """A signed report with one high finding on that device."""
        made_ns = self.clock.now_ns - int(age_seconds * SECOND_NS)
        where = device(name, id=device_id)
        what = of_tenant(evidence(where, as_of_ns=made_ns), tenant)
        found = told(what, [finding("core.link.duplex", where, **changes)])
        scored = msgspec.structs.replace(found, scores=dict.fromkeys(found.scores, score))
        document = signed(renamed(scored, self.ids()), signer().sign)
        self.save(document, made_ns)
        return document

    def add_clean_assessment(self, tenant: str = "acme", age_seconds: float = 3600) -> ReportDocument:
        made_ns = self.clock.now_ns - int(age_seconds * SECOND_NS)
        document = signed(renamed(assessed(of_tenant(evidence(device(), as_of_ns=made_ns), tenant)), self.ids()), signer().sign)
        self.save(document, made_ns)
        return document

    def save(self, document: ReportDocument, made_ns: int) -> None:
        counts = document.counts["severity"]
        self.assessments.save(
            Assessment(
                document.id, document.tenant, document.sites, made_ns, document.scores, document.coverage, counts, canonical(document)
            )
        )


@dataclass
class Browser:
    """Cookies, forms with their token, and the address strangers' counters know it by."""

    house: ConsoleHouse
    address: str
    token: str = ""

    def __post_init__(self) -> None:
        self.client = self.house.application.test_client()

    def set_cookie(self, name: str, value: str) -> None:
        self.client.set_cookie(name, value, domain="console.example", secure=True, httponly=True, samesite="Strict")

    def cookie(self, name: str) -> str | None:
        found = self.client.get_cookie(name, domain="console.example")
        return None if found is None else found.decoded_value

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.open("GET", path, headers)

    def open(self, method: str, path: str, headers: Mapping[str, str] | None = None, data: Mapping[str, Any] | None = None) -> TestResponse:
        return self.client.open(
            path, method=method, base_url=ORIGIN, headers=dict(headers or {}), data=data, environ_base={"REMOTE_ADDR": self.address}
        )

    def csrf(self, page: str = "/login") -> str:
        """From the session, or for strangers from the form they were shown."""
        session = self.house.accounts.session(token_hash(self.cookie(SESSION_COOKIE) or ""))
        if session is not None:
            return session.csrf
        match = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert match, f"{page} has no form"
        return match[1]

    def post(self, path: str, fields: Mapping[str, Any] | None = None, form_on: str = "/login", **headers: str) -> TestResponse:
        return self.open("POST", path, headers, {"csrf": self.csrf(form_on), **(fields or {})})

    def log_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", {"name": name, "password": password})

    def give_code(self, code: str | None = None) -> TestResponse:
        return self.post("/login/code", {"code": self.house.code() if code is None else code})
