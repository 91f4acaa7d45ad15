"""What the server may ask of this agent: intervals by signed policy, and verbs. Both only inside the site's own policy (promise 66).

Signatures are checked by the link before anything comes here. Called from the uplink's thread; what is to be done is handed to the
agent's own thread through a queue.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import msgspec

from natvakt_agent.config.server_policy import AppliedPolicy, judge
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.model.clock import Clock

logger = logging.getLogger(__name__)

SCAN_NOW = "scan-now"
KNOWN_VERBS = frozenset({SCAN_NOW})


@dataclass(frozen=True, slots=True)
class Answer:
    """To a command: whether it will be done, and why not."""

    accepted: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ScanNow:
    command: str


Wish = AppliedPolicy | ScanNow


class ServerWishes:
    """`pending` is what the agent's thread has still to do; `counts` how often what was granted and refused."""

    def __init__(self, site: SitePolicy, tables: Collection[str], clock: Clock) -> None:
        self._site = site
        self._tables = tables
        self._clock = clock
        self._done: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.pending: SimpleQueue[Wish] = SimpleQueue()

    def offer_policy(self, body: bytes) -> AppliedPolicy:
        """Judge each part of the policy; what may hold is queued, what may not is logged and counted."""
        applied = judge(body, self._site, self._tables)
        for refusal in applied.refused:
            logger.warning("policy part refused part=%s value=%s reason=%s", refusal.part, refusal.value, refusal.reason)
        self.counts["policy_parts_refused"] += len(applied.refused)
        if applied.version:
            self.counts["policies_applied"] += 1
            self.pending.put(applied)
        return applied

    def offer_command(self, body: bytes) -> Answer:
        """Judge a command at once; an accepted one is queued, a repeated one is accepted and not done again."""
        answer, command = self._judge_command(body)
        if not answer.accepted:
            logger.warning("command refused command=%s reason=%s", command, answer.detail)
            self.counts["commands_refused"] += 1
        elif command not in self._done:
            self._done.add(command)
            self.counts["commands_accepted"] += 1
            self.pending.put(ScanNow(command))
        return answer

    def _judge_command(self, body: bytes) -> tuple[Answer, str]:
        try:
            content: Any = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Answer(False, "is not JSON"), "?"
        if not isinstance(content, Mapping) or not isinstance(content.get("id"), str):
            return Answer(False, "has no id"), "?"
        command, verb, not_after = content["id"][:80], content.get("verb"), content.get("not_after")
        if verb not in KNOWN_VERBS:
            return Answer(False, "this agent knows no such verb"), command
        if verb not in self._site.allowed_verbs:
            return Answer(False, "the site policy does not allow this verb (allowed_verbs)"), command
        if not isinstance(not_after, int) or isinstance(not_after, bool) or self._clock.wall_ns() > not_after:
            return Answer(False, "came after its not_after, or has none"), command
        return Answer(True), command

    def drain(self, apply: Callable[[Wish], None]) -> None:
        """Hand over what is pending; for the agent's own thread."""
        while not self.pending.empty():
            apply(self.pending.get())
