"""What discovery keeps between runs: refused log-ins, devices met, and how far an interrupted discovery came. No secret is in it.

Reading never fails: a file that cannot be understood is told and nothing is known, so that more may be asked than needed but never a
wrong device adopted. Losing the refusals costs each device at most one more refused log-in a credential.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct, field

from natvakt_agent.discovery.credentials import Refusal
from natvakt_agent.discovery.identity import Remembered
from natvakt_agent.discovery.places import Outcome, Place
from natvakt_agent.discovery.words import Facts, Source

FORMAT = "natvakt.discovery-memory/1"
MOST_BYTES = 64 * 1024 * 1024


class StoredPlace(Struct, frozen=True, omit_defaults=True):
    """A place that is more than silent."""

    address: str
    sources: list[Source]
    outcome: Outcome | None = None
    detail: str = ""
    favourites: list[str] = field(default_factory=list)
    is_present: bool = False
    speaks_v3: bool = False
    engine_id: str | None = None
    credential: str | None = None
    weaker: list[str] = field(default_factory=list)
    facts: Facts | None = None
    is_explored: bool = False


class Interrupted(Struct, frozen=True):
    """How far a discovery came. `question` is what was asked for: another question begins anew."""

    question: list[str]
    places: list[StoredPlace]
    silent: list[str]
    outside: dict[str, list[tuple[str, str]]]


class Memory(Struct, frozen=True):
    """The whole file."""

    refusals: list[Refusal] = field(default_factory=list)
    devices: list[Remembered] = field(default_factory=list)
    interrupted: Interrupted | None = None
    finished_wall_ns: int = 0  # when a discovery last came to its end
    format: str = FORMAT


def encoded(memory: Memory) -> bytes:
    return msgspec.json.encode(memory) + b"\n"


def decoded(content: bytes) -> Memory | None:
    """None where it cannot be understood."""
    try:
        memory = msgspec.json.decode(content, type=Memory)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return memory if memory.format == FORMAT else None


def interrupted(question: Iterable[str], places: Iterable[Place], outside: dict[str, set[tuple[str, str]]]) -> Interrupted:
    every = list(places)
    return Interrupted(
        list(question),
        [_stored(place) for place in every if place.outcome is not Outcome.SILENT],
        [place.address for place in every if place.outcome is Outcome.SILENT],
        {address: sorted(told) for address, told in outside.items()},
    )


def _stored(place: Place) -> StoredPlace:
    return StoredPlace(
        place.address,
        sorted(place.sources),
        place.outcome,
        place.detail,
        place.favourites,
        place.is_present,
        place.speaks_v3,
        place.engine_id,
        place.credential,
        place.weaker,
        place.facts,
        place.is_explored,
    )


def restored(stored: Interrupted, credentials: Iterable[str]) -> list[Place]:
    """The places of an interrupted discovery. One whose credential is no longer in the vault begins anew."""
    known = frozenset(credentials)
    places = [Place(address, {Source.SWEEP}, outcome=Outcome.SILENT) for address in stored.silent]
    for each in stored.places:
        if each.outcome is Outcome.DEVICE and each.credential not in known:
            places.append(Place(each.address, set(each.sources)))
            continue
        is_settled = each.outcome is not None
        places.append(
            Place(
                each.address,
                set(each.sources),
                list(each.favourites),
                is_present=each.is_present,
                speaks_v3=each.speaks_v3,
                engine_id=each.engine_id,
                credential=each.credential if is_settled else None,
                weaker=list(each.weaker) if is_settled else [],
                facts=each.facts if is_settled else None,
                is_explored=each.is_explored,
                outcome=each.outcome,
                detail=each.detail,
            )
        )
    return places


def met(known: Iterable[Remembered], now: Iterable[Remembered]) -> list[Remembered]:
    """Devices of earlier runs and of this one; the newer word on a name or an address counts."""
    newer = list(now)
    names, addresses = {device.name for device in newer}, {device.address for device in newer}
    kept = [device for device in known if device.name not in names and device.address not in addresses]
    return sorted([*kept, *newer], key=lambda device: device.name)
