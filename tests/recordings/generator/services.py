"""Voice, wireless, power, print, hosts and rack servers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.recording import Recording, counter, gauge, index_of, integer, ip, octets, packed, text, ticks

CCM = "1.3.6.1.4.1.9.9.156.1"
REGISTERED, UNREGISTERED, REJECTED = 2, 3, 4
AIRESPACE = "1.3.6.1.4.1.14179.2.2"
HOST = "1.3.6.1.2.1.25"
UCS = "1.3.6.1.4.1.9.9.719.1"


@dataclass(frozen=True)
class Phone:
    name: str
    address: str
    status: int
    load: str = "sip88xx.14-2-1-0201-6"
    product: int = 1


def call_manager(to: Recording, node: str, version: str, phones: Sequence[Phone], gateways: Mapping[str, tuple[int, int]]) -> None:
    """CISCO-CCM-MIB; `gateways`: name -> status and state of the D channel."""
    to.note("CISCO-CCM-MIB")
    cells = {
        2: text(node), 3: text("Publisher"), 4: text(version), 5: integer(2), 6: integer(1), 7: octets(packed("10.9.0.51")),
        8: text("Test"),
    }  # fmt: skip
    to.row(f"{CCM}.1.2.1", 1, cells)
    to.put(f"{CCM}.1.8.1.3.1", text("Cisco 8851"))
    states = [phone.status for phone in phones]
    to.scalars(
        f"{CCM}.5",
        {
            5: gauge(states.count(REGISTERED)),
            6: gauge(states.count(UNREGISTERED)),
            7: gauge(states.count(REJECTED)),
            8: gauge(sum(status == REGISTERED for status, _ in gateways.values())),
            9: gauge(sum(status == UNREGISTERED for status, _ in gateways.values())),
            10: gauge(0),
            11: gauge(1),
            12: gauge(1),
            13: gauge(0),
        },
    )
    for index, phone in enumerate(phones, 1):
        to.row(
            f"{CCM}.2.1.1",
            index,
            {
                2: octets(phone.name.removeprefix("SEP").lower()),
                4: text(f"Phone {index}"),
                7: integer(phone.status),
                18: gauge(phone.product),
                19: integer(3),
                20: text(phone.name),
                21: octets(packed(phone.address)),
                25: text(phone.load),
            },
        )
    for index, (name, (status, channel)) in enumerate(gateways.items(), 1):
        cells = {
            2: text(name), 4: text("Gateway"), 5: integer(status), 7: integer(1), 8: octets(packed("10.9.0.2")), 10: integer(0),
            13: integer(channel),
        }  # fmt: skip
        to.row(f"{CCM}.3.1.1", index, cells)
    for index, (name, status) in enumerate({"MTP_2": REGISTERED, "CFB_2": UNREGISTERED}.items(), 1):
        cells = {2: text(name), 4: text("Media"), 5: integer(status), 7: integer(1), 8: octets(packed("10.9.0.51")), 9: integer(6)}
        to.row(f"{CCM}.6.1.1", index, cells)
    to.row(f"{CCM}.14.1.1", 1, {2: text("SIP-PSTN"), 4: text("Carrier"), 5: integer(1), 6: octets(packed("198.51.100.5"))})


def installed_package(to: Recording, version: str) -> None:
    to.note("SYSAPPL-MIB: the product is the first package")
    to.put("1.3.6.1.2.1.54.1.1.1.1.4.1", text(version))


def ephones(to: Recording, most: int, phones: Mapping[str, int]) -> None:
    """CISCO-CCME-MIB: name -> registered 1, unregistered 2, deceased 3."""
    to.note("CISCO-CCME-MIB")
    base = "1.3.6.1.4.1.9.9.439.1"
    to.scalar(f"{base}.1.6", integer(most))
    to.scalars(f"{base}.2", {1: gauge(2), 2: counter(len(phones)), 3: gauge(sum(state == 1 for state in phones.values()))})
    for tag, (name, state) in enumerate(phones.items(), 1):
        mac = name.removeprefix("SEP").lower()
        to.row(f"{base}.1.43.1", tag, {3: octets(packed(f"10.9.30.{tag}")), 4: octets(mac), 6: text(f"user{tag}")})
        to.row(f"{base}.2.6.1", tag, {1: text(name), 2: integer(state), 8: text("SCCP45.9-4-2"), 11: text("7965")})


def survivable(to: Recording, most: int, state: int = 2) -> None:
    to.note("CISCO-SRST-MIB")
    base = "1.3.6.1.4.1.9.9.441.1"
    to.scalars(f"{base}.2", {1: integer(1), 2: text("14.1"), 4: octets(packed("10.9.30.1")), 7: gauge(most), 8: gauge(most * 2)})
    to.scalars(f"{base}.3", {1: integer(state), 2: gauge(0), 3: gauge(0)})


def signal_processors(to: Recording, physical: int, used: int, peak: int, failed: int = 0) -> None:
    to.note("CISCO-DSP-MGMT-MIB")
    base = "1.3.6.1.4.1.9.9.86.1"
    cells = {
        2: integer(1 if not failed else 2), 3: gauge(used), 4: gauge(peak), 6: integer(16), 7: gauge(4), 8: gauge(failed), 10: gauge(0),
    }  # fmt: skip
    to.row(f"{base}.1.1.1", physical, cells)
    to.scalars(f"{base}.7", {1: gauge(12), 2: gauge(10)})


def dial_peers(to: Recording, rows: Mapping[int, tuple[int, str, str]], active: int) -> None:
    """CISCO-VOICE-DIAL-CONTROL-MIB, DIAL-CONTROL-MIB: tag -> type (voice 1, voip 2), destination, target."""
    to.note("CISCO-VOICE-DIAL-CONTROL-MIB, DIAL-CONTROL-MIB")
    base = "1.3.6.1.4.1.9.9.63.1"
    to.scalar(f"{base}.3.8.2", gauge(active))
    to.scalar(f"{base}.3.8.3", gauge(100))
    to.put(f"{base}.3.8.1.1.2.2", gauge(active))
    for tag, (kind, destination, target) in rows.items():
        to.row(f"{base}.2.1.1", tag, {3: integer(kind)})
        to.row(f"{base}.3.8.4.1", tag, {1: gauge(1), 2: gauge(0)})
        to.row(f"{base}.2.4.1", tag, {2: integer(-1), 4: integer(0)})
        if kind == 2:
            to.row(f"{base}.2.3.1", tag, {1: integer(4), 4: text(target)})
        else:
            to.row(f"{base}.2.2.1", tag, {1: text(target)})
        to.row("1.3.6.1.2.1.10.21.1.2.1.1", f"{tag}.{200 + tag}", {4: text(destination), 18: integer(1)})


def primary_rate(to: Recording, line: int, channel: int, busy: int, of: int = 30, status: int = 1, errored: int = 0) -> None:
    """DS1-MIB, ISDN-MIB, CISCO-POP-MGMT-MIB: the line's interface, the D channel's, and how many channels carry calls."""
    to.note("DS1-MIB")
    base = "1.3.6.1.2.1.10.18"
    to.row(f"{base}.6.1", line, {8: text("CIRCUIT-1"), 10: integer(status), 12: integer(1)})
    to.row(f"{base}.7.1", line, {2: gauge(errored), 3: gauge(0), 5: gauge(0), 7: gauge(errored * 2)})
    to.row(f"{base}.9.1", line, {2: gauge(errored * 4)})
    to.note("ISDN-MIB, CISCO-POP-MGMT-MIB")
    isdn = "1.3.6.1.2.1.10.20.1"
    to.row(f"{isdn}.3.4.1", channel, {2: integer(3 if status == 1 else 1), 3: counter(1)})
    to.row(f"{isdn}.3.2.1", 1, {2: integer(channel), 6: integer(of)})
    to.row(f"{isdn}.3.3.1", 1, {1: counter(900), 2: counter(880), 3: counter(700), 4: counter(650)})
    for place in range(of):
        to.put(f"{isdn}.2.1.1.2.{channel + 1 + place}", integer(4 if place < busy else 1))
    cells = {3: gauge(busy), 11: gauge(of - busy), 12: gauge(0), 13: gauge(0)}
    to.row("1.3.6.1.4.1.9.10.19.1.1.9.1", "0.1", cells)


def sip_user_agent(to: Recording, invites: int, unavailable: int) -> None:
    to.note("CISCO-SIP-UA-MIB")
    base = "1.3.6.1.4.1.9.9.152.1.2"
    to.scalars(f"{base}.7", {1: counter(invites), 2: counter(invites * 2), 9: counter(10), 10: counter(4_000)})
    to.scalar(f"{base}.8.1", counter(12))
    to.scalar(f"{base}.5.7", counter(unavailable))
    to.scalars(f"{base}.10", {8: gauge(3), 9: gauge(1)})


@dataclass(frozen=True)
class AccessPoint:
    mac: str
    name: str
    model: str
    serial: str
    address: str
    status: int = 1


def access_points(to: Recording, rows: Sequence[AccessPoint], clients_by_network: Mapping[str, int], most_clients: int = 0) -> None:
    """AIRESPACE-WIRELESS-MIB and CISCO-LWAPP-AP/SYS-MIB: two radios each, 42 % of the 5 GHz channel used."""
    to.note("AIRESPACE-WIRELESS-MIB")
    for number, row in enumerate(rows, 1):
        index = index_of(row.mac)
        to.row(
            f"{AIRESPACE}.1.1",
            index,
            {
                3: text(row.name),
                4: text("Floor 1"),
                6: integer(row.status),
                8: text("17.9.4.27"),
                16: text(row.model),
                17: text(row.serial),
                19: ip(row.address),
                37: integer(1),
            },
        )
        for slot, (band, channel, load) in enumerate(((1, 6, 61), (2, 36, 42))):
            to.row(f"{AIRESPACE}.2.1", f"{index}.{slot}", {2: integer(band), 4: integer(channel), 6: integer(3), 12: integer(2)})
            cells = {1: integer(4), 2: integer(2), 3: integer(load), 4: integer(number * (slot + 1))}
            to.row(f"{AIRESPACE}.13.1", f"{index}.{slot}", cells)
    for number, (network, clients) in enumerate(clients_by_network.items(), 1):
        to.row("1.3.6.1.4.1.14179.2.1.1.1", number, {2: text(network), 38: counter(clients)})
    to.note("CISCO-LWAPP-AP-MIB, CISCO-LWAPP-SYS-MIB")
    for row in rows:
        to.put(f"1.3.6.1.4.1.9.9.513.1.1.1.1.6.{index_of(row.mac)}", ticks(432_000))
    to.scalars("1.3.6.1.4.1.9.9.618.1.8", {4: gauge(len(rows)), 12: gauge(sum(clients_by_network.values()))})
    if most_clients:
        to.scalar("1.3.6.1.4.1.9.9.618.1.8.3", gauge(most_clients))


def uninterruptible(to: Recording, model: str, charge: int, minutes: int, load: int, source: int = 3, alarm: int | None = None) -> None:
    """UPS-MIB; `alarm`: the arc of a well-known alarm that stands."""
    to.note("UPS-MIB")
    base = "1.3.6.1.2.1.33.1"
    to.scalars(f"{base}.1", {1: text("Example Power"), 2: text(model), 3: text("2.01")})
    to.scalars(
        f"{base}.2",
        {
            1: integer(2 if charge > 20 else 3),
            2: integer(0 if source != 5 else 340),
            3: integer(minutes),
            4: integer(charge),
            5: integer(273),
            7: integer(24),
        },
    )
    to.row(f"{base}.3.3.1", 1, {2: integer(500), 3: integer(231 if source != 5 else 0)})
    to.scalars(f"{base}.4", {1: integer(source), 2: integer(500)})
    to.row(f"{base}.4.4.1", 1, {2: integer(230), 3: integer(31), 4: integer(710), 5: integer(load)})
    to.scalar(f"{base}.6.1", gauge(int(alarm is not None)))
    if alarm is not None:
        to.put(f"{base}.6.2.1.2.1", (6, f"{base}.6.3.{alarm}"))
    to.scalar(f"{base}.9.7", integer(5))


def powernet(to: Recording, model: str, serial: str, tenths_charge: int, runtime_seconds: int, load: int, replace: bool) -> None:
    to.note("PowerNet-MIB")
    base = "1.3.6.1.4.1.318.1.1.1"
    to.scalar(f"{base}.1.1.1", text(model))
    to.scalars(f"{base}.1.2", {1: text("UPS 09.3"), 3: text(serial)})
    to.scalars(f"{base}.2.1", {1: integer(2), 2: ticks(0), 3: text("05/02/2021")})
    cells = {1: gauge(tenths_charge // 10), 2: gauge(27), 3: ticks(runtime_seconds), 4: integer(2 if replace else 1)}
    to.scalars(f"{base}.2.2", cells)
    to.scalar(f"{base}.2.3.1", gauge(tenths_charge))
    to.scalar(f"{base}.3.2.1", gauge(232))
    to.scalar(f"{base}.4.1.1", integer(2))
    to.scalars(f"{base}.4.2", {1: gauge(230), 3: gauge(load), 4: gauge(4)})


def printer(to: Recording, model: str, serial: str, supplies: Mapping[str, tuple[int, int, int]], pages: int, errors: str) -> None:
    """`supplies`: name -> type, capacity, level (-3: some left); `errors`: hrPrinterDetectedErrorState as hexadecimal."""
    to.note("HOST-RESOURCES-MIB: the printer")
    to.row(f"{HOST}.3.2.1", 1, {2: (6, f"{HOST}.3.1.5"), 3: text(model), 5: integer(3)})
    to.row(f"{HOST}.3.5.1", 1, {1: integer(3), 2: octets(errors)})
    to.note("Printer-MIB")
    base = "1.3.6.1.2.1.43"
    to.row(f"{base}.5.1.1", 1, {16: text("test-printer"), 17: text(serial)})
    to.put(f"{base}.10.2.1.4.1.1", counter(pages))
    for index, (name, (kind, capacity, level)) in enumerate(supplies.items(), 1):
        cells = {4: integer(3), 5: integer(kind), 6: text(name), 7: integer(19), 8: integer(capacity), 9: integer(level)}
        to.row(f"{base}.11.1.1", f"1.{index}", cells)
    to.row(f"{base}.8.2.1", "1.1", {9: integer(500), 10: integer(125), 12: text("A4"), 13: text("Tray 1")})


def storages(to: Recording, rows: Sequence[tuple[str, str, int, int, int]]) -> None:
    """HOST-RESOURCES-MIB: name, kind (ram, virtual, disk, removable), unit in octets, size and use in units."""
    to.note("HOST-RESOURCES-MIB: storage")
    kinds = {"ram": 2, "virtual": 3, "disk": 4, "removable": 5}
    for index, (name, kind, unit, size, used) in enumerate(rows, 1):
        cells = {2: (6, f"{HOST}.2.1.{kinds[kind]}"), 3: text(name), 4: integer(unit), 5: integer(size), 6: integer(used)}
        to.row(f"{HOST}.2.3.1", index, cells)


def processors(to: Recording, loads: Sequence[int], name: str) -> None:
    """HOST-RESOURCES-MIB: load of each processor in percent."""
    to.note("HOST-RESOURCES-MIB: processors")
    for place, load in enumerate(loads):
        index = 196_608 + place
        to.row(f"{HOST}.3.2.1", index, {2: (6, f"{HOST}.3.1.3"), 3: text(name), 5: integer(2)})
        to.put(f"{HOST}.3.3.1.2.{index}", integer(load))


def rack_server(to: Recording, model: str, serial: str, ambient: int, supplies: Mapping[str, int], drives: Mapping[str, int]) -> None:
    """CISCO-UNIFIED-COMPUTING-MIBs as a CIMC answers them; states: operable 1, inoperable 2, degraded 3."""
    to.note("CISCO-UNIFIED-COMPUTING-MIB")
    to.row(f"{UCS}.9.35.1", 1, {2: text("sys/rack-unit-1"), 32: text(model), 47: text(serial)})
    to.row(f"{UCS}.9.44.1", 1, {2: text("sys/rack-unit-1/temp-stats"), 4: text(str(ambient))})
    for index, (name, state) in enumerate(supplies.items(), 1):
        to.row(f"{UCS}.15.56.1", index, {2: text(f"sys/rack-unit-1/{name}"), 8: integer(state)})
    for index, (name, state) in enumerate(drives.items(), 1):
        to.row(f"{UCS}.45.4.1", index, {2: text(f"sys/rack-unit-1/board/{name}"), 9: integer(state)})
