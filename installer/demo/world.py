"""What every device of the site shares: the moment the story is told from, and the load curves."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.load import SECOND_NS, LoadCurve, office, server, steady

MINUTE_NS = 60 * SECOND_NS
HOUR_NS = 3_600 * SECOND_NS
DAY_NS = 24 * HOUR_NS
VARIANTS = 4

Number = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class World:
    """`epoch_ns` is the demo's "now": every planted fault is placed relative to it, the history lies before it."""

    epoch_ns: int
    offices: tuple[LoadCurve, ...]
    servers: tuple[LoadCurve, ...]
    constants: tuple[LoadCurve, ...]

    @classmethod
    def at(cls, epoch_ns: int) -> "World":
        def variants(kind: str, shape: Callable[[int, float], float], noise: float) -> tuple[LoadCurve, ...]:
            return tuple(LoadCurve(shape, f"{kind}-{number}", noise) for number in range(VARIANTS))

        return cls(epoch_ns, variants("office", office, 0.35), variants("server", server, 0.2), variants("steady", steady, 0.03))

    def before(self, days: float = 0.0, hours: float = 0.0) -> int:
        """The instant so long before the epoch."""
        return self.epoch_ns - round(days * DAY_NS) - round(hours * HOUR_NS)


def steps(*instants_ns: int) -> Number:
    """A counter that grows by one at each of these instants."""
    return lambda now_ns: sum(instant <= now_ns for instant in instants_ns)


def share_since(counter: Number, start_ns: int, parts_per_million: int) -> Number:
    """A counter that counts this share of what `counter` counts from `start_ns` on."""

    def count(now_ns: int) -> int:
        return 0 if now_ns <= start_ns else (counter(now_ns) - counter(start_ns)) * parts_per_million // 1_000_000

    return count


def switch_at(instant_ns: int, earlier: int, later: int) -> Number:
    """One value before an instant, another from it on."""
    return lambda now_ns: later if now_ns >= instant_ns else earlier


def wobble(seed: int, now_ns: int, spread: int) -> int:
    """A number from 0 to `spread` that changes every minute and is always the same for the same minute."""
    mixed = (now_ns // MINUTE_NS + seed * 0x9E3779B9) & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 16) * 0x45D9F3B & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 16) * 0x45D9F3B & 0xFFFFFFFF
    return (mixed ^ mixed >> 16) % (spread + 1)


def line(world: World, at_epoch: float, per_day: float) -> Number:
    """A straight line through time that passes `at_epoch` at the epoch."""
    return lambda now_ns: round(at_epoch + per_day * (now_ns - world.epoch_ns) / DAY_NS)
