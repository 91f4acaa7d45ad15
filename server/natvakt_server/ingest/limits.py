"""What one batch, one agent and one document may be, as the worker sees it."""

from dataclasses import dataclass

SECOND_NS = 1_000_000_000
DAY_NS = 86_400 * SECOND_NS


@dataclass(frozen=True, slots=True)
class IngestLimits:
    """Spans in nanoseconds. Points older than `retention_ns` or more than `future_ns` ahead at their arrival are not stored."""

    retention_ns: int = 400 * DAY_NS
    future_ns: int = 600 * SECOND_NS
    held_ns: int = 7 * DAY_NS
    parts_ns: int = 7 * DAY_NS
    lease_ns: int = 60 * SECOND_NS  # a killed worker holds up its rows for this long; repeats do no harm
    idle_ns: int = SECOND_NS // 5
    claim: int = 64
    values_per_write: int = 1_000_000
    series_per_agent: int = 50_000  # distinct rows of a table: measurement, device, tags
    fields_per_agent: int = 2_000  # distinct names of columns
    tags: int = 8
    tag_characters: int = 256
    document_parts: int = 128
    document_bytes: int = 16 * 1024 * 1024
    first_backoff_ns: int = SECOND_NS
    longest_backoff_ns: int = 60 * SECOND_NS
    remembered_boots: int = 10_000
