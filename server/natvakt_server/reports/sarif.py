"""A report as SARIF 2.1.0 (OASIS), for tools that track findings."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec

from natvakt_server.reports.model import Fixed, ReportDocument, ReportFinding, RuleNote, text
from natvakt_server.reports.words import Speech

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Mapping[str, str] = MappingProxyType({"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"})
# What other tools sort by (`security-severity`, 0 to 10): the middle of each band of CVSS.
SECURITY_SEVERITY: Mapping[str, str] = MappingProxyType({"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "info": "0.0"})
STATES: Mapping[str, str] = MappingProxyType({"new": "new", "open": "unchanged", "regressed": "new", "accepted": "unchanged"})


def sarif(document: ReportDocument, language: str) -> bytes:
    """One run. With an assessment before, each result says how it stands against that one (section 3.27.24)."""
    speech = Speech(language, ZoneInfo(document.time_zone))
    places = {rule.id: place for place, rule in enumerate(document.rules)}
    compared = document.previous is not None
    rules = [_rule(document, note, language) for note in document.rules]
    results = [_result(finding, places, speech, compared) for finding in document.findings]
    results += [_gone(gone, places, language) for gone in document.since_last if gone.state == "fixed"]
    run: dict[str, object] = {
        "tool": {"driver": {"name": "natvakt", "rules": rules}},
        "automationDetails": {"id": f"{document.tenant}/{document.id}", "guid": _guid(document.id)},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": document.made_at}],
        "language": language,
        "results": results,
    }
    if document.previous is not None:
        run["baselineGuid"] = _guid(document.previous.id)
    return msgspec.json.format(msgspec.json.encode({"$schema": SCHEMA, "version": VERSION, "runs": [run]}), indent=2)


def _guid(report_id: str) -> str:
    """SARIF's schema knows UUIDs of version 1 to 5; ours are of version 7."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"natvakt:report:{report_id}"))


def _rule(document: ReportDocument, note: RuleNote, language: str) -> dict[str, object]:
    found = next((f for f in document.findings if f.rule == note.id), None)
    rule: dict[str, object] = {
        "id": note.id,
        "shortDescription": {"text": text(note.title, language)},
        "properties": {"version": note.version},
    }
    if found is not None:
        rule["fullDescription"] = {"text": text(found.impact, language)}
        rule["help"] = {"text": text(found.recommendation, language)}
        rule["defaultConfiguration"] = {"level": LEVELS[found.severity]}
    return rule


def _result(finding: ReportFinding, places: Mapping[str, int], speech: Speech, compared: bool) -> dict[str, object]:
    where = _where(finding.device, finding.address, finding.object)
    facts = "; ".join(f"{speech.fact(fact.what)}: {speech.quantity(fact.value, fact.unit)}" for fact in finding.evidence)
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{where}: {speech.title(finding.title)}. {facts}"},
        "locations": [_location(where)],
        "fingerprints": {"natvakt/1": finding.id},
        "properties": {
            "severity": finding.severity,
            "security-severity": SECURITY_SEVERITY[finding.severity],
            "remediation": list(finding.remediation),
            "effort_minutes": finding.effort_minutes,
            "references": list(finding.references),
        },
    }
    if finding.rule in places:
        result["ruleIndex"] = places[finding.rule]
    if compared:
        result["baselineState"] = STATES.get(finding.state, "unchanged")
    if finding.state == "accepted":
        why = {"justification": finding.acceptance.reason} if finding.acceptance else {}
        result["suppressions"] = [{"kind": "external", "status": "accepted", **why}]
    return result


def _gone(gone: Fixed, places: Mapping[str, int], language: str) -> dict[str, object]:
    where = _where(gone.device, None, gone.object)
    result: dict[str, object] = {
        "ruleId": gone.rule,
        "level": LEVELS[gone.severity],
        "message": {"text": f"{where}: {text(gone.title, language)}"},
        "locations": [_location(where)],
        "fingerprints": {"natvakt/1": gone.id},
        "baselineState": "absent",
    }
    if gone.rule in places:
        result["ruleIndex"] = places[gone.rule]
    return result


def _location(where: str) -> dict[str, object]:
    return {"logicalLocations": [{"fullyQualifiedName": where, "kind": "resource"}]}


def _where(device: str, address: str | None, place: str | None) -> str:
    named = f"{device} ({address})" if address else device
    return f"{named} {place}" if place else named
