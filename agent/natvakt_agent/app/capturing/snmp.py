"""The SNMP half of a capture: one device walked, and the VLANs that it shows one by one."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from natvakt_agent.capture.recording import Recording, Varbind, oid_of
from natvakt_agent.collectors.snmp.capture_walk import EVERYTHING, Asker, CaptureWalk, Gap, Walked, subtrees
from natvakt_agent.collectors.snmp.checked import Deadline
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS
from natvakt_agent.collectors.snmp.packs import PACKS
from natvakt_agent.collectors.snmp.session import SnmpFault
from natvakt_agent.collectors.snmp.vlan_contexts import ETHERNET, FIRST_VLAN, MOST_VLANS, TREE_TYPE, TREES_PER_VLAN, VLAN_TYPE, in_vlan
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target

REQUEST_TIMEOUT_SECONDS = 4.0
BRIDGE = ("1.3.6.1.2.1.17",)  # dot1dBridge: what is another one in each VLAN
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
PROGRESS_SECONDS = 2.0

Note = Callable[[str], None]
OpenCapture = Callable[[Target, float], Asker]


class Pace:
    """At most `per_second` requests; no burst is made up for."""

    def __init__(self, per_second: float, clock: Clock, pause: Callable[[float], None] = time.sleep) -> None:
        self._gap_ns, self._clock, self._pause = int(1e9 / per_second), clock, pause
        self._next_ns = clock.monotonic_ns()

    def take_turn(self) -> None:
        now = self._clock.monotonic_ns()
        if now < self._next_ns:
            self._pause((self._next_ns - now) / 1e9)
        self._next_ns = max(now, self._next_ns) + self._gap_ns


class Progress:
    """Tells every two seconds how far a walk is."""

    def __init__(self, clock: Clock, note: Note) -> None:
        self._clock, self._note = clock, note
        self._told_ns = clock.monotonic_ns()

    def __call__(self, done: int, whole: int, objects: int) -> None:
        now = self._clock.monotonic_ns()
        if now - self._told_ns >= PROGRESS_SECONDS * 1e9 or done == whole:
            self._told_ns = now
            self._note(f"walked {done} of {whole} subtrees, {objects} objects")


@dataclass(slots=True)
class Recorded:
    """`ended`: why the walk stopped before its end, where it did. No recordings: the device did not answer."""

    recordings: list[Recording] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    requests: int = 0
    ended: SnmpFault | None = None


class SnmpCapture:
    def __init__(self, open_capture: OpenCapture, clock: Clock, pace: Pace, note: Note) -> None:
        self._open_capture, self._clock, self._pace, self._note = open_capture, clock, pace, note

    def run(self, target: Target, everything: bool) -> Recorded:
        """Raises CredentialUnusable and, where protocols have to be found first, the faults of the port."""
        deadline = Deadline(self._clock, target.deadline_seconds)
        bases = EVERYTHING if everything else subtrees(PACKS)
        walked = self._walked(target, bases, deadline)
        recorded = Recorded(gaps=walked.gaps, requests=walked.requests, ended=walked.ended)
        if not walked.varbinds:
            return recorded
        recorded.recordings.append(_recording(walked, None))
        if walked.ended is None:
            self._contexts(target, walked, deadline, recorded)
        return recorded

    def _walked(self, target: Target, bases: Sequence[str], deadline: Deadline) -> Walked:
        asker = self._open_capture(target, REQUEST_TIMEOUT_SECONDS)
        return CaptureWalk(asker, deadline, self._pace.take_turn).run(bases, Progress(self._clock, self._note))

    def _contexts(self, target: Target, walked: Walked, deadline: Deadline, recorded: Recorded) -> None:
        for vlan in _vlans(walked):
            place = in_vlan(target, vlan)
            if place is None:
                return
            self._note(f"context of VLAN {vlan}")
            inside = self._walked(place, BRIDGE, deadline)
            recorded.requests += inside.requests
            if not inside.varbinds and inside.ended is not None and not recorded.recordings[1:]:
                return  # a device that shows no contexts: that is no gap, and each would cost its timeouts
            recorded.gaps += inside.gaps
            if inside.varbinds:
                recorded.recordings.append(_recording(inside, str(vlan)))
            if inside.ended is not None:
                recorded.ended = inside.ended
                return


def _recording(walked: Walked, context: str | None) -> Recording:
    remarks = [f"missing below {gap.base}: {gap.what}" for gap in walked.gaps]
    if walked.ended is not None:
        remarks.append("the walk ended early")
    return Recording([Varbind(oid_of(oid), tag, value) for oid, tag, value in walked.varbinds], remarks, context)


def _vlans(walked: Walked) -> Sequence[int]:
    """VLANs with a spanning tree of their own, on devices that show each in its context (as `vlan_contexts` asks them)."""
    told = {oid: value for oid, _, value in walked.varbinds if oid in (SYS_OBJECT_ID, TREE_TYPE)}
    if not str(told.get(SYS_OBJECT_ID, "")).startswith(CISCO_PRODUCTS) or told.get(TREE_TYPE) not in TREES_PER_VLAN:
        return ()
    prefix = f"{VLAN_TYPE}."
    vlans = {int(oid.rpartition(".")[2]) for oid, _, value in walked.varbinds if oid.startswith(prefix) and value == ETHERNET}
    return sorted(vlans - {FIRST_VLAN})[:MOST_VLANS]
