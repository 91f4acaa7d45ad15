"""Devices as other systems list them, in the words of this one. Nothing here is believed: it is compared with what is observed."""

import ipaddress
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.registry import OPERATING_SYSTEMS, Role

SLUG_LIMIT = 40
TEXT_LIMIT = 255
MOST_ROWS = 100_000
_ROLES: Mapping[str, Role] = {
    "switch": Role.ACCESS,
    "access-switch": Role.ACCESS,
    "edge": Role.ACCESS,
    "dist": Role.DISTRIBUTION,
    "distribution-switch": Role.DISTRIBUTION,
    "aggregation": Role.DISTRIBUTION,
    "core-switch": Role.CORE,
    "spine": Role.CORE,
    "wan": Role.WAN_EDGE,
    "edge-router": Role.WAN_EDGE,
    "fw": Role.FIREWALL,
    "wireless-controller": Role.WLC,
    "wireless-lan-controller": Role.WLC,
    "gateway": Role.VOICE_GATEWAY,
    "cucm": Role.CALL_SERVER,
}
_SYSTEMS: Mapping[str, str] = {
    "cisco-ios": "ios",
    "cisco-ios-ios": "ios",
    "iosxe": "ios-xe",
    "cisco-ios-xe": "ios-xe",
    "cisco-iosxe": "ios-xe",
    "iosxr": "ios-xr",
    "cisco-ios-xr": "ios-xr",
    "cisco-iosxr-iosxr": "ios-xr",
    "nxos": "nx-os",
    "cisco-nx-os": "nx-os",
    "cisco-nxos": "nx-os",
    "cisco-nxos-nxos": "nx-os",
    "cisco-asa": "asa",
    "cisco-asa-asa": "asa",
    "ciscosmb": "small-business",
}


class NotReadable(ValueError):
    """The file as a whole cannot be read: names the place, the reason and the way out."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of one device, as it says it. `place`: where in the file, for people."""

    place: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One device that another system lists. `role`, `os`: None where it says none that is known here."""

    place: str
    customer: str
    customer_name: str
    site: str
    site_name: str
    name: str
    address: str
    role: Role | None = None
    os: str | None = None
    model: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Names:
    """Short names of what is there already, by itself and by its full name in lower case; of sites with their customer."""

    customers: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @staticmethod
    def of(customers: Sequence[Customer], sites: Sequence[Site]) -> "Names":
        """A short name wins over a full one that is written the same."""
        return Names(
            {each.name.lower(): each.tenant for each in customers} | {each.tenant: each.tenant for each in customers},
            {(each.tenant, each.name.lower()): each.site for each in sites} | {(each.tenant, each.site): each.site for each in sites},
        )

    def customer(self, short: str, full: str) -> str:
        """Empty where nothing is named."""
        return self.customers.get(short.lower()) or self.customers.get(full.lower()) or slug(short) or slug(full)

    def site(self, tenant: str, short: str, full: str) -> str:
        return self.sites.get((tenant, short.lower())) or self.sites.get((tenant, full.lower())) or slug(short) or slug(full)


def understood(rows: Sequence[Row], customer: str, site: str, names: Names | None = None) -> tuple[Sequence[Listed], Sequence[BadRow]]:
    """`customer` and `site` stand in where a row names none. A device that is listed twice counts once."""
    known = names or Names()
    listed: list[Listed] = []
    bad: list[BadRow] = []
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        read = _understood(row, customer, site, known)
        if isinstance(read, BadRow):
            bad.append(read)
        elif (read.customer, read.address) in seen:
            bad.append(BadRow(row.place, f"{read.address} of {read.customer} stands in {seen[read.customer, read.address]} already"))
        else:
            seen[read.customer, read.address] = row.place
            listed.append(read)
    return listed, bad


def slug(text: str) -> str:
    """A short name as customers and sites have them; empty where nothing of the text can be kept."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LIMIT].rstrip("-")


def _understood(row: Row, customer: str, site: str, known: Names) -> Listed | BadRow:
    values = {name: _clean(text) for name, text in row.values.items()}
    tenant_name, site_name = values.get("customer_name", ""), values.get("site_name", "")
    tenant = known.customer(values.get("customer", ""), tenant_name) or customer
    place = known.site(tenant, values.get("site", ""), site_name) or site
    name, address = values.get("name", ""), _address(values.get("address", "") or values.get("name", ""))
    if not tenant:
        return BadRow(row.place, "no customer is named; give --customer for rows without one")
    if not place:
        return BadRow(row.place, "no site is named; give --site for rows without one")
    if not name:
        return BadRow(row.place, "the device has no name")
    if not address:
        told = values.get("address", "")
        return BadRow(row.place, f"{name}: {told!r} is no IP address" if told else f"{name}: no IP address, and names are not looked up")
    return Listed(
        place=row.place,
        customer=tenant,
        customer_name=tenant_name or values.get("customer", "") or tenant,
        site=place,
        site_name=site_name or values.get("site", "") or place,
        name=name,
        address=address,
        role=_role(values.get("role", "")),
        os=_system(values.get("os", "")),
        model=values.get("model", ""),
        serial=values.get("serial", ""),
    )


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+", " ", text).strip()[:TEXT_LIMIT]


def _address(text: str) -> str:
    """Without the length of its network; empty where it is none."""
    try:
        return str(ipaddress.ip_address(text.partition("/")[0].strip()))
    except ValueError:
        return ""


def _role(text: str) -> Role | None:
    word = slug(text)
    return Role(word) if word in {role.value for role in Role} else _ROLES.get(word)


def _system(text: str) -> str | None:
    word = slug(text)
    return word if word in OPERATING_SYSTEMS else _SYSTEMS.get(word)
