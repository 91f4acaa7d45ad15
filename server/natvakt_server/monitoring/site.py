"""One look at one site: what came in, what is wrong, who explains whom, and what of that is new.

    observations ─► runs ─► problems ─► who explains whom ─► cases ─► incidents, members, occasions
    (taking_in)    (runs)   (finding)   (blaming, network)   (cases)

Time, data and what was known before go in; what is to be stored comes out. Nothing here has a clock, a database or a network.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from natvakt_server.domain.observation import Observed
from natvakt_server.monitoring.blaming import GRACE_NS, UNDECIDED, Blame, root
from natvakt_server.monitoring.cases import Casebook, Told
from natvakt_server.monitoring.facts import SiteFacts
from natvakt_server.monitoring.finding import find
from natvakt_server.monitoring.memory import SiteState
from natvakt_server.monitoring.taking_in import take_in


@dataclass(frozen=True, slots=True)
class Look:
    state: SiteState
    told: Told
    undecided: int
    """Problems that wait for word of others: look again soon, even without new data."""


def look(state: SiteState, facts: SiteFacts, observed: Iterable[Observed], now_ns: int, new_id: Callable[[], str]) -> Look:
    """`state` is used up. Data may come in any order, and more than once."""
    earliest_ns = take_in(state, facts, observed)
    state.forget(now_ns)
    find(state, facts, now_ns)
    blame = Blame(state, facts, now_ns)
    parents: dict[int, int] = {}
    for problem in state.problems:
        is_settled = bool(problem.case and problem.end_ns and problem.end_ns + 2 * GRACE_NS < (earliest_ns or now_ns))
        parents[problem.number] = problem.parent if is_settled else blame.parent(problem)
    for problem in state.problems:
        problem.parent = max(0, parents[problem.number])
    known = {number: parent for number, parent in parents.items() if parent in parents}
    roots = {number: root(number, known) for number, parent in parents.items() if parent != UNDECIDED}
    waiting = {number for number, parent in parents.items() if parent == UNDECIDED}
    decided = {number: top for number, top in roots.items() if top not in waiting}
    told = Casebook(state, facts, now_ns, new_id).settle(decided)
    return Look(state, told, len(parents) - len(decided))
