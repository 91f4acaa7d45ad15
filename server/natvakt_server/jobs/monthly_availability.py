"""Availability of the month before and of this one so far, for the evidence of an assessment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from natvakt_server.analysis.evidence import MonthAvailability
from natvakt_server.domain.agreements import AgreementBook
from natvakt_server.domain.estate import Customer, EstateReader
from natvakt_server.domain.incidents import IncidentBook
from natvakt_server.domain.series import SeriesReader
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.monitoring.availability_figures import Figure, Measuring, Period, figures_of, month_before, period_of
from natvakt_server.monitoring.availability_reading import Month


@dataclass(frozen=True, slots=True)
class MonthlyAvailability:
    reader: EstateReader
    series: SeriesReader
    agreements: AgreementBook
    incidents: IncidentBook

    def of(self, customer: Customer, sites: Sequence[str], as_of_ns: int) -> tuple[MonthAvailability, ...]:
        """Of these sites, and of the customer with its services where these are all. Months in which nobody observed anything are left out.
        Raises SeriesUnavailable.
        """
        now = period_of("", customer, as_of_ns)
        months = (month_before(now, customer, as_of_ns), now)
        return tuple(each for period in months for each in self._month(customer, sites, period, as_of_ns))

    def _month(self, customer: Customer, sites: Sequence[str], period: Period, as_of_ns: int) -> Iterator[MonthAvailability]:
        tenant = customer.tenant
        devices = self.reader.devices(tenant)
        records = Month(self.series, tenant, period.start_ns, period.last_ns, as_of_ns).records(devices)
        measuring = Measuring(period, self.incidents.maintenances(tenant, period.start_ns), records)
        names = {site.site: site.name for site in self.reader.sites(tenant)}
        figures = figures_of(customer, measuring, self.agreements.agreements(tenant), devices, names)
        if not figures or not figures[0].measured.observed_ns:
            return
        told = ("customer", "service", "site") if names.keys() <= set(sites) else ("site",)  # of single devices the console tells
        yield from (_told(period, each) for each in figures if each.kind in told and (each.kind != "site" or each.place in sites))


def _told(period: Period, figure: Figure) -> MonthAvailability:
    measured = figure.measured
    return MonthAvailability(
        month=period.written,
        is_over=period.is_over,
        kind=figure.kind,
        name=measured.name,
        agreed_seconds=measured.agreed_ns / SECOND_NS,
        observed_seconds=measured.observed_ns / SECOND_NS,
        down_seconds=measured.down_ns / SECOND_NS,
        maintenance_seconds=measured.maintenance_ns / SECOND_NS,
        target=measured.target,
        kept=measured.is_kept,
    )
