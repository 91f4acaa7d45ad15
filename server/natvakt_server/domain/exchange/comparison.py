"""What a list of another system would change here, and where the two do not agree.

Observation wins: only what nobody can observe is taken over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.estate import Customer, Device, Site
from natvakt_server.domain.exchange.listed import BadRow, Listed
from natvakt_server.domain.registry import Role


@dataclass(frozen=True, slots=True)
class NewCustomer:
    tenant: str
    name: str


@dataclass(frozen=True, slots=True)
class NewSite:
    tenant: str
    site: str
    name: str


@dataclass(frozen=True, slots=True)
class NewRole:
    """People know what a device is for better than it does itself."""

    device: Device
    role: Role


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`field` as the list has it and as it was observed; nothing is changed by it."""

    device: Device
    field: str
    listed: str
    observed: str


@dataclass(frozen=True, slots=True)
class Difference:
    """`unseen`: listed, but no agent observes it: a target for its site. `unlisted`: observed at a customer of the list, but not in it."""

    customers: Sequence[NewCustomer]
    sites: Sequence[NewSite]
    roles: Sequence[NewRole]
    unseen: Sequence[Listed]
    disagreements: Sequence[Disagreement]
    unlisted: Sequence[Device]
    bad: Sequence[BadRow]

    @property
    def changes(self) -> int:
        return len(self.customers) + len(self.sites) + len(self.roles)


def compare(
    listed: Sequence[Listed], bad: Sequence[BadRow], customers: Sequence[Customer], sites: Sequence[Site], devices: Sequence[Device]
) -> Difference:
    """Devices are recognised by serial, then by address within their customer, then by name within their site."""
    known_customers = {each.tenant for each in customers}
    known_sites = {(each.tenant, each.site) for each in sites}
    new_customers = {each.customer: each.customer_name for each in reversed(listed) if each.customer not in known_customers}
    new_sites = {(each.customer, each.site): each.site_name for each in reversed(listed) if (each.customer, each.site) not in known_sites}
    known = _Known(devices)
    pairs = [(each, known.find(each)) for each in listed]
    matched = {device.id for _, device in pairs if device is not None}
    told_of = {each.customer for each in listed}
    return Difference(
        customers=[NewCustomer(tenant, name) for tenant, name in sorted(new_customers.items())],
        sites=[NewSite(tenant, site, name) for (tenant, site), name in sorted(new_sites.items())],
        roles=[
            NewRole(device, each.role)
            for each, device in pairs
            if device is not None and each.role is not None and each.role is not device.role
        ],
        unseen=[each for each, device in pairs if device is None],
        disagreements=[found for each, device in pairs if device is not None for found in _disagreements(each, device)],
        unlisted=[device for device in devices if device.tenant in told_of and device.id not in matched],
        bad=bad,
    )


class _Known:
    def __init__(self, devices: Sequence[Device]) -> None:
        self._by_serial: Mapping[tuple[str, str], Device] = {(each.tenant, each.serial): each for each in devices if each.serial}
        self._by_address: Mapping[tuple[str, str], Device] = {(each.tenant, each.address): each for each in devices}
        self._by_name: Mapping[tuple[str, str, str], Device] = {(each.tenant, each.site, each.name.lower()): each for each in devices}

    def find(self, listed: Listed) -> Device | None:
        return (
            (self._by_serial.get((listed.customer, listed.serial)) if listed.serial else None)
            or self._by_address.get((listed.customer, listed.address))
            or self._by_name.get((listed.customer, listed.site, listed.name.lower()))
        )


def _disagreements(listed: Listed, device: Device) -> Iterator[Disagreement]:
    for field, told, observed in (
        ("name", listed.name, device.name),
        ("site", listed.site, device.site),
        ("address", listed.address, device.address),
        ("os", listed.os or "", device.os or ""),
        ("model", listed.model, device.model or ""),
        ("serial", listed.serial, device.serial or ""),
    ):
        if told and observed and told.lower() != observed.lower():
            yield Disagreement(device, field, told, observed)
