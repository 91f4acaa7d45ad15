"""One discovery from the question to the plan: scope, credentials, memory, core, sockets, and what is remembered afterwards."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event as Flag

from natvakt_agent.app.discovering.asker import SnmpAsker
from natvakt_agent.app.discovering.store import MemoryFile
from natvakt_agent.app.site_guard import SessionOpener, guarded
from natvakt_agent.app.status import iso
from natvakt_agent.config.schema import DiscoverySection, TargetEntry
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.discovery.core import Discovery, Progress
from natvakt_agent.discovery.credentials import Matcher, Refusals, card_of
from natvakt_agent.discovery.driver import Driver
from natvakt_agent.discovery.identity import Remembered
from natvakt_agent.discovery.memory import Interrupted, Memory, interrupted, met, restored
from natvakt_agent.discovery.pace import Pace
from natvakt_agent.discovery.plan import Plan
from natvakt_agent.discovery.result import Question, plan_of
from natvakt_agent.discovery.scope import Scope, parse_address, scope_of
from natvakt_agent.discovery.words import Sweeper
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import SnmpCredential

logger = logging.getLogger(__name__)

LOGIN = "login"
OPEN = "any"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. `is_fresh`: an interrupted discovery is not gone on with."""

    networks: Sequence[str]
    seeds: Sequence[str]
    packets_per_second: float
    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class VaultView:
    """The credentials of the vault as discovery uses them. `revisions` change when a secret is replaced."""

    credentials: Mapping[str, SnmpCredential]
    well_known: frozenset[str]
    revisions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where discovery runs: settings, site policy, vault, targets, and the world's edges."""

    settings: DiscoverySection
    policy: SitePolicy
    vault: VaultView
    targets: Sequence[TargetEntry]
    memory: MemoryFile
    clock: Clock
    open_session: SessionOpener
    open_sweeper: Callable[[], Sweeper]


class Runner:
    """Runs one discovery at a time."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings

    def scope(self, wanted: Wanted) -> Scope:
        """Raises ScopeRefused."""
        around = self._around
        allowed = list(around.policy.allowed_networks)
        return scope_of(wanted.networks, wanted.seeds, allowed, list(around.settings.excluded), wanted.packets_per_second)

    def run(self, wanted: Wanted, stop: Flag, say: Callable[[Progress], None]) -> Plan:
        """Raises ScopeRefused, DiscoveryBusy, OSError."""
        scope = self.scope(wanted)
        with self._around.memory.alone():
            return self._run(wanted, scope, stop, say)

    def _run(self, wanted: Wanted, scope: Scope, stop: Flag, say: Callable[[Progress], None]) -> Plan:
        around, clock = self._around, self._around.clock
        memory = around.memory.read()
        usable, held_back = self._usable()
        question = Question(
            [str(network) for network in scope.networks],
            [parse_address(seed) for seed in wanted.seeds],
            wanted.packets_per_second,
            around.settings.snmp_port,
        )
        sweeper = around.open_sweeper()
        try:
            discovery = self._discovery(scope, question, usable, memory, sweeper, wanted.is_fresh)
            pace = Pace(wanted.packets_per_second, around.settings.subnet_rate, clock.monotonic_ns())
            asker = SnmpAsker(guarded(around.open_session, around.policy), usable, clock, around.settings.snmp_port)
            driver = Driver(
                discovery, pace, sweeper, asker, clock, stop, say, lambda: self._save(memory, question, discovery, is_final=False)
            )
            started_ns = clock.monotonic_ns()
            driver.run()
        finally:
            sweeper.close()
        seconds = (clock.monotonic_ns() - started_ns) / 1e9
        made_at = iso(clock.wall_ns())
        plan = plan_of(discovery, self._targets(), memory.devices, question, driver.progress(), made_at, seconds, held_back)
        self._save(memory, question, discovery, is_final=discovery.is_complete, plan=plan)
        return plan

    def _usable(self) -> tuple[dict[str, SnmpCredential], list[str]]:
        """SNMP credentials that may be tried by name, and why others are not."""
        vault, settings = self._around.vault, self._around.settings
        usable: dict[str, SnmpCredential] = {}
        held_back = []
        for name, credential in sorted(vault.credentials.items()):
            if credential.version == LOGIN or (settings.credentials and name not in settings.credentials):
                continue
            if OPEN in (credential.auth_protocol, credential.privacy_protocol):
                held_back.append(
                    f"{name}: its protocols are `any`, and each one tried would be a failed log-in; "
                    "name them, or make one device that takes it a target first"
                )
            elif name in vault.well_known and not settings.well_known:
                held_back.append(f"{name}: everybody knows it; set `well_known = true` under [discovery] to have it tried")
            else:
                usable[name] = credential
        return usable, held_back

    def _discovery(
        self, scope: Scope, question: Question, usable: Mapping[str, SnmpCredential], memory: Memory, sweeper: Sweeper, is_fresh: bool
    ) -> Discovery:
        around = self._around
        vault = around.vault
        refusals = Refusals(around.settings.remember_refusals, around.clock.wall_ns, memory.refusals)
        cards = [card_of(credential, name in vault.well_known, vault.revisions.get(name, "")) for name, credential in usable.items()]
        matcher = Matcher(cards, refusals, around.settings.well_known)
        pending = memory.interrupted
        places = restored(pending, usable) if pending and not is_fresh and pending.question == _spelled(question) else []
        if places:
            logger.info("discovery goes on addresses=%d", len(places))
        known = [*self._targets(), *memory.devices]
        discovery = Discovery(scope, matcher, sweeper.methods(), question.seeds, known, places)
        if places and pending is not None:
            for address, told in pending.outside.items():
                discovery.board.outside.setdefault(address, set()).update(told)
        return discovery

    def _targets(self) -> list[Remembered]:
        return [Remembered(entry.name, str(entry.address), entry.credential) for entry in self._around.targets]

    def _save(self, memory: Memory, question: Question, discovery: Discovery, is_final: bool, plan: Plan | None = None) -> None:
        """A disk that is full loses nothing but the way back to this point, and is told."""
        still: Interrupted | None = None
        if not is_final:
            still = interrupted(_spelled(question), discovery.places.values(), discovery.board.outside)
        devices = met(memory.devices, remembered_of(plan)) if plan is not None else memory.devices
        refusals = list(discovery.matcher.refusals.remembered())
        try:
            finished_ns = self._around.clock.wall_ns() if is_final else memory.finished_wall_ns
            self._around.memory.write(Memory(refusals, devices, still, finished_ns))
        except OSError as error:
            logger.error("discovery memory not written reason=%s", error.strerror)


def _spelled(question: Question) -> list[str]:
    return sorted([*question.networks, *question.seeds])


def remembered_of(plan: Plan) -> list[Remembered]:
    """The plan's devices as the next discovery will compare them."""
    return [
        Remembered(each.name, each.address, each.credential, each.serial, each.engine_id, each.base_mac, tuple(each.addresses))
        for each in plan.devices
    ]
