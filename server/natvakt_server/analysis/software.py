"""A device's release beside the releases that its vendor suggests for the product."""

from dataclasses import dataclass

from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.hardware import chassis_pids
from natvakt_server.knowledge.known import ToldSuggestion
from natvakt_server.knowledge.matching import train_precedes
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import Version, VersionUnknown


@dataclass(frozen=True, slots=True)
class Comparison:
    """`is_older` None: the trains do not tell. `target`: the suggested release to go to."""

    told: ToldSuggestion
    target: str
    is_older: bool | None
    is_deferred: bool


def version_of(device: Device) -> Version | None:
    return _parsed(device.os or "", device.version or "")


def compared(device: Device, evidence: Evidence) -> Comparison | None:
    """None where nothing is suggested for the product, or a release cannot be read."""
    told = evidence.knowledge.suggestion(chassis_pids(device))
    running = version_of(device)
    if told is None or running is None:
        return None
    system = told.suggestion.os or running.os
    suggested = [parsed for text in told.suggestion.releases if (parsed := _parsed(system, text)) is not None]
    if not suggested or system != running.os:
        return None
    deferred = any(running.is_same(parsed) for text in told.suggestion.deferred if (parsed := _parsed(system, text)) is not None)
    same_train = [each for each in suggested if each.train == running.train]
    target = max(same_train, key=lambda each: each.place) if same_train else suggested[0]
    return Comparison(told, target.normalised, _is_older(running, suggested, same_train), deferred)


def _is_older(running: Version, suggested: list[Version], same_train: list[Version]) -> bool | None:
    """Not older where it is one of them, or comes after one of its own train, or its train after one of theirs."""
    if same_train:
        return all(running.place < each.place for each in same_train)
    answers = [train_precedes(running.train, each.train) for each in suggested]
    if any(answer is None for answer in answers):
        return None
    return all(answers)


def _parsed(os: str, text: str) -> Version | None:
    try:
        return parse_version(os, text)
    except VersionUnknown:
        return None
