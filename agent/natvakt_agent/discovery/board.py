"""What discovery has learnt so far: one entry an address, whom each address belongs to, and what a person should be told."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from natvakt_agent.discovery.identity import Notice
from natvakt_agent.discovery.places import Outcome, Place
from natvakt_agent.discovery.scope import Scope
from natvakt_agent.discovery.words import Source

MOST_HINTED_PLACES = 20_000
HERE = frozenset(("127.0.0.1", "::1"))


@dataclass(slots=True)
class Board:
    """Shared by the two halves of the core. `outside`: hinted addresses beyond the scope, with how and by whom they were told."""

    scope: Scope
    places: dict[str, Place] = field(default_factory=dict)
    outside: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    settled: int = 0
    _owners: dict[str, str] = field(default_factory=dict)
    _engines: dict[str, list[str]] = field(default_factory=dict)

    def open(self, address: str, source: Source) -> tuple[Place | None, bool]:
        """The place of an address and whether it is new; None outside the scope, or where hints never end."""
        place = self.places.get(address)
        is_new = place is None
        if place is None:
            too_many = source is not Source.SWEEP and len(self.places) >= self.scope.size + MOST_HINTED_PLACES
            if too_many or not self.scope.allows(address):
                return None, False
            place = self.places[address] = Place(address)
        place.sources.add(source)
        return place, is_new

    def settle(self, place: Place, outcome: Outcome, detail: str = "") -> None:
        self.settled += place.outcome is None
        place.outcome, place.detail = outcome, detail
        place.looks.clear()

    def reopen(self, place: Place) -> None:
        self.settled -= place.outcome is not None
        place.outcome = None

    def note_engine(self, place: Place, engine_id: str) -> None:
        place.engine_id = engine_id
        self._engines.setdefault(engine_id, []).append(place.address)

    def own(self, place: Place) -> None:
        """The own addresses that this device told belong to it from now on."""
        assert place.facts is not None
        for address in place.facts.addresses:
            if address not in HERE:
                self._owners.setdefault(address, place.address)
        self._owners[place.address] = place.address

    def owner(self, address: str) -> str | None:
        """The other address whose device has this one too; None where nobody is known to, or it is that address itself."""
        owner = self._owners.get(address)
        return None if owner == address else owner

    def is_owned(self, address: str) -> bool:
        return address in self._owners

    def siblings(self, place: Place) -> Iterator[Place]:
        """Other addresses with the same engine id: most likely the same device."""
        for address in self._engines.get(place.engine_id, ()) if place.engine_id else ():
            if address != place.address:
                yield self.places[address]

    def is_explored(self, place: Place) -> bool:
        """Whether this very hardware was explored at another address."""
        facts = place.facts
        if facts is None or facts.serial is None:
            return False
        return any(
            other.is_explored and other.facts is not None
            and (other.facts.serial, other.facts.base_mac, other.facts.engine_id) == (facts.serial, facts.base_mac, facts.engine_id)
            for other in self.places.values()
        )  # fmt: skip
