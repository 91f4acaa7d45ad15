"""What a script tells of its run: as JSON, as `key=value` lines, or as a bare exit code.

    {"result": "ok", "start": "2026-11-24T01:00:00+01:00", "end": 1795000000, "bytes": 123, "items": 4, "warnings": 0}
    result=failed                      0
    detail=disk full

`result` is ok, warning, failed or running, or an exit code (0 is ok). Moments are ISO 8601 with an offset or seconds since 1970. What is
not told is not known; what cannot be understood is refused with its place, so that a typing error in a script is seen.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from natvakt_agent.model.backup import JobReport, JobState

RESULTS: Mapping[str, JobState] = {
    "ok": JobState.OK,
    "success": JobState.OK,
    "warning": JobState.WARNING,
    "failed": JobState.FAILED,
    "failure": JobState.FAILED,
    "error": JobState.FAILED,
    "running": JobState.RUNNING,
}
MOMENTS = ("start", "end", "restore_test", "verified", "last_success")
COUNTS = ("bytes", "items", "warnings")
TEXTS = ("detail", "target")
KEYS = frozenset({"result", *MOMENTS, *COUNTS, *TEXTS})
MOST_OCTETS = 16 * 1024
LAST_MOMENT = 253_402_300_799  # 9999-12-31, the last one that a date can be written for
MOST_COUNTED = 2**63 - 1


class ReportRefused(ValueError):
    """A report that cannot be understood; the text names the key, the value and what would be understood."""


def parse_report(text: str, written: int) -> JobReport:
    """`written`: when the report was, which is the end of a run that does not tell it. Raises ReportRefused."""
    facts = _facts(text)
    unknown = sorted(facts.keys() - KEYS)
    if unknown:
        raise ReportRefused(f"{unknown[0]!r} is not a known key; known: {', '.join(sorted(KEYS))}")
    if "result" not in facts:
        raise ReportRefused('"result" is missing; write ok, warning, failed, running or an exit code')
    state = _state(facts["result"])
    moments = {key: _moment(key, facts[key]) for key in MOMENTS if facts.get(key) not in (None, "")}
    counts = {key: _count(key, facts[key]) for key in COUNTS if facts.get(key) not in (None, "")}
    end = None if state is JobState.RUNNING else moments.get("end", written)
    is_good = state in (JobState.OK, JobState.WARNING)
    if counts.get("warnings") and state is JobState.OK:
        state = JobState.WARNING
    return JobReport(
        state,
        last_start=moments.get("start"),
        last_end=end,
        last_success=end if is_good else moments.get("last_success"),
        restore_test=moments.get("restore_test"),
        verified=moments.get("verified"),
        bytes=counts.get("bytes"),
        items=counts.get("items"),
        warnings=counts.get("warnings"),
        detail=_text(facts.get("detail")),
        target=_text(facts.get("target")),
    )


def _facts(text: str) -> dict[str, object]:
    stripped = text.strip().removeprefix("\ufeff").strip()
    if stripped.startswith("{"):
        try:
            found = json.loads(stripped)
        except (ValueError, RecursionError) as error:
            raise ReportRefused(f"is not JSON: {error}") from None
        return dict(found)
    lines = [line for line in stripped.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) == 1 and "=" not in lines[0]:
        return {"result": lines[0].strip()}
    facts: dict[str, object] = {}
    for line in lines:
        key, equals, value = line.partition("=")
        if not equals:
            raise ReportRefused(f"the line {line.strip()[:40]!r} is not key=value")
        facts[key.strip().lower()] = value.strip().strip("\"'")
    return facts


def _state(value: object) -> JobState:
    if isinstance(value, str) and value.strip().lower() in RESULTS:
        return RESULTS[value.strip().lower()]
    try:
        code = _whole(value)
    except ValueError:
        raise ReportRefused(f"result {str(value)[:40]!r} is not one of ok, warning, failed, running or an exit code") from None
    return JobState.OK if code == 0 else JobState.FAILED


def _whole(value: object) -> int:
    """Raises ValueError. Python's int() would take `1_000` and a fraction cut off."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(value)
    text = str(value).strip()
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()):
        raise ValueError(value)
    return int(text)


def _count(key: str, value: object) -> int:
    try:
        count = _whole(value)
    except ValueError:
        count = -1
    if not 0 <= count <= MOST_COUNTED:
        raise ReportRefused(f"{key} {str(value)[:40]!r} is not a whole number from 0")
    return count


def _moment(key: str, value: object) -> int:
    if isinstance(value, float):
        value = int(value) if 0 <= value <= LAST_MOMENT else -1
    try:
        moment = _whole(value)
    except ValueError:
        moment = _iso(value)
    if not 0 <= moment <= LAST_MOMENT:
        raise ReportRefused(f"{key} {str(value)[:40]!r} is not seconds since 1970 or ISO 8601 with an offset, as 2026-11-24T01:00:00+01:00")
    return moment


def _iso(value: object) -> int:
    """-1 where it is none: a local time without an offset would be guessed."""
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return -1
    try:
        return -1 if moment.tzinfo is None else int(moment.timestamp())
    except (OverflowError, OSError):
        return -1


def _text(value: object) -> str | None:
    return None if value is None else " ".join(str(value).split()) or None
