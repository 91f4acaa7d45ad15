"""A credential whose protocols are `any`: what the device speaks is found once, kept, and looked for again only when it is refused.

One search costs a device at most one discovery, one question for each authentication and one or two for each privacy protocol: fewer
than twenty, and at most one search an hour for one device, so that nothing that counts wrong digests locks anybody out. The order is
that of strength, so what is kept is the strongest both know.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from natvakt_agent.collectors.snmp.child_messages import Found
from natvakt_agent.collectors.snmp.session import AccessRefused, ColumnWalk, NoAnswer, Session, SnmpValue
from natvakt_agent.collectors.snmp.v3_protocols import candidates, check_user, is_open, settled
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target

logger = logging.getLogger(__name__)

AGAIN_AFTER_NS = 3_600 * 1_000_000_000
Find = Callable[[Target, float], Found]
"""Asks the device; raises `SnmpFault` when it does not answer at all."""


class ProtocolBook(Protocol):
    """Where what was found is kept, by device."""

    def protocols(self, device: str) -> tuple[str, str] | None:
        """Authentication and privacy (empty: none)."""
        ...

    def keep_protocols(self, device: str, protocols: tuple[str, str] | None) -> None: ...


class ProtocolSearch:
    """Safe to use from several threads, one of them for each device."""

    def __init__(self, find: Find, book: ProtocolBook, clock: Clock) -> None:
        self._find, self._book, self._clock = find, book, clock
        self._lock = threading.Lock()
        self._searched_ns: dict[str, int] = {}

    def settled(self, target: Target, timeout_seconds: float) -> Target:
        """The target with protocols in place of `any`. Raises CredentialUnusable, AccessRefused and other faults of the port."""
        credential = target.snmp
        if credential is None or not is_open(credential):
            return target
        check_user(credential)
        kept = self._book.protocols(target.device)
        auth, privacy = candidates(credential)
        if kept is None or kept[0] not in auth or (kept[1] not in privacy if privacy else kept[1] != ""):
            kept = self._searched(target, timeout_seconds)
        return replace(target, snmp=settled(credential, *kept))

    def _searched(self, target: Target, timeout_seconds: float) -> tuple[str, str]:
        assert target.snmp is not None
        name = target.snmp.name
        with self._lock:
            now, last = self._clock.monotonic_ns(), self._searched_ns.get(target.device)
            if last is not None and now - last < AGAIN_AFTER_NS:
                raise AccessRefused(f"credential {name}: the device spoke none of its protocols; they are tried again within the hour")
            self._searched_ns[target.device] = now
        try:
            found = self._find(target, timeout_seconds)
        except NoAnswer:
            with self._lock:
                del self._searched_ns[target.device]  # silence says nothing about protocols
            raise
        logger.info(
            "snmp protocols searched device=%s credential=%s authentication=%s privacy=%s requests=%d",
            target.device, name, found.auth_protocol or "none", found.privacy_protocol or "none", found.requests,
        )  # fmt: skip
        if not found.auth_protocol:
            raise AccessRefused(f"credential {name}: no authentication protocol fits its user and key; check both on the device")
        if target.snmp.privacy_protocol and not found.privacy_protocol:
            raise AccessRefused(
                f"credential {name}: {found.auth_protocol} authenticates the user, but no privacy protocol fits its key; check it there"
            )
        self._book.keep_protocols(target.device, (found.auth_protocol, found.privacy_protocol))
        return found.auth_protocol, found.privacy_protocol

    def watched(self, session: Session, target: Target) -> Session:
        """The session of a target that was settled: what it speaks is forgotten when the device refuses it."""
        return _Watched(session, lambda: self._book.keep_protocols(target.device, None))


class _Watched:
    """Refusal shows at the first question of a poll, which is a GET."""

    def __init__(self, session: Session, doubt: Callable[[], None]) -> None:
        self._session, self._doubt = session, doubt

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        try:
            return self._session.get_many(oids)
        except AccessRefused:
            self._doubt()
            raise

    def walk(self, base: str, repetitions: int) -> ColumnWalk:
        return self._session.walk(base, repetitions)

    @property
    def engine_id(self) -> bytes | None:
        return self._session.engine_id

    def remarks(self) -> Sequence[str]:
        return self._session.remarks()
