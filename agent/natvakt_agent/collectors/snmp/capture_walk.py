"""A walk that keeps everything: each object with its ASN.1 tag, for recordings of devices (`natvakt-agent capture`).

As any walk it is distrustful (promises 28 to 30): OIDs have to grow, an endless subtree ends, a hard deadline holds, one request is
outstanding at a time, and a device that chokes on long answers is asked for short ones.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from natvakt_agent.collectors.snmp.checked import Deadline
from natvakt_agent.collectors.snmp.child_messages import TypedReply
from natvakt_agent.collectors.snmp.facts.families import FAMILIES
from natvakt_agent.collectors.snmp.oids import dotted, parse
from natvakt_agent.collectors.snmp.pack import Pack
from natvakt_agent.collectors.snmp.session import AnswerRefused, DeadlinePassed, NoAnswer, SnmpFault

TypedVarbind = tuple[str, int, int | str | bytes | None]
"""OID, ASN.1 tag number, value."""

EVERYTHING = ("1.0.8802", "1.2.840.10006", "1.3.6.1")
"""LLDP-MIB and the MIBs of IEEE 802.3 lie outside the internet's tree."""
GREETING = ("1.3.6.1.2.1.1", "1.3.6.1.2.1.17.1", "1.3.6.1.2.1.47.1.4")
"""Asked by the poll and the facts of a device, whatever the packs read: system, dot1dBase, entLastChangeTime."""
FIRST_REPETITIONS, ATTEMPTS = 25, 3
MOST_OBJECTS = 500_000
MOST_OBJECTS_BELOW = 200_000  # of one subtree
MOST_SILENT = 2  # subtrees in a row


class Asker(Protocol):
    def following(self, oid: str, repetitions: int) -> TypedReply:
        """Raises the faults of the port."""
        ...


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing below `base`. `what` names nothing of the site's; `detail`, for the person at the site, may."""

    base: str
    what: str
    detail: str


@dataclass(slots=True)
class Walked:
    """`gaps`: the walk went on with the next subtree. `ended`: why it did not, where it did not."""

    varbinds: list[TypedVarbind] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    requests: int = 0
    ended: SnmpFault | None = None


def subtrees(packs: Iterable[Pack]) -> Sequence[str]:
    """What the packs know: the whole entry or group of each column, none inside another, in order."""
    columns = [column.oid for pack in packs for column in pack.columns]
    columns += [oid for family in FAMILIES for oid in (*family.version_oids, *family.model_oids, *family.serial_oids)]
    kept: list[tuple[int, ...]] = []
    for oid in sorted([parse(oid)[:-1] for oid in columns] + [parse(oid) for oid in GREETING]):
        if not kept or oid[: len(kept[-1])] != kept[-1]:
            kept.append(oid)
    return [dotted(oid) for oid in kept]


class CaptureWalk:
    """One device. `take_turn` waits until the next request may go out."""

    def __init__(self, asker: Asker, deadline: Deadline, take_turn: Callable[[], None]) -> None:
        self._asker, self._deadline, self._take_turn = asker, deadline, take_turn
        self._repetitions = FIRST_REPETITIONS
        self._walked = Walked()

    def run(self, bases: Sequence[str], progress: Callable[[int, int, int], None]) -> Walked:
        """Walk them all. `progress` is told how many subtrees of how many are done, and how many objects were found."""
        walked, silent = self._walked, 0
        for number, base in enumerate(bases):
            progress(number, len(bases), len(walked.varbinds))
            try:
                self._subtree(base)
                silent = 0
            except NoAnswer as fault:
                silent += 1
                walked.gaps.append(Gap(base, "no answer", str(fault)))
                if silent == MOST_SILENT or not walked.varbinds:
                    walked.ended = fault
                    break
            except AnswerRefused as fault:
                walked.gaps.append(Gap(base, "answers that were none", str(fault)))
            except SnmpFault as fault:
                walked.ended = fault
                break
        progress(len(bases), len(bases), len(walked.varbinds))
        return walked

    def _subtree(self, base: str) -> None:
        prefix, position, count = f"{base}.", base, 0
        last = parse(base)
        while count < MOST_OBJECTS_BELOW:
            reply = self._asked(position)
            for oid, tag, value in reply.varbinds:
                if not oid.startswith(prefix):
                    return
                number = parse(oid)
                if number <= last:
                    self._walked.gaps.append(Gap(base, "OIDs that do not grow", f"the walk ended at {oid}"))
                    return
                last, position, count = number, oid, count + 1
                self._walked.varbinds.append((oid, tag, value))
            if reply.ended or not reply.varbinds:
                return
            if len(self._walked.varbinds) > MOST_OBJECTS:
                raise DeadlinePassed(f"more than {MOST_OBJECTS} objects; the rest is not recorded")
        self._walked.gaps.append(Gap(base, "too many objects", f"the walk ended after {MOST_OBJECTS_BELOW}"))

    def _asked(self, position: str) -> TypedReply:
        for attempt in range(1, ATTEMPTS + 1):
            self._deadline.check()
            self._take_turn()
            self._walked.requests += 1
            try:
                return self._asker.following(position, self._repetitions)
            except (NoAnswer, AnswerRefused):
                if attempt == ATTEMPTS:
                    raise
                if self._walked.varbinds:  # a device that was never heard is not asked for less
                    self._repetitions = max(1, self._repetitions // 4)
        raise NoAnswer("never asked")
