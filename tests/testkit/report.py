"""Reports for tests: made by the real rules, from the scenarios of the rules or from planned findings."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_server.analysis.engine import Judged, findings, judge_all, standing
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Table
from natvakt_server.analysis.rules import RULES
from natvakt_server.analysis.score import score
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Finding, FindingState
from natvakt_server.domain.registry import Role
from natvakt_server.jobs.assessment import ReportSigner
from natvakt_server.reports.build import Frame, build
from natvakt_server.reports.difference import known_states
from natvakt_server.reports.model import ReportDocument
from testkit.scenario import AS_OF_NS, Case, load

SCENARIOS = Path(__file__).parent.parent / "scenarios"
DAY_NS = 86_400_000_000_000
REPORT_ID = "01a20ffe-cfae-7c8c-b8b2-6e09e25388cf"


def signer(seed: int = 1) -> ReportSigner:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return ReportSigner(key.public_key().public_bytes_raw(), key.sign)


def frame(previous: ReportDocument | None = None, **changes: object) -> Frame:
    values: dict[str, object] = {
        "id": REPORT_ID,
        "partner": "Norrsken Nät AB",
        "language": "sv",
        "cycle": 1 if previous is None else previous.cycle + 1,
        "planned_ns": None,
        "public_key": signer().public_key,
        "inputs_digest": "ab" * 32,
        "previous": previous,
    }
    return Frame(**{**values, **changes})  # type: ignore[arg-type]


def evidence(*devices: Device, as_of_ns: int = AS_OF_NS, customer: str = "Björkå Möbler AB") -> Evidence:
    return Evidence("acme", customer, tuple(sorted({d.site for d in devices})) or ("hq",), as_of_ns, "Europe/Stockholm", devices)


def assessed(what: Evidence, previous: ReportDocument | None = None, **changes: object) -> ReportDocument:
    """The unsigned document of real judgement."""
    judged = judge_all(RULES, what)
    found = findings(judged, what, known_states(previous))
    return build(frame(previous, **changes), what, RULES, judged, found, score(standing(judged, what)))


@cache
def cases() -> tuple[Case, ...]:
    return tuple(load(SCENARIOS, RULES))


def case(rule: str, name: str) -> Evidence:
    """The evidence of one scenario, by rule and name."""
    return next(c.evidence for c in cases() if (c.rule, c.name) == (rule, name))


@cache
def whole_site() -> Evidence:
    """Every device of every scenario as one customer: each rule fires, passes and stays undecided somewhere."""
    devices = [
        msgspec.structs.replace(d, id=f"{place:03}-{d.id}", name=f"{d.name}-{place:03}")
        for place, c in enumerate(cases())
        for d in c.evidence.devices
    ]
    return evidence(*devices)


@cache
def whole_report() -> ReportDocument:
    """The first report of the whole site."""
    return assessed(whole_site())


def device(name: str = "hq-acc1", **changes: object) -> Device:
    values: dict[str, object] = {
        "id": f"id-{name}",
        "name": name,
        "address": "192.0.2.1",
        "site": "hq",
        "role": Role.ACCESS,
        "os": "ios-xe",
        "version": "17.9.5",
        "model": "C9200L-48P-4X",
        "serial": "FNV2412X0B1",
        "last_seen_ns": AS_OF_NS,
    }
    return Device(**{**values, **changes})  # type: ignore[arg-type]


def finding(rule_id: str, where: Device, **changes: object) -> Finding:
    """A finding of a real rule with planned facts."""
    rule = next(r for r in RULES if r.id == rule_id)
    values: dict[str, object] = {
        "id": f"{rule_id}-{where.id}",
        "rule": rule.id,
        "severity": rule.severities[0],
        "state": FindingState.NEW,
        "device": where.name,
        "device_id": where.id,
        "address": where.address,
        "object": "Gi1/0/48",
        "line": None,
        "title": rule.title.mapping(),
        "recommendation": rule.recommendation.mapping(),
        "impact": rule.impact.mapping(),
        "evidence": (Fact("Gi1/0/48 duplex", "half", None, AS_OF_NS), Fact("Gi1/0/48 ifInErrors", 812, "packets/7 d", AS_OF_NS)),
        "remediation": ("interface Gi1/0/48", " duplex auto", " speed auto"),
        "effort_minutes": rule.effort_minutes,
        "references": rule.references,
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def told(what: Evidence, found: Sequence[Finding], judged: Sequence[Judged] | None = None) -> ReportDocument:
    """A document of planned findings beside whatever the rules say of the evidence."""
    made = judge_all(RULES, what) if judged is None else judged
    return build(frame(), what, RULES, made, tuple(found), score(made))


def big_site(devices: int = 105, wanted: int = 600, rules: int = 6) -> ReportDocument:
    """Many devices, each with its own ports and commands; a third of the devices told nothing. `rules`: how many kinds of findings."""
    made = [
        device(f"hq-acc{n:03}", address=f"10.1.{n // 250}.{n % 250 + 1}", site=("hq", "branch", "store")[n % 3], serial=f"FNV24{n:03}X0B1")
        for n in range(devices)
    ]
    silent = [
        msgspec.structs.replace(d, tables={"interface": Table("interface", missing=Reason.UNREACHABLE)}) if n % 3 == 0 else d
        for n, d in enumerate(made)
    ]
    found = []
    for n in range(wanted):
        where, rule = silent[n * 7 % devices], RULES[n % rules * len(RULES) // rules]
        port = f"Gi1/0/{n % 47 + 1}"
        facts = tuple(Fact(f"{port} {name}", n + i, "packets/7 d", AS_OF_NS) for i, name in enumerate(("ifInErrors", "packets", "limit")))
        commands = (f"interface {port}", " duplex auto", " speed auto")
        found.append(finding(rule.id, where, id=f"f{n}", object=port, evidence=facts, remediation=commands))
    return told(evidence(*silent), found)
