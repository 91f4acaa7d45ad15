"""SSH collection's edges: the child process, and the gate before the site's border."""

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from natvakt_agent.app.services import SERVICES
from natvakt_agent.collectors.ssh.ports import Cleared, ServiceLost
from natvakt_agent.isolation.child import Child, ChildError
from natvakt_agent.isolation.limits import MEBIBYTE, Limits
from natvakt_agent.model.target import Target
from natvakt_agent.scrubbing.outcome import Scrubbed, Scrubs

logger = logging.getLogger(__name__)

MEMORY_BYTES = 1024 * MEBIBYTE


def ssh_child(workers: int, environment: Mapping[str, str]) -> Child:
    """The child process that speaks SSH, with a thread for every device that may be asked at the same time."""
    return Child("ssh", SERVICES["ssh"], Limits(memory_bytes=MEMORY_BYTES, threads=workers + 1), environment)


class ChildCaller:
    """The child process in the words of the SSH port."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def call(self, method: str, argument: bytes, timeout_seconds: float) -> bytes:
        try:
            return self._child.call(method, argument, timeout_seconds)
        except ChildError as error:
            logger.warning("ssh process gave no answer method=%s reason=%s", method, error)
            raise ServiceLost(f"the SSH process gave no answer: {error}") from error


class Door(Protocol):
    """Where scrubbed texts leave: `Outgoing`."""

    def offer(self, device: str, what: str, scrubbed: Scrubbed) -> str | None:
        """The text that leaves now, or None. Raises OSError."""
        ...


class OnlyShown:
    """A `Door` for a person at the terminal: nothing leaves and nothing is kept."""

    def offer(self, device: str, what: str, scrubbed: Scrubbed) -> str | None:  # noqa: ARG002 (the port's signature)
        return scrubbed.text


class SiteGate:
    """`scrubber`: made at the first text, because its key is made then too. Where a credential did not open, nothing leaves: what the
    vault holds has to be known to be taken out."""

    def __init__(self, make_scrubber: Callable[[], Scrubs], outgoing: Door, unopened: tuple[str, ...]) -> None:
        self._make_scrubber = make_scrubber
        self._outgoing = outgoing
        self._unopened = unopened
        self._scrubber: Scrubs | None = None

    def clear(self, target: Target, what: str, text: str, system: str) -> Cleared:
        if self._unopened:
            return Cleared(None, f"held back at the site: credential {self._unopened[0]!r} of the vault does not open")
        try:
            self._scrubber = self._scrubber or self._make_scrubber()
            scrubbed = self._scrubber.scrub(text, system)
            leaving = self._outgoing.offer(target.name, what, scrubbed)
        except OSError as error:
            return Cleared(None, f"held back at the site: it could not be kept for the site to see: {error.strerror}")
        if scrubbed.text is None:
            lines = ", ".join(map(str, scrubbed.doubtful[:5]))
            return Cleared(None, f"held back at the site: what looks like a secret would remain in line {lines}")
        return Cleared(leaving, None if leaving is not None else "held at the site until a person approves it")
