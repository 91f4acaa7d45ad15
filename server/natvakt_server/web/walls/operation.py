"""Agents, jobs and deliveries inside a scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.commands import AgentCommand, CommandBook
from natvakt_server.domain.delivery import Backlog, DeliveryReader, Gap, SessionState
from natvakt_server.domain.identity import AgentRecord, AgentRegistry, IdentityKey
from natvakt_server.domain.jobs import Job, JobQueue
from natvakt_server.domain.rights import Scope
from natvakt_server.knowledge.staleness import Stale
from natvakt_server.web.ports import AgentSessions
from natvakt_server.web.walls.estate import within
from natvakt_server.web.walls.outside import OutsideScope


@dataclass(frozen=True, slots=True)
class WalledAgents:
    inner: AgentRegistry
    scope: Scope

    def agent(self, agent_id: str) -> AgentRecord | None:
        found = self.inner.agent(agent_id)
        return found if found is not None and self.scope.holds(found.tenant, found.site) else None

    def agents(self, tenant: str | None = None) -> Sequence[AgentRecord]:
        found = self.inner.agents(tenant) if tenant is None or self.scope.touches(tenant) else []
        return [agent for agent in found if self.scope.holds(agent.tenant, agent.site)]

    def identity_keys(self, agent_id: str) -> Sequence[IdentityKey]:
        return self.inner.identity_keys(agent_id) if self.agent(agent_id) is not None else []

    def enrol(self, record: AgentRecord, key: IdentityKey) -> None:
        self._hold(record.tenant, record.site)
        self.inner.enrol(record, key)

    def update(self, record: AgentRecord) -> None:
        self._hold(record.tenant, record.site)
        self.inner.update(record)

    def revoke(self, agent_id: str, at_ns: int, detail: str) -> None:
        self.hold_agent(agent_id)
        self.inner.revoke(agent_id, at_ns, detail)

    def touch(self, agent_id: str, at_ns: int, version: str) -> None:
        self.hold_agent(agent_id)
        self.inner.touch(agent_id, at_ns, version)

    def hold_agent(self, agent_id: str) -> None:
        """Raises OutsideScope."""
        if self.agent(agent_id) is None:
            raise OutsideScope

    def _hold(self, tenant: str, site: str) -> None:
        if not self.scope.holds(tenant, site):
            raise OutsideScope


@dataclass(frozen=True, slots=True)
class WalledAgentSessions:
    inner: AgentSessions
    agents: WalledAgents

    def sessions(self, agent: str) -> Sequence[SessionState]:
        return self.inner.sessions(agent) if self.agents.agent(agent) is not None else []


@dataclass(frozen=True, slots=True)
class WalledCommands:
    inner: CommandBook
    agents: WalledAgents

    def add_command(self, command: AgentCommand) -> None:
        self.agents.hold_agent(command.agent)
        self.inner.add_command(command)

    def waiting_commands(self, agent: str, now_ns: int) -> Sequence[AgentCommand]:
        return self.inner.waiting_commands(agent, now_ns) if self.agents.agent(agent) is not None else []

    def answer_command(self, agent: str, command_id: str, accepted: bool, detail: str, now_ns: int) -> None:
        self.agents.hold_agent(agent)
        self.inner.answer_command(agent, command_id, accepted, detail, now_ns)


@dataclass(frozen=True, slots=True)
class WalledJobs:
    """A job speaks of the sites in its arguments, without any of its whole customer; one without a customer is the partner's."""

    inner: JobQueue
    scope: Scope

    def add_job(self, job: Job) -> None:
        if not self._holds(job):
            raise OutsideScope
        self.inner.add_job(job)

    def claim_job(self, kinds: Sequence[str], now_ns: int, lease_ns: int) -> Job | None:  # noqa: ARG002 - the port has them
        """Work is claimed by workers, never by a visitor."""
        raise OutsideScope

    def update_job(self, job: Job) -> None:
        if not self._holds(job):
            raise OutsideScope
        self.inner.update_job(job)

    def job(self, job_id: str) -> Job | None:
        found = self.inner.job(job_id)
        return found if found is not None and self._holds(found) else None

    def jobs(self, tenant: str | None = None, limit: int = 50) -> Sequence[Job]:
        wanted = sorted(self.scope.touched) if tenant is None else [tenant] if self.scope.touches(tenant) else []
        return [job for each in wanted for job in self.inner.jobs(each, limit) if self._holds(job)][:limit]

    def _holds(self, job: Job) -> bool:
        sites = job.arguments.get("sites")
        named = [str(site) for site in sites] if isinstance(sites, (list, tuple)) else []
        return job.tenant is not None and within(self.scope, job.tenant, named)


@dataclass(frozen=True, slots=True)
class WalledDelivery:
    inner: DeliveryReader
    scope: Scope

    def backlog(self, tenant: str | None = None) -> Backlog:
        """Of whole customers: what waits is not told apart by site."""
        wanted = sorted(self.scope.tenants) if tenant is None else [tenant] if self.scope.covers(tenant) else []
        found = [self.inner.backlog(each) for each in wanted]
        return Backlog(
            sum(each.pending for each in found),
            sum(each.held for each in found),
            sum(each.quarantined for each in found),
            sum(each.pending_bytes for each in found),
        )

    def gaps(self, tenant: str, limit: int = 200) -> Sequence[Gap]:
        if not self.scope.touches(tenant):
            return []
        return [gap for gap in self.inner.gaps(tenant, limit) if self.scope.holds(tenant, gap.site)]


@dataclass(frozen=True, slots=True)
class WalledKnowledge:
    """How old the partner's knowledge is, and what to type on its server, is the partner's own business."""

    def stale(self, now_ns: int) -> Sequence[Stale]:  # noqa: ARG002 - the port has it
        return []
