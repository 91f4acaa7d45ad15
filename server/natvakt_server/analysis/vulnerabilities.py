"""What is known against a device's software, with what its configuration shows: the ground that the rules on vulnerabilities share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from natvakt_server.analysis.configuration.indentation import reindented
from natvakt_server.analysis.evidence import NANOSECONDS, Device, Evidence
from natvakt_server.analysis.rule import Failure
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.knowledge.exposure import NOT_EXPOSED, WHOLE, Exposure, Statement, with_configuration
from natvakt_server.knowledge.features import commands_to_stop, names_feature

OLD_AFTER_DAYS = 30
MOST_SHOWN = 10
"""Vulnerabilities of one finding that are told with their facts; the others are told by number."""
MOST_LINES = 3


def day_of(evidence: Evidence) -> date:
    return datetime.fromtimestamp(evidence.as_of_ns // NANOSECONDS, UTC).date()


def exposure_of(device: Device, evidence: Evidence) -> Exposure | None:
    return evidence.knowledge.exposure(device.os, device.version, device.model)


def statements_of(device: Device, evidence: Evidence) -> Sequence[Statement] | None:
    """What is known against the device's version, worst first; None where nothing is.

    A product that is named without any version says nothing of this one: such records are often years old, and a finding needs more.
    """
    return evidence.once(statements_by_device).get(device.id)


def statements_by_device(evidence: Evidence) -> Mapping[str, Sequence[Statement]]:
    found: dict[str, Sequence[Statement]] = {}
    for device in evidence.devices:
        exposure = exposure_of(device, evidence)
        if exposure is None:
            continue
        told = tuple(each for each in exposure.statements if each.basis != WHOLE)
        if told:
            found[device.id] = _with_configuration(device, replace(exposure, statements=told))
    return found


def _with_configuration(device: Device, exposure: Exposure) -> Sequence[Statement]:
    text = next((row.get("text") for row in device.table("configuration").rows if isinstance(row.get("text"), str)), None)
    if not isinstance(text, str) or not any(names_feature(exposure.os, each.title) for each in exposure.statements):
        return exposure.statements
    configuration = parse(reindented(text), exposure.os)
    return [with_configuration(each, exposure.os, configuration) for each in exposure.statements]


def name_of(statement: Statement) -> str:
    return statement.cve or statement.advisory or statement.title


def failure_of(statement: Statement, severity: Severity, device: Device, evidence: Evidence, shown: bool = True) -> Failure:
    """`shown`: with the facts; without, only the name counts."""
    if not shown:
        return Failure(name_of(statement), severity, ())
    return Failure(
        name_of(statement),
        severity,
        tuple(facts_of(statement, device, evidence)),
        remedies(statement, device),
        line=statement.evidence[0].line if statement.evidence else None,
    )


def facts_of(statement: Statement, device: Device, evidence: Evidence) -> list[Fact]:
    name = name_of(statement)
    observed_ns = device.table("configuration").observed_ns or None
    facts = [Fact(f"{name} affects", device.version, None, device.last_seen_ns or None)]
    if statement.feature_off is not None:
        facts.append(Fact(f"{name} needs a feature that is off", statement.feature_off))
    facts += [Fact(f"line {line.line}", line.text, None, observed_ns) for line in statement.evidence[:MOST_LINES]]
    if statement.first_fixed:
        facts.append(Fact(f"{name} first fixed in", ", ".join(statement.first_fixed[:MOST_LINES])))
    if statement.cvss is not None:
        facts.append(Fact(f"{name} CVSS", statement.cvss))
    facts.append(Fact(f"{name} told by", f"{statement.source} {statement.as_of}"))
    return [*facts, *age_of(statement.as_of, evidence)]


def age_of(as_of: str, evidence: Evidence) -> Sequence[Fact]:
    """What is known is older than a month: the verdict stands, and says so."""
    days = (day_of(evidence) - date.fromisoformat(as_of)).days
    return (Fact("knowledge is old", days, "d"),) if days > OLD_AFTER_DAYS else ()


def remedies(statement: Statement, device: Device) -> Sequence[str]:
    """The release to go to where it is known, as a remark, and what stops the feature meanwhile."""
    upgrade = (f"! upgrade to {statement.first_fixed[0]}",) if statement.first_fixed else ()
    stop = () if statement.verdict == NOT_EXPOSED else commands_to_stop(device.os or "", statement.title)
    return (*upgrade, *stop)
