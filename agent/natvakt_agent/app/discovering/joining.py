"""The scout and the agent put together: what the scout found becomes work of the agent's own thread."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from natvakt_agent.app.agent import Agent
from natvakt_agent.app.context import Context, Settings
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.discovering.runner import Runner
from natvakt_agent.app.discovering.scout import PLAN_NAME, Places, Scout, with_targets
from natvakt_agent.app.discovering.setup import session_opener, surroundings
from natvakt_agent.app.discovering.store import MemoryFile
from natvakt_agent.app.discovering.targets_file import drop_in
from natvakt_agent.app.plans import places, plan_targets
from natvakt_agent.config.schema import TargetEntry
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.model.clock import Instant
from natvakt_agent.model.observation import Observation, TableObservation


class AgentListener:
    """`Listener` over a running agent."""

    def __init__(self, agent: Agent, site: SitePolicy, credentials: Credentials) -> None:
        self._agent = agent
        self._site = site
        self._credentials = credentials

    def take_up(self, entries: Sequence[TargetEntry]) -> None:
        self._agent.soon(lambda agent: self._replan(agent, entries))

    def _replan(self, agent: Agent, entries: Sequence[TargetEntry]) -> None:
        """Targets are added or get new addresses; one that was taken out is polled until the agent is started anew."""
        parts = agent.parts
        config = with_targets(parts.config, entries)
        own_name = parts.planned.targets[parts.planned.host].name
        devices = parts.registry.meet(places(config, own_name))
        agent.replan(config, plan_targets(config, self._site, devices, self._credentials.get, own_name))

    def tell(self, table: TableObservation) -> None:
        def add(agent: Agent) -> None:
            now = Instant.of(agent.parts.clock)
            agent.parts.pipeline.add(Observation(agent.parts.planned.host, now.wall_ns, now.monotonic_ns, now.boot_id, [table]))

        self._agent.soon(add)

    def note(self, status: Mapping[str, object]) -> None:
        self._agent.discovery_status = status


@contextmanager
def scouted(agent: Agent, found: Settings, site: SitePolicy, credentials: Credentials, context: Context) -> Iterator[None]:
    """A scout beside the agent for as long as the block lasts."""
    with session_opener(found, context) as open_session:

        def open_runner() -> Runner:
            return Runner(surroundings(found, context, agent.parts.config.target, credentials, open_session))

        files = Places(
            found.paths.root / PLAN_NAME, found.paths.discovered_targets, drop_in(found.config_file) if found.config_file else None
        )
        scout = Scout(
            found.config, files, MemoryFile(found.paths.discovery), open_runner, AgentListener(agent, site, credentials), context.clock
        )
        scout.start()
        try:
            yield
        finally:
            scout.stop()
