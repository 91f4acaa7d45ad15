"""The commands of several findings as one text: devices with the same commands share them under one comment."""

from collections.abc import Mapping, Sequence

from natvakt_server.reports.model import ReportFinding

COMMENT_CHARACTERS = 48


def by_commands(findings: Sequence[ReportFinding]) -> Mapping[tuple[str, ...], Sequence[str]]:
    """Commands -> the devices they are for, both in the order of the findings."""
    grouped: dict[tuple[str, ...], dict[str, None]] = {}
    for finding in findings:
        if finding.remediation:
            grouped.setdefault(finding.remediation, {})[f"{finding.device} {finding.address}"] = None
    return {commands: tuple(devices) for commands, devices in grouped.items()}


def listing(findings: Sequence[ReportFinding]) -> tuple[str, ...]:
    lines: list[str] = []
    for commands, devices in by_commands(findings).items():
        lines.extend(comment(devices))
        lines.extend(commands)
    return tuple(lines)


def is_uniform(findings: Sequence[ReportFinding]) -> bool:
    """Whether one set of commands serves every finding."""
    return len(by_commands(findings)) == 1 and all(f.remediation for f in findings)


def comment(devices: Sequence[str]) -> list[str]:
    """`! hq-acc1 10.1.0.11, hq-acc2 10.1.0.12`, on as many lines as it takes."""
    lines = [""]
    for device in devices:
        longer = f"{lines[-1]}, {device}" if lines[-1] else device
        if lines[-1] and len(longer) > COMMENT_CHARACTERS:
            lines.append(device)
        else:
            lines[-1] = longer
    return [f"! {line}" for line in lines]
