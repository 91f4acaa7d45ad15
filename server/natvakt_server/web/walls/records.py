"""Series, events, configurations and assessments inside a scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.acceptance import AcceptanceStore, AcceptedFinding
from natvakt_server.domain.assessment import Assessment, AssessmentStore
from natvakt_server.domain.configuration.history import ConfigurationHistory, ConfigurationVersion, Source
from natvakt_server.domain.events import EventLog, StoredEvent
from natvakt_server.domain.report_mail import Recipient, ReportMail, ReportOutbox
from natvakt_server.domain.rights import Scope
from natvakt_server.domain.series import Line, Query, SeriesKey, SeriesReader
from natvakt_server.web.walls.estate import WalledEstate, within
from natvakt_server.web.walls.outside import OutsideScope


@dataclass(frozen=True, slots=True)
class WalledSeries:
    inner: SeriesReader
    estate: WalledEstate

    def lines(self, tenant: str, query: Query) -> Sequence[Line]:
        return self.inner.lines(tenant, query) if self._holds(tenant, query.devices) else []

    def latest(self, tenant: str, measurement: str, devices: Sequence[str], since_ns: int) -> Mapping[SeriesKey, tuple[int, float]]:
        return self.inner.latest(tenant, measurement, devices, since_ns) if self._holds(tenant, devices) else {}

    def _holds(self, tenant: str, agent_devices: Sequence[str]) -> bool:
        """Series carry the agents' names of devices, so where single sites are held the names of theirs are looked up."""
        if self.estate.scope.covers(tenant):
            return True
        inside = {name for device in self.estate.devices(tenant) for name in device.agent_devices}
        return inside.issuperset(agent_devices)


@dataclass(frozen=True, slots=True)
class WalledAssessments:
    inner: AssessmentStore
    scope: Scope

    def save(self, assessment: Assessment) -> None:
        if not within(self.scope, assessment.tenant, assessment.sites):
            raise OutsideScope
        self.inner.save(assessment)

    def load(self, tenant: str, assessment_id: str) -> Assessment | None:
        found = self.inner.load(tenant, assessment_id) if self.scope.touches(tenant) else None
        return found if found is not None and within(self.scope, tenant, found.sites) else None

    def find(self, assessment_id: str) -> Assessment | None:
        found = self.inner.find(assessment_id)
        return found if found is not None and within(self.scope, found.tenant, found.sites) else None

    def history(self, tenant: str, limit: int = 50) -> Sequence[Assessment]:
        if not self.scope.touches(tenant):
            return []
        return [each for each in self.inner.history(tenant, limit) if within(self.scope, tenant, each.sites)]


@dataclass(frozen=True, slots=True)
class WalledAcceptances:
    inner: AcceptanceStore
    estate: WalledEstate

    def accept(self, accepted: AcceptedFinding) -> None:
        if not self.estate.scope.covers(accepted.tenant):
            raise OutsideScope
        self.inner.accept(accepted)

    def withdraw(self, tenant: str, finding: str) -> bool:
        if not self.estate.scope.covers(tenant):
            raise OutsideScope
        return self.inner.withdraw(tenant, finding)

    def accepted(self, tenant: str) -> Sequence[AcceptedFinding]:
        if self.estate.scope.covers(tenant):
            return self.inner.accepted(tenant)
        names = {device.name for device in self.estate.devices(tenant)}
        return [each for each in self.inner.accepted(tenant) if each.device in names] if names else []


@dataclass(frozen=True, slots=True)
class WalledReportOutbox:
    """Who gets a customer's reports is told to those who hold the whole customer."""

    inner: ReportOutbox
    scope: Scope

    def put_recipient(self, recipient: Recipient) -> None:
        self._hold(recipient.tenant)
        self.inner.put_recipient(recipient)

    def remove_recipient(self, tenant: str, address: str) -> bool:
        self._hold(tenant)
        return self.inner.remove_recipient(tenant, address)

    def recipients(self, tenant: str) -> Sequence[Recipient]:
        return self.inner.recipients(tenant) if self.scope.covers(tenant) else []

    def put(self, mails: Sequence[ReportMail]) -> int:
        for mail in mails:
            self._hold(mail.tenant)
        return self.inner.put(mails)

    def due(self, now_ns: int, limit: int) -> Sequence[ReportMail]:
        return [mail for mail in self.inner.due(now_ns, limit) if self.scope.covers(mail.tenant)]

    def update(self, mail: ReportMail) -> None:
        self._hold(mail.tenant)
        self.inner.update(mail)

    def mails(self, tenant: str, assessment: str | None = None) -> Sequence[ReportMail]:
        return self.inner.mails(tenant, assessment) if self.scope.covers(tenant) else []

    def _hold(self, tenant: str) -> None:
        if not self.scope.covers(tenant):
            raise OutsideScope


@dataclass(frozen=True, slots=True)
class WalledConfigurations:
    inner: ConfigurationHistory
    estate: WalledEstate

    def configurations(self, tenant: str, device_id: str) -> Sequence[ConfigurationVersion]:
        return self.inner.configurations(tenant, device_id) if self.estate.holds_device(tenant, device_id) else []

    def configuration_text(self, tenant: str, device_id: str, version_id: int) -> str | None:
        return self.inner.configuration_text(tenant, device_id, version_id) if self.estate.holds_device(tenant, device_id) else None

    def newest_configurations(self, tenant: str, device_ids: Sequence[str], source: Source) -> Mapping[str, str]:
        if self.estate.scope.covers(tenant):
            return self.inner.newest_configurations(tenant, device_ids, source)
        inside = {device.id for device in self.estate.devices(tenant)}
        return self.inner.newest_configurations(tenant, [each for each in device_ids if each in inside], source)


@dataclass(frozen=True, slots=True)
class WalledEvents:
    inner: EventLog
    estate: WalledEstate

    def events(self, tenant: str, since_ns: int, limit: int, device_id: str | None = None) -> Sequence[StoredEvent]:
        if not self.estate.scope.touches(tenant):
            return []
        found = self.inner.events(tenant, since_ns, limit, device_id)
        return [each for each in found if self.estate.scope.holds(tenant, each.site)]

    def named(self, tenant: str, mnemonics: Sequence[str], since_ns: int, limit: int) -> Sequence[StoredEvent]:
        if not self.estate.scope.touches(tenant):
            return []
        return [each for each in self.inner.named(tenant, mnemonics, since_ns, limit) if self.estate.scope.holds(tenant, each.site)]

    def changes(self, tenant: str, device_id: str, since_ns: int = 0) -> Sequence[StoredEvent]:
        return self.inner.changes(tenant, device_id, since_ns) if self.estate.holds_device(tenant, device_id) else []
