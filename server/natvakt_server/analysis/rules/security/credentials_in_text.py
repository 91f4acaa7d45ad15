"""security.aaa.default-credential and security.snmp.default, as far as a configuration tells: words the whole world knows."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.rule_files import SYSTEMS
from natvakt_server.analysis.configuration.secrets import communities, login_secrets
from natvakt_server.analysis.rules.security import aaa_default_credential, snmp_default
from natvakt_server.domain.assessment import Severity


def logins(subject: Subject) -> Outcome:
    """Nothing is tried: only what can be read or was marked when secrets were removed is known."""
    secrets = login_secrets(subject.reading)
    known = [secret for secret in secrets if secret.well_known]
    breaches = []
    for secret in known:
        words = secret.line.text.split()
        who = f"username {words[1]}" if words[0].lower() == "username" else "enable"
        breaches.append(Breach(Severity.CRITICAL, (secret.line,), who, (f"{who} secret <new password>",)))
    return settle(breaches, len(secrets), [secret.line for secret in secrets], "no-password")


def snmp(subject: Subject) -> Outcome:
    found = communities(subject.reading)
    known = [each for each in found if each.well_known]
    breaches = [Breach(Severity.CRITICAL, (each.line,), "snmp-server community", (f"no {each.line.text}",)) for each in known]
    return settle(breaches, len(found), [each.line for each in found], "no-community")


LOGINS = ConfigurationRule(
    id=aaa_default_credential.RULE.id,
    title=aaa_default_credential.RULE.title,
    impact=aaa_default_credential.RULE.impact,
    recommendation=aaa_default_credential.RULE.recommendation,
    severities=(Severity.CRITICAL,),
    effort_minutes=aaa_default_credential.RULE.effort_minutes,
    requirements=(Requirement(SYSTEMS, logins),),
)
COMMUNITIES = ConfigurationRule(
    id=snmp_default.RULE.id,
    title=snmp_default.RULE.title,
    impact=snmp_default.RULE.impact,
    recommendation=snmp_default.RULE.recommendation,
    severities=(Severity.CRITICAL,),
    effort_minutes=snmp_default.RULE.effort_minutes,
    requirements=(Requirement(SYSTEMS, snmp),),
)
