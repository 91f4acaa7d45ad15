"""core.software.boot: after a restart the device looks for a file system it does not have, or loads another release than it runs.

    boot system flash:c2960x-universalk9-mz.152-7.E6.bin ── file system among those told of? ── release in the name == release that runs?

`packages.conf` is what the release that runs was installed as (install mode). Which files a file system holds is in no table.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.analysis.applicability import router_or_switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import text_of
from natvakt_server.analysis.hardware import FLASH_WORDS
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.software import version_of
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import Version, VersionUnknown

BOOT = re.compile(
    r"(?:boot system (?:switch \S+ |flash (?=\S+:))?|boot (?:nxos|system|kickstart) )(?P<place>[a-z][a-z0-9-]*):/*(?P<file>[^\s;]*)",
    re.IGNORECASE,
)
NETWORK = frozenset(("tftp", "ftp", "scp", "http", "https", "rcp", "sftp"))
MANIFEST = "packages.conf"
RELEASES = (  # of file names, by system: what stands there, and how the release is written
    ("ios-xe", re.compile(r"\.(\d{2})\.(\d{2})\.(\d{2}[a-z]?\d*)\.(?:SPA|SSA)", re.IGNORECASE), "{}.{}.{}"),
    ("ios-xe", re.compile(r"\.(\d{2})\.(\d{2})\.(\d{2}[a-z]?)\.(S|E|SE|SG)\.\d", re.IGNORECASE), "{}.{}.{}{}"),
    ("ios", re.compile(r"\.(?:SPA\.)?(\d{2})(\d)-(\d+[a-z]?)\.([a-z]+\d*[a-z]?)", re.IGNORECASE), "{}.{}({}){}"),
    ("nx-os", re.compile(r"\.(\d+)\.(\d+)\.(\d+[a-z]?)\.(?:[MF]\.)?bin", re.IGNORECASE), "{}.{}({})"),
    ("nx-os", re.compile(r"\.(\d+)\.(\d+)\.(\d+)\.(I\d+)\.(\d+[a-z]?)\.bin", re.IGNORECASE), "{}.{}({}){}({})"),
)


@dataclass(frozen=True, slots=True)
class BootLine:
    """`file` is empty where the line names a file system only: its first image is loaded."""

    number: int
    text: str
    place: str
    file: str


def boot_lines(text: str) -> Sequence[BootLine]:
    """In the order the device tries them."""
    found = ((number, line.strip(), BOOT.match(line)) for number, line in enumerate(text.splitlines(), 1))
    return [BootLine(number, line, match["place"].casefold(), match["file"]) for number, line, match in found if match is not None]


def release_of(system: str, file: str) -> Version | None:
    """The release that the image is named after; None where its name tells none."""
    for of, pattern, form in RELEASES:
        match = pattern.search(file) if of == system else None
        if match is None:
            continue
        try:
            return parse_version(system, form.format(*match.groups()))
        except VersionUnknown:
            continue
    return None


def judge(device: Device, evidence: Evidence) -> Judgement:
    text = text_of(device)
    if text is None:
        return unknown(Reason.NO_CONFIG)
    lines = boot_lines(text)
    running = version_of(device)
    if not lines or running is None:
        return unknown(Reason.NOT_PROVIDED)
    first, at_ns = lines[0], device.table("configuration").observed_ns
    fact = Fact(f"line {first.number}", first.text, None, at_ns)
    places = flash_names(device)
    if first.place not in NETWORK and places and not any(first.place in name or name in first.place for name in places):
        told = Fact("file systems", ", ".join(sorted(places)), None, device.table("storage").observed_ns)
        return decide([Failure(first.place, Severity.HIGH, (fact, told), _commands(device), line=first.number)], 1)
    if first.file.casefold() == MANIFEST:
        return decide([], 1)
    release = release_of(device.os or "", first.file)
    if release is None:
        return unknown(Reason.NOT_PROVIDED)
    if release.is_same(running):
        return decide([], 1)
    facts = (
        fact,
        Fact("loads", release.normalised, None, at_ns),
        Fact("runs", running.normalised, None, device.last_seen_ns),
    )
    return decide([Failure(first.file, Severity.HIGH, facts, _commands(device), line=first.number)], 1)


def flash_names(device: Device) -> frozenset[str]:
    """File systems as they are named in commands, without colon and partition."""
    names = (str(row.get("name") or "").casefold().strip() for row in device.table("storage").rows)
    return frozenset(re.split(r"[:\s(]", name, maxsplit=1)[0] for name in names if any(word in name for word in FLASH_WORDS))


def _commands(device: Device) -> Sequence[str]:
    if device.os == "nx-os":
        return ("dir bootflash:", "boot nxos bootflash:<image that runs>", "copy running-config startup-config")
    image = MANIFEST if device.os == "ios-xe" else "<image that runs>"
    return ("show version | include System image", "dir flash:", "no boot system", f"boot system flash:{image}", "write memory")


RULE = Rule(
    id="core.software.boot",
    title=Text("A restart loads other software, or none", "En omstart laddar annan programvara, eller ingen"),
    impact=Text(
        "After the next power cut the device comes back with another release, or stops and waits for somebody at its console.",
        "Efter nästa strömavbrott kommer enheten tillbaka med en annan version, eller stannar och väntar på någon vid konsolen.",
    ),
    recommendation=Text(
        "Let the boot variable name the image that runs, and see that the file is there before the next restart.",
        "Låt startvariabeln peka ut den avbild som körs och kontrollera att filen finns före nästa omstart.",
    ),
    severities=(Severity.HIGH,),
    applies_to=router_or_switch,
    tables=(),
    beside=("configuration", "storage"),
    judge=judge,
    effort_minutes=15,
    change=Change.LIVE,
)
