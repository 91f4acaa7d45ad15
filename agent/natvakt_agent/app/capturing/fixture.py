"""A capture as files: recordings, outputs and the report of what was replaced.

FOLDER/NAME.txt            what the device answers by SNMP (`OID|TAG|VALUE`)
FOLDER/NAME@VLAN.txt       what it answers in the context of that VLAN
FOLDER/NAME.ssh.json       its outputs by command
FOLDER/NAME.capture.json   what was recorded and what was replaced, in counts
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from natvakt_agent.capture.anonymiser import Anonymised
from natvakt_agent.capture.recording import Recording, written
from natvakt_agent.collectors.snmp.capture_walk import Gap
from natvakt_agent.vault.files import write_atomically

SCHEMA, OUTPUTS_SCHEMA = "natvakt.capture/1", "natvakt.capture-ssh/1"
REMARK = "Recorded by natvakt-agent capture; addresses, names, serial numbers and MAC addresses are replaced"


def planned(folder: Path, name: str, contexts: Sequence[str | None], has_outputs: bool) -> list[Path]:
    """The files of a capture, the report last."""
    files = [_recording_file(folder, name, context) for context in contexts]
    return [*files, *([folder / f"{name}.ssh.json"] if has_outputs else []), folder / f"{name}.capture.json"]


def kept(folder: Path, name: str, anonymised: Anonymised, system: str | None, report: Mapping[str, object]) -> None:
    """Write them. Raises OSError."""
    for recording in anonymised.recordings:
        marked = Recording(recording.varbinds, [REMARK, *recording.remarks], recording.context)
        write_atomically(_recording_file(folder, name, recording.context), written(marked).encode())
    if anonymised.outputs:
        write_atomically(folder / f"{name}.ssh.json", _json({"schema": OUTPUTS_SCHEMA, "os": system, "outputs": dict(anonymised.outputs)}))
    write_atomically(folder / f"{name}.capture.json", _json(report))


def report_of(
    anonymised: Anonymised, files: Sequence[Path], gaps: Sequence[Gap], ended: bool, withheld: Mapping[str, str], keep_names: bool
) -> dict[str, object]:
    """What was recorded and replaced. Holds no original: it goes with the fixture."""
    return {
        "schema": SCHEMA,
        "files": [file.name for file in files],
        "objects": sum(len(recording.varbinds) for recording in anonymised.recordings),
        "outputs": sorted(anonymised.outputs),
        "withheld": sorted(withheld),
        "complete": not gaps and not ended and not withheld,
        "gaps": [{"base": gap.base, "what": gap.what} for gap in gaps],
        "replaced": {kind: asdict(count) for kind, count in anonymised.replaced.items()},
        "left_out": anonymised.collisions,
        "names_kept": keep_names,
    }


def _recording_file(folder: Path, name: str, context: str | None) -> Path:
    return folder / (f"{name}.txt" if context is None else f"{name}@{context}.txt")


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"
