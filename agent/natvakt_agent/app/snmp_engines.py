"""Which SNMP engine asks which device: gufo in this process, pysnmp in the child process `snmp`, behind the same port.

pysnmp is taken where a target or the settings ask for it, and where gufo cannot: SNMPv3 context names, Windows, and authenticated SNMPv3,
because gufo does not check the digest of an answer (promise 35). Protocols that a credential leaves open are found through it too.
"""

import logging
import sys
from collections.abc import Mapping

from natvakt_agent.app.services import SERVICES
from natvakt_agent.collectors.snmp.child_session import ChildSession, EngineFault, find_protocols
from natvakt_agent.collectors.snmp.protocol_search import ProtocolBook, ProtocolSearch
from natvakt_agent.collectors.snmp.session import NoAnswer, Session
from natvakt_agent.isolation.child import Child, ChildFailed, ChildLost, ChildTimedOut
from natvakt_agent.isolation.limits import Limits
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target

if sys.platform != "win32":
    from natvakt_agent.collectors.snmp.gufo_session import GufoSession

logger = logging.getLogger(__name__)

GUFO, PYSNMP = "gufo", "pysnmp"
FEWEST_THREADS = 8


class ChildCaller:
    """The child process in the words of the SNMP port."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def call(self, method: str, argument: bytes, timeout_seconds: float) -> bytes:
        try:
            return self._child.call(method, argument, timeout_seconds)
        except ChildFailed as error:
            raise EngineFault(error.fault, str(error)) from None
        except (ChildTimedOut, ChildLost) as error:
            logger.warning("snmp engine process lost reason=%s", error)
            raise NoAnswer(f"the SNMP engine's process ended before the answer: {error}") from error


class OnlyThisRun:
    """A `ProtocolBook` for commands that keep nothing."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, str] | None] = {}

    def protocols(self, device: str) -> tuple[str, str] | None:
        return self._kept.get(device)

    def keep_protocols(self, device: str, protocols: tuple[str, str] | None) -> None:
        self._kept[device] = protocols


def engine_for(target: Target, preferred: str, platform: str = sys.platform) -> str:
    """The engine's name. What gufo cannot do it is not asked for; what it does not check, only where the site says so of the target."""
    credential = target.snmp
    if platform == "win32" or (credential is not None and credential.context_name is not None):
        return PYSNMP
    if target.snmp_engine is not None:
        return target.snmp_engine
    is_authenticated = credential is not None and credential.auth_key is not None
    return PYSNMP if is_authenticated else preferred


class SnmpEngines:
    """Opens sessions; the child starts with the first question that needs it and ends with `close`."""

    def __init__(self, preferred: str, child: Child, book: ProtocolBook, clock: Clock) -> None:
        self._preferred, self._child = preferred, child
        self._caller = ChildCaller(child)
        self._search = ProtocolSearch(lambda target, seconds: find_protocols(target, seconds, self._caller), book, clock)

    def open_session(self, target: Target, timeout_seconds: float) -> Session:
        """Raises CredentialUnusable; and the port's faults where protocols have to be found first."""
        known = self._search.settled(target, timeout_seconds)
        session = self._opened(known, timeout_seconds)
        return session if known is target else self._search.watched(session, target)

    def _opened(self, target: Target, timeout_seconds: float) -> Session:
        if engine_for(target, self._preferred) == PYSNMP:
            return ChildSession(target, timeout_seconds, self._caller)
        return GufoSession(target, timeout_seconds)

    def open_capture(self, target: Target, timeout_seconds: float) -> ChildSession:
        """A session that keeps the types of values, which only the second engine does. Raises as `open_session`."""
        return ChildSession(self._search.settled(target, timeout_seconds), timeout_seconds, self._caller)

    def close(self) -> None:
        self._child.close()


def snmp_child(workers: int, environment: Mapping[str, str]) -> Child:
    """The child process of the second engine, with a thread for every device that may be asked at the same time."""
    return Child("snmp", SERVICES["snmp"], Limits(threads=max(FEWEST_THREADS, workers)), environment)
