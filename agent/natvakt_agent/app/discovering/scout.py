"""Discovery beside the running agent: a thread of its own that looks on a slow schedule, and takes up what was approved.

It touches nothing of the agent's: what it found it hands over as work for the agent's own thread (`Agent.soon`). Three things are
watched: the schedule of `[discovery]`, the drop-in that `discover --approve` writes, and the plan, which is told upstream.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Protocol

import msgspec

from natvakt_agent.app.discovering.runner import Runner, Wanted
from natvakt_agent.app.discovering.store import DiscoveryBusy, MemoryFile
from natvakt_agent.app.discovering.targets_file import read_targets, with_devices, write_targets
from natvakt_agent.app.status import iso
from natvakt_agent.config.errors import ConfigError
from natvakt_agent.config.schema import AgentConfig, TargetEntry
from natvakt_agent.discovery.plan import Plan, PlanRefused, decoded, encoded
from natvakt_agent.discovery.scope import ScopeRefused
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.observation import TableObservation, Value
from natvakt_agent.vault.files import write_atomically

logger = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
TELL_AGAIN_SECONDS = 12 * 3600.0
TRY_AGAIN_SECONDS = 3600.0
TABLE = "discovered"
PLAN_NAME = "discovery-plan.json"


class Listener(Protocol):
    """The running agent, as far as the scout may speak to it. Both calls come from the scout's thread."""

    def take_up(self, entries: Sequence[TargetEntry]) -> None:
        """Poll these targets from now on, beside those there are."""
        ...

    def tell(self, table: TableObservation) -> None:
        """Send the table upstream, as one of this machine."""
        ...

    def note(self, status: Mapping[str, object]) -> None:
        """Show this in the agent's status."""
        ...


@dataclass(frozen=True, slots=True)
class Places:
    """The files the scout reads and writes. `drop_in` is None where the agent runs without a configuration file."""

    plan: Path
    adopted: Path
    drop_in: Path | None


def with_targets(config: AgentConfig, entries: Iterable[TargetEntry]) -> AgentConfig:
    """The settings with more targets; what they name already, by name or address, wins."""
    names, addresses = {entry.name for entry in config.target}, {str(entry.address) for entry in config.target}
    more = [entry for entry in entries if entry.name not in names and str(entry.address) not in addresses]
    return msgspec.structs.replace(config, target=[*config.target, *more])


def adopted_targets(path: Path) -> list[TargetEntry]:
    """What discovery took up by itself earlier. A file that cannot be read is told and left aside."""
    try:
        return read_targets(path)
    except ConfigError as error:
        logger.error("discovered targets left aside reason=%s", error)
        return []


def table_of(plan: Plan) -> TableObservation:
    """The table `discovered`: one row for each address that was found, or told of. No secret, only names of credentials."""
    rows: list[Mapping[str, Value]] = []
    for device in plan.devices:
        rows.append(
            {
                "address": device.address, "state": device.state, "name": device.name, "model": device.model, "os": device.os,
                "version": device.version, "serial": device.serial, "engine_id": device.engine_id, "base_mac": device.base_mac,
                "credential": device.credential, "found_by": ",".join(device.found_by), "reason": None,
            }
        )  # fmt: skip
    for place in plan.unmatched:
        found_by = ",".join(place.found_by)
        rows.append(
            {"address": place.address, "state": "unmatched", "engine_id": place.engine_id, "found_by": found_by, "reason": place.reason}
        )
    for outside in plan.outside:
        reason = f"outside what may be asked; told by {', '.join(outside.told_by)}"
        rows.append({"address": outside.address, "state": "outside", "reason": reason})
    return TableObservation(TABLE, ("address",), frozenset(), rows)


class Scout:
    """`runner` asks for its parts anew at each run, so that a credential added meanwhile is tried."""

    def __init__(
        self,
        config: AgentConfig,
        places: Places,
        memory: MemoryFile,
        open_runner: Callable[[], Runner],
        listener: Listener,
        clock: Clock,
    ) -> None:
        self._config = config
        self._places = places
        self._memory = memory
        self._open_runner = open_runner
        self._listener = listener
        self._clock = clock
        self._stop = Flag()
        self._thread = Thread(target=self._run, name="scout", daemon=True)
        self._seen: dict[Path, int] = {}
        self._told_ns: int | None = None
        self._next_run_ns = 0
        self._word = "off"

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_seconds: float = 10.0) -> None:
        """End; a discovery under way is cancelled and goes on after the next start."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        self.begin()
        while not self._stop.is_set():
            try:
                self.step()
            except Exception:  # the thread's edge: told and counted as a word in the status; polling is not touched by it
                logger.exception("discovery broke")
                self._word, self._next_run_ns = "broke; the log says why", self._clock.monotonic_ns() + round(TRY_AGAIN_SECONDS * 1e9)
                self._note()
            self._stop.wait(LOOK_SECONDS)

    def begin(self) -> None:
        """Remember how the files look, so that only changes are taken up; and when the next run is due."""
        if self._places.drop_in is not None:
            self._has_changed(self._places.drop_in)
        settings = self._config.discovery
        if settings.automatic:
            since_ns = self._clock.wall_ns() - self._memory.read().finished_wall_ns
            wait_ns = min(settings.interval.nanoseconds, max(0, settings.interval.nanoseconds - since_ns))
            self._next_run_ns, self._word = self._clock.monotonic_ns() + wait_ns, "waits for its time"
        self._note()

    def step(self) -> None:
        """One look at everything that may have to be done."""
        drop_in = self._places.drop_in
        if drop_in is not None and self._has_changed(drop_in):
            self._listener.take_up(adopted_targets(drop_in))
        if self._config.discovery.automatic and self._clock.monotonic_ns() >= self._next_run_ns:
            self._look_around()
        now_ns = self._clock.monotonic_ns()
        is_old = self._told_ns is not None and now_ns - self._told_ns >= TELL_AGAIN_SECONDS * 1e9
        if self._has_changed(self._places.plan) or is_old:
            self._told_ns = now_ns
            self._tell_plan()

    def _look_around(self) -> None:
        settings = self._config.discovery
        self._next_run_ns = self._clock.monotonic_ns() + settings.interval.nanoseconds
        wanted = Wanted([str(network) for network in settings.networks], [str(seed) for seed in settings.seeds], settings.rate)
        self._word = "looks around"
        self._note()
        try:
            plan = self._open_runner().run(wanted, self._stop, lambda _: None)
            write_atomically(self._places.plan, encoded(plan))
            if plan.complete:
                self._adopt(plan)
            self._word = f"found {len(plan.devices)} devices at {iso(self._clock.wall_ns())}"
        except (ScopeRefused, DiscoveryBusy, ConfigError, OSError) as error:
            self._next_run_ns = self._clock.monotonic_ns() + round(TRY_AGAIN_SECONDS * 1e9)
            self._word = f"not done: {error}"
            logger.error("discovery not done reason=%s", error)
        self._note()

    def _adopt(self, plan: Plan) -> None:
        """What was found inside the ranges is polled from now on, and after a restart too. Moved targets of the site stay the site's."""
        own = adopted_targets(self._places.adopted)
        ours = {entry.name for entry in own}
        devices = [device for device in plan.approved() if device.state == "new" or device.target in ours]
        entries, changed = with_devices(own, devices)
        if changed:
            write_targets(self._places.adopted, entries)
            logger.info("discovered targets taken up count=%d", len(changed))
            self._listener.take_up(entries)

    def _tell_plan(self) -> None:
        try:
            plan = decoded(self._places.plan.read_bytes(), str(self._places.plan))
        except (OSError, PlanRefused) as error:
            logger.warning("discovery plan not told reason=%s", error)
            return
        self._listener.tell(table_of(plan))

    def _has_changed(self, path: Path) -> bool:
        """Since it was last asked; a file that is not there has not."""
        try:
            changed_ns = path.stat().st_mtime_ns
        except OSError:
            return False
        before, self._seen[path] = self._seen.get(path), changed_ns
        return before != changed_ns

    def _note(self) -> None:
        self._listener.note({"automatic": self._config.discovery.automatic, "state": self._word})
