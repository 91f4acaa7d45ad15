"""voice.quality.probe: nobody measures what a call between two sites with phones would sound like."""

from natvakt_server.analysis.applicability import call_server, router
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import configures
from natvakt_server.analysis.phones import phones_of_site
from natvakt_server.analysis.probes import voice_probes
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    """A pair is measured where a jitter probe of either end asks an address of the other. Only the router of the smaller site is named."""
    phones = phones_of_site(evidence, device.site)
    servers = {other.site for other in evidence.devices if call_server(other)}
    if not servers or device.site in servers:
        return not_applicable("no-call-server-elsewhere")
    if not phones:
        return not_applicable("no-phones")
    if device.table("ipsla").missing is not None and configures(device, "ip sla") is None:
        return unknown(device.table("ipsla").missing or Reason.NOT_PROVIDED)
    here, there = addresses(evidence, {device.site}), addresses(evidence, servers)
    near = [
        row for other in evidence.devices if other.site == device.site for row in voice_probes(other) if str(row.get("target")) in there
    ]
    far = [row for other in evidence.devices if other.site in servers for row in voice_probes(other) if str(row.get("target")) in here]
    if near or far:
        return decide([], 1)
    server = next(other for other in evidence.devices if call_server(other))
    facts = (
        Fact(f"phones at {device.site}", phones, "phones", device.table("neighbour").observed_ns or None),
        Fact(f"voice probes to {server.site}", 0, "probes", device.table("ipsla").observed_ns or None),
    )
    commands = (
        "ip sla 10",
        f" udp-jitter {server.address} 16384 codec g711alaw",
        "  tos 184",
        "ip sla schedule 10 life forever start-time now",
    )
    return decide([Failure(f"{device.site} - {server.site}", Severity.LOW, facts, commands)], 1)


def addresses(evidence: Evidence, sites: set[str]) -> set[str]:
    inside = [other for other in evidence.devices if other.site in sites]
    return {other.address for other in inside} | {str(row.get("address")) for other in inside for row in other.table("address").rows}


RULE = Rule(
    id="voice.quality.probe",
    title=Text(
        "Call quality between two sites is not measured",
        "Samtalskvaliteten mellan två platser mäts inte",
    ),
    impact=Text(
        "When people complain of bad sound there is nothing to show the carrier, and nothing to see whether it got better.",
        "När folk klagar på dåligt ljud finns inget att visa operatören och inget som visar om det blev bättre.",
    ),
    recommendation=Text(
        "Let the routers of the two sites send a small sample call to each other every minute.",
        "Låt de två platsernas routrar skicka ett litet provsamtal till varandra varje minut.",
    ),
    severities=(Severity.LOW,),
    applies_to=router,
    tables=(),
    beside=("ipsla", "address", "neighbour", "interface", "port", "configuration"),
    judge=judge,
    effort_minutes=10,
    references=("CISCO-RTTMON-MIB",),
)
