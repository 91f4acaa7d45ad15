"""From what the listening process heard to what leaves the site: devices by their ids, texts scrubbed, flows as rows of a table."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

from natvakt_agent.listeners.messages import FlowSummary, Heard
from natvakt_agent.model.clock import Instant
from natvakt_agent.model.observation import Observation, TableObservation, Value
from natvakt_agent.pipeline.events import EventRow
from natvakt_agent.scrubbing.scrubber import Scrubber

FLOW = "flow"
FLOW_KEY = ("ifIndex", "direction", "rank")
FLOW_SERIES = frozenset({"bytes", "packets"})
SYSTEM = "ios"  # the scrubber's grammar is one for all systems
HELD_BACK = "(held back at the site: what looks like a secret would remain)"
MOST_CACHED = 512
TEXTS = ("name", "facility", "mnemonic", "host", "told_at", "user", "origin")
KINDS = ("name", "facility", "mnemonic")
_KIND = re.compile(r"[A-Za-z0-9_.-]{1,96}")
Words = Mapping[str, str]


class Cleaner(Protocol):
    def __call__(self, heard: Heard) -> Words:
        """`TEXTS` and `message` of an event as they may leave the site."""
        ...


def scrubbing(scrubber: Scrubber) -> Cleaner:
    """Everything a stranger wrote, without secrets; a command in a message is scrubbed as the configuration line it is."""

    @lru_cache(maxsize=MOST_CACHED)
    def clean(lines: tuple[str, ...]) -> tuple[str, ...]:
        scrubbed = scrubber.scrub("\n".join(lines), SYSTEM)
        if scrubbed.text is None:
            kept = ["" if number in scrubbed.doubtful else line for number, line in enumerate(lines, start=1)]
            scrubbed = scrubber.scrub("\n".join(kept), SYSTEM)
            return ("",) * len(lines) if scrubbed.text is None else tuple(scrubbed.text.split("\n"))
        return tuple(scrubbed.text.split("\n"))

    def of(heard: Heard) -> Words:
        start, end = heard.command or (0, 0)
        parts = (heard.message[:start], heard.message[start:end], heard.message[end:])
        texts = tuple(str(getattr(heard, name)) for name in TEXTS)
        cleaned = clean((*texts, *parts))
        is_whole = all(bool(new) or not old.strip() for new, old in zip(cleaned[len(TEXTS) :], parts, strict=True))
        message = "".join(cleaned[len(TEXTS) :]) if is_whole else HELD_BACK
        return dict(zip(TEXTS, cleaned, strict=False)) | {"message": message}

    return of


def kinds_only(heard: Heard) -> Words:
    """A `Cleaner` where texts stay at the site: what kind of event it is, in words no secret looks like."""
    return {name: text for name in KINDS if _KIND.fullmatch(text := str(getattr(heard, name)))}


class Translator:
    """`devices` answers ids by address as `spelled` writes them; whoever else speaks is told under the agent's own machine."""

    def __init__(self, host: str, devices: Callable[[], Mapping[str, str]], clean: Cleaner) -> None:
        self._host = host
        self.devices = devices
        self._clean = clean

    def device(self, source: str) -> str | None:
        return self.devices().get(source)

    def event(self, heard: Heard, monotonic_ns: int) -> EventRow:
        """`monotonic_ns`: when it was heard, in the agent's time."""
        device = self.device(heard.source)
        row: dict[str, Value] = {
            "kind": heard.kind,
            "severity": heard.severity,
            "source": heard.source,
            "known": device is not None,
            "is_change": heard.is_change,
            "count": heard.count,
            **{name: text for name, text in self._clean(heard).items() if text},
        }
        return EventRow(device or self._host, monotonic_ns, row)

    def flows(self, summary: FlowSummary, at: Instant) -> Observation | None:
        """Table `flow` of the exporter; None where it is no target: an interface's number means nothing without its device."""
        device = self.device(summary.source)
        if device is None:
            return None
        rows: list[Mapping[str, Value]] = [
            {
                "ifIndex": each.if_index,
                "direction": each.direction,
                "rank": each.rank,
                "bytes": each.octets,
                "packets": each.packets,
                "protocol": each.protocol,
                "application": each.application,
                "peer_a": each.peer_a,
                "peer_b": each.peer_b,
            }
            for each in summary.talkers
        ]
        return Observation(device, at.wall_ns, at.monotonic_ns, at.boot_id, [TableObservation(FLOW, FLOW_KEY, FLOW_SERIES, rows)])
