"""From problems to incidents: a case for every problem that nobody explains, and what people are to be told of it."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from natvakt_server.domain.incidents import Cause, Incident, IncidentChange, Member, Why
from natvakt_server.domain.notification import Kind, Occasion, Severity
from natvakt_server.monitoring.blaming import GRACE_NS
from natvakt_server.monitoring.facts import SiteFacts
from natvakt_server.monitoring.finding import answers
from natvakt_server.monitoring.maintenance import covering
from natvakt_server.monitoring.memory import Case, Problem, SiteState
from natvakt_server.monitoring.policy import severity

DEVICES_NAMED = 10
GIVEN_UP_NS = 2 * GRACE_NS
"""What was behind a cause and is not looked at any more keeps the incident open no longer than this."""


@dataclass(frozen=True, slots=True)
class Told:
    changes: Sequence[IncidentChange]
    occasions: Sequence[Occasion]


class Casebook:
    """One look at the cases of a site, after every problem has its root. `explained`: by root's number, the problems under it."""

    def __init__(self, state: SiteState, facts: SiteFacts, now_ns: int, new_id: Callable[[], str]) -> None:
        self._state, self._facts, self._now_ns, self._new_id = state, facts, now_ns, new_id
        self._cases = {case.problem: case for case in state.cases}
        self._numbers = {each.number: each for each in state.problems}

    def settle(self, roots: Mapping[int, int]) -> Told:
        """`roots`: every decided problem's number to that of its root, which is its own where nobody explains it."""
        explained: dict[int, list[Problem]] = {}
        for number, root in roots.items():
            if root != number:
                explained.setdefault(root, []).append(self._numbers[number])
        for number, root in sorted(roots.items()):
            self._place(self._numbers[number], root)
        changes: list[IncidentChange] = []
        occasions: list[Occasion] = []
        for case in self._state.cases:
            problem = self._numbers[case.problem]
            under = explained.get(case.problem, [])
            self._bring_up_to_date(case, problem, under)
            members = [] if case.merged else list(self._members(problem, under))
            incident = self._incident(case, problem, len(members))
            occasions.extend(self._occasions(case, incident, members))
            mark = zlib.crc32(msgspec.json.encode((incident, members))) | 1
            if mark != case.print:
                case.print = mark
                changes.append(IncidentChange(incident, members))
        return Told(changes, occasions)

    def _place(self, problem: Problem, root: int) -> None:
        """A problem that is nobody's gets a case; one that turns out to be somebody's gives up the one it had."""
        if root == problem.number:
            case = self._cases.get(problem.number) or self._open(problem)
            case.merged = ""
            problem.case = case.id
            return
        owner = self._cases.get(root) or self._open(self._numbers[root])
        own = self._cases.get(problem.number)
        if own is not None and not own.merged:
            own.merged = owner.id
        problem.case = owner.id

    def _open(self, problem: Problem) -> Case:
        case = Case(self._new_id(), problem.number, late=bool(problem.end_ns))
        self._state.cases.append(case)
        self._cases[problem.number] = case
        return case

    def _bring_up_to_date(self, case: Case, problem: Problem, under: Sequence[Problem]) -> None:
        device = self._facts.network.devices.get(problem.device)
        far = self._facts.network.devices.get(self._facts.network.ports.get((problem.device, problem.part), ""))
        case.name = self._facts.name_of(problem.device) or case.name
        case.severity = severity(Cause(problem.cause), device.role if device else None, far.role if far else None).value
        planned = covering(
            self._facts.maintenances, self._facts.site, problem.device, problem.raised_ns if problem.end_ns else self._now_ns
        )
        case.maintenance = planned.id if planned else ""
        if case.merged:
            case.cleared_ns = case.cleared_ns or self._now_ns
        elif self._is_over(problem, under):
            case.cleared_ns = problem.end_ns
        else:
            case.cleared_ns = 0

    def _is_over(self, problem: Problem, under: Sequence[Problem]) -> bool:
        """Its root has ended, and what was behind it has come back, or is not waited for any more."""
        waited = self._now_ns - problem.end_ns >= GIVEN_UP_NS
        return bool(problem.end_ns) and (waited or all(each.end_ns for each in under))

    def _members(self, problem: Problem, under: Sequence[Problem]) -> Iterator[Member]:
        for each in sorted(under, key=lambda one: (one.start_ns, one.device, one.cause, one.part)):
            yield Member(
                each.device, self._facts.name_of(each.device), each.cause, each.part, _why(each, problem), each.start_ns, each.end_ns
            )
        if not problem.device:
            yield from self._not_observed(problem)

    def _not_observed(self, problem: Problem) -> Iterator[Member]:
        """Devices of a site that nobody looked at, until the first sample after it."""
        for device in self._facts.network.devices.values():
            runs = answers(self._state, device)
            seen_ns = next(
                (run.start_ns if run.start_ns >= problem.end_ns else problem.end_ns for run in runs if run.end_ns >= problem.end_ns > 0), 0
            )
            yield Member(device.id, device.name, "", "", Why.NOT_OBSERVED, problem.start_ns, seen_ns if problem.end_ns else 0)

    def _incident(self, case: Case, problem: Problem, members: int) -> Incident:
        return Incident(
            id=case.id,
            tenant=self._facts.tenant,
            site=self._facts.site,
            cause=Cause(problem.cause),
            device=problem.device,
            name=case.name,
            part=problem.part,
            severity=Severity(case.severity),
            started_ns=problem.start_ns,
            raised_ns=problem.raised_ns,
            cleared_ns=case.cleared_ns,
            flapping=problem.flapping,
            late=case.late,
            merged=case.merged,
            maintenance=case.maintenance,
            members=members,
        )

    def _occasions(self, case: Case, incident: Incident, members: Sequence[Member]) -> Iterator[Occasion]:
        if incident.is_open and not case.told and not case.maintenance:
            case.told, case.openings = True, case.openings + 1
            yield self._occasion(case, incident, members, Kind.OPENED, incident.raised_ns)
        elif not incident.is_open and case.told:
            case.told = False
            yield self._occasion(case, incident, members, Kind.CLEARED, incident.cleared_ns)

    def _occasion(self, case: Case, incident: Incident, members: Sequence[Member], kind: Kind, at_ns: int) -> Occasion:
        interface = incident.part if incident.cause in (Cause.INTERFACE_DOWN, Cause.INTERFACE_FLAPPING) else ""
        names = list(dict.fromkeys([incident.name, *(each.name for each in members)]))
        facts = {name: value for name, value in (("interface", interface), ("merged", incident.merged)) if value}
        return Occasion(
            key=f"{case.id}/{kind.value}/{case.openings}",
            tenant=incident.tenant,
            site=incident.site,
            incident=case.id,
            kind=kind,
            severity=incident.severity,
            at_ns=at_ns,
            cause=incident.cause.value,
            devices=names[:DEVICES_NAMED],
            suppressed=len(members),
            facts=facts | ({"flapping": "yes"} if incident.flapping else {}),
        )


def _why(each: Problem, root: Problem) -> Why:
    if not root.device:
        return Why.DURING
    return Why.BEHIND if each.cause == Cause.DEVICE_DOWN and each.device != root.device else Why.PART_OF
