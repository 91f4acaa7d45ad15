"""The commands of several findings as one text: devices with the same commands share them under one comment."""

from collections.abc import Iterable, Mapping, Sequence

from natvakt_server.reports.model import ReportFinding

COMMENT_CHARACTERS = 48
Lines = tuple[str, ...]


def by_commands(told: Iterable[tuple[str, Lines]]) -> Mapping[Lines, Sequence[str]]:
    """(device, its commands) -> the devices by commands, both in the order told."""
    grouped: dict[Lines, dict[str, None]] = {}
    for device, commands in told:
        if commands:
            grouped.setdefault(commands, {})[device] = None
    return {commands: tuple(devices) for commands, devices in grouped.items()}


def listed_commands(told: Iterable[tuple[str, Lines]]) -> Lines:
    lines: list[str] = []
    for commands, devices in by_commands(told).items():
        lines.extend(comment(devices))
        lines.extend(commands)
    return tuple(lines)


def listing(findings: Sequence[ReportFinding]) -> Lines:
    return listed_commands((address(f), f.remediation) for f in findings)


def is_uniform(findings: Sequence[ReportFinding]) -> bool:
    """Whether one set of commands serves every finding."""
    return len({f.remediation for f in findings}) == 1 and all(f.remediation for f in findings)


def address(finding: ReportFinding) -> str:
    return f"{finding.device} {finding.address}"


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
