"""Customers, sites and devices."""

from datetime import datetime

import msgspec

from natvakt_server.domain.estate import Customer, Device, Site
from natvakt_server.domain.listing import Page
from natvakt_server.domain.registry import OPERATING_SYSTEMS, Role
from natvakt_server.domain.rights import Permission
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import PREFIX, Field, Kind, Operation
from natvakt_server.web.api.problem import not_found
from natvakt_server.web.api.resources.times import moment

SCHEDULES = ("weekly", "monthly", "quarterly")


class CustomerAnswer(msgspec.Struct, frozen=True):
    """`customer` is the name by which everything else knows this customer."""

    customer: str
    name: str
    language: str
    time_zone: str
    schedule: str | None
    created: datetime | None
    url: str


class SiteAnswer(msgspec.Struct, frozen=True):
    customer: str
    site: str
    name: str
    created: datetime | None
    url: str


class DeviceAnswer(msgspec.Struct, frozen=True):
    """`last_seen`: when it last answered an agent; null: never."""

    id: str
    customer: str
    site: str
    name: str
    address: str
    role: str
    vendor: str | None
    os: str | None
    version: str | None
    model: str | None
    serial: str | None
    first_seen: datetime | None
    last_seen: datetime | None
    url: str


def customer_answer(customer: Customer) -> CustomerAnswer:
    return CustomerAnswer(
        customer.tenant,
        customer.name,
        customer.language,
        customer.time_zone,
        customer.schedule,
        moment(customer.created_ns),
        f"{PREFIX}/customers/{customer.tenant}",
    )


def site_answer(site: Site) -> SiteAnswer:
    return SiteAnswer(site.tenant, site.site, site.name, moment(site.created_ns), f"{PREFIX}/customers/{site.tenant}/sites/{site.site}")


def device_answer(device: Device) -> DeviceAnswer:
    return DeviceAnswer(
        id=device.id,
        customer=device.tenant,
        site=device.site,
        name=device.name,
        address=device.address,
        role=device.role.value,
        vendor=device.vendor,
        os=device.os,
        version=device.version,
        model=device.model,
        serial=device.serial,
        first_seen=moment(device.first_seen_ns),
        last_seen=moment(device.last_seen_ns),
        url=f"{PREFIX}/devices/{device.id}",
    )


def list_customers(call: Call) -> Page[CustomerAnswer]:
    found = call.listing.list_customers(call.scope, call.wish)
    return Page(found.count, [customer_answer(each) for each in found.items])


def show_customer(call: Call) -> CustomerAnswer:
    tenant = call.path["customer"]
    found = call.ports.estate.customer(tenant) if call.scope.touches(tenant) else None
    if found is None:
        raise not_found(f"customer {tenant[:64]!r}")
    return customer_answer(found)


def list_sites(call: Call) -> Page[SiteAnswer]:
    found = call.listing.list_sites(call.scope, call.wish)
    return Page(found.count, [site_answer(each) for each in found.items])


def show_site(call: Call) -> SiteAnswer:
    tenant, name = call.path["customer"], call.path["site"]
    known = call.ports.estate.sites(tenant) if call.scope.holds(tenant, name) else ()
    found = next((each for each in known if each.site == name), None)
    if found is None:
        raise not_found(f"site {name[:64]!r} of customer {tenant[:64]!r}")
    return site_answer(found)


def list_devices(call: Call) -> Page[DeviceAnswer]:
    found = call.listing.list_devices(call.scope, call.wish)
    return Page(found.count, [device_answer(each) for each in found.items])


def show_device(call: Call) -> DeviceAnswer:
    return device_answer(call.device())


OPERATIONS = (
    Operation(
        "customers.list",
        "GET",
        "/customers",
        "Customers",
        Permission.SEE,
        list_customers,
        CustomerAnswer,
        fields=(
            Field("customer"),
            Field("name"),
            Field("language", Kind.CHOICE, ("sv", "en")),
            Field("time_zone"),
            Field("schedule", Kind.CHOICE, SCHEDULES),
        ),
    ),
    Operation("customers.show", "GET", "/customers/{customer}", "One customer", Permission.SEE, show_customer, CustomerAnswer),
    Operation(
        "sites.list",
        "GET",
        "/sites",
        "Sites",
        Permission.SEE,
        list_sites,
        SiteAnswer,
        fields=(Field("customer"), Field("site"), Field("name")),
    ),
    Operation("sites.show", "GET", "/customers/{customer}/sites/{site}", "One site", Permission.SEE, show_site, SiteAnswer),
    Operation(
        "devices.list",
        "GET",
        "/devices",
        "Devices",
        Permission.SEE,
        list_devices,
        DeviceAnswer,
        fields=(
            Field("id"),
            Field("customer"),
            Field("site"),
            Field("name"),
            Field("address"),
            Field("role", Kind.CHOICE, tuple(role.value for role in Role)),
            Field("vendor"),
            Field("os", Kind.CHOICE, OPERATING_SYSTEMS),
            Field("version"),
            Field("model"),
            Field("serial"),
            Field("first_seen", Kind.MOMENT),
            Field("last_seen", Kind.MOMENT),
        ),
    ),
    Operation("devices.show", "GET", "/devices/{device}", "One device", Permission.SEE, show_device, DeviceAnswer),
)
