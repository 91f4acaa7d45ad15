"""Could this text be put back onto its device? Yes, or no with the reason.

A text is only taken for a backup where it is whole (no error texts, no open blocks, the mark its system writes at the end, or the agent's
word that it was read to the prompt), where it belongs to this device (system, host name, serial number), and where it speaks of the ports
the device has. What a person has to do besides, such as typing in secrets that never left the site, is told beside the verdict.
"""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from enum import StrEnum

from natvakt_wire.scrubbing.marks import find_marks

from natvakt_server.domain.configuration.dialects import DIALECTS, dialect_of
from natvakt_server.domain.configuration.facts import hostname, interface_names, interfaces, reaches_its_end, serials
from natvakt_server.domain.configuration.model import Configuration, Trouble
from natvakt_server.domain.configuration.ranges import interface_key

FEWEST_COMMANDS = 3
NAMES_TOLD = 5
# Ports as a configuration names them; what a device counts among its interfaces besides (CPU ports, stack ports) has no block.
_PORT = re.compile(r"(fa|gi|te|tw|fi|fo|hu|et)[a-z]* ?\d+(/\d+)*$", re.IGNORECASE)
_NAMED_PORT = re.compile(r"Adaptive Security Appliance '([^']+)' interface")
# These systems write every port down, configured or not.
_ALL_PORTS_WRITTEN = frozenset({"ios", "nx-os", "asa"})


class Reason(StrEnum):
    EMPTY = "empty"
    ERROR_TEXT = "error-text"
    PAGING = "paging"
    CUT_OFF = "cut-off"  # the agent says so; `detail` is its word
    NO_END = "no-end"
    OPEN_BLOCK = "open-block"
    END_NOT_TOLD = "end-not-told"  # this system writes no end mark, and nobody says the text was read to the end
    OTHER_SYSTEM = "other-system"
    OTHER_NAME = "other-name"
    OTHER_SERIAL = "other-serial"
    PORTS_MISSING = "ports-missing"


class Remark(StrEnum):
    SECRETS = "secrets"  # `detail`: how many have to be typed in again
    NO_NAME = "no-name"
    NO_STARTUP = "no-startup"  # the device would come up empty
    UNSAVED = "unsaved"  # running has what startup has not


@dataclass(frozen=True, slots=True)
class Told:
    """What the estate knows of the device. Empty: not known, and not held against the text.

    `names`: every name it ever told; a version from before a renaming is still its own. `ports`: names of its Ethernet interfaces.
    """

    system: str | None = None
    names: frozenset[str] = frozenset()
    serials: frozenset[str] = frozenset()
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is None exactly where the text can be restored; `detail` says which line, name or port, `number` which line's number."""

    reason: Reason | None
    detail: str = ""
    number: int | None = None
    remarks: tuple[tuple[Remark, str], ...] = ()

    @property
    def restorable(self) -> bool:
        return self.reason is None


Check = Callable[[Configuration, Told], Verdict | None]


def judge(configuration: Configuration, told: Told, complete: bool | None, incomplete_reason: str = "") -> Verdict:
    """`configuration` is parsed by its own looks (no `system` given), so that another system's text is recognised as such.

    `complete`: what the agent says; None where it says nothing.
    """
    refused = _unusable(configuration)
    if refused is None and complete is False:
        refused = Verdict(Reason.CUT_OFF, incomplete_reason)
    if refused is None:
        refused = next((found for check in _CHECKS if (found := check(configuration, told)) is not None), None)
    if refused is None:
        refused = _without_end(configuration, complete)
    if refused is not None:
        return refused
    return Verdict(None, remarks=tuple(_remarks(configuration)))


def _unusable(configuration: Configuration) -> Verdict | None:
    wrong = next((problem for problem in configuration.problems if problem.trouble is Trouble.ERROR_TEXT), None)
    if wrong is not None:
        return Verdict(Reason.ERROR_TEXT, wrong.text, wrong.number)
    paged = next((problem for problem in configuration.problems if problem.trouble is Trouble.PAGING), None)
    if paged is not None:
        return Verdict(Reason.PAGING, paged.text, paged.number)
    commands = sum(1 for _ in configuration.descendants())
    return Verdict(Reason.EMPTY, str(commands)) if commands < FEWEST_COMMANDS else None


def _open_block(configuration: Configuration, _told: Told) -> Verdict | None:
    if not configuration.problems:
        return None
    problem = configuration.problems[0]
    return Verdict(Reason.OPEN_BLOCK, problem.text, problem.number)


def _other_system(configuration: Configuration, told: Told) -> Verdict | None:
    if told.system is None or told.system not in DIALECTS:
        return None
    wanted = dialect_of(told.system).name
    return None if configuration.dialect == wanted else Verdict(Reason.OTHER_SYSTEM, configuration.dialect)


def _other_name(configuration: Configuration, told: Told) -> Verdict | None:
    name = hostname(configuration)
    if name is None or not told.names:
        return None
    known = {_host(each) for each in told.names}
    return None if _host(name) in known else Verdict(Reason.OTHER_NAME, name)


def _other_serial(configuration: Configuration, told: Told) -> Verdict | None:
    written, known = serials(configuration), {serial.upper() for serial in told.serials}
    if not written or not known or written & known:
        return None
    return Verdict(Reason.OTHER_SERIAL, sorted(written)[0])


def _ports_missing(configuration: Configuration, told: Told) -> Verdict | None:
    if configuration.dialect not in _ALL_PORTS_WRITTEN:
        return None
    written, named = interfaces(configuration), interface_names(configuration)
    missing = [port for port in told.ports if not _is_written(port, written.keys(), named)]
    if not missing:
        return None
    names = ", ".join(missing[:NAMES_TOLD])
    return Verdict(Reason.PORTS_MISSING, f"{names} …" if len(missing) > NAMES_TOLD else names)


def _is_written(port: str, written: Container[tuple[str, str]], named: frozenset[str]) -> bool:
    appliance = _NAMED_PORT.search(port)
    if appliance is not None:
        return appliance[1].lower() in named
    return not _PORT.match(port) or interface_key(port) in written


def _without_end(configuration: Configuration, complete: bool | None) -> Verdict | None:
    ended = reaches_its_end(configuration)
    if ended or (ended is None and complete):
        return None
    last = configuration.last
    reason = Reason.END_NOT_TOLD if ended is None else Reason.NO_END
    return Verdict(reason, last.text if last else "", last.number if last else None)


_CHECKS: tuple[Check, ...] = (_open_block, _other_system, _other_name, _other_serial, _ports_missing)


def _remarks(configuration: Configuration) -> Sequence[tuple[Remark, str]]:
    found: list[tuple[Remark, str]] = []
    secrets = sum(len(find_marks(line.text)) for line in configuration.lines if "<natvakt:" in line.text)
    if secrets:
        found.append((Remark.SECRETS, str(secrets)))
    if hostname(configuration) is None:
        found.append((Remark.NO_NAME, ""))
    return found


def _host(name: str) -> str:
    return name.split(".", maxsplit=1)[0].strip().casefold()
