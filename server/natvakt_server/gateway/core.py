"""All sessions of one gateway: one live session an agent, cut when its agent is refused. Sans-IO like the sessions themselves.

A driver (the gRPC server, the simulator) calls `connect` for each stream, feeds the session, gives its `Ask`s to a `Recorder` and the
answers back through `answer`, calls `tick` every second, and `disconnect` when the stream has ended.
"""

from collections.abc import Callable, Mapping

from natvakt_server.gateway.requests import Answer, Begun, Peer
from natvakt_server.gateway.session import Session, SessionParts


class Admission:
    """Which agents and certificates may not speak now. Replaced as a whole by whoever watches revocations, read at every message."""

    def __init__(self) -> None:
        self._agents: Mapping[str, str] = {}
        self._certificates: Mapping[bytes, str] = {}

    def replace(self, agents: Mapping[str, str], certificates: Mapping[bytes, str] | None = None) -> None:
        """`agents`: agent id to reason; `certificates`: fingerprint to reason."""
        self._agents = agents
        self._certificates = certificates or {}

    def refusal(self, peer: Peer) -> str | None:
        return self._agents.get(peer.agent) or self._certificates.get(peer.fingerprint)


class Gateway:
    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts
        self._sessions: dict[int, Session] = {}
        self._live: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def connect(self, peer: Peer, wake: Callable[[], None] = lambda: None) -> Session:
        """A stream whose certificate was checked. `wake` is called when effects wait that the driver did not cause itself."""
        session = Session(peer, self._parts, wake)
        self._sessions[id(session)] = session
        return session

    def answer(self, session: Session, answer: Answer) -> None:
        """The store's word, through here because a session that begins ends the one before it."""
        session.answer(answer)
        if isinstance(answer, Begun) and session.open:
            before = self._live.get(session.peer.agent)
            self._live[session.peer.agent] = session
            if before is not None and before is not session:
                before.close("ABORTED", "superseded: the agent opened a newer stream")

    def tick(self) -> None:
        for session in list(self._sessions.values()):
            session.tick()

    def disconnect(self, session: Session) -> None:
        self._sessions.pop(id(session), None)
        if self._live.get(session.peer.agent) is session:
            del self._live[session.peer.agent]
