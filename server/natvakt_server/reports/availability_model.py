"""The report model, part 8: availability by month."""

import msgspec


class AvailabilityNote(msgspec.Struct, frozen=True):
    """Of the customer, a service or a site in one month. Shares in per cent, None where nothing was observed or agreed; lengths in seconds.

    `confidence`: how much of the agreed time was observed. `budget_left_seconds`: negative where the agreement is broken. `kept`: None
    where nothing was agreed, or where it depends on what nobody observed.
    """

    month: str
    is_over: bool
    kind: str
    name: str
    available: float | None
    confidence: float | None
    down_seconds: float
    not_observed_seconds: float
    maintenance_seconds: float
    target: float | None = None
    budget_left_seconds: float | None = None
    kept: bool | None = None
