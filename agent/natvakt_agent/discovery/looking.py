"""The half of the core that asks whether somebody is there: single packets, none of them a log-in."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from natvakt_agent.discovery.board import Board
from natvakt_agent.discovery.identity import Notice, Oddity
from natvakt_agent.discovery.pace import Pace
from natvakt_agent.discovery.places import LONGEST_WAIT_NS, LookQueue, Outcome, Place
from natvakt_agent.discovery.words import Look, Looked, Method, Presence, Source

MOST_LOOKS_UNDER_WAY = 256
LOOKS_PREPARED = 512
ENGINE_TRIES = 2


class Looking:
    """`methods`: what the host can look with, in the order tried. `present` takes the places where a log-in makes sense."""

    def __init__(self, board: Board, methods: Sequence[Method], present: Callable[[Place], None], told: Callable[[str, str], None]) -> None:
        self._board = board
        self._methods = tuple(methods)
        self._present = present
        self._told = told
        self._sweep = board.scope.sweep()
        self._is_swept = False
        self._swept = 0
        self._wait_ns = LONGEST_WAIT_NS
        self._queue = LookQueue()
        self._under_way: set[Look] = set()

    @property
    def is_done(self) -> bool:
        return self._is_swept and not len(self._queue) and not self._under_way

    @property
    def unswept(self) -> int:
        return 0 if self._is_swept else max(0, self._board.scope.size - self._swept)

    def open(self, address: str, source: Source, is_urgent: bool) -> Place | None:
        """The place of an address; a new one is looked at. None outside the scope."""
        place, is_new = self._board.open(address, source)
        if place is not None and is_new:
            self.begin(place, is_urgent)
        return place

    def begin(self, place: Place, is_urgent: bool) -> None:
        """Every method once, and the first again: one lost packet hides nobody."""
        place.looks = deque((*self._methods, *self._methods[:1]))
        self._go_on(place, is_urgent)

    def start(self, now_ns: int, pace: Pace) -> Iterator[Look]:
        """The looks to send now; each has taken its packet."""
        self._fill()
        while len(self._under_way) < MOST_LOOKS_UNDER_WAY:
            look, self._wait_ns = self._queue.take(pace, now_ns, self._is_wanted)
            if look is None:
                return
            self._under_way.add(look)
            yield look

    @property
    def wait_ns(self) -> int:
        """How long, after the last `start`, until the next packet may go."""
        return self._wait_ns if len(self._under_way) < MOST_LOOKS_UNDER_WAY else LONGEST_WAIT_NS

    def _fill(self) -> None:
        while not self._is_swept and len(self._queue) < LOOKS_PREPARED:
            address = next(self._sweep, None)
            if address is None:
                self._is_swept = True
                return
            self._swept += 1
            self.open(address, Source.SWEEP, False)

    def _is_wanted(self, look: Look) -> bool:
        """An address that turned out to be another one's needs no packet."""
        place = self._board.places[look.address]
        owner = self._board.owner(look.address)
        if owner is not None and place.outcome is None:
            self._board.settle(place, Outcome.ALIAS, f"an address of {owner}")
        return place.outcome is None

    def _go_on(self, place: Place, is_urgent: bool) -> None:
        """Ask by the next method, or decide."""
        if place.looks:
            self._queue.add(Look(place.address, place.looks.popleft()), is_urgent)
        elif place.is_present or place.is_pointed_at:
            self._present(place)
        else:
            self._board.settle(place, Outcome.SILENT)

    def looked(self, event: Looked) -> None:
        self._under_way.discard(event.look)
        place = self._board.places[event.look.address]
        if place.outcome is not None:
            return
        place.looked.append(event.look.method)
        place.is_present = place.is_present or event.presence is not Presence.SILENT
        if event.look.method is Method.ENGINE and event.presence is not Presence.SILENT:
            self._engine(place, event)
            return
        if event.presence is Presence.ANSWERED and event.look.method is not Method.ICMP:
            place.has_open_port = True
        if place.is_present:
            place.looks = self._looks_at_present(place)
        self._go_on(place, place.is_present)

    def _engine(self, place: Place, event: Looked) -> None:
        place.looks.clear()
        if event.presence is Presence.ELSEWHERE and event.source is not None:
            self._answered_elsewhere(place, event.source)
        elif event.presence is Presence.ANSWERED and event.engine_id is not None:
            self._board.note_engine(place, event.engine_id)
            place.speaks_v3 = True
            self._present(place)
        else:
            self._board.settle(place, Outcome.NO_SNMP)

    def _looks_at_present(self, place: Place) -> deque[Method]:
        """Somebody is there: find out whether it speaks SNMPv3, and whether it looks like equipment."""
        wanted = [Method.ENGINE] * (ENGINE_TRIES - place.looked.count(Method.ENGINE))
        if Method.SSH not in place.looked:
            wanted.append(Method.SSH)
        return deque(method for method in wanted if method in self._methods)

    def _answered_elsewhere(self, place: Place, source: str) -> None:
        text = f"{place.address} was asked and {source} answered: it is another address of that device, or a translation in between"
        self._board.notices.append(Notice(Oddity.ANSWERS_ELSEWHERE, (place.address, source), text))
        self._board.settle(place, Outcome.ELSEWHERE, f"answers come from {source}")
        self._told(source, place.address)
