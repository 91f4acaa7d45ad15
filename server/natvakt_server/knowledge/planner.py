"""The smallest set of releases to go to that takes away the most risk.

Pure: what each candidate leaves of a device's risk is told to it. A candidate must be a step up, of a train that is still maintained, and
fit the device where that is known; of the candidates that fit, those that take away the most count, and of these as few releases as
possible are chosen, for one system each: what serves most devices first, then what takes away most, then what the vendor suggests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_server.knowledge.exposure import AFFECTED, WHOLE, Exposure, Statement
from natvakt_server.knowledge.matching import train_precedes
from natvakt_server.knowledge.versions.version import Version

EXPLOITED_WEIGHT = 50.0
UNSCORED = 5.0
PROBABLE_SHARE = 0.5
SPARE = 1.2
NEAR = 0.02
"""Candidates within this share of the best are as good as it: one release for a platform weighs more."""


@dataclass(frozen=True, slots=True)
class Option:
    """A release that a device could go to. `image_bytes`: None where it is not known."""

    version: Version
    exposure: Exposure
    is_suggested: bool
    maintained_until: str = ""
    image_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Upgradable:
    """A device, what is known against its release, and where it could go. `free_bytes`: of its flash."""

    device: str
    running: Version
    exposure: Exposure
    options: Sequence[Option] = ()
    free_bytes: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Devices that go to one release. `clears`, `leaves`: statements that go and that stay, over all of them; `names` of what goes."""

    os: str
    release: str
    devices: tuple[str, ...]
    clears: int
    leaves: int
    risk_cleared: float
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class _Choice:
    version: Version
    is_suggested: bool = False
    cleared: dict[str, float] = field(default_factory=dict)


def risk_of(statements: Sequence[Statement]) -> float:
    """CVSS summed; exploited ones weigh more, probable ones half. A product named without versions is no risk that a release takes away."""
    return sum(_weight(statement) for statement in statements if statement.basis != WHOLE)


def _weight(statement: Statement) -> float:
    weight = (statement.cvss if statement.cvss is not None else UNSCORED) + (EXPLOITED_WEIGHT if statement.kev else 0.0)
    return weight if statement.verdict == AFFECTED else weight * PROBABLE_SHARE


def is_up(running: Version, other: Version) -> bool:
    """Whether going there is a step up, by place in the train or by the train's number."""
    if running.os != other.os:
        return False
    if running.train == other.train:
        return running.place < other.place
    return train_precedes(running.train, other.train) is True


def fits(device: Upgradable, option: Option, today: str) -> bool:
    if not is_up(device.running, option.version) or (option.maintained_until and option.maintained_until < today):
        return False
    return device.free_bytes is None or option.image_bytes is None or device.free_bytes >= SPARE * option.image_bytes


def plan(devices: Sequence[Upgradable], today: str) -> Sequence[Step]:
    """Steps in the order of what they take away; a device that no candidate helps is in none."""
    choices = _choices(devices, today)
    waiting = {device.device: device for device in devices if any(device.device in choice.cleared for choice in choices.values())}
    steps = []
    while waiting:
        key, choice = max(choices.items(), key=lambda item: _worth(item[1], waiting))
        served = [waiting.pop(name) for name in list(waiting) if name in choice.cleared]
        steps.append(_step(key[0], choice, served))
    return sorted(steps, key=lambda step: (-step.risk_cleared, step.os, step.release))


def _choices(devices: Sequence[Upgradable], today: str) -> Mapping[tuple[str, str], _Choice]:
    """By system and release, how much risk each takes from the devices that it is as good as the best for."""
    choices: dict[tuple[str, str], _Choice] = {}
    for device in devices:
        before = risk_of(device.exposure.statements)
        cleared = [(before - risk_of(each.exposure.statements), each) for each in device.options if fits(device, each, today)]
        best = max((amount for amount, _ in cleared), default=0.0)
        for amount, option in cleared:
            if best > 0 and amount >= best * (1 - NEAR):
                place = (option.version.os, option.version.normalised)
                choice = choices.setdefault(place, _Choice(option.version))
                choice.is_suggested = choice.is_suggested or option.is_suggested
                choice.cleared[device.device] = amount
    return choices


def _worth(choice: _Choice, waiting: Mapping[str, Upgradable]) -> tuple[object, ...]:
    served = [amount for name, amount in choice.cleared.items() if name in waiting]
    return len(served), round(sum(served), 6), choice.is_suggested, choice.version.os, choice.version.train, choice.version.place


def _step(os: str, choice: _Choice, served: Sequence[Upgradable]) -> Step:
    names: dict[str, None] = {}
    clears = leaves = 0
    for device in served:
        option = next(each for each in device.options if each.version.is_same(choice.version))
        after = _names(option.exposure)
        gone = [name for name in _names(device.exposure) if name not in after]
        names.update(dict.fromkeys(gone))
        clears, leaves = clears + len(gone), leaves + len(after)
    risk = sum(choice.cleared[device.device] for device in served)
    devices = tuple(sorted(device.device for device in served))
    return Step(os, choice.version.normalised, devices, clears, leaves, round(risk, 3), tuple(names))


def _names(exposure: Exposure) -> Sequence[str]:
    found = (each.cve or each.advisory or each.title for each in exposure.statements if each.basis != WHOLE)
    return tuple(dict.fromkeys(found))
