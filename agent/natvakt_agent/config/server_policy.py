"""The server's signed policy, applied inside the site's (promise 66).

The body is JSON `{"version": 3, "intervals": {"interface": 60}}`, intervals in seconds. The signature is checked by the link
before this is called; here every part is judged on its own: what the site does not allow is refused, told and counted.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec

from natvakt_agent.config.site_policy import SitePolicy

MAX_INTERVAL_SECONDS = 7 * 86400
MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """One part of a policy that was not applied."""

    part: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppliedPolicy:
    """`version` is 0 where the body could not be read at all."""

    version: int
    intervals: Mapping[str, float]
    refused: tuple[Refusal, ...] = ()


def judge(body: bytes, site: SitePolicy, tables: Collection[str]) -> AppliedPolicy:
    """What of the server's policy may hold here. Never raises: an unreadable body is one refusal."""
    if len(body) > MAX_BODY_BYTES:
        return AppliedPolicy(0, {}, (Refusal("policy", f"{len(body)} bytes", f"is larger than {MAX_BODY_BYTES} bytes"),))
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return AppliedPolicy(0, {}, (Refusal("policy", f"{len(body)} bytes", "is not JSON"),))
    version = content.get("version") if isinstance(content, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return AppliedPolicy(0, {}, (Refusal("version", _shown(version), "is not a whole number from 1"),))
    refused = [
        Refusal(key, _shown(content[key]), "the server has no say in this") for key in sorted(content.keys() - {"version", "intervals"})
    ]
    intervals: dict[str, float] = {}
    wanted = content.get("intervals", {})
    if not isinstance(wanted, dict):
        refused.append(Refusal("intervals", _shown(wanted), "is not a table of seconds"))
        wanted = {}
    for table, seconds in sorted(wanted.items()):
        reason = _refusal(table, seconds, site, tables)
        if reason:
            refused.append(Refusal(_short(f"intervals.{table}"), _shown(seconds), reason))
        else:
            intervals[table] = float(seconds)
    return AppliedPolicy(version, intervals, tuple(refused))


def _refusal(table: str, seconds: object, site: SitePolicy, tables: Collection[str]) -> str:
    if table not in tables:
        return "is not a table this agent polls"
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not seconds <= MAX_INTERVAL_SECONDS:
        return f"is not a number of seconds up to {MAX_INTERVAL_SECONDS}"
    if seconds < site.minimum_interval:
        return f"is more often than the site policy's minimum_interval {site.minimum_interval}"
    return ""


def _shown(value: object) -> str:
    return _short(repr(value))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
