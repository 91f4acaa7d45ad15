"""Which addresses are one device, and what is odd about it.

A *sighting* is one address that told who it is. Sightings are one device by serial number, else base MAC, else engine id, else because
one lists the other's address as its own, and never where a better identifier contradicts. The whole set is grouped at once, so the order
in which devices answered cannot change the result.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from natvakt_agent.discovery.scope import address_order
from natvakt_agent.discovery.words import Facts

ZERO_MACS = frozenset(("000000000000", "ffffffffffff"))


@dataclass(frozen=True, slots=True)
class Sighting:
    """`address` answered, and said this."""

    address: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Remembered:
    """A device of an earlier discovery or of the configuration, as it was then."""

    name: str
    address: str
    credential: str | None = None
    serial: str | None = None
    engine_id: str | None = None
    base_mac: str | None = None
    addresses: tuple[str, ...] = ()


class Oddity(StrEnum):
    """What a person should look at."""

    DUPLICATE_ENGINE_ID = "duplicate-engine-id"
    DUPLICATE_SERIAL = "duplicate-serial"
    DUPLICATE_NAME = "duplicate-name"
    REPLACED = "replaced-hardware"
    MOVED = "moved"
    ANSWERS_ELSEWHERE = "answers-elsewhere"
    WEAK_CREDENTIAL = "weak-credential"
    TWO_CREDENTIALS = "two-credentials"
    NOT_POSSIBLE = "not-possible"


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    kind: str
    addresses: tuple[str, ...]
    text: str


@dataclass(slots=True)
class _Group:
    """Sightings of one device while it is put together."""

    sightings: list[Sighting] = field(default_factory=list)

    def values(self, of: Callable[[Facts], str | None]) -> set[str]:
        return {value for sighting in self.sightings if (value := of(sighting.facts)) is not None}

    def first(self) -> tuple[int, int]:
        return min(address_order(sighting.address) for sighting in self.sightings)

    def contradicts(self, facts: Facts, identifier: Callable[[Facts], str | None]) -> bool:
        """Whether serial or base MAC differ from the group's; engine ids are cloned so often that there the name counts too."""
        better = (serial, base_mac, system_name) if identifier is engine_id else (serial, base_mac)
        return any((value := of(facts)) is not None and (known := self.values(of)) and value not in known for of in better)


def serial(facts: Facts) -> str | None:
    return facts.serial


def base_mac(facts: Facts) -> str | None:
    return None if facts.base_mac in ZERO_MACS else facts.base_mac


def engine_id(facts: Facts) -> str | None:
    return facts.engine_id


def system_name(facts: Facts) -> str | None:
    return facts.name


def grouped(sightings: Iterable[Sighting]) -> list[tuple[Sighting, ...]]:
    """One tuple a device, its sightings and the devices by address. Depends on the set alone, not on its order."""
    waiting = sorted(set(sightings), key=lambda sighting: address_order(sighting.address))
    groups = _by_serial([sighting for sighting in waiting if serial(sighting.facts)])
    rest = [sighting for sighting in waiting if not serial(sighting.facts)]
    for identifier in (base_mac, engine_id):
        joining = [sighting for sighting in rest if identifier(sighting.facts)]
        rest = [sighting for sighting in rest if not identifier(sighting.facts)]
        groups = _joined(groups, joining, identifier)
    groups = _by_own_addresses(groups, rest)
    groups.sort(key=_Group.first)
    return [tuple(sorted(group.sightings, key=lambda sighting: address_order(sighting.address))) for group in groups]


def _by_serial(sightings: Sequence[Sighting]) -> list[_Group]:
    """One serial is one device, unless both base MAC and engine id say otherwise: cloned virtual machines share serials."""
    by_serial: dict[str, list[_Group]] = defaultdict(list)
    for sighting in sightings:
        groups = by_serial[str(serial(sighting.facts))]
        match = next((group for group in groups if not _is_clone(group, sighting.facts)), None)
        if match is None:
            groups.append(_Group([sighting]))
        else:
            match.sightings.append(sighting)
    return [group for groups in by_serial.values() for group in groups]


def _is_clone(group: _Group, facts: Facts) -> bool:
    return all((value := of(facts)) is not None and (known := group.values(of)) and value not in known for of in (base_mac, engine_id))


def _joined(groups: list[_Group], joining: Sequence[Sighting], identifier: Callable[[Facts], str | None]) -> list[_Group]:
    """Put each sighting into the one group that has its identifier; those that fit no or several groups make their own."""
    fresh: dict[tuple[str | None, ...], _Group] = {}
    joined: list[tuple[_Group, Sighting]] = []
    for sighting in joining:
        own = identifier(sighting.facts)
        fitting = [group for group in groups if own in group.values(identifier) and not group.contradicts(sighting.facts, identifier)]
        if len(fitting) == 1:
            joined.append((fitting[0], sighting))
        else:
            name = sighting.facts.name if identifier is engine_id else None
            fresh.setdefault((own, base_mac(sighting.facts), name), _Group()).sightings.append(sighting)
    for group, sighting in joined:
        group.sightings.append(sighting)
    return groups + list(fresh.values())


def _by_own_addresses(groups: list[_Group], nameless: Sequence[Sighting]) -> list[_Group]:
    """Sightings without any identifier: part of the device that lists their address, else a device for each set of own addresses."""
    owners = {own: group for group in reversed(groups) for sighting in group.sightings for own in sighting.facts.addresses}
    fresh: dict[tuple[str, ...], _Group] = {}
    for sighting in nameless:
        owner = owners.get(sighting.address)
        if owner is not None:
            owner.sightings.append(sighting)
        else:
            fresh.setdefault(sighting.facts.addresses or (sighting.address,), _Group()).sightings.append(sighting)
    return groups + list(fresh.values())


def merged_facts(sightings: Sequence[Sighting]) -> Facts:
    """The first known value of each field, over the sightings by address; own addresses of all."""
    ordered = sorted(sightings, key=lambda sighting: address_order(sighting.address))

    def first(of: Callable[[Facts], str | None]) -> str | None:
        return next((value for sighting in ordered if (value := of(sighting.facts))), None)

    addresses = {address for sighting in ordered for address in (sighting.address, *sighting.facts.addresses)}
    return Facts(
        name=first(system_name),
        descr=first(lambda facts: facts.descr),
        vendor=first(lambda facts: facts.vendor),
        os=first(lambda facts: facts.os),
        version=first(lambda facts: facts.version),
        model=first(lambda facts: facts.model),
        serial=first(serial),
        engine_id=first(engine_id),
        base_mac=first(base_mac),
        addresses=tuple(sorted(addresses, key=address_order)),
    )


def duplicates(devices: Mapping[str, Facts]) -> list[Notice]:
    """Identifiers that several devices claim. `devices`: facts by the address the device is asked at."""
    claims: tuple[tuple[Oddity, Callable[[Facts], str | None], str], ...] = (
        (Oddity.DUPLICATE_ENGINE_ID, engine_id, "the same SNMP engine id {value}: a cloned configuration; SNMPv3 answers get mixed up"),
        (Oddity.DUPLICATE_SERIAL, serial, "the same serial number {value}: cloned virtual machines, or wrong inventory data"),
        (Oddity.DUPLICATE_NAME, system_name, "the same name {value}: rename one of them"),
    )
    found = []
    for kind, of, words in claims:
        by_value: dict[str, list[str]] = defaultdict(list)
        for address, facts in devices.items():
            if (value := of(facts)) is not None:
                by_value[value].append(address)
        for value, addresses in by_value.items():
            if len(addresses) > 1:
                places = tuple(sorted(addresses, key=address_order))
                found.append(Notice(kind, places, f"{', '.join(places)} have {words.format(value=value)}"))
    return sorted(found)


def is_same_hardware(known: Remembered, facts: Facts) -> bool | None:
    """By the best identifier both know; None where they know none in common."""
    for old, new in ((known.serial, facts.serial), (known.base_mac, base_mac(facts)), (known.engine_id, facts.engine_id)):
        if old and new:
            return old == new
    return None


def compared(known: Iterable[Remembered], facts: Facts, address: str) -> tuple[Remembered | None, Oddity | None]:
    """The remembered device that this one is or stands in for, and what became of it (None: nothing)."""
    every = sorted(known, key=lambda each: each.name)
    here = {address, *facts.addresses}
    for device in every:
        if is_same_hardware(device, facts):
            return device, None if device.address in here else Oddity.MOVED
    for device in every:
        if device.address == address or (facts.name and device.name == facts.name):
            return device, Oddity.REPLACED if is_same_hardware(device, facts) is False else None
    return None, None
