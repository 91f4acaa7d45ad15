"""What the server may ask of this agent: intervals by signed policy, and verbs. Both only inside the site's own policy (promise 66).

Signatures are checked by the link before anything comes here. Called from the uplink's thread; what is to be done is handed to the
agent's own thread through a queue.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from queue import SimpleQueue

from natvakt_agent.config.server_policy import AppliedPolicy, judge
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.link.directives import Command

logger = logging.getLogger(__name__)

SCAN_NOW = "scan-now"
FETCH_CONFIGURATIONS = "fetch-config"


@dataclass(frozen=True, slots=True)
class ScanNow:
    command: str


@dataclass(frozen=True, slots=True)
class FetchConfigurations:
    command: str


Wish = AppliedPolicy | ScanNow | FetchConfigurations


class ServerWishes:
    """`version` is of the policy in force, `pending` what the agent's thread has still to do; `counts` what was granted and refused."""

    def __init__(self, site: SitePolicy, tables: Collection[str]) -> None:
        self._site = site
        self._tables = tables
        self.version = 0
        self.counts: Counter[str] = Counter()
        self.pending: SimpleQueue[Wish] = SimpleQueue()

    def offer_policy(self, body: bytes) -> AppliedPolicy:
        """Judge each part of the policy; what may hold is queued, what may not is logged and counted."""
        applied = judge(body, self._site, self._tables)
        for refusal in applied.refused:
            logger.warning("policy part refused part=%s value=%s reason=%s", refusal.part, refusal.value, refusal.reason)
        self.counts["policy_parts_refused"] += len(applied.refused)
        if applied.version:
            self.version = applied.version
            self.counts["policies_applied"] += 1
            self.pending.put(applied)
        return applied

    def carry_out(self, command: Command) -> str | None:
        """Queue a verified command; or the reason why this site does not do it."""
        reason = self._refusal(command.verb)
        if reason is None:
            self.counts["commands_accepted"] += 1
            self.pending.put(FetchConfigurations(command.id) if command.verb == FETCH_CONFIGURATIONS else ScanNow(command.id))
        else:
            logger.warning("command refused command=%s reason=%s", command.id[:80], reason)
            self.counts["commands_refused"] += 1
        return reason

    def _refusal(self, verb: str) -> str | None:
        if verb not in self._site.allowed_verbs:
            return "the site policy does not allow this verb (allowed_verbs)"
        return None if verb in (SCAN_NOW, FETCH_CONFIGURATIONS) else "this agent cannot do that yet"

    def drain(self, apply: Callable[[Wish], None]) -> None:
        """Hand over what is pending; for the agent's own thread."""
        while not self.pending.empty():
            apply(self.pending.get())
