"""A partner's whole estate for `bench_console`: 250 customers of four sites with 30 devices each, told as agents tell it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from natvakt_server.domain.estate import Customer, DocumentEffect, Row, Site
from natvakt_server.domain.series import BatchKey, SeriesTable
from natvakt_server.domain.tiers import HOUR_NS, MINUTE_NS
from natvakt_server.reports.signing import signed
from natvakt_server.store.estate.documents import apply_documents
from natvakt_server.store.estate.tables import metadata
from natvakt_server.store.estate.transactions import writing
from sqlalchemy import Row as SqlRow
from sqlalchemy import RowMapping, Table, select
from testkit.configuration_history import tell_configuration
from testkit.console import NOW_NS, ConsoleHouse, renamed
from testkit.report import big_site, signer

CUSTOMERS, SITES, DEVICES, PORTS = 250, 4, 30, 8
FINDINGS = 90
CONFIGURATION = "hostname {name}\n!\ninterface Vlan1\n ip address 10.0.0.{number} 255.255.255.0\n!\nend\n"


@dataclass(frozen=True, slots=True)
class Place:
    """One site, by number of its customer and its own."""

    customer: int
    number: int

    @property
    def tenant(self) -> str:
        return f"customer-{self.customer:03}"

    @property
    def site(self) -> str:
        return f"site-{self.number}"

    def agent_device(self, device: int) -> str:
        return f"{self.tenant}-{self.site}-device-{device:02}"


SEEN = Place(CUSTOMERS // 2, 1)
"""The place whose pages are opened."""


def places() -> Iterator[Place]:
    for customer in range(CUSTOMERS):
        for number in range(SITES):
            yield Place(customer, number)


def fill(house: ConsoleHouse) -> None:
    """Inventory, agents, configurations and an assessment for every customer: one told as agents tell it, the others copies of its rows."""
    before = {table.name: set(rows) for table, rows in _all_rows(house)}
    model = Place(0, 0).tenant
    created_ns = NOW_NS - 90 * 24 * HOUR_NS
    house.administration.add_customer(Customer(model, "Customer 000", schedule="monthly", created_ns=created_ns))
    for number in range(SITES):
        _fill_site(house, Place(0, number))
    document = msgspec.structs.replace(renamed(big_site(DEVICES * SITES, FINDINGS), house.ids()), tenant=model)
    house.save(signed(document, signer().sign), NOW_NS - HOUR_NS)
    for table, rows in list(_all_rows(house)):
        told = [row._mapping for row in rows if row not in before[table.name]]
        with house.engine.begin() as connection:
            for customer in range(1, CUSTOMERS) if told else ():
                connection.execute(table.insert(), [_moved(table, row, customer) for row in told])


def _all_rows(house: ConsoleHouse) -> Iterator[tuple[Table, Sequence[SqlRow[Any]]]]:
    with house.engine.connect() as connection:
        for table in metadata.sorted_tables:
            yield table, connection.execute(select(table)).all()


def _moved(table: Table, row: RowMapping, customer: int) -> dict[str, Any]:
    """The same row of another customer: names, ids, serials and addresses carry its number."""
    words = {
        "customer-000": f"customer-{customer:03}",
        "Customer 000": f"Customer {customer:03}",
        "00000000-0000-7000-8000-": f"{customer:08}-0000-7000-8000-",
        "FOC000": f"FOC{customer:03}",
        "10.0.": f"10.{customer}.",
    }
    moved: dict[str, Any] = {}
    for column in table.columns:
        value = row[column.name]
        if isinstance(value, str):
            for told, own in words.items():
                value = value.replace(told, own)
        elif isinstance(value, int) and column.name.endswith("id"):
            value += customer * 1_000_000
        moved[column.name] = value
    return moved


def _fill_site(house: ConsoleHouse, place: Place) -> None:
    house.administration.add_site(Site(place.tenant, place.site, f"Site {place.number}"))
    documents = [effect for device in range(DEVICES) for effect in _documents(place, device)]
    writing(house.engine, lambda connection: apply_documents(connection, place.tenant, place.site, documents, house.ids))
    house.add_agent(
        f"agent-{place.tenant}-{place.site}", place.tenant, place.site, seen_ago_seconds=3600 if place.customer % 20 == 0 else 30
    )
    text = CONFIGURATION.format(name=f"{place.site}-sw00", number=place.number)
    tell_configuration(house, place.agent_device(0), text, text, tenant=place.tenant, site=place.site)


def _documents(place: Place, device: int) -> Iterator[DocumentEffect]:
    observed_ns = NOW_NS - MINUTE_NS
    for kind, rows in _tables(place, device).items():
        yield DocumentEffect(place.agent_device(device), kind, observed_ns, f"{kind}-{place}-{device}", rows)


def _tables(place: Place, device: int) -> Mapping[str, Sequence[Row]]:
    name = f"{place.site}-sw{device:02}"
    identity = {
        "name": name,
        "poll_address": f"10.{place.customer}.{place.number}.{device + 1}",
        "serial": f"FOC{place.customer:03}{place.number}{device:02}",
        "model": "C9200L-48P-4X",
        "os": "ios-xe",
        "version": "17.9.5",
    }
    ports = [{"ifIndex": n, "ifName": f"Gi1/0/{n}", "ifAlias": f"desk {n}", "ifType": "ethernetCsmacd"} for n in range(1, PORTS + 1)]
    uplink = {
        "protocol": "cdp",
        "local_ifIndex": 1,
        "index": 1,
        "local_port": "Gi1/0/1",
        "remote_name": f"{place.site}-sw00",
        "remote_port": "Te1/1/1",
    }
    return {
        "device": [identity],
        "interface": ports,
        "cpu": [{"index": "1", "name": "Switch 1"}],
        "component": [{"index": 1, "class": "chassis", "name": "Switch 1", "model": "C9200L-48P-4X", "serial": str(identity["serial"])}],
        "neighbour": [uplink] if device else [],
    }


def deliveries() -> Iterator[tuple[BatchKey, Sequence[SeriesTable]]]:
    """Two cycles of every site, and an hour of the site whose pages are opened; ports, processor and reachability."""
    for place in places():
        cycles = 60 if place == SEEN else 2
        key = BatchKey(place.tenant, place.site, f"agent-{place.tenant}-{place.site}", "00" * 16, 1, 1)
        times_ns = [NOW_NS - (cycles - n) * MINUTE_NS for n in range(cycles)]
        yield key, [table for device in range(DEVICES) for table in _series(place.agent_device(device), times_ns)]


def _series(device: str, times_ns: Sequence[int]) -> Iterator[SeriesTable]:
    rows = [(n, port, at) for n, at in enumerate(times_ns) for port in range(1, PORTS + 1)]
    octets = [n * 60_000 * port for n, port, _ in rows]
    counters = {"ifHCInOctets": octets, "ifHCOutOctets": octets}
    states = {"ifOperStatus": [1] * len(rows), "ifAdminStatus": [1] * len(rows), "ifHighSpeed": [1000] * len(rows)}
    yield SeriesTable("interface", device, {"ifIndex": [str(port) for _, port, _ in rows]}, [at for *_, at in rows], {**counters, **states})
    yield SeriesTable("cpu", device, {"index": ["1"] * len(times_ns)}, times_ns, {"used_ratio": [0.2] * len(times_ns)})
    yield SeriesTable("reachability", device, {"method": ["icmp"] * len(times_ns)}, times_ns, {"up": [1] * len(times_ns)})
