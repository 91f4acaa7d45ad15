"""Discovery as a state machine: events and time in, probes to send out. No socket, no thread, no clock in here.

    sweep ─► look (ICMP, TCP, engine discovery) ─► lane ─► login ─► identify ─► explore ─┐
      ▲                                                                                  │
      └───────────────── hints: CDP, LLDP, next hops, ARP ◄──────────────────────────────┘

Promises: no address outside the scope is asked; packets follow the pace; log-ins at addresses that may be one device never overlap, so
that what one address taught (its own addresses, a refusal) holds before the next is asked; an address of a known device is never logged
in to; a device is refused by a credential once.

`looking.py` holds the left half of the drawing, `asking.py` the right one, `board.py` what both have learnt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from natvakt_agent.discovery.asking import Asking
from natvakt_agent.discovery.board import HERE, Board
from natvakt_agent.discovery.credentials import Matcher
from natvakt_agent.discovery.identity import Remembered
from natvakt_agent.discovery.looking import Looking
from natvakt_agent.discovery.pace import Pace
from natvakt_agent.discovery.places import Outcome, Place
from natvakt_agent.discovery.scope import Scope, is_askable, subnet_of
from natvakt_agent.discovery.words import Event, Explored, Hint, Identified, LoggedIn, Looked, Method, Probe, Source

WORKERS = 16


@dataclass(frozen=True, slots=True)
class Progress:
    """Where discovery stands: addresses settled of those known or still to be swept, and what it has cost."""

    settled: int
    total: int
    devices: int
    present: int
    packets: int
    logins: int
    refused: int


class Discovery:
    """Not thread-safe. `places`: those of a discovery that was interrupted; `known`: devices met earlier."""

    def __init__(
        self,
        scope: Scope,
        matcher: Matcher,
        methods: Sequence[Method],
        seeds: Iterable[str] = (),
        known: Iterable[Remembered] = (),
        places: Iterable[Place] = (),
        workers: int = WORKERS,
    ) -> None:
        self.board = Board(scope)
        self.matcher = matcher
        self._asking = Asking(self.board, matcher, workers)
        self._looking = Looking(self.board, methods, self._asking.join, self._answered)
        self._is_cancelled = False
        self._restore(places)
        for seed in seeds:
            self._looking.open(seed, Source.SEED, True)
        for device in known:
            self._meet_again(device)

    @property
    def places(self) -> Mapping[str, Place]:
        return self.board.places

    def start(self, now_ns: int, pace: Pace) -> list[Probe]:
        """The probes to send now. Looks have taken their packet from the pace; the others take theirs as they go."""
        if self._is_cancelled:
            return []
        return [*self._asking.start(), *self._looking.start(now_ns, pace)]

    @property
    def wait_ns(self) -> int:
        """How long after the last `start` nothing can be started, unless an event comes first."""
        return self._looking.wait_ns

    @property
    def is_done(self) -> bool:
        """Nothing is under way, and nothing is left to ask (or it was cancelled)."""
        if self._is_cancelled:
            return not self._asking.under_way
        return self._looking.is_done and self._asking.is_done

    @property
    def is_complete(self) -> bool:
        return self.is_done and not self._is_cancelled

    def cancel(self) -> None:
        """Start nothing more; what is under way may end."""
        self._is_cancelled = True

    def progress(self, pace: Pace) -> Progress:
        places = self.board.places.values()
        return Progress(
            settled=self.board.settled,
            total=len(places) + self._looking.unswept,
            devices=sum(place.outcome is Outcome.DEVICE for place in places),
            present=sum(place.is_present for place in places),
            packets=pace.packets,
            logins=self._asking.logins,
            refused=self._asking.refused,
        )

    def handle(self, event: Event) -> None:
        """What a probe brought. After `cancel` only what was learnt is kept."""
        match event:
            case Looked():
                self._looking.looked(event)
            case LoggedIn():
                self._asking.under_way.pop(event.login.address, None)
                self._asking.logged_in(event)
            case Identified():
                self._asking.under_way.pop(event.probe.address, None)
                if event.facts is not None or not self._is_cancelled:
                    self._asking.identified(event)
            case Explored():
                self._asking.under_way.pop(event.probe.address, None)
                self._explored(event)

    def _restore(self, places: Iterable[Place]) -> None:
        """What was settled stays, the rest begins anew."""
        unsettled = []
        for place in places:
            if not self.board.scope.allows(place.address):
                continue
            self.board.places[place.address] = place
            if place.engine_id is not None:
                self.board.note_engine(place, place.engine_id)
            if place.outcome is None:
                unsettled.append(place)
                continue
            self.board.settled += 1
            if place.facts is not None and place.credential is not None:
                self.board.own(place)
                self.matcher.note_success(place.credential, subnet_of(place.address))
            if place.outcome is Outcome.DEVICE and not place.is_explored:
                self._asking.explore(place)
        for place in unsettled:
            self._looking.begin(place, True)

    def _meet_again(self, device: Remembered) -> None:
        place = self._looking.open(device.address, Source.TARGET, True) if is_askable(device.address) else None
        if place is not None and device.credential is not None:
            place.favourites.append(device.credential)

    def _answered(self, address: str, teller: str) -> None:
        self._hint(Hint(address, Source.ANSWER), teller, ())

    def _explored(self, event: Explored) -> None:
        place = self.board.places[event.probe.address]
        place.is_explored = not self._is_cancelled
        favourites = [place.credential] if place.credential else []
        for hint in event.hints:
            self._hint(hint, place.address, favourites)

    def _hint(self, hint: Hint, teller: str, favourites: Sequence[str]) -> None:
        """Somebody told of an address: ask it if that is allowed, else tell it."""
        board = self.board
        if not is_askable(hint.address) or hint.address in HERE:
            return
        if board.is_owned(hint.address):
            if hint.address in board.places:
                board.places[hint.address].sources.add(hint.source)
            return
        if not board.scope.allows(hint.address):
            if not board.scope.is_excluded(hint.address):
                board.outside.setdefault(hint.address, set()).add((hint.source, hint.name or teller))
            return
        place = self._looking.open(hint.address, hint.source, True)
        if place is None:
            return
        place.favourites += [name for name in favourites if name not in place.favourites]
        if place.outcome is Outcome.SILENT and place.is_pointed_at:
            board.reopen(place)
            self._asking.join(place)
