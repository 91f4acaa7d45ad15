"""Thresholds that a customer may set otherwise: those of the rules that judge what was measured, and those of configuration rules.

A test holds the first against what the rules ask of `evidence.policy`, names and defaults.
"""

from collections.abc import Iterable, Sequence

from natvakt_server.analysis.configuration.check import ConfigurationRule
from natvakt_server.domain.policy import Threshold

MEASURED: Sequence[Threshold] = (
    Threshold("capacity.poe.share", 0.85, is_share=True),
    Threshold("capacity.sessions.share", 0.80, is_share=True),
    Threshold("capacity.tables.share", 0.80, is_share=True),
    Threshold("config.backup.days", 7),
    Threshold("device.unreachable.share", 0.995, is_share=True),
    Threshold("device.uptime.days", 730),
    Threshold("env.ups.load", 0.80, is_share=True),
    Threshold("env.ups.runtime-seconds", 600),
    Threshold("gateway.dsp.share", 0.80, is_share=True),
    Threshold("memory.leak.days", 60),
    Threshold("server.backup.restore-test", 180),
)


def thresholds(checks: Iterable[ConfigurationRule]) -> Sequence[Threshold]:
    """All, by name, each once."""
    found = {each.name: each for each in MEASURED}
    found |= {each.name: each for check in checks for each in thresholds_in(check)}
    return [found[name] for name in sorted(found)]


def thresholds_of(rule_id: str, check: ConfigurationRule | None) -> Sequence[Threshold]:
    """Those that one rule judges by: a measured one is named after its rule, without the level."""
    name = rule_id.partition(".")[2]
    return [*(each for each in MEASURED if each.name.startswith(f"{name}.")), *(thresholds_in(check) if check is not None else ())]


def thresholds_in(check: ConfigurationRule) -> Sequence[Threshold]:
    return [Threshold(value.name, value.default, value.strict) for value in check.thresholds]
