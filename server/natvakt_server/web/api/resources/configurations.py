"""Versions of a device's configuration: which there are, their texts, and what differs between two."""

from datetime import datetime

import msgspec

from natvakt_server.backups.configurations.difference import Change, difference
from natvakt_server.backups.configurations.standing import predecessors
from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.estate import Device
from natvakt_server.domain.listing import Page
from natvakt_server.domain.rights import Permission
from natvakt_server.domain.sifting import sift
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import PREFIX, Field, File, Kind, Operation, Parameter
from natvakt_server.web.api.problem import not_found
from natvakt_server.web.api.resources.times import certain

MOST_CHANGES = 5_000


class VersionAnswer(msgspec.Struct, frozen=True):
    """A span of time in which the configuration meant the same. `changed_at` is the device's own word."""

    id: int
    device: str
    source: str
    first_observed: datetime
    last_observed: datetime
    whole: bool
    incomplete_reason: str
    system: str
    lines: int
    octets: int
    digest: str
    changed_at: str
    changed_by: str
    url: str


class ChangeAnswer(msgspec.Struct, frozen=True):
    """`path`: the sections around it. `before` is null where it was added, `after` where it was removed; lines count from 1."""

    what: str
    path: list[str]
    before: str | None
    before_line: int | None
    after: str | None
    after_line: int | None


class DifferenceAnswer(msgspec.Struct, frozen=True):
    """`left_out`: changes beyond the most that are told."""

    device: str
    before: int
    after: int
    changes: list[ChangeAnswer]
    left_out: int


def list_versions(call: Call) -> Page[VersionAnswer]:
    device = call.device()
    rows = [_answer(device, each) for each in call.ports.configurations.configurations(device.tenant, device.id)]
    readings = {"source": lambda row: row.source, "whole": lambda row: row.whole, "changed_by": lambda row: row.changed_by}
    return sift(rows, call.wish, readings, ("changed_by", "source"))


def show_version(call: Call) -> VersionAnswer:
    device = call.device()
    return _answer(device, _version(call, device, call.path["version"]))


def show_text(call: Call) -> File:
    device = call.device()
    version = _version(call, device, call.path["version"])
    return File(_text(call, device, version).encode("utf-8", "replace"), "text/plain; charset=utf-8", f"{device.id}-{version.id}.txt")


def show_difference(call: Call) -> DifferenceAnswer:
    """With the version before, unless another one is named."""
    device = call.device()
    new = _version(call, device, call.path["version"])
    if "with" in call.arguments:
        old = _version(call, device, call.text("with"))
    else:
        before = predecessors(call.ports.configurations.configurations(device.tenant, device.id)).get(new.id)
        if before is None:
            raise not_found("version before this one")
        old = before
    changes = difference(parse(_text(call, device, old)), parse(_text(call, device, new)))
    told = [_change(each) for each in changes[:MOST_CHANGES]]
    return DifferenceAnswer(device.id, old.id, new.id, told, len(changes) - len(told))


def _change(each: Change) -> ChangeAnswer:
    before, after = each.before, each.after
    return ChangeAnswer(
        what=each.what.value,
        path=list(each.path),
        before=before.text if before else None,
        before_line=before.number if before else None,
        after=after.text if after else None,
        after_line=after.number if after else None,
    )


def _version(call: Call, device: Device, text: str) -> ConfigurationVersion:
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    versions = call.ports.configurations.configurations(device.tenant, device.id)
    found = next((each for each in versions if each.id == wanted), None)
    if found is None:
        raise not_found(f"version {text[:32]!r} of this device's configuration")
    return found


def _text(call: Call, device: Device, version: ConfigurationVersion) -> str:
    text = call.ports.configurations.configuration_text(device.tenant, device.id, version.id)
    if text is None:
        raise not_found(f"text of version {version.id}")
    return text


def _answer(device: Device, each: ConfigurationVersion) -> VersionAnswer:
    return VersionAnswer(
        id=each.id,
        device=device.id,
        source=each.source.value,
        first_observed=certain(each.first_observed_ns),
        last_observed=certain(each.last_observed_ns),
        whole=each.is_whole,
        incomplete_reason=each.facts.incomplete_reason,
        system=each.facts.system,
        lines=each.facts.lines,
        octets=each.facts.octets,
        digest=each.facts.digest,
        changed_at=each.changed_at,
        changed_by=each.changed_by,
        url=f"{PREFIX}/devices/{device.id}/configurations/{each.id}",
    )


OPERATIONS = (
    Operation(
        "configurations.list",
        "GET",
        "/devices/{device}/configurations",
        "Versions of a device's configuration, the newest first",
        Permission.CONFIGURATIONS,
        list_versions,
        VersionAnswer,
        fields=(Field("source", Kind.CHOICE, tuple(each.value for each in Source)), Field("whole", Kind.SWITCH), Field("changed_by")),
    ),
    Operation(
        "configurations.show",
        "GET",
        "/devices/{device}/configurations/{version}",
        "One version",
        Permission.CONFIGURATIONS,
        show_version,
        VersionAnswer,
    ),
    Operation(
        "configurations.text",
        "GET",
        "/devices/{device}/configurations/{version}/text",
        "The text, with marks where secrets were taken out",
        Permission.CONFIGURATIONS,
        show_text,
        None,
        media_types=("text/plain; charset=utf-8",),
    ),
    Operation(
        "configurations.difference",
        "GET",
        "/devices/{device}/configurations/{version}/difference",
        "What differs in meaning from the version before, or from another one",
        Permission.CONFIGURATIONS,
        show_difference,
        DifferenceAnswer,
        parameters=(Parameter("with", "the id of the other version", Kind.NUMBER),),
    ),
)
