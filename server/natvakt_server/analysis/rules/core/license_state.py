"""core.license.state: a licence is out of compliance, its evaluation is over or soon will be."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

BAD_WORDS = ("outofcompliance", "expired", "notauthorized")
EXPIRED_IN_USE = 4  # CISCO-LICENSE-MGMT-MIB clmgmtLicenseStatus
SOON_SECONDS = 30 * 86_400


def judge(device: Device, evidence: Evidence) -> Judgement:
    table, failures = device.table("license"), []
    for row in table.rows:
        facts = _troubles(row, table.observed_ns)
        if facts:
            failures.append(Failure(_name(row), Severity.MEDIUM, tuple(facts), ("license smart sync all", "show license status")))
    return decide(failures, len(table.rows))


def _name(row: Row) -> str:
    return str(row.get("name") or row.get("tag") or ("Smart Licensing" if row.get("kind") == "smart" else f"licence {row.get('index')}"))


def _troubles(row: Row, at_ns: int) -> list[Fact]:
    name, left = _name(row), number(row, "evaluation_seconds_left")
    word = str(row.get("compliance") or "").casefold().replace(" ", "").replace("_", "").replace("-", "")
    facts = []
    if any(bad in word for bad in BAD_WORDS):
        facts.append(Fact(f"{name} compliance", str(row.get("compliance")), None, at_ns))
    if number(row, "status") == EXPIRED_IN_USE:
        facts.append(Fact(f"{name} status", "expired, in use", None, at_ns))
    if row.get("evaluation_in_use") is True and left is not None and left < SOON_SECONDS:
        facts.append(Fact(f"{name} evaluation left", round(left / 86_400), "days", at_ns))
    return facts


RULE = Rule(
    id="core.license.state",
    title=Text("Licence is not in order", "Licensen är inte i ordning"),
    impact=Text(
        "Features may be turned off at the next restart, support can be refused, and the audit finds it first.",
        "Funktioner kan stängas av vid nästa omstart, support kan nekas, och revisionen hittar det först.",
    ),
    recommendation=Text(
        "Report usage, then buy or assign what is missing.", "Rapportera användningen, köp eller tilldela sedan det som saknas."
    ),
    severities=(Severity.MEDIUM,),
    applies_to=network_device,
    tables=("license",),
    judge=judge,
    effort_minutes=30,
    references=("CISCO-SMART-LIC-MIB", "CISCO-LICENSE-MGMT-MIB"),
)
