"""`natvakt-server config list|show|diff DEVICE`: versions of a device's configuration."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from natvakt_server.app.commands.agent import moment
from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.stores import Stores
from natvakt_server.backups.configurations.authorship import Author, authors, heard
from natvakt_server.backups.configurations.difference import Change, difference
from natvakt_server.backups.configurations.restorable import Verdict, judge
from natvakt_server.backups.configurations.standing import predecessors, standing, told_of, with_standing
from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.configuration.model import Line, split_lines
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.estate import Device
from natvakt_server.domain.identity import AuditEntry

DEVICE_HELP = "TENANT/NAME or TENANT/SITE/NAME; an address or an id may stand for the name"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="every version, and whether the newest could be put back")
    show = verbs.add_parser("show", help="a version's text as it was read")
    compare = verbs.add_parser("diff", help="what differs in meaning between two versions")
    for each in (listing, show, compare):
        each.add_argument("device", metavar="DEVICE", help=DEVICE_HELP)
    for each in (show, compare):
        each.add_argument("--version", type=int, metavar="ID", help="as `config list` names it; the newest whole one if not given")
        each.add_argument("--source", choices=[source.value for source in Source], default=Source.RUNNING.value, help="of the newest")
    show.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of stdout")
    compare.add_argument("--with", dest="other", metavar="ID|startup", help="the older side; the version before it if not given")


def run(context: Context) -> int:
    return {"list": _list, "show": _show, "diff": _difference}[context.options.verb](context)


def _list(context: Context) -> int:
    stores = context.stores()
    device = find_device(stores, context.options.device)
    versions = stores.configurations.configurations(device.tenant, device.id)
    known, now = authors(versions, heard(stores.events.changes(device.tenant, device.id))), standing(versions)
    verdict = _verdict(stores, device, now.running, versions) if now.running else None
    rows = [("ID", "SOURCE", "FROM", "TO", "LINES", "READ", "CHANGED BY")]
    rows += [
        (
            str(each.id),
            each.source.value,
            moment(each.first_observed_ns),
            moment(each.last_observed_ns),
            str(each.facts.lines),
            "whole" if each.is_whole else "cut off",
            (known[each.id].by or "") if each.id in known else "",
        )
        for each in versions
    ]
    lines = columns(rows) if versions else [f"No configuration of {device.name} has been read."]
    lines += [_verdict_line(verdict), _saved_line(now.unsaved)] if verdict else []
    data = {
        "schema": "natvakt.configurations/1",
        "device": device.id,
        "name": device.name,
        "versions": [_described(each, known.get(each.id)) for each in versions],
        "unsaved": now.unsaved,
        "verdict": _judged(verdict) if verdict else None,
    }
    context.show(data, lines)
    return 0


def _show(context: Context) -> int:
    stores = context.stores()
    device = find_device(stores, context.options.device)
    versions = stores.configurations.configurations(device.tenant, device.id)
    version = _chosen(context, device, versions)
    text = _text(context, stores, device, version)
    if context.options.output is not None:
        try:
            context.options.output.write_text(text, "utf-8", newline="")
        except OSError as error:
            raise CommandFailed(f"{context.options.output}: cannot be written: {error.strerror}; choose another place with -o") from error
        context.note(f"{context.options.output}: {version.facts.lines} lines")
        return 0
    known = authors(versions, heard(stores.events.changes(device.tenant, device.id)))
    told = _described(version, known.get(version.id))
    verdict = _verdict(stores, device, version, versions, text)
    data = {"schema": "natvakt.configuration/1", "device": device.id, **told, "verdict": _judged(verdict), "text": text}
    context.show(data, split_lines(text))
    return 0


def _difference(context: Context) -> int:
    stores = context.stores()
    device = find_device(stores, context.options.device)
    versions = stores.configurations.configurations(device.tenant, device.id)
    new = _chosen(context, device, versions)
    old = _older(context, device, versions, new)
    changes = difference(parse(_text(context, stores, device, old)), parse(_text(context, stores, device, new)))
    data = {
        "schema": "natvakt.configuration-difference/1",
        "device": device.id,
        "before": old.id,
        "after": new.id,
        "changes": [
            {"what": each.what.value, "path": list(each.path), "before": _numbered(each.before), "after": _numbered(each.after)}
            for each in changes
        ],
    }
    context.show(data, list(_unified(changes)) or [f"{old.id} and {new.id} mean the same."])
    return 0


def find_device(stores: Stores, name: str) -> Device:
    """Raises CommandFailed where there is none, or more than one."""
    tenant, *site, wanted = name.split("/") if name.count("/") in {1, 2} else (name, "")
    if not wanted:
        raise CommandFailed(f"device {name!r}: write TENANT/NAME, such as acme/hq-acc1")
    devices = stores.reader.devices(tenant, site[0] if site else None)
    found = [each for each in devices if wanted in {each.id, each.name, each.address}]
    if len(found) != 1:
        known = ", ".join(sorted(f"{each.tenant}/{each.site}/{each.name}" for each in found or devices)[:10]) or "none there yet"
        raise CommandFailed(f"device {name!r}: {'more than one has that name' if found else 'not known'}; {known}")
    return found[0]


def _chosen(context: Context, device: Device, versions: Sequence[ConfigurationVersion]) -> ConfigurationVersion:
    options = context.options
    if options.version is not None:
        return _by_id(device, versions, options.version)
    now = standing(versions)
    newest = now.running if options.source == Source.RUNNING else now.startup
    if newest is None:
        raise CommandFailed(f"{device.name}: no {options.source} configuration was read; `natvakt-agent doctor` at the site says why")
    return newest


def _older(context: Context, device: Device, versions: Sequence[ConfigurationVersion], new: ConfigurationVersion) -> ConfigurationVersion:
    other = context.options.other
    if other == Source.STARTUP:
        startup = standing(versions).startup
        if startup is None:
            raise CommandFailed(f"{device.name}: no startup configuration was read")
        return startup
    if other is not None:
        return _by_id(device, versions, int(other) if other.isdecimal() else -1)
    before = predecessors(versions).get(new.id)
    if before is None:
        raise CommandFailed(f"{device.name}: version {new.id} is the first one; name the other side by --with")
    return before


def _by_id(device: Device, versions: Sequence[ConfigurationVersion], wanted: int) -> ConfigurationVersion:
    found = next((each for each in versions if each.id == wanted), None)
    if found is None:
        raise CommandFailed(f"{device.name}: no such version; `natvakt-server config list` names them")
    return found


def _text(context: Context, stores: Stores, device: Device, version: ConfigurationVersion) -> str:
    """Whoever reads a text is written down, on the command line too."""
    subject, detail = f"device:{device.id}", f"{version.source} {version.id}"
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "configuration-read", subject, "ok", detail, device.tenant))
    return stores.configurations.configuration_text(device.tenant, device.id, version.id) or ""


def _verdict(
    stores: Stores, device: Device, version: ConfigurationVersion, versions: Sequence[ConfigurationVersion], text: str | None = None
) -> Verdict:
    if text is None:
        text = stores.configurations.configuration_text(device.tenant, device.id, version.id) or ""
    snapshots = {each.kind: each.rows for each in stores.reader.snapshots(device.tenant, device.id)}
    told = told_of(device, snapshots, stores.reader.versions(device.tenant, device.id, "device"))
    verdict = judge(parse(text), told, version.facts.complete, version.facts.incomplete_reason)
    now = standing(versions)
    return with_standing(verdict, now) if version == now.running else verdict


def _described(version: ConfigurationVersion, author: Author | None) -> dict[str, Any]:
    return {
        "id": version.id,
        "source": version.source.value,
        "first_observed": moment(version.first_observed_ns),
        "last_observed": moment(version.last_observed_ns),
        "sha256": version.facts.digest,
        "meaning": version.meaning,
        "system": version.facts.system or None,
        "lines": version.facts.lines,
        "octets": version.facts.octets,
        "complete": version.facts.complete,
        "incomplete_reason": version.facts.incomplete_reason or None,
        "changed_by": author.by if author else None,
        "changed_at": (moment(author.at_ns) if author.at_ns else author.at) or None if author else None,
    }


def _judged(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "restorable": verdict.restorable,
        "reason": verdict.reason.value if verdict.reason else None,
        "detail": verdict.detail or None,
        "line": verdict.number,
        "remarks": [{"remark": remark.value, "detail": detail or None} for remark, detail in verdict.remarks],
    }


def _verdict_line(verdict: Verdict) -> str:
    if verdict.reason is None:
        remarks = ", ".join(f"{remark.value} {detail}".strip() for remark, detail in verdict.remarks)
        return f"restorable: yes{f' ({remarks})' if remarks else ''}"
    where = f" in line {verdict.number}" if verdict.number else ""
    return f"restorable: no, {verdict.reason.value}{where}{f': {verdict.detail}' if verdict.detail else ''}"


def _saved_line(unsaved: bool | None) -> str:
    return {None: "startup: not known", True: "startup: differs from running", False: "startup: as running"}[unsaved]


def _numbered(line: Line | None) -> Mapping[str, Any] | None:
    return None if line is None else {"line": line.number, "text": line.text}


def _unified(changes: Sequence[Change]) -> Sequence[str]:
    """Sections as heads, below them `-` and `+` with line numbers."""
    lines: list[str] = []
    path: tuple[str, ...] | None = None
    for each in changes:
        if each.path != path:
            path = each.path
            lines.append(f"@@ {' > '.join(path) or 'top level'}")
        lines += [f"-{each.before.number:>6} {each.before.text}"] if each.before else []
        lines += [f"+{each.after.number:>6} {each.after.text}"] if each.after else []
    return lines
