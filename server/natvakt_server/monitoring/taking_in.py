"""Figures become levels, and levels runs: the first thing done with what a batch brought."""

from collections.abc import Callable, Iterable

from natvakt_server.domain.observation import Aspect, Observed
from natvakt_server.monitoring.facts import SiteFacts
from natvakt_server.monitoring.memory import SiteState, track_name
from natvakt_server.monitoring.network import Watched
from natvakt_server.monitoring.policy import limits
from natvakt_server.monitoring.runs import HOUR_NS, JOIN_NS, Level, merged

FOLLOWED_NS = 2 * HOUR_NS


def take_in(state: SiteState, facts: SiteFacts, observed: Iterable[Observed]) -> int:
    """Answers the time of the earliest sample; 0 without any. What belongs to no known device waits for nobody: its next sample comes."""
    earliest_ns = 0
    for each in observed:
        device = facts.by_agent_device.get(each.agent_device)
        if device is None or not each.times_ns:
            continue
        if each.aspect is Aspect.PORTS:
            _take_ports(state, facts, device, each)
        elif each.aspect is Aspect.ANSWER:
            _put(state, each, lambda value: Level.GOOD if value else Level.BAD, JOIN_NS)
        elif (limit := limits(device.role).get(each.aspect)) is not None:
            _put(state, each, limit.level, limit.join_ns)
        first_ns = min(each.times_ns)
        earliest_ns = min(earliest_ns, first_ns) if earliest_ns else first_ns
    return earliest_ns


def _put(state: SiteState, observed: Observed, level: Callable[[float], Level], join_ns: int) -> None:
    name = track_name(observed.agent_device, observed.aspect, observed.part)
    samples = [(time_ns, level(value)) for time_ns, value in zip(observed.times_ns, observed.values, strict=True)]
    state.tracks[name] = merged(state.tracks.get(name, ()), samples, join_ns)


def _take_ports(state: SiteState, facts: SiteFacts, device: Watched, observed: Observed) -> None:
    """Ports that lead to a watched device are followed all the time; of the others only those that change."""
    down = set(filter(None, observed.part.split(",")))
    watched = {port for owner, port in facts.network.ports if owner == device.id}
    for time_ns in observed.times_ns:
        for port in watched:
            _port_sample(state, observed.agent_device, port, time_ns, port in down)
        before_ns, before_text = state.down.get(observed.agent_device, (0, observed.part))
        if time_ns < before_ns:
            continue
        before = set(filter(None, before_text.split(",")))
        for port in (down ^ before) - watched:
            _port_sample(state, observed.agent_device, port, before_ns, port in before)
        for port in _followed(state, observed.agent_device, watched, time_ns):
            _port_sample(state, observed.agent_device, port, time_ns, port in down)
        state.down[observed.agent_device] = time_ns, observed.part


def _followed(state: SiteState, agent_device: str, watched: set[str], time_ns: int) -> list[str]:
    """Ports without a watched device beyond that changed lately; those that have been steady since are let go."""
    prefix = track_name(agent_device, Aspect.PORTS, "")
    parts = [name.removeprefix(prefix) for name in state.tracks if name.startswith(prefix)]
    steady = [each for each in parts if each not in watched and state.tracks[prefix + each][-1].start_ns < time_ns - FOLLOWED_NS]
    for each in steady:
        del state.tracks[prefix + each]
    return [each for each in parts if each not in watched and each not in steady]


def _port_sample(state: SiteState, agent_device: str, port: str, time_ns: int, is_down: bool) -> None:
    name = track_name(agent_device, Aspect.PORTS, port)
    state.tracks[name] = merged(state.tracks.get(name, ()), [(time_ns, Level.BAD if is_down else Level.GOOD)])
