"""How a call over a path would sound: the E-model of ITU-T G.107 from what IP SLA measured.

    R = 93.2 - Id - Ie_eff                  93.2: everything else at its default
    Id = 0.024 d + 0.11 (d - 177.3)         the second part above 177.3 ms only; d in ms, mouth to ear
    Ie_eff = Ie + (95 - Ie) P / (P + Bpl)   P: lost packets in percent, lost at random
    d = one way + 2 x jitter + 20           a playout buffer of twice the jitter, 20 ms to fill a packet

Ie and Bpl by codec are those of ITU-T G.113 Appendix I, with packet loss concealment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BASE = 93.2
PACKET_MS = 20.0
BUFFER_JITTERS = 2.0
DELAY_COST, LATE_COST, LATE_FROM_MS = 0.024, 0.11, 177.3
CODECS: Mapping[str, tuple[float, float]] = MappingProxyType({"g711ulaw": (0.0, 25.1), "g711alaw": (0.0, 25.1), "g729a": (11.0, 19.0)})
"""Ie and Bpl."""
ASSUMED_CODEC = "g711alaw"


@dataclass(frozen=True, slots=True)
class PathScore:
    """`r` from 0 to 93.2, `mos` from 1 to 4.4; the costs say what each part took from R."""

    r: float
    mos: float
    delay_ms: float
    delay_cost: float
    loss_cost: float
    codec_cost: float


def path_score(one_way_ms: float, jitter_ms: float, loss_ratio: float, codec: str | None = None) -> PathScore:
    """Loss between 0 and 1; delay and jitter of one direction."""
    impairment, robustness = CODECS.get(str(codec).casefold(), CODECS[ASSUMED_CODEC])
    delay = max(one_way_ms, 0.0) + BUFFER_JITTERS * max(jitter_ms, 0.0) + PACKET_MS
    late = max(delay - LATE_FROM_MS, 0.0)
    delay_cost = DELAY_COST * delay + LATE_COST * late
    percent = min(max(loss_ratio, 0.0), 1.0) * 100
    loss_cost = (95 - impairment) * percent / (percent + robustness)
    r = max(BASE - delay_cost - impairment - loss_cost, 0.0)
    return PathScore(r, mos_of(r), delay, delay_cost, loss_cost, impairment)


def mos_of(r: float) -> float:
    """ITU-T G.107 Annex B."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)
