"""Scenarios of rules, as text a network engineer can read and write.

A file `tests/scenarios/LEVEL/RULE.toml` holds cases. Each names devices with tables and series, and what must come out:

    [[case]]
    name = "one half, one full"
    device = "sw1"                # the device the verdict is asked for
    expect = "fail"               # or pass, unknown, not-applicable
    severity = "high"             # with fail
    objects = ["Gi1/0/48"]        # with fail
    reason = "short-history"      # with unknown and not-applicable

    [case.devices.sw1]
    role = "access"
    interface = ["ifIndex=1 ifName=Gi1/0/48 ifOperStatus=1", "..."]     # one row a line, `~` is a blank
    missing = { poe = "not-provided" }
    series = ["memory used_bytes index=1 every 1h: 600+1x720"]          # start + step x count, more parts one after the other
    os = "ios-xe"
    configuration = '''                                               # its configuration; line 1 is the one after the quotes
    line vty 0 4
     transport input telnet
    '''

A case may name the lines of the configuration that the finding shows (`lines = [2]`), commands that mend it (`fix = ["no vstack"]`, each
must be among them), what the customer set (`policy = { strict = 1 }`), its own servers (`places = { time_servers = ["10.1.0.61"] }`)
and has contracts for (`contracts = [["FCW1", "C-7", 2026-12-01]]`).
Text between triple quotes stands at its own depth: common indentation goes. The last value of a series is at the moment of the assessment,
or so long before it (`every 1h ago 4d: ...`).
`knowledge = ["exploited CVE-2024-1", ...]` is what the knowledge base says, one fact a line (`known.py` tells how).
`heard = ["SW_MATM-4-MACFLAP_NOTIF x12 ago 2h: Host 0000.5e00.5301 in vlan 10 is flapping ..."]` is what the device said.
`answers = ["voice.emergency.routing gw no 30d"]` is what a person answered. Numbers are numbers, `true`/`false` booleans.
"""

import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from natvakt_server.analysis.evidence import Answer, Contract, Device, Evidence, Happening, History, Reason, Table
from natvakt_server.analysis.history import Steps, summarise
from natvakt_server.analysis.rule import Rule
from natvakt_server.domain.rates import growth
from natvakt_server.domain.registry import TABLES, Kind, Role
from natvakt_server.domain.series import Line, SeriesKey
from testkit.known import known

AS_OF_NS = 1_795_000_000_000_000_000
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
ZONE = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Case:
    rule: str
    name: str
    device: str
    expect: str
    severity: str | None
    objects: tuple[str, ...] | None
    reason: str | None
    evidence: Evidence
    lines: tuple[int, ...] | None = None
    fix: tuple[str, ...] = ()


def cell(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text.replace("~", " ")


def row(text: str) -> dict[str, object]:
    return {name: cell(value) for name, _, value in (part.partition("=") for part in text.split())}


def series(text: str, windows: Mapping[tuple[str, str], set[int]]) -> Iterator[History]:
    """`TABLE FIELD key=value ... every STEP: VALUES` -> one history per window that a rule asks for."""
    head, _, body = text.partition(":")
    head, _, ago = head.partition(" ago ")
    table, field, *tags, _, step = head.split()
    step_ns, ago_ns = (int(span[:-1]) * SECONDS[span[-1]] * 1_000_000_000 for span in (step, ago.strip() or "0s"))
    values = [value for part in body.split() for value in _expand(part)]
    times = [AS_OF_NS - ago_ns - (len(values) - 1 - i) * step_ns for i in range(len(values))]
    key = tuple(sorted((name, value.replace("~", " ")) for name, _, value in (tag.partition("=") for tag in tags)))
    for days in windows.get((table, field), ()):
        inside = [(t, v) for t, v in zip(times, values, strict=True) if t > AS_OF_NS - days * 86_400_000_000_000]
        if not inside:
            continue
        line = Line(SeriesKey(table, "agent-device", key, field), [t for t, _ in inside], [v for _, v in inside])
        kind = TABLES[table].series[field].kind
        steps = Steps.of_growth(growth(line)) if kind is Kind.COUNTER else None
        yield summarise(line, kind, days, ZONE, steps, by_hour=days <= 7)


def _expand(part: str) -> Iterator[float]:
    """`5x3` -> 5 5 5; `0+2x4` -> 0 2 4 6; `9-1x3` -> 9 8 7; `7` -> 7; steps that grow: `0+2+1x4` -> 0 2 5 9."""
    body, times, count = part.rpartition("x")
    if not times:
        yield float(part)
        return
    if body.count("+") == 2:
        start, step, more = map(float, body.split("+"))
        yield from (start + step * i + more * i * (i - 1) / 2 for i in range(int(count)))
        return
    for sign in ("+", "-"):
        start, found, step = body.rpartition(sign)
        if found and start:
            yield from (float(start) + (float(step) if sign == "+" else -float(step)) * i for i in range(int(count)))
            return
    yield from (float(body) for _ in range(int(count)))


def device(name: str, words: Mapping[str, Any], windows: Mapping[tuple[str, str], set[int]]) -> Device:
    tables = {table: Table(table, tuple(row(line) for line in words[table]), AS_OF_NS) for table in TABLES if table in words} | {
        table: Table(table, missing=Reason(reason)) for table, reason in words.get("missing", {}).items()
    }
    if "configuration" in words:
        text = textwrap.dedent(words["configuration"])
        tables["configuration"] = Table("configuration", ({"text": text},), AS_OF_NS)
    return Device(
        id=name,
        name=name,
        address=words.get("ip", "192.0.2.1"),
        site=words.get("site", "hq"),
        role=Role(words.get("role", "access")),
        os=words.get("os"),
        version=words.get("version"),
        model=words.get("model"),
        serial=words.get("serial"),
        last_seen_ns=AS_OF_NS,
        tables=tables,
        happenings=tuple(happening(line) for line in words.get("heard", ())),
        histories=tuple(history for line in words.get("series", ()) for history in series(line, windows)),
    )


def happening(text: str) -> Happening:
    """`NAME x12 ago 2h: MESSAGE`: what a device said so often, so long ago."""
    head, _, message = text.partition(": ")
    name, times, _, ago = head.split()
    return Happening(AS_OF_NS - int(ago[:-1]) * SECONDS[ago[-1]] * 1_000_000_000, name, message, int(times.removeprefix("x")))


def answer(text: str) -> Answer:
    """`RULE DEVICE yes|no 30d`: what a person answered so long ago."""
    rule, device_id, word, ago = text.split()
    return Answer(rule, device_id, word == "yes", AS_OF_NS - int(ago[:-1]) * SECONDS[ago[-1]] * 1_000_000_000, "anna")


def windows_of(rules: Sequence[Rule]) -> Mapping[tuple[str, str], set[int]]:
    found: dict[tuple[str, str], set[int]] = {}
    for rule in rules:
        for need in rule.needs:
            for field in need.fields:
                found.setdefault((need.table, field), set()).add(need.days)
    return found


def load(folder: Path, rules: Sequence[Rule]) -> list[Case]:
    windows = windows_of(rules)
    cases = []
    for path in sorted(folder.rglob("*.toml")):
        for words in tomllib.loads(path.read_text())["case"]:
            made = tuple(device(name, body, windows) for name, body in words["devices"].items())
            contracts = tuple(Contract(*each) for each in words["contracts"]) if "contracts" in words else None
            answers = tuple(answer(each) for each in words.get("answers", ()))
            evidence = Evidence(
                "acme",
                "Acme",
                ("hq",),
                AS_OF_NS,
                "Europe/Stockholm",
                made,
                words.get("policy", {}),
                contracts,
                answers,
                knowledge=known(words.get("knowledge", ()), made),
                places={kind: tuple(found) for kind, found in words.get("places", {}).items()},
            )
            objects = tuple(words["objects"]) if "objects" in words else None
            default = next(iter(words["devices"]))
            cases.append(
                Case(
                    f"{path.parent.name}.{path.stem}",
                    words["name"],
                    words.get("device", default),
                    words["expect"],
                    words.get("severity"),
                    objects,
                    words.get("reason"),
                    evidence,
                    tuple(words["lines"]) if "lines" in words else None,
                    tuple(words.get("fix", ())),
                )
            )
    return cases
