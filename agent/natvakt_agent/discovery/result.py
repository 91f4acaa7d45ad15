"""From what discovery learnt to the plan: devices put together from addresses, compared with what was known, named."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from natvakt_agent.discovery.core import Discovery, Progress
from natvakt_agent.discovery.credentials import Card
from natvakt_agent.discovery.identity import (
    Notice,
    Oddity,
    Remembered,
    Sighting,
    compared,
    duplicates,
    grouped,
    merged_facts,
)
from natvakt_agent.discovery.places import Outcome, Place
from natvakt_agent.discovery.plan import Counts, Outside, Plan, PlannedDevice, Told, Unmatched
from natvakt_agent.discovery.scope import address_order
from natvakt_agent.discovery.words import Facts, Source

NOT_A_NAME = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)
LONGEST_NAME = 63
MANAGEMENT = frozenset((Source.SEED, Source.CDP, Source.LLDP))


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for, as the plan repeats it."""

    networks: Sequence[str]
    seeds: Sequence[str]
    packets_per_second: float
    snmp_port: int = 161


@dataclass(frozen=True, slots=True)
class Found:
    """One device: where it is asked, what it says, which credential it is asked with."""

    place: Place
    facts: Facts
    credential: str
    others: tuple[str, ...]
    sources: frozenset[Source]


def found_devices(places: Mapping[str, Place], cards: Mapping[str, Card]) -> list[Found]:
    """The devices behind the addresses that told who they are, by address."""
    told = [place for place in places.values() if place.outcome is Outcome.DEVICE and place.facts is not None and place.credential]
    sightings = [Sighting(place.address, place.facts) for place in told if place.facts is not None]
    return [_found(group, places, cards) for group in grouped(sightings)]


def _found(group: Sequence[Sighting], places: Mapping[str, Place], cards: Mapping[str, Card]) -> Found:
    facts = merged_facts(group)
    own = [places[sighting.address] for sighting in group]
    primary = min(own, key=_preference)
    working = {name for place in own for name in (place.credential, *place.weaker) if name}
    kept = max(working, key=lambda name: (cards[name].strength if name in cards else -1, name == primary.credential, name))
    sources = frozenset(source for address in facts.addresses if address in places for source in places[address].sources)
    return Found(primary, facts, kept, tuple(sorted(working - {kept})), sources)


def _preference(place: Place) -> tuple[bool, bool, tuple[int, int]]:
    """Where a device is asked from now on: where it is a target, else the address it announces itself, else its lowest."""
    return Source.TARGET not in place.sources, not place.sources & MANAGEMENT, address_order(place.address)


def plan_of(
    discovery: Discovery,
    targets: Iterable[Remembered],
    remembered: Iterable[Remembered],
    question: Question,
    progress: Progress,
    made_at: str,
    seconds: float,
    not_tried: Iterable[str] = (),
) -> Plan:
    """`targets` are in the configuration already, `remembered` were met before, `not_tried` says which credentials were held back."""
    places, cards = discovery.places, discovery.matcher.cards
    every = found_devices(places, cards)
    current, earlier = list(targets), list(remembered)
    names = _Names(device.name for device in current)
    notices = [*discovery.board.notices, *duplicates({found.place.address: found.facts for found in every})]
    devices = []
    for found in every:
        device, own_notices = _planned(found, current, earlier, names, question.snmp_port)
        devices.append(device)
        notices += own_notices + _credential_notices(found, cards)
    return Plan(
        made_at=made_at,
        complete=discovery.is_complete,
        networks=list(question.networks),
        seeds=list(question.seeds),
        packets_per_second=question.packets_per_second,
        devices=devices,
        unmatched=[_unmatched(place) for place in _by_address(places) if place.outcome is Outcome.UNMATCHED],
        outside=_outside(discovery.board.outside),
        notices=[Told(notice.kind, list(notice.addresses), notice.text) for notice in sorted(set(notices))],
        not_tried=list(not_tried),
        counts=_counts(progress, places, seconds),
    )


def _by_address(places: Mapping[str, Place]) -> list[Place]:
    return sorted(places.values(), key=lambda place: address_order(place.address))


def _outside(told: Mapping[str, set[tuple[str, str]]]) -> list[Outside]:
    return [Outside(address, sorted(f"{source}: {who}" for source, who in told[address])) for address in sorted(told, key=address_order)]


def _counts(progress: Progress, places: Mapping[str, Place], seconds: float) -> Counts:
    return Counts(
        addresses=progress.settled,
        answered=progress.present,
        without_snmp=sum(place.outcome is Outcome.NO_SNMP for place in places.values()),
        packets=progress.packets,
        logins=progress.logins,
        refused_logins=progress.refused,
        seconds=round(seconds, 1),
    )


def _unmatched(place: Place) -> Unmatched:
    return Unmatched(place.address, place.detail, sorted(place.sources), place.engine_id)


def _planned(
    found: Found, targets: Sequence[Remembered], earlier: Sequence[Remembered], names: "_Names", port: int
) -> tuple[PlannedDevice, list[Notice]]:
    """The device as the plan lists it, and what its comparison with the past tells."""
    address, facts = found.place.address, found.facts
    own = {address, *facts.addresses}
    target = next((each for each in targets if each.address in own), None)
    before, became = compared(earlier, facts, address)
    if target is None and before is not None and became is not Oddity.REPLACED:
        target = next((each for each in targets if each.name == before.name), None)
    notices = []
    if before is not None and became is not None:
        notices.append(Notice(became, (address,), _became(before, became, facts, address)))
    state = "known" if target is not None else "new"
    if became is Oddity.REPLACED:
        state = "replaced" if target is not None else "new"
    elif target is not None and target.address not in own:
        state = "moved"
    name = target.name if target is not None else names.given(facts, address)
    return _listed(found, name, state, target, port), notices


def _listed(found: Found, name: str, state: str, target: Remembered | None, port: int) -> PlannedDevice:
    facts = found.facts
    return PlannedDevice(
        approve=state in ("new", "moved"),
        name=name,
        address=found.place.address,
        credential=found.credential,
        snmp_port=port,
        state=state,
        target=target.name if target else None,
        addresses=list(facts.addresses),
        found_by=sorted(found.sources),
        other_credentials=list(found.others),
        sys_name=facts.name,
        sys_descr=facts.descr,
        vendor=facts.vendor,
        os=facts.os,
        version=facts.version,
        model=facts.model,
        serial=facts.serial,
        engine_id=facts.engine_id,
        base_mac=facts.base_mac,
    )


def _became(before: Remembered, became: Oddity, facts: Facts, address: str) -> str:
    if became is Oddity.MOVED:
        return f"{before.name} was met at {before.address} before and answers at {address} now"
    old = before.serial or before.base_mac or before.engine_id
    new = facts.serial or facts.base_mac or facts.engine_id
    return f"{before.name} at {address} is other hardware than before: {new} stands where {old} stood"


def _credential_notices(found: Found, cards: Mapping[str, Card]) -> list[Notice]:
    address, kept = found.place.address, cards.get(found.credential)
    notices = []
    if found.others:
        words = f"{address} takes {', '.join((found.credential, *found.others))}; the strongest, {found.credential}, is kept"
        notices.append(Notice(Oddity.TWO_CREDENTIALS, (address,), words))
    if kept is not None and kept.is_well_known:
        words = f"{address} takes credential {kept.name}, which everybody knows: change it on the device"
        notices.append(Notice(Oddity.WEAK_CREDENTIAL, (address,), words))
    elif kept is not None and kept.version != "v3":
        words = f"{address} is asked with SNMP {kept.version}, whose community anybody on the way can read: give it an SNMPv3 user"
        notices.append(Notice(Oddity.WEAK_CREDENTIAL, (address,), words))
    return notices


class _Names:
    """Names for targets, unique among those there are."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def given(self, facts: Facts, address: str) -> str:
        plain = NOT_A_NAME.sub("-", (facts.name or "").split(".")[0]).strip("-._")
        wanted = (plain or "device-" + NOT_A_NAME.sub("-", address.replace(".", "-").replace(":", "-")).strip("-"))[:LONGEST_NAME]
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted[: LONGEST_NAME - 6]}-{number}"
        self._taken.add(name)
        return name
