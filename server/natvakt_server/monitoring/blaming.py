"""Who explains whom. A problem that another explains is silent under it; one that nobody explains is an incident.

    the site is not heard      explains everything at it, and what is learned of that time afterwards
    a device does not answer   explains those behind it, ports that lead to it, and every other sign on the device itself
    one end of a cable         explains the other

Times decide, not the order things became known in, so the same data ends in the same incidents however it came.
"""

from collections.abc import Collection, Iterator, Sequence

from natvakt_server.domain.incidents import Cause
from natvakt_server.monitoring.episodes import MINUTE_NS
from natvakt_server.monitoring.facts import SiteFacts
from natvakt_server.monitoring.finding import answers
from natvakt_server.monitoring.memory import Problem, SiteState
from natvakt_server.monitoring.runs import SECOND_NS, Level, Run

SLACK_NS = 2 * MINUTE_NS
"""A cause may be seen this much later than what it causes: both are asked once a minute."""
GRACE_NS = 4 * MINUTE_NS
"""What was behind a cause has this long to come back after it."""
SIGN_NS = 10 * MINUTE_NS
"""Signs on a device this long before it fell silent belong to its fall."""
WAIT_NS = 50 * SECOND_NS
"""How long a problem waits for word of those who might explain it."""
FEWEST_TOGETHER = 8
UNDECIDED = -1


class Blame:
    """One look at all problems of a site. `parent` answers the number of the one that explains a problem, 0 or UNDECIDED."""

    def __init__(self, state: SiteState, facts: SiteFacts, now_ns: int) -> None:
        self._facts, self._now_ns = facts, now_ns
        self._silences = [each for each in state.problems if not each.device]
        self._down = [each for each in state.problems if each.cause == Cause.DEVICE_DOWN]
        self._ports = [each for each in state.problems if each.cause == Cause.INTERFACE_DOWN]
        self._answers = {each.id: runs for each in facts.network.devices.values() if (runs := answers(state, each))}

    def parent(self, problem: Problem) -> int:
        if problem.absorbed or not problem.device:
            return problem.absorbed
        silence = next((each for each in self._silences if _explains(each, problem, SLACK_NS)), None)
        if silence is not None:
            return silence.number
        if problem.cause == Cause.DEVICE_DOWN:
            return self._parent_of_device(problem)
        if problem.cause in (Cause.INTERFACE_DOWN, Cause.INTERFACE_FLAPPING):
            return self._parent_of_port(problem)
        return self._own_device(problem)

    def _parent_of_device(self, problem: Problem) -> int:
        silent = {each.device: each for each in self._down if each is problem or _explains(each, problem, SLACK_NS)}
        doubtful = {device for device, runs in self._answers.items() if device not in silent and _is_doubtful(runs, problem)}
        if self._may_wait(problem):
            part = self._facts.network.behind(problem.device, silent.keys() | doubtful)
            if part & doubtful or (doubtful and not self._facts.network.near(problem.device)):
                return UNDECIDED
        answering = self._answering(problem, silent.keys() | doubtful)
        cause = self._facts.network.cause(problem.device, silent, answering)
        if cause == problem.device and self._fell_together(problem.device, len(silent)):
            cause = self._facts.network.entry(silent)
        return 0 if cause == problem.device else silent[cause].number

    def _fell_together(self, device: str, silent: int) -> bool:
        """Half a site within two minutes is one thing, also where no cable of the device is known."""
        return not self._facts.network.near(device) and silent >= FEWEST_TOGETHER and 2 * silent >= len(self._answers)

    def _answering(self, problem: Problem, others: Collection[str]) -> frozenset[str]:
        return frozenset(
            device
            for device, runs in self._answers.items()
            if device not in others and any(run.level is Level.GOOD and run.end_ns >= problem.start_ns for run in runs)
        )

    def _parent_of_port(self, problem: Problem) -> int:
        own = self._own_device(problem)
        far = self._facts.network.ports.get((problem.device, problem.part))
        if own or far is None:
            return own
        fallen = next((each for each in self._down if each.device == far and _explains(each, problem, SLACK_NS)), None)
        if fallen is not None:
            return fallen.number
        if self._may_wait(problem) and _is_doubtful(self._answers.get(far, ()), problem):
            return UNDECIDED
        return next((each.number for each in self._other_ends(problem, far)), 0)

    def _other_ends(self, problem: Problem, far: str) -> Iterator[Problem]:
        """Of the two ends of a cable the first by name speaks for both."""
        for each in self._ports:
            leads_here = self._facts.network.ports.get((each.device, each.part)) == problem.device
            if (
                each.device == far
                and leads_here
                and (far, each.part) < (problem.device, problem.part)
                and _explains(each, problem, SLACK_NS)
            ):
                yield each

    def _own_device(self, problem: Problem) -> int:
        """A fall explains what was seen on the device shortly before it, too."""
        own = (each for each in self._down if each.device == problem.device)
        return next((each.number for each in own if _explains(each, problem, SIGN_NS)), 0)

    def _may_wait(self, problem: Problem) -> bool:
        return not problem.case and self._now_ns - problem.seen_ns < WAIT_NS


def _explains(cause: Problem, problem: Problem, slack_ns: int) -> bool:
    """The cause began not much later, lasted into the problem, and the problem did not outlast it by more than the grace."""
    if cause is problem or cause.start_ns > problem.start_ns + slack_ns:
        return False
    return not cause.end_ns or (problem.start_ns <= cause.end_ns and problem.until_ns <= cause.end_ns + GRACE_NS)


def _is_doubtful(runs: Sequence[Run], problem: Problem) -> bool:
    """Its last word is a miss that does not count yet, or is older than the problem."""
    last = runs[-1] if runs else None
    return last is not None and (
        last.end_ns < problem.start_ns or (last.level is Level.BAD and last.start_ns <= problem.start_ns + SLACK_NS)
    )


def root(number: int, parents: dict[int, int]) -> int:
    """The end of the chain of who explains whom."""
    seen = set[int]()
    while parents.get(number, 0) > 0 and number not in seen:
        seen.add(number)
        number = parents[number]
    return number
