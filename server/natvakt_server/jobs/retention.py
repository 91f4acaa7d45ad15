"""Retention: every tier forgets what it was not meant to keep longer, and the raw points of closed days are laid in order. Once a day."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from natvakt_server.domain.series import SeriesMaintenance, Tier
from natvakt_server.domain.tiers import DAY_NS, HOUR_NS, RETENTION_NS, WIDTH_NS, window_start

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Expiry:
    tier: Tier
    before_ns: int


def check_retention(retention_ns: Mapping[Tier, int]) -> None:
    """Raises ValueError where a tier would be forgotten before the next coarser one is made from it, or is missing."""
    for tier in Tier:
        if retention_ns.get(tier, 0) < DAY_NS:
            raise ValueError(f"retention of tier {tier}: {retention_ns.get(tier, 0) // HOUR_NS} h; keep every tier for a day at least")
    for finer, coarser in pairwise(sorted(WIDTH_NS, key=lambda tier: WIDTH_NS[tier])):
        if retention_ns[finer] > retention_ns[coarser]:
            raise ValueError(f"retention of tier {coarser} is shorter than that of {finer}: a coarser tier is kept as long or longer")


def plan(retention_ns: Mapping[Tier, int], now_ns: int) -> Sequence[Expiry]:
    """What each tier forgets, in whole days (UTC): a run twice a day finds nothing to do."""
    return [Expiry(tier, window_start(now_ns - kept_ns, DAY_NS)) for tier, kept_ns in sorted(retention_ns.items())]


def closed_hours(now_ns: int) -> Sequence[tuple[int, int]]:
    """The hours of the last full day (UTC): (start_ns, end_ns)."""
    end_ns = window_start(now_ns, DAY_NS)
    return [(start_ns, start_ns + HOUR_NS) for start_ns in range(end_ns - DAY_NS, end_ns, HOUR_NS)]


def retain(store: SeriesMaintenance, now_ns: int, retention_ns: Mapping[Tier, int] = RETENTION_NS) -> int:
    """One run; answers how many raw rows were laid in order. Raises SeriesUnavailable; the next run does the same again."""
    for expiry in plan(retention_ns, now_ns):
        store.expire(expiry.tier, expiry.before_ns)
    moved = sum(store.compact(start_ns, end_ns) for start_ns, end_ns in closed_hours(now_ns))
    logger.info("event=series-retained rows_ordered=%d", moved)
    return moved
