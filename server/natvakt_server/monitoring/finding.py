"""From tracks to problems: every device's episodes by cause, and the site's own silence, held against what was known before.

Problems keep their number while their times move: late data may begin one earlier, end it, or join two.
"""

from collections.abc import Iterator, Sequence

from natvakt_server.domain.incidents import Cause
from natvakt_server.domain.observation import Aspect
from natvakt_server.monitoring.episodes import MINUTE_NS, Episode, episodes
from natvakt_server.monitoring.facts import SiteFacts
from natvakt_server.monitoring.memory import Key, Problem, SiteState
from natvakt_server.monitoring.network import Watched
from natvakt_server.monitoring.policy import ONLY_FLAPPING, SILENT_AFTER_NS, SNMP_STEADINESS, TWO_MISSES, limits
from natvakt_server.monitoring.runs import Level, Run, best_of

HOLD_NS = 12 * MINUTE_NS
METHODS = ("icmp", "tcp", "snmp")
Tracks = dict[str, list[tuple[Aspect, str, list[Run]]]]


def answers(state: SiteState, device: Watched) -> list[Run]:
    """Whether the device answers at all, by whatever method, whoever asks."""
    return best_of([state.track(each, Aspect.ANSWER, method) for each in device.agent_devices for method in METHODS], HOLD_NS)


def find(state: SiteState, facts: SiteFacts, now_ns: int) -> None:
    found: dict[Key, list[Episode]] = {}
    tracks = _by_agent_device(state)
    for device in facts.network.devices.values():
        for cause, part, each in _episodes(state, facts, device, tracks):
            found.setdefault((device.id, cause.value, part), []).extend(each)
    known: dict[Key, list[Problem]] = {}
    for problem in state.problems:
        if problem.device and not problem.absorbed:
            known.setdefault(problem.key, []).append(problem)
    for key in known.keys() | {key for key, each in found.items() if each}:
        _reconcile(state, key, known.get(key, []), found.get(key, []), now_ns)
    _listen(state, facts, now_ns)


def _by_agent_device(state: SiteState) -> Tracks:
    found: Tracks = {}
    for name, runs in state.tracks.items():
        agent_device, aspect, part = name.split(" ", 2)
        found.setdefault(agent_device, []).append((Aspect(aspect), part, runs))
    return found


def _episodes(state: SiteState, facts: SiteFacts, device: Watched, tracks: Tracks) -> Iterator[tuple[Cause, str, Sequence[Episode]]]:
    yield Cause.DEVICE_DOWN, "", episodes(answers(state, device), TWO_MISSES)
    by_aspect = limits(device.role)
    for agent_device in device.agent_devices:
        snmp = state.track(agent_device, Aspect.ANSWER, "snmp")
        if any(run.level is Level.GOOD for run in snmp):
            yield Cause.SNMP_SILENT, "", episodes(snmp, SNMP_STEADINESS)
        for aspect, part, runs in tracks.get(agent_device, ()):
            if aspect is Aspect.PORTS:
                yield from _port(facts, device, part, runs)
            elif (limit := by_aspect.get(aspect)) is not None:
                yield limit.cause, part, episodes(runs, limit.steadiness)


def _port(facts: SiteFacts, device: Watched, port: str, runs: Sequence[Run]) -> Iterator[tuple[Cause, str, Sequence[Episode]]]:
    """A port that leads to a watched device counts when it is down; any other only when it comes and goes."""
    leads = (device.id, port) in facts.network.ports
    found = episodes(runs, TWO_MISSES if leads else ONLY_FLAPPING)
    yield Cause.INTERFACE_DOWN, port, [each for each in found if not each.flapping]
    yield Cause.INTERFACE_FLAPPING, port, [each for each in found if each.flapping]


def _reconcile(state: SiteState, key: Key, known: Sequence[Problem], found: Sequence[Episode], now_ns: int) -> None:
    left = list(known)
    for episode in found:
        same = [each for each in left if episode.overlaps(each.start_ns, each.end_ns)]
        if same:
            _move(same[0], episode)
            for other in same[1:]:
                other.absorbed, other.end_ns = same[0].number, other.end_ns or now_ns
        else:
            _add(state, key, episode, now_ns)
        left = [each for each in left if each not in same]
    for problem in left:
        _withdraw(problem)


def _move(problem: Problem, episode: Episode) -> None:
    problem.start_ns, problem.raised_ns, problem.last_ns = episode.start_ns, episode.raised_ns, episode.last_ns
    problem.end_ns, problem.flapping = episode.end_ns, episode.flapping


def _add(state: SiteState, key: Key, episode: Episode, now_ns: int) -> None:
    state.last_number += 1
    times = (episode.start_ns, episode.raised_ns, episode.last_ns, episode.end_ns)
    state.problems.append(Problem(state.last_number, *key, *times, seen_ns=now_ns, flapping=episode.flapping))


def _withdraw(problem: Problem) -> None:
    """No longer borne out: data that came late says otherwise, or nothing is left to tell by."""
    if not problem.end_ns:
        problem.end_ns = max(problem.last_ns, problem.start_ns + 1)


def _listen(state: SiteState, facts: SiteFacts, now_ns: int) -> None:
    """The site's silence is known as it happens only: what agents send later does not undo that they were not heard."""
    last = next((each for each in reversed(state.problems) if not each.device), None)
    is_open = last is not None and not last.end_ns
    if not facts.heard_ns:
        if last is not None and is_open:
            last.end_ns = now_ns  # no agent is in service any more
        return
    quiet_since_ns = max(facts.heard_ns, facts.listening_ns)
    if now_ns - quiet_since_ns > SILENT_AFTER_NS:
        if last is not None and is_open:
            last.last_ns = now_ns
        else:
            times = (facts.heard_ns, facts.heard_ns + SILENT_AFTER_NS, now_ns, 0)
            _add(state, ("", Cause.SITE_DOWN.value, ""), Episode(*times), now_ns)
    elif last is not None and is_open and facts.heard_ns > last.start_ns:
        last.end_ns = facts.heard_ns
