"""voice.srst.configured: a branch with phones has no telephony of its own for the day its line breaks."""

from natvakt_server.analysis.applicability import call_server, gateway
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import configures
from natvakt_server.analysis.phones import phones_of_site
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

FALL_BACK = "call-manager-fallback|voice register global|telephony-service"


def judge(device: Device, evidence: Evidence) -> Judgement:
    servers = {other.site for other in evidence.devices if call_server(other)}
    phones = phones_of_site(evidence, device.site)
    if not servers or device.site in servers:
        return not_applicable("call-server-on-site" if servers else "no-call-server")
    if not phones:
        return not_applicable("no-phones")
    others = [other for other in evidence.devices if other.site == device.site and gateway(other)]
    if any(_survives(other) for other in others):
        return decide([], 1)
    row = next(iter(device.table("srst").rows), {})
    if configures(device, FALL_BACK) is None and row.get("enabled") is not False:
        return unknown(Reason.NO_CONFIG)
    facts = (
        Fact(f"phones at {device.site}", phones, "phones", device.table("neighbour").observed_ns or None),
        Fact("call server at", ", ".join(sorted(servers)), None, None),
        Fact(
            "survivable telephony",
            "not set up",
            None,
            device.table("configuration").observed_ns or device.table("srst").observed_ns or None,
        ),
    )
    commands = (
        "call-manager-fallback",
        f" ip source-address {device.address} port 2000",
        f" max-ephones {phones}",
        f" max-dn {2 * phones}",
    )
    return decide([Failure(None, Severity.HIGH, facts, commands)], 1)


def _survives(device: Device) -> bool:
    return any(row.get("enabled") is True for row in device.table("srst").rows) or configures(device, FALL_BACK) is True


RULE = Rule(
    id="voice.srst.configured",
    title=Text(
        "Branch without survivable telephony",
        "Filial utan överlevnadstelefoni",
    ),
    impact=Text(
        "When the line to headquarters breaks no phone of the branch works, not even for 112.",
        "När förbindelsen till huvudkontoret bryts fungerar ingen telefon på filialen, inte ens till 112.",
    ),
    recommendation=Text(
        "Set SRST up on the branch router, name it in the device pool, and test it by unplugging the line.",
        "Ställ in SRST på filialens router, ange den i device pool och prova genom att dra ur förbindelsen.",
    ),
    severities=(Severity.HIGH,),
    applies_to=gateway,
    tables=(),
    beside=("srst", "neighbour", "interface", "port", "configuration"),
    judge=judge,
    effort_minutes=60,
    references=("VVoIP 1215",),
)
