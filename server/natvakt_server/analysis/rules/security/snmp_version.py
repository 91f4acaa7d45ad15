"""security.snmp.version: the device is asked with a community string, which travels in the clear."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

CLEAR_VERSIONS = ("v1", "v2c")


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("credential")
    snmp = [row for row in table.rows if str(row.get("version") or "").startswith("v")]
    if not snmp:
        return not_applicable("not-asked-over-snmp")
    failures = [
        Failure(
            None,
            Severity.MEDIUM,
            (Fact("SNMP version in use", row.get("version"), None, table.observed_ns),),
            ("snmp-server group NATVAKT v3 priv read NATVAKT-VIEW", "no snmp-server community <community>"),
        )
        for row in snmp
        if row.get("version") in CLEAR_VERSIONS
    ]
    return decide(failures[:1], 1)


RULE = Rule(
    id="security.snmp.version",
    title=Text("SNMP with a community string", "SNMP med communitysträng"),
    impact=Text(
        "Whoever listens on the wire reads the string and with it the whole state of the device.",
        "Den som lyssnar på ledningen läser strängen och därmed enhetens hela tillstånd.",
    ),
    recommendation=Text(
        "Move to SNMPv3 with authPriv, then remove the communities.",
        "Gå över till SNMPv3 med authPriv och ta sedan bort communitysträngarna.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=any_device,
    tables=("credential",),
    judge=judge,
    effort_minutes=20,
    references=("RFC 3414", "CISA TA17-156A"),
)
