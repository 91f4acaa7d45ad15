"""Phones as switches see them: who stands at which port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import PHONE, by_index

REGISTERED = 2  # CISCO-CCM-MIB CcmDeviceStatus
CISCO_NAMES = ("sep", "ata")


@dataclass(frozen=True, slots=True)
class PhonePort:
    """`row` is the port's interface, `neighbour` what it heard of the phone, `port` its switching side where the device tells one."""

    row: Row
    neighbour: Row
    port: Row | None

    @property
    def name(self) -> str:
        return str(self.neighbour.get("remote_name") or self.neighbour.get("remote_address") or "phone")


def is_phone(neighbour: Row) -> bool:
    texts = (str(neighbour.get("remote_platform") or ""), str(neighbour.get("remote_name") or ""))
    capabilities = str(neighbour.get("remote_capabilities") or "").casefold().split(",")
    return "phone" in capabilities or any(PHONE.search(text) for text in texts)


def phone_ports(device: Device) -> Sequence[PhonePort]:
    """One a port, by CDP before LLDP; ask for it with `device.once(phone_ports)`."""
    interfaces, ports = by_index(device), {str(row.get("ifIndex")): row for row in device.table("port").rows}
    found: dict[str, PhonePort] = {}
    for neighbour in sorted(device.table("neighbour").rows, key=lambda row: (str(row.get("protocol")), str(row.get("local_ifIndex")))):
        index = str(neighbour.get("local_ifIndex"))
        if index in interfaces and index not in found and is_phone(neighbour):
            found[index] = PhonePort(interfaces[index], neighbour, ports.get(index))
    return tuple(found.values())


def phones_by_site(evidence: Evidence) -> Mapping[str, int]:
    """Phones that the switches of each site see, each once; ask for it with `evidence.once(phones_by_site)`."""
    names: dict[str, set[str]] = {}
    for device in evidence.devices:
        names.setdefault(device.site, set()).update(
            seen.name.casefold() if seen.neighbour.get("remote_name") else f"{device.id} {seen.row.get('ifIndex')}"
            for seen in device.once(phone_ports)
        )
    return {site: len(found) for site, found in names.items()}


def phones_of_site(evidence: Evidence, site: str) -> int:
    return evidence.once(phones_by_site).get(site, 0)
