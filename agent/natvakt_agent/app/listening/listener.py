"""Keeps the listening process alive and brings home what it heard. One thread beside the agent's own, every half second:

is it there? ── no: start it, after a pause where that failed ── yes ── what did it push? ── translate, scrub ── Hand-over
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from natvakt_agent.app.listening.translation import Translator
from natvakt_agent.isolation.child import ChildError
from natvakt_agent.listeners.messages import COUNTS, LISTEN, Counts, FlowSummary, Heard, Pushed, Settings, packed, unpacked
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Observation
from natvakt_agent.pipeline.events import EventRow

logger = logging.getLogger(__name__)

STEP_SECONDS = 0.5
START_SECONDS, COUNTS_SECONDS = 60.0, 10.0
COUNTS_EVERY_NS = 10_000_000_000
FIRST_PAUSE_NS, LONGEST_PAUSE_NS = 5_000_000_000, 300_000_000_000
LONGEST_AGE_NS = 3600 * 1_000_000_000
ALARM = "listeners"


class Process(Protocol):
    """`isolation.child.Child`, as far as it is used here."""

    @property
    def pid(self) -> int | None: ...
    @property
    def starts(self) -> int: ...
    @property
    def dropped(self) -> int: ...
    def call(self, method: str, argument: bytes, timeout_seconds: float) -> bytes: ...
    def events(self) -> Sequence[bytes]: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the agent's own thread takes up. `changed`: devices whose configuration somebody changed."""

    events: Sequence[EventRow]
    flows: Sequence[Observation]
    changed: frozenset[str]


@dataclass(slots=True)
class _State:
    """Of the process as it lives now."""

    life: int = 0
    pause_ns: int = FIRST_PAUSE_NS
    not_before_ns: int = 0
    counts_due_ns: int = 0
    trouble: str = ""
    sources: frozenset[str] = frozenset()
    told: Counts = field(default_factory=lambda: Counts(ports={}, counts={}))


class Listener:
    """`hand_over` is called from this thread. `settings` is asked at each start, so that a life has its own boots (RFC 3414)."""

    def __init__(
        self,
        process: Process,
        settings: Callable[[], Settings],
        translator: Translator,
        clock: Clock,
        hand_over: Callable[[HandOver], None],
        warnings: Sequence[str] = (),
    ) -> None:
        self._process, self._settings, self._translator = process, settings, translator
        self._clock, self._hand_over = clock, hand_over
        self._warnings = tuple(warnings)
        self._state = _State()
        self._heard: Counter[str] = Counter()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What the process still held comes home first."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join(2 * STEP_SECONDS + COUNTS_SECONDS)
        self._process.close()
        self._bring_home()

    def _run(self) -> None:
        while not self._is_over.wait(STEP_SECONDS):
            try:
                self.step()
            except Exception:
                self._heard["faults"] += 1
                logger.exception("listener met a fault")

    def step(self) -> None:
        now_ns = self._clock.monotonic_ns()
        if self._process.pid is None or self._state.life != self._process.starts:
            if now_ns >= self._state.not_before_ns:
                self._begin(now_ns)
        elif now_ns >= self._state.counts_due_ns:
            self._look(now_ns)
        self._bring_home()

    def _begin(self, now_ns: int) -> None:
        sources = frozenset(self._translator.devices())
        try:
            told = unpacked(self._process.call(LISTEN, packed(self._settings()), START_SECONDS), Counts)
        except (ChildError, msgspec.DecodeError) as error:
            self._state.trouble = str(error)
            self._state.not_before_ns = now_ns + self._state.pause_ns
            self._state.pause_ns = min(2 * self._state.pause_ns, LONGEST_PAUSE_NS)
            logger.warning("nothing is listened to reason=%s", error)
            return
        self._state = _State(self._process.starts, counts_due_ns=now_ns + COUNTS_EVERY_NS, sources=sources, told=told)
        logger.info("listening %s", " ".join(f"{name.replace(' ', '=')}:{port}" for name, port in told.ports.items()))

    def _look(self, now_ns: int) -> None:
        """How much it heard; and where targets came or went, another process that knows them."""
        self._state.counts_due_ns = now_ns + COUNTS_EVERY_NS
        if self._state.sources != frozenset(self._translator.devices()):
            self._process.close()
            self._begin(now_ns)
            return
        try:
            self._state.told = unpacked(self._process.call(COUNTS, b"", COUNTS_SECONDS), Counts)
        except (ChildError, msgspec.DecodeError) as error:
            self._state.trouble = str(error)
            logger.warning("listening process did not answer reason=%s", error)

    def _bring_home(self) -> None:
        now = Instant.of(self._clock)
        events: list[EventRow] = []
        flows: list[Observation] = []
        changed: set[str] = set()
        for body in self._process.events():
            try:
                pushed = unpacked(body, Pushed)
            except msgspec.DecodeError:
                self._heard["unreadable"] += 1
                continue
            events += [self._event(each, pushed.now_ns, now, changed) for each in pushed.events]
            flows += [found for each in pushed.flows if (found := self._flows(each, now)) is not None]
        if events or flows:
            self._hand_over(HandOver(events, flows, frozenset(changed)))

    def _event(self, heard: Heard, pushed_ns: int, now: Instant, changed: set[str]) -> EventRow:
        """Ages are told by the process's own clock; nothing is compared with ours."""
        age_ns = min(max(0, pushed_ns - heard.heard_ns), LONGEST_AGE_NS)
        row = self._translator.event(heard, now.monotonic_ns - age_ns)
        device = self._translator.device(heard.source)
        self._heard["events" if device else "events-of-unknown"] += 1
        if heard.is_change and device is not None:
            changed.add(device)
        return row

    def _flows(self, summary: FlowSummary, now: Instant) -> Observation | None:
        found = self._translator.flows(summary, now)
        self._heard["flow-summaries" if found else "flow-summaries-of-unknown"] += 1
        return found

    def alarms(self) -> Mapping[str, str]:
        return {ALARM: self._state.trouble} if self._state.trouble else {}

    def status(self) -> Mapping[str, object]:
        """For `natvakt-agent status` and `doctor`."""
        return {
            "state": "silent" if self._state.trouble else "listening" if self._state.life else "starting",
            "trouble": self._state.trouble,
            "warnings": list(self._warnings),
            "ports": dict(self._state.told.ports),
            "counts": dict(self._state.told.counts),
            "taken": dict(self._heard) | {"dropped": self._process.dropped},
            "starts": self._process.starts,
        }
