"""Discovery's questions over the agent's SNMP sessions: the same packs, checks and site policy as polling, but paced packet by packet."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence

from natvakt_agent.app.site_guard import SessionOpener
from natvakt_agent.collectors.snmp.checked import CheckedSession, Deadline
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.oids import dotted
from natvakt_agent.collectors.snmp.session import AccessRefused, AnswerRefused, ColumnWalk, NoAnswer, Session, SnmpFault, SnmpValue, Step
from natvakt_agent.discovery.words import Explore, Explored, Facts, Hint, Identified, Identify, LoggedIn, Login, LoginResult, Source, Spend
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.observation import Observation, TableStatus, Value
from natvakt_agent.model.target import SnmpCredential, Target

SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
LOGIN_TIMEOUT_SECONDS = 1.0
TIMEOUT_SECONDS = 2.0
DEADLINE_SECONDS = 60.0
V3_OPENING_PACKETS = 2  # engine discovery, then the engine's time (RFC 3414, section 4)
ARP_ADDRESSES = "1.3.6.1.2.1.4.22.1.3"  # ipNetToMediaNetAddress, RFC 4293
NEXT_HOPS = ("1.3.6.1.2.1.4.24.4.1.4", "1.3.6.1.2.1.4.21.1.7")  # ipCidrRouteNextHop (RFC 4292), ipRouteNextHop (RFC 1213)
NEIGHBOUR_SOURCES: Mapping[Value, Source] = {"cdp": Source.CDP, "lldp": Source.LLDP}
PHONE_WORDS = frozenset(("phone", "two-port-mac-relay"))


class PacedSession:
    """A `Session` that waits for each packet's turn. `opened` says that opening sent packets of its own."""

    def __init__(self, session: Session, spend: Callable[[], None]) -> None:
        self._session = session
        self._spend = spend

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        self._spend()
        return self._session.get_many(oids)

    def walk(self, base: str, repetitions: int) -> ColumnWalk:
        return PacedWalk(self._session.walk(base, repetitions), self._spend)

    @property
    def engine_id(self) -> bytes | None:
        return self._session.engine_id

    def remarks(self) -> Sequence[str]:
        return self._session.remarks()


class PacedWalk:
    def __init__(self, walk: ColumnWalk, spend: Callable[[], None]) -> None:
        self._walk = walk
        self._spend = spend

    def step(self) -> Step:
        self._spend()
        return self._walk.step()


def paced(open_session: SessionOpener, spend: Spend) -> SessionOpener:
    """Sessions whose packets are taken from discovery's pace."""

    def open_paced(target: Target, timeout_seconds: float) -> Session:
        own = target.address
        if target.snmp is not None and target.snmp.version == "v3":
            for _ in range(V3_OPENING_PACKETS):
                spend(own)
        return PacedSession(open_session(target, timeout_seconds), lambda: spend(own))

    return open_paced


class SnmpAsker:
    """`Asker` over real sessions. `credentials`: those that may be tried, by name."""

    def __init__(self, open_session: SessionOpener, credentials: Mapping[str, SnmpCredential], clock: Clock, snmp_port: int) -> None:
        self._open_session = open_session
        self._credentials = credentials
        self._clock = clock
        self._port = snmp_port

    def _target(self, address: str, credential: str) -> Target:
        return Target(address, address, address, self._credentials[credential], self._port, deadline_seconds=DEADLINE_SECONDS)

    def login(self, probe: Login, spend: Spend) -> LoggedIn:
        """One GET of one object; whatever comes back means that the credential was taken."""
        target = self._target(probe.address, probe.credential)
        try:
            paced(self._open_session, spend)(target, LOGIN_TIMEOUT_SECONDS).get_many((SYS_OBJECT_ID,))
        except AccessRefused as fault:
            return LoggedIn(probe, LoginResult.REFUSED, str(fault))
        except NoAnswer as fault:
            return LoggedIn(probe, LoginResult.SILENT, str(fault))
        except AnswerRefused as fault:
            return LoggedIn(probe, LoginResult.UNUSABLE, f"credential {probe.credential}: {fault}")
        except (SnmpFault, ValueError) as fault:
            return LoggedIn(probe, LoginResult.UNUSABLE, str(fault))
        return LoggedIn(probe, LoginResult.ACCEPTED)

    def identify(self, probe: Identify, spend: Spend) -> Identified:
        found = self._collected(probe.address, probe.credential, ("device", "address"), spend)
        rows = {table.name: table.rows for table in found.tables if table.status is TableStatus.PROVIDED}
        if not rows.get("device"):
            return Identified(probe, None, "; ".join(found.errors) or "no system group")
        own = [str(row["address"]) for row in rows.get("address", ()) if _is_own(row.get("address"))]
        return Identified(probe, facts_of(rows["device"][0], own))

    def explore(self, probe: Explore, spend: Spend) -> Explored:
        found = self._collected(probe.address, probe.credential, ("neighbour",), spend)
        rows = [row for table in found.tables if table.status is TableStatus.PROVIDED for row in table.rows]
        hints = [hint for row in rows if (hint := neighbour_hint(row)) is not None]
        session = CheckedSession(
            lambda: paced(self._open_session, spend)(self._target(probe.address, probe.credential), TIMEOUT_SECONDS),
            Deadline(self._clock, DEADLINE_SECONDS),
        )
        try:
            hints += _addresses(session.column(ARP_ADDRESSES).values(), Source.ARP)
            for base in NEXT_HOPS:
                if hops := session.column(base):
                    hints += _addresses(hops.values(), Source.ROUTE)
                    break
        except (SnmpFault, ValueError) as fault:
            return Explored(probe, tuple(dict.fromkeys(hints)), str(fault))
        return Explored(probe, tuple(dict.fromkeys(hints)))

    def _collected(self, address: str, credential: str, tables: Sequence[str], spend: Spend) -> Observation:
        collector = SnmpCollector(paced(self._open_session, spend), timeout_seconds=TIMEOUT_SECONDS)
        return collector.collect(self._target(address, credential), tables, self._clock)


def facts_of(row: Mapping[str, Value], own: Iterable[str]) -> Facts:
    """From a row of the table `device`."""

    def text(name: str) -> str | None:
        value = row.get(name)
        return value if isinstance(value, str) and value else None

    return Facts(
        name=text("sysName"),
        descr=text("sysDescr"),
        vendor=text("vendor"),
        os=text("os"),
        version=text("version"),
        model=text("model"),
        serial=text("serial"),
        engine_id=text("engine_id"),
        base_mac=text("base_mac"),
        addresses=tuple(sorted(set(own))),
    )


def _is_own(address: Value) -> bool:
    try:
        parsed = ipaddress.ip_address(str(address))
    except ValueError:
        return False
    return not (parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified or str(parsed) in ("127.0.0.1", "::1"))


def neighbour_hint(row: Mapping[str, Value]) -> Hint | None:
    """A row of the table `neighbour` as a hint; phones are no equipment to ask."""
    address, capabilities = row.get("remote_address"), str(row.get("remote_capabilities") or "")
    source = NEIGHBOUR_SOURCES.get(row.get("protocol"))
    if source is None or not isinstance(address, str) or PHONE_WORDS & set(capabilities.split(",")):
        return None
    name, platform = row.get("remote_name"), row.get("remote_platform")
    return Hint(address, source, str(name) if name else None, str(platform) if platform else None)


def _addresses(values: Iterable[SnmpValue], source: Source) -> list[Hint]:
    """IpAddress values as hints; engines give them as dotted text or as four octets."""
    found = []
    for value in values:
        shown = dotted(tuple(value)) if isinstance(value, bytes) and len(value) == 4 else value
        if isinstance(shown, str) and shown not in ("0.0.0.0", "127.0.0.1"):  # noqa: S104 - compared, never bound
            found.append(Hint(shown, source))
    return found
