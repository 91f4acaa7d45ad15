"""voice.phone.lldp-med: phones that do not speak CDP stand at a switch that does not speak LLDP."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import configures
from natvakt_server.analysis.interfaces import by_index, label, number
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Such a phone is seen as an address learned in a port's voice VLAN, at a port where nobody tells a name."""
    on = configures(device, "lldp run|feature lldp")
    if on is None:
        return unknown(Reason.NO_CONFIG)
    voice = {str(row.get("ifIndex")): int(vlan) for row in device.table("port").rows if (vlan := number(row, "voice_vlan")) is not None}
    if not voice:
        return not_applicable("no-voice-vlan")
    if on:
        return decide([], 1)
    named = {str(row.get("local_ifIndex")) for row in device.table("neighbour").rows}
    silent = {
        str(row.get("ifIndex"))
        for row in device.table("fdb").rows
        if number(row, "vlan") == voice.get(str(row.get("ifIndex"))) and str(row.get("ifIndex")) not in named
    }
    if device.table("fdb").missing is not None:
        return unknown(Reason.NOT_PROVIDED)
    interfaces = by_index(device)
    ports = sorted(label(interfaces[index]) for index in silent if index in interfaces)
    if not ports:
        return decide([], 1)
    facts = (
        Fact("LLDP", "off", None, device.table("configuration").observed_ns),
        Fact("phones without CDP at", ", ".join(ports), None, device.table("fdb").observed_ns),
    )
    return decide([Failure(None, Severity.LOW, facts, ("lldp run",))], 1)


RULE = Rule(
    id="voice.phone.lldp-med",
    title=Text(
        "LLDP is off where phones need it",
        "LLDP är av där telefoner behöver det",
    ),
    impact=Text(
        "These phones do not learn their VLAN and priority, and draw more power than they need.",
        "Dessa telefoner får inte veta sitt VLAN och sin prioritet, och drar mer ström än de behöver.",
    ),
    recommendation=Text(
        "Turn LLDP on; it may run beside CDP.",
        "Slå på LLDP; det kan gå bredvid CDP.",
    ),
    severities=(Severity.LOW,),
    applies_to=switch,
    tables=(),
    beside=("configuration", "port", "neighbour", "fdb", "interface"),
    judge=judge,
    effort_minutes=5,
    references=("TIA-1057",),
)
