"""A report as SARIF 2.1.0 (OASIS), for tools that track findings."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from natvakt_server.reports.model import ReportDocument, ReportFinding, text

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Mapping[str, str] = MappingProxyType({"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"})
_STATES: Mapping[str, str] = MappingProxyType({"new": "new", "open": "unchanged", "regressed": "new", "accepted": "unchanged"})


def sarif(document: ReportDocument, language: str) -> bytes:
    rules = [
        {"id": rule.id, "shortDescription": {"text": text(rule.title, language)}, "properties": {"version": rule.version}}
        for rule in document.rules
    ]
    run = {
        "tool": {"driver": {"name": "natvakt", "rules": rules}},
        "automationDetails": {"id": f"{document.tenant}/{document.id}"},
        "results": [_result(finding, language) for finding in document.findings],
    }
    return msgspec.json.format(msgspec.json.encode({"$schema": SCHEMA, "version": VERSION, "runs": [run]}), indent=2)


def _result(finding: ReportFinding, language: str) -> dict[str, object]:
    facts = "; ".join(f"{fact.what}: {fact.value}{f' {fact.unit}' if fact.unit else ''}" for fact in finding.evidence)
    place = f"{finding.device} ({finding.address})" + (f" {finding.object}" if finding.object else "")
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{place}: {text(finding.title, language)}. {facts}"},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": place, "kind": "resource"}]}],
        "fingerprints": {"natvakt/1": finding.id},
        "baselineState": _STATES.get(finding.state, "unchanged"),
        "properties": {"severity": finding.severity, "remediation": list(finding.remediation), "effort_minutes": finding.effort_minutes},
    }
