"""The site policy at the last place before the network: an object outside it is never asked for, whoever wants it (promise 66)."""

import logging
from collections.abc import Callable, Mapping, Sequence

from natvakt_agent.collectors.snmp.session import AnswerRefused, ColumnWalk, Session, SnmpValue
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.model.target import Target

logger = logging.getLogger(__name__)

SessionOpener = Callable[[Target, float], Session]


class GuardedSession:
    """A `Session` that asks only for what the site allows. Objects outside are as if the device did not have them."""

    def __init__(self, session: Session, policy: SitePolicy) -> None:
        self._session = session
        self._policy = policy

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        allowed = [oid for oid in oids if self._policy.allows_oid(oid)]
        if len(allowed) < len(oids):
            logger.debug("site policy keeps objects back count=%d", len(oids) - len(allowed))
        return self._session.get_many(allowed) if allowed else {}

    def walk(self, base: str, repetitions: int) -> ColumnWalk:
        if not self._policy.allows_oid(base):
            raise AnswerRefused(f"the site policy does not allow {base} (allowed_oid_prefixes)")
        return self._session.walk(base, repetitions)

    @property
    def engine_id(self) -> bytes | None:
        return self._session.engine_id

    def remarks(self) -> Sequence[str]:
        return self._session.remarks()


def guarded(open_session: SessionOpener, policy: SitePolicy) -> SessionOpener:
    """Opens sessions only to allowed addresses; raises ValueError, which the collector tells as the table's failure."""

    def open_guarded(target: Target, timeout_seconds: float) -> Session:
        if not policy.allows_address(target.address):
            raise ValueError(f"the site policy does not allow the address {target.address} (allowed_networks)")
        return GuardedSession(open_session(target, timeout_seconds), policy)

    return open_guarded
