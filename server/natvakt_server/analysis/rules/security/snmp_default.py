"""security.snmp.default: the community string is one that everybody tries first."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    """The agent marks a community `well-known` at the site; the string itself never leaves it."""
    table = device.table("credential")
    communities = [row for row in table.rows if row.get("version") in ("v1", "v2c")]
    if not communities:
        return not_applicable("no-community-in-use")
    failures = [
        Failure(
            None, Severity.CRITICAL, (Fact("community", "well-known", None, table.observed_ns),), ("no snmp-server community <community>",)
        )
        for row in communities
        if row.get("well_known") is True
    ]
    return decide(failures[:1], 1)


RULE = Rule(
    id="security.snmp.default",
    title=Text("Well-known SNMP community", "Allmänt känd SNMP-community"),
    impact=Text(
        "Anyone who reaches the device over SNMP reads its configuration details, and may change them if it is a write community.",
        "Den som når enheten via SNMP läser dess inställningar, och kan ändra dem om strängen ger skrivrätt.",
    ),
    recommendation=Text("Remove the community; use SNMPv3.", "Ta bort communitysträngen; använd SNMPv3."),
    severities=(Severity.CRITICAL,),
    applies_to=any_device,
    tables=("credential",),
    judge=judge,
    effort_minutes=5,
)
