"""Judging ports one by one: what rules on switch ports have in common."""

from collections.abc import Callable, Sequence

from natvakt_server.analysis.configuration.check import Breach, Outcome, settle
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

SWITCH_SYSTEMS = ("ios", "ios-xe")


def breach(severity: Severity, port: Interface, commands: Sequence[str], line: Line | None = None) -> Breach:
    """One port that fails; `line` shows it, the port's own first line where nothing does."""
    return Breach(severity, (line or port.line,), port.name, (f"interface {port.name}", *(f" {command}" for command in commands)))


def each_port(
    ports: Sequence[Interface], severity: Severity, good: Callable[[Interface], Line | None], *commands: str, nothing: str = "no-host-port"
) -> Outcome:
    """Fails for every port for which `good` finds no line; the lines found are what a pass rests on."""
    found = [(port, good(port)) for port in ports]
    breaches = [breach(severity, port, commands) for port, line in found if line is None]
    return settle(breaches, len(ports), [line for _, line in found if line is not None], nothing)
