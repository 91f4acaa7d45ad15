"""`Session` over an engine that lives in a child process: every request is one call, and the child's end is silence of the device."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from natvakt_agent.collectors.snmp.child_messages import (
    ASK,
    ASK_TYPED,
    FIND_PROTOCOLS,
    Found,
    Kind,
    Peer,
    Question,
    Reply,
    Search,
    TypedReply,
    packed,
    unpacked,
)
from natvakt_agent.collectors.snmp.session import AccessRefused, AnswerRefused, ColumnWalk, NoAnswer, SnmpFault, SnmpValue, Step
from natvakt_agent.collectors.snmp.v3_protocols import CredentialUnusable, candidates, check_user
from natvakt_agent.model.target import Target

VERSIONS = ("v1", "v2c", "v3")
FAULTS: Mapping[str, type[SnmpFault]] = {kind.__name__: kind for kind in (NoAnswer, AccessRefused, AnswerRefused)}
ROUND_TRIPS = 7  # of one SNMPv3 question at most: discovery, three, and three again before a user is called wrong
SLACK_SECONDS = 5.0  # for the child to start and to take turns


class Caller(Protocol):
    """The child process. Raises `NoAnswer` when it was ended for its silence or died, `EngineFault` when it refused."""

    def call(self, method: str, argument: bytes, timeout_seconds: float) -> bytes: ...


class EngineFault(Exception):
    """What the engine raised in its process: the name of the class, and its message."""

    def __init__(self, fault: str, message: str) -> None:
        super().__init__(message)
        self.fault = fault

    def as_port_fault(self) -> SnmpFault:
        kind = FAULTS.get(self.fault)
        return kind(str(self)) if kind else AnswerRefused(f"the engine failed: {self.fault}: {self}")


class ChildWalk:
    def __init__(self, session: "ChildSession", base: str, repetitions: int | None) -> None:
        self._session, self._repetitions = session, repetitions
        self._position = base

    def step(self) -> Step:
        kind: Kind = "next" if self._repetitions is None else "bulk"
        reply = self._session.ask(kind, (self._position,), self._repetitions or 0)
        if reply.varbinds:
            self._position = reply.varbinds[-1][0]
        return Step(reply.varbinds, reply.ended)


class ChildSession:
    """`Session` whose questions are asked elsewhere."""

    def __init__(self, target: Target, timeout_seconds: float, caller: Caller) -> None:
        """Raises `CredentialUnusable`."""
        self._peer = _peer(target)
        self._timeout_seconds, self._caller = timeout_seconds, caller
        self._engine_id: bytes | None = None
        self._remarks: list[str] = []

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        reply = self.ask("get", oids, 0)
        if reply.varbinds or reply.ended:
            return dict(reply.varbinds)
        # noSuchName of one object hides all the others (RFC 1157, 4.1.2).
        half = len(oids) // 2
        return {**self.get_many(oids[:half]), **self.get_many(oids[half:])}

    def walk(self, base: str, repetitions: int) -> ColumnWalk:
        return ChildWalk(self, base, None if self._peer.version == "v1" else repetitions)

    @property
    def engine_id(self) -> bytes | None:
        return self._engine_id

    def remarks(self) -> Sequence[str]:
        return tuple(dict.fromkeys(self._remarks))

    def ask(self, kind: Kind, oids: Sequence[str], repetitions: int) -> Reply:
        reply = unpacked(self._asked(ASK, kind, oids, repetitions), Reply)
        self._note(reply)
        return reply

    def following(self, oid: str, repetitions: int) -> TypedReply:
        """The next objects after `oid`, up to `repetitions` (one in SNMPv1), each with its ASN.1 tag."""
        kind: Kind = "next" if self._peer.version == "v1" else "bulk"
        reply = unpacked(self._asked(ASK_TYPED, kind, (oid,), repetitions), TypedReply)
        self._note(reply)
        return reply

    def _asked(self, method: str, kind: Kind, oids: Sequence[str], repetitions: int) -> bytes:
        question = Question(self._peer, kind, oids, repetitions, self._timeout_seconds)
        seconds = self._timeout_seconds * (ROUND_TRIPS if self._peer.version == "v3" else 1) + SLACK_SECONDS
        return _called(self._caller, method, packed(question), seconds)

    def _note(self, reply: Reply | TypedReply) -> None:
        self._engine_id = reply.engine_id or self._engine_id
        self._remarks += reply.remarks


def find_protocols(target: Target, timeout_seconds: float, caller: Caller) -> Found:
    """Which protocols the device speaks with the target's credential, where they are `any`. Raises CredentialUnusable, SnmpFault."""
    peer = _peer(target)
    assert target.snmp is not None
    auth, privacy = candidates(target.snmp)
    search = Search(peer, auth, privacy, timeout_seconds)
    seconds = timeout_seconds * (1 + len(auth) + ROUND_TRIPS * len(privacy)) + SLACK_SECONDS
    return unpacked(_called(caller, FIND_PROTOCOLS, packed(search), seconds), Found)


def _called(caller: Caller, method: str, argument: bytes, seconds: float) -> bytes:
    try:
        return caller.call(method, argument, seconds)
    except EngineFault as fault:
        raise fault.as_port_fault() from None


def _peer(target: Target) -> Peer:
    credential = target.snmp
    if credential is None or credential.version not in VERSIONS:
        version = None if credential is None else credential.version
        raise CredentialUnusable(f"device {target.name}: SNMP version {version!r} cannot be spoken; give it a credential of v1, v2c or v3")
    if credential.version == "v3":
        check_user(credential)
    return Peer.of(target.address, target.snmp_port, credential)
