"""Score and coverage, by the published formula (version 1).

Penalty p by the severity reached: critical 0.40, high 0.15, medium 0.05, low 0.01, info 0. Role weight r: 4, 2 or 1.

- Device per level: `S(d) = 100 x product over failed rules of (1 - p(1+a)/2)`, a = failing/judged objects.
- Level: `sum(r S(d)) / sum(r)` over devices with a pass or fail there; then caps: an open critical on a device of weight
  4 caps at 59, an open `security.vuln.kev` at 49.
- Overall: 0.4 core + 0.4 security + 0.2 voice, renormalised over levels with a score.
- Accepted findings are left out of it until their date (`engine.standing`); the raw score counts them.
- Coverage: `100 x sum(r p decided) / sum(r p (decided + unknown + open manual))` with p of the rule's highest severity.

Decimal arithmetic in id order, rounded half-even to 0.1 once at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from types import MappingProxyType

from natvakt_server.analysis.engine import Judged
from natvakt_server.domain.assessment import Level, Severity, Verdict

FORMULA_VERSION = 1
PENALTY: Mapping[Severity, Decimal] = MappingProxyType(
    {
        Severity.CRITICAL: Decimal("0.40"),
        Severity.HIGH: Decimal("0.15"),
        Severity.MEDIUM: Decimal("0.05"),
        Severity.LOW: Decimal("0.01"),
        Severity.INFO: Decimal(0),
    }
)
LEVEL_SHARE: Mapping[Level, Decimal] = MappingProxyType(
    {Level.CORE: Decimal("0.4"), Level.SECURITY: Decimal("0.4"), Level.VOICE: Decimal("0.2")}
)
CAP_CRITICAL, CAP_KNOWN_EXPLOITED = Decimal(59), Decimal(49)
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN)
DECIDED = (Verdict.PASS, Verdict.FAIL)
OPEN = (Verdict.UNKNOWN, Verdict.MANUAL)
HEAVY_ROLE = 4
PROVISIONAL_BELOW = 60.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """One verdict as the formula sees it. `highest` is the most the rule can reach.

    `severity` was reached: None unless it failed, and where all that failed is accepted. `accepted` objects are left out.
    """

    rule: str
    device_id: str
    weight: int
    verdict: Verdict
    severity: Severity | None
    highest: Severity
    failing: int
    judged: int
    accepted: int = 0

    @property
    def level(self) -> Level:
        return Level(self.rule.split(".", 1)[0])

    @property
    def pair(self) -> tuple[str, str]:
        return self.rule, self.device_id


@dataclass(frozen=True, slots=True)
class Scores:
    """Percent, one decimal; None where nothing was decided (shown as "-", never 100)."""

    scores: Mapping[str, float | None]
    coverage: Mapping[str, float | None]

    def provisional(self, level: str) -> bool:
        coverage = self.coverage.get(level)
        return coverage is not None and coverage < PROVISIONAL_BELOW


def weighed(item: Judged) -> Weighed:
    outcome = item.judgement
    return Weighed(
        rule=item.rule.id,
        device_id=item.device.place,
        weight=item.device.role.weight,
        verdict=outcome.verdict,
        severity=item.severity,
        highest=item.rule.severities[0],
        failing=len(outcome.failures),
        judged=max(1, outcome.judged),
    )


def score(judged: Sequence[Judged]) -> Scores:
    """Scores and coverage of every level and overall."""
    ordered = in_order(weighed(item) for item in judged)
    covered: dict[str, float | None] = {level.value: rounded(coverage([w for w in ordered if w.level is level])) for level in Level}
    covered["overall"] = rounded(coverage(ordered))
    return Scores(scores_of(ordered), covered)


def change(before: Iterable[Weighed], now: Iterable[Weighed]) -> Mapping[str, float | None]:
    """Score now minus score before, over those pairs of rule and device alone that were decided both times.

    What could be judged only once, or is accepted in either, moves no trend. None where no pair was decided twice. Roles are today's.
    """
    old = {w.pair: w for w in before if w.verdict in DECIDED and not w.accepted}
    new = {w.pair: w for w in now if w.verdict in DECIDED and not w.accepted}
    both = sorted(old.keys() & new.keys())
    then, today = scores_of([replace(old[pair], weight=new[pair].weight) for pair in both]), scores_of([new[pair] for pair in both])
    return {name: difference(then[name], value) for name, value in today.items()}


def difference(before: float | None, now: float | None) -> float | None:
    return None if before is None or now is None else round(now - before, 1)


def in_order(items: Iterable[Weighed]) -> list[Weighed]:
    return sorted(items, key=lambda w: w.pair)


def scores_of(ordered: Sequence[Weighed]) -> dict[str, float | None]:
    exact = {level: level_score([w for w in ordered if w.level is level]) for level in Level}
    scores: dict[str, float | None] = {level.value: rounded(value) for level, value in exact.items()}
    scores["overall"] = rounded(overall(exact))
    return scores


def level_score(items: Sequence[Weighed]) -> Decimal | None:
    decided: dict[str, list[Weighed]] = {}
    for item in items:
        if item.verdict in DECIDED:
            decided.setdefault(item.device_id, []).append(item)
    if not decided:
        return None
    total, weights = Decimal(0), Decimal(0)
    for device_id in sorted(decided):
        weight = Decimal(decided[device_id][0].weight)
        total = CONTEXT.add(total, CONTEXT.multiply(weight, device_score(decided[device_id])))
        weights += weight
    return min(CONTEXT.divide(total, weights), cap(items))


def device_score(items: Sequence[Weighed]) -> Decimal:
    value = Decimal(100)
    for item in items:
        if item.verdict is not Verdict.FAIL or item.severity is None:
            continue
        share = CONTEXT.divide(Decimal(item.failing), Decimal(item.judged))
        factor = 1 - CONTEXT.divide(CONTEXT.multiply(PENALTY[item.severity], 1 + share), Decimal(2))
        value = CONTEXT.multiply(value, factor)
    return value


def cap(items: Sequence[Weighed]) -> Decimal:
    failed = [i for i in items if i.verdict is Verdict.FAIL and i.severity is not None]
    if any(i.rule == "security.vuln.kev" for i in failed):
        return CAP_KNOWN_EXPLOITED
    if any(i.severity is Severity.CRITICAL and i.weight == HEAVY_ROLE for i in failed):
        return CAP_CRITICAL
    return Decimal(100)


def overall(exact: Mapping[Level, Decimal | None]) -> Decimal | None:
    present = [(LEVEL_SHARE[level], value) for level, value in exact.items() if value is not None]
    if not present:
        return None
    total = sum((CONTEXT.multiply(share, value) for share, value in present), Decimal(0))
    return CONTEXT.divide(total, sum((share for share, _ in present), Decimal(0)))


def coverage(items: Sequence[Weighed]) -> Decimal | None:
    decided, open_ = Decimal(0), Decimal(0)
    for item in items:
        weight = Decimal(item.weight) * PENALTY[item.highest]
        if item.verdict in DECIDED:
            decided += weight
        elif item.verdict in OPEN:
            open_ += weight
    if decided + open_ == 0:
        return None
    return CONTEXT.divide(100 * decided, decided + open_)


def rounded(value: Decimal | None) -> float | None:
    return None if value is None else float(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN))
