"""security.aaa.default-credential: a login in the site's vault is the one the vendor ships. Nothing is tried."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("credential")
    logins = [row for row in table.rows if not str(row.get("version") or "").startswith("v")]
    if not logins:
        return unknown(Reason.NO_CONFIG)
    failures = [
        Failure(
            None,
            Severity.CRITICAL,
            (Fact(f"login {row.get('name')}", "vendor default", None, table.observed_ns),),
            ("username <new-user> privilege 15 secret <secret>", "no username <default-user>"),
        )
        for row in logins
        if row.get("well_known") is True
    ]
    return decide(failures, len(logins))


RULE = Rule(
    id="security.aaa.default-credential",
    title=Text("Vendor's default login still works as stored", "Tillverkarens standardinloggning används"),
    impact=Text("Anyone with the manual can log in and change everything.", "Vem som helst med manualen kan logga in och ändra allt."),
    recommendation=Text("Change the login and remove the default user.", "Byt inloggning och ta bort standardanvändaren."),
    severities=(Severity.CRITICAL,),
    applies_to=any_device,
    tables=("credential",),
    judge=judge,
    effort_minutes=5,
)
