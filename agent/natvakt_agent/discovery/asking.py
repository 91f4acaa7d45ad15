"""The half of the core that logs in: one credential after the other, one address of a lane at a time, then who it is and whom it knows."""

from natvakt_agent.discovery.board import Board
from natvakt_agent.discovery.credentials import Matcher
from natvakt_agent.discovery.places import Lanes, Outcome, Place
from natvakt_agent.discovery.scope import subnet_of
from natvakt_agent.discovery.words import Explore, Identified, Identify, LoggedIn, Login, LoginResult

Question = Login | Identify | Explore


class Asking:
    """At most `workers` conversations; a quarter of them stays free of addresses that look like PCs."""

    def __init__(self, board: Board, matcher: Matcher, workers: int) -> None:
        self._board = board
        self._matcher = matcher
        self._workers = workers
        self._quiet_workers = max(1, workers * 3 // 4)
        self._lanes = Lanes()
        self._next: list[Login | Identify] = []  # of places that hold their lane
        self._exploring: list[Place] = []
        self.under_way: dict[str, Question] = {}  # by address
        self.logins = 0
        self.refused = 0

    @property
    def is_done(self) -> bool:
        return not (self.under_way or self._next or self._exploring or len(self._lanes))

    def join(self, place: Place) -> None:
        """Somebody is there: it gets its turn."""
        self._lanes.join(place)

    def explore(self, place: Place) -> None:
        self._exploring.append(place)

    def start(self) -> list[Question]:
        """The questions to ask now. They take their packets from the pace as they go."""
        started: list[Question] = []
        while len(self.under_way) < self._workers and (question := self._question()) is not None:
            self.under_way[question.address] = question
            started.append(question)
        return started

    def _question(self) -> Question | None:
        if self._next:
            return self._next.pop(0)
        while self._exploring:
            place = self._exploring.pop(0)
            place.is_explored = place.is_explored or self._board.is_explored(place)
            if not place.is_explored and place.credential is not None:
                return Explore(place.address, place.credential)
        while (address := self._lanes.next_free(len(self.under_way) < self._quiet_workers)) is not None:
            login = self._login(self._board.places[address])
            if login is not None:
                return login
        return None

    def _settle(self, place: Place, outcome: Outcome, detail: str = "") -> None:
        self._board.settle(place, outcome, detail)
        self._lanes.release(place.address)

    def _login(self, place: Place) -> Login | None:
        """The next credential at a place that holds its lane; None where nothing is left, and then the place is settled."""
        owner = self._board.owner(place.address)
        if owner is not None and place.credential is None:
            self._settle(place, Outcome.ALIAS, f"an address of {owner}")
            return None
        untried = [name for name in self._candidates(place) if name not in place.unusable and name not in place.weaker]
        if untried:
            self.logins += 1
            return Login(place.address, untried[0])
        if place.credential is None:
            self._settle(place, Outcome.UNMATCHED, self._why_unmatched(place))
        else:
            self._settle(place, Outcome.DEVICE)
            self._exploring.append(place)
        return None

    def _candidates(self, place: Place) -> list[str]:
        if place.credential is not None:
            return self._matcher.stronger(place.credential, place.keys(), place.speaks_v3)
        worked = [sibling.credential for sibling in self._board.siblings(place) if sibling.credential is not None]
        favourites = [*worked, *place.favourites]
        return self._matcher.order(place.keys(), subnet_of(place.address), favourites, place.speaks_v3)

    def _why_unmatched(self, place: Place) -> str:
        if not self._matcher.cards:
            return "there is no SNMP credential to try"
        return "; ".join(self._matcher.reasons(place.keys(), place.speaks_v3) + list(place.unusable.values()))

    def _go_on(self, place: Place) -> None:
        login = self._login(place)
        if login is not None:
            self._next.append(login)

    def logged_in(self, event: LoggedIn) -> None:
        place, name = self._board.places[event.login.address], event.login.credential
        if event.result is LoginResult.ACCEPTED:
            self._matcher.note_success(name, subnet_of(place.address))
            place.is_present = True
            if place.credential is None:
                place.credential = name
                self._next.append(Identify(place.address, name))
                return
            place.weaker.append(place.credential)
            place.credential = name
        elif event.result is LoginResult.UNUSABLE:
            place.unusable[name] = event.detail
        elif event.result is LoginResult.SILENT and self._matcher.cards[name].version == "v3" and name not in place.repeated:
            place.repeated.add(name)  # RFC 3414 answers a wrong user with a report: silence is a lost packet
            self._next.append(event.login)
            return
        else:
            self.refused += 1
            self._matcher.note_refusal(name, place.keys())
        self._go_on(place)

    def identified(self, event: Identified) -> None:
        place = self._board.places[event.probe.address]
        if event.facts is None:
            self._settle(place, Outcome.UNMATCHED, f"took credential {place.credential}, then told nothing of itself: {event.detail}")
            return
        place.facts = event.facts
        if place.engine_id is None and event.facts.engine_id is not None:
            self._board.note_engine(place, event.facts.engine_id)
        self._board.own(place)
        self._matcher.refusals.share(place.keys())
        self._go_on(place)
