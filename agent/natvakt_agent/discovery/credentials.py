"""Which credential is tried where, and which never again: matching without lock-outs.

Promises: one device is refused by one credential at most once within the remembered time; a user of SNMPv3 that a device refused is not
tried there again under another credential's name; a well-known community is tried only where the site allows it; what works for whoever
told of a device, for its subnet and for the site comes first.

A device goes by every key it is known by (its addresses, its engine id), so a refusal at one address counts at all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from natvakt_agent.model.target import SnmpCredential

STRONG_PROTOCOLS = frozenset(("sha224", "sha256", "sha384", "sha512", "aes128", "aes192", "aes256", "aes192c", "aes256c"))
UNPROVEN_AFTER_REFUSALS = 5
"""A stronger credential is looked for beside one that works until so many devices refused it and none took it."""
STORED_REFUSALS = 20_000
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Card:
    """What matching needs to know of a credential; never the secret. `revision` changes when the secret is replaced."""

    name: str
    version: str  # v1 | v2c | v3
    strength: int
    is_well_known: bool = False
    user: str | None = None
    revision: str = ""


def strength_of(credential: SnmpCredential, is_well_known: bool) -> int:
    """Higher is better: version first, then what authenticates and encrypts, then whether everybody knows it."""
    if credential.version != "v3":
        base = 0 if credential.version == "v1" else 10
    else:
        protocols = [protocol for protocol in (credential.auth_protocol, credential.privacy_protocol) if protocol]
        base = 20 + 10 * len(protocols) + 2 * sum(protocol in STRONG_PROTOCOLS for protocol in protocols)
    return base - 5 * is_well_known


def card_of(credential: SnmpCredential, is_well_known: bool, revision: str = "") -> Card:
    return Card(credential.name, credential.version, strength_of(credential, is_well_known), is_well_known, credential.user, revision)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One failed log-in. `device` is an address or `engine:` and the engine id; `wall_ns` when it was."""

    device: str
    credential: str
    revision: str
    user: str | None
    wall_ns: int


class Refusals:
    """The failed log-ins that are remembered, over restarts if the caller stores them."""

    def __init__(self, remember_seconds: float, wall_ns: Callable[[], int], known: Iterable[Refusal] = ()) -> None:
        self._remember_ns = round(remember_seconds * 1e9)
        self._wall_ns = wall_ns
        self._kept: dict[str, dict[str, Refusal]] = {}  # by device, then by credential
        for refusal in known:
            self._kept.setdefault(refusal.device, {})[refusal.credential] = refusal

    def note(self, card: Card, keys: Iterable[str]) -> None:
        for key in keys:
            self._kept.setdefault(key, {})[card.name] = Refusal(key, card.name, card.revision, card.user, self._wall_ns())

    def share(self, keys: Iterable[str]) -> None:
        """A device became known by more keys: what one of them refused, all did."""
        every = tuple(keys)
        for refusal in [refusal for key in every for refusal in self._kept.get(key, {}).values()]:
            for key in every:
                self._kept.setdefault(key, {}).setdefault(refusal.credential, replace(refusal, device=key))

    def reason_against(self, card: Card, keys: Iterable[str]) -> str | None:
        """Why this credential must not be tried at this device; None where it may."""
        for refusal in (refusal for key in keys for refusal in self._kept.get(key, {}).values()):
            if not self._is_fresh(refusal):
                continue
            if refusal.credential == card.name and refusal.revision == card.revision:
                return REFUSED
            if card.version == "v3" and refusal.user is not None and refusal.user == card.user:
                return f"its user was refused there already, with {refusal.credential}"
        return None

    def _is_fresh(self, refusal: Refusal) -> bool:
        """A clock that stepped back makes nothing forgotten: a refusal from the future counts."""
        return self._wall_ns() - refusal.wall_ns < self._remember_ns

    def remembered(self) -> Sequence[Refusal]:
        """Those still fresh, newest last, bounded."""
        fresh = [refusal for kept in self._kept.values() for refusal in kept.values() if self._is_fresh(refusal)]
        return sorted(fresh, key=lambda each: (each.wall_ns, each.device, each.credential))[-STORED_REFUSALS:]


class Matcher:
    """Orders credentials by likelihood and says which may be tried."""

    def __init__(self, cards: Iterable[Card], refusals: Refusals, allow_well_known: bool) -> None:
        every = sorted(cards, key=lambda card: (-card.strength, card.name))
        self._cards = {card.name: card for card in every if allow_well_known or not card.is_well_known}
        self.held_back = tuple(card.name for card in every if card.name not in self._cards)
        self.refusals = refusals
        self._worked: Counter[tuple[str, str]] = Counter()  # (subnet or "", credential)
        self._refused: Counter[str] = Counter()

    @property
    def cards(self) -> Mapping[str, Card]:
        """Those that may be tried at all."""
        return self._cards

    def note_success(self, credential: str, subnet: str) -> None:
        self._worked[subnet, credential] += 1
        self._worked["", credential] += 1

    def note_refusal(self, credential: str, keys: Iterable[str]) -> None:
        card = self._cards[credential]
        same_user = [each.name for each in self._cards.values() if card.user is not None and each.user == card.user]
        self._refused.update(same_user or [credential])  # the others of that user lose their chance there too
        self.refusals.note(card, keys)

    def order(self, keys: Iterable[str], subnet: str, favourites: Sequence[str], speaks_v3: bool) -> list[str]:
        """Credentials worth trying at a device, likeliest first. `favourites`: what worked there before, or for who told of it."""
        own_keys = tuple(keys)
        possible = [
            card
            for card in self._cards.values()
            if (speaks_v3 or card.version != "v3") and self.refusals.reason_against(card, own_keys) is None
        ]
        return [card.name for card in sorted(possible, key=lambda card: self._unlikelihood(card, subnet, favourites))]

    def _unlikelihood(self, card: Card, subnet: str, favourites: Sequence[str]) -> tuple[int, int, int, int, int, str]:
        favourite = favourites.index(card.name) if card.name in favourites else len(favourites)
        here, anywhere = self._worked[subnet, card.name], self._worked["", card.name]
        return favourite, -here, -anywhere, self._refused[card.name], -card.strength, card.name

    def stronger(self, than: str, keys: Iterable[str], speaks_v3: bool) -> list[str]:
        """Credentials that would be better than the one that works, likeliest first, without those the site seems not to use."""
        strength = self._cards[than].strength
        return [
            name
            for name in self.order(keys, "", (), speaks_v3)
            if self._cards[name].strength > strength and (self._worked["", name] or self._refused[name] < UNPROVEN_AFTER_REFUSALS)
        ]

    def reasons(self, keys: Iterable[str], speaks_v3: bool) -> list[str]:
        """Why nothing more is tried at a device, for people."""
        own_keys = tuple(keys)
        against = {card.name: self.refusals.reason_against(card, own_keys) for card in self._cards.values()}
        refused = [name for name, reason in against.items() if reason == REFUSED]
        found = [f"it refused {', '.join(refused)}"] if refused else []
        found += [f"{name} was not tried: {reason}" for name, reason in against.items() if reason not in (None, REFUSED)]
        if not speaks_v3 and any(card.version == "v3" for card in self._cards.values()):
            found.append("it does not answer SNMPv3 engine discovery, so no SNMPv3 user was tried")
        return found
