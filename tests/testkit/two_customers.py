"""Two customers with everything that a page can show: acme's own, and beta's, where every text is a canary that must never reach acme."""

from dataclasses import dataclass, replace
from datetime import date

from natvakt_server.domain.acceptance import AcceptedFinding
from natvakt_server.domain.accounts import User
from natvakt_server.domain.agreements import Agreement
from natvakt_server.domain.answers import GivenAnswer
from natvakt_server.domain.backup_jobs.expecting import Said
from natvakt_server.domain.backup_jobs.judging import Origin, Reason, State
from natvakt_server.domain.backup_jobs.standing import Standing
from natvakt_server.domain.commands import SCAN_NOW, AgentCommand
from natvakt_server.domain.contracts import ContractList, ServiceContract
from natvakt_server.domain.delivery import Incoming
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.incidents import Acknowledgement, Cause, Incident, IncidentChange, Maintenance, Member, SiteChange, Why
from natvakt_server.domain.jobs import ASSESSMENT, Job
from natvakt_server.domain.notification import Severity
from natvakt_server.domain.policy import CustomerPolicy
from natvakt_server.domain.report_mail import ReportMail
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.store.estate.incidents import SqlIncidentWriter
from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import ConsoleHouse
from testkit.events import tell_event

OTHER = "kanarieholm"  # the other customer's tenant, and in all its texts
OWN = "egenholm"
EVERYBODYS = "hq"  # a site's slug that both have
SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """What one customer has, by the values that stand in paths."""

    tenant: str
    site: str
    device_id: str
    assessment_id: str
    finding_id: str
    job_id: str
    agent_id: str
    version: str
    incident_id: str
    maintenance_id: str

    def values(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


def furnish(house: ConsoleHouse, tenant: str) -> Placed:
    """A customer whose every text holds its own tenant's name."""
    house.administration.add_customer(Customer(tenant, f"{tenant} AB", schedule="weekly", created_ns=1))
    for site, name in ((EVERYBODYS, f"{tenant} kontor"), (f"{tenant}-lager", f"{tenant} lager")):
        house.administration.add_site(Site(tenant, site, name))
    name = f"{tenant}-sw1"
    told = {"serial": f"SN{tenant}", "model": f"MODEL-{tenant}", "version": f"17.{tenant}"}
    device_id = house.add_switch(name, tenant, EVERYBODYS, ports=1, **told)
    house.add_switch(f"{tenant}-sw2", tenant, f"{tenant}-lager", ports=1, **{**told, "serial": f"SN2{tenant}"})
    agent_device = f"{tenant}-{EVERYBODYS}-{name}"
    found = [{"address": "10.9.9.9", "state": "unmatched", "name": f"{tenant}-found", "reason": f"{tenant} reason"}]
    house.tell(agent_device, {"discovered": found}, tenant, EVERYBODYS)
    tell_event(house, agent_device, tenant=tenant, message=f"{tenant} said so")
    text = IOS.replace("description desk 1", f"description {tenant} desk")
    for days in (2, 1):
        tell_configuration(house, agent_device, text + "!\n" * days, text, tenant=tenant, age_seconds=days * 86_400.0)
    furnish_backups(house, tenant, device_id)
    furnish_papers(house, tenant, device_id)
    incident, maintenance = furnish_incidents(house, tenant, device_id, name)
    agent = house.add_agent(f"agent-{tenant}", tenant, EVERYBODYS, seen_ago_seconds=7200, version=f"1.{tenant}")
    house.add_session(agent.id)
    house.commands.add_command(AgentCommand(house.ids(), tenant, agent.id, SCAN_NOW, house.clock.now_ns + SECOND_NS, house.clock.now_ns))
    report = house.add_assessment(device_id, name, tenant)
    finding = report.findings[0]
    until = date(2027, 1, 1)
    house.acceptances.accept(AcceptedFinding(tenant, finding.id, until, f"{tenant} lives with it", f"{tenant} boss", 1, finding.rule, name))
    house.outbox.put([ReportMail(report.id, f"boss@{tenant}.example", tenant, "sv")])
    job = Job(house.ids(), ASSESSMENT, tenant, {"sites": []}, "failed", detail=f"{tenant} broke", created_ns=house.clock.now_ns)
    house.jobs.add_job(job)
    gap = Incoming(tenant, EVERYBODYS, agent.id, b"e" * 16, 1, "metrics", 1, 9, bytes(32), b"d" * 32, b"", True, house.clock.now_ns)
    house.gateway.receive([gap])
    version = house.ports.configurations.configurations(tenant, device_id)[0].id
    return Placed(tenant, EVERYBODYS, device_id, report.id, finding.id, job.id, agent.id, str(version), incident, maintenance)


def furnish_incidents(house: ConsoleHouse, tenant: str, device_id: str, name: str) -> tuple[str, str]:
    """One that is open, one that is over, and a maintenance: of the site that both have. Answers the ids of the first and the last."""
    now_ns = house.clock.now_ns
    incident = Incident(
        f"{tenant}-incident",
        tenant,
        EVERYBODYS,
        Cause.DEVICE_DOWN,
        device_id,
        name,
        f"{tenant}",
        Severity.CRITICAL,
        now_ns,
        now_ns,
        members=1,
    )
    over = replace(incident, id=f"{tenant}-over", cleared_ns=now_ns, merged=incident.id)
    member = Member(device_id, f"{tenant}-sw2", "interface-down", "1", Why.PART_OF, now_ns)
    writer = SqlIncidentWriter(house.engine)
    writer.commit(SiteChange(tenant, EVERYBODYS, b"", 0, 0, [IncidentChange(incident, [member]), IncidentChange(over)]))
    given = Acknowledgement(incident.id, f"{tenant} engineer", now_ns, now_ns + 3600 * SECOND_NS, f"{tenant} note")
    house.ports.incidents.acknowledge(tenant, given, 0)
    reason, end_ns = f"{tenant} moves", now_ns + 3600 * SECOND_NS
    maintenance = Maintenance(f"{tenant}-maintenance", tenant, EVERYBODYS, "", now_ns, end_ns, reason, f"{tenant} boss", now_ns)
    house.ports.incidents.plan(maintenance)
    return incident.id, maintenance.id


def furnish_papers(house: ConsoleHouse, tenant: str, device_id: str) -> None:
    now_ns, boss = house.clock.now_ns, f"{tenant} boss"
    contract = ServiceContract(f"SN{tenant}".upper(), f"{tenant}-205", date(2027, 6, 30), f"{tenant} 8x5")
    house.papers.put_contracts(tenant, ContractList([contract], now_ns, boss))
    house.papers.give(GivenAnswer(tenant, "voice.phone.power", device_id, True, now_ns, boss, f"{tenant} remark"))
    house.papers.put_policy(CustomerPolicy(tenant, {"exec_timeout_minutes": 7.0}, {"time_servers": ("10.9.9.9",)}, now_ns, boss))


def furnish_backups(house: ConsoleHouse, tenant: str, device_id: str) -> None:
    now_ns, job = house.clock.now_ns, f"{tenant} nightly"
    told = {"kind": "restic", "target": f"{tenant} nas", "detail": f"{tenant} disk full"}
    failed = Standing(tenant, device_id, job, State.FAILED, Reason.RUN_FAILED, now_ns, now_ns, now_ns, Origin.PERSON, "daily 02:00", **told)
    house.backups.keep(tenant, [failed, replace(failed, job=""), replace(failed, device=f"{tenant}-gone")])
    house.agreements.agree(Agreement(tenant, f"{tenant} wan", "always", "Europe/Stockholm", 0.999, now_ns, f"{tenant} boss", (device_id,)))
    house.backups.expect(Said(tenant, device_id, job, "daily 02:00", "Europe/Stockholm", 3600, now_ns, f"{tenant} boss"))


def add_granted(house: ConsoleHouse, name: str, *grants: Grant, role: str = "") -> User:
    """Somebody with a role over the partner, or only with grants over customers and sites."""
    user = house.add_user(name, role)
    for grant in grants:
        house.accounts.give(user.id, grant)
    found = house.accounts.user(user.id)
    assert found is not None
    return found


LIMITED: dict[str, tuple[Grant, ...]] = {
    "engineer-of-one": (Grant(Role.ENGINEER, OWN),),
    "consultant-of-one": (Grant(Role.CONSULTANT, OWN),),
    "sales-of-one": (Grant(Role.SALES, OWN),),
    "customer-administrator": (Grant(Role.CUSTOMER_ADMINISTRATOR, OWN),),
    "customer-reader": (Grant(Role.CUSTOMER_READER, OWN),),
    "reader-of-a-site": (Grant(Role.CUSTOMER_READER, OWN, EVERYBODYS),),
    "engineer-of-a-site": (Grant(Role.ENGINEER, OWN, EVERYBODYS),),
    "nobody": (),
}
"""People who may something at one customer, or nothing anywhere."""
