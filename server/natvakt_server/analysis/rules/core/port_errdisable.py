"""core.port.errdisable: the switch has turned a port off by itself."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import by_index, is_enabled, is_physical, is_up, label, number, short
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.analysis.topology import End, topology
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
CAUSES = {
    1: "udld", 2: "bpduguard", 3: "channel-misconfig", 4: "pagp-flap", 5: "dtp-flap", 6: "link-flap", 7: "l2ptguard",
    8: "security-violation",
    9: "psecure-violation", 10: "gbic-invalid", 11: "dhcp-rate-limit", 12: "unicast-flood", 13: "vmps", 14: "storm-control",
    15: "inline-power", 16: "arp-inspection", 17: "loopback", 18: "packet-buffer", 19: "mac-limit",
}  # fmt: skip


def judge(device: Device, evidence: Evidence) -> Judgement:
    """A port that is enabled and up is not turned off. Of one that is down only CISCO-ERR-DISABLE-MIB can tell why."""
    interfaces, at_ns = by_index(device), device.table("port").observed_ns
    down = {index: row for index, row in interfaces.items() if is_physical(row) and is_enabled(row) and not is_up(row)}
    causes = {str(row.get("ifIndex")): cause for row in device.table("port").rows if (cause := number(row, "errdisable_cause"))}
    uplinks = {end for edge in evidence.once(topology).edges for end in edge.ends if end.device == device.id}
    failures = []
    for index, row in down.items():
        cause = causes.get(str(index))
        if cause is None:
            continue
        name = label(row)
        word = CAUSES.get(int(cause), f"cause {int(cause)}")
        severity = Severity.HIGH if _is_uplink(device, name, uplinks) else Severity.MEDIUM
        facts = (Fact(f"{name} err-disabled", word, None, at_ns),)
        failures.append(Failure(name, severity, facts, (f"interface {name}", " shutdown", " no shutdown")))
    tells = bool(causes) or bool(device.history("port", "errdisable_cause", WINDOW_DAYS))
    undecided = Reason.NOT_PROVIDED if down and not tells else None
    return decide(failures, len(interfaces), undecided=undecided)


def _is_uplink(device: Device, name: str, uplinks: set[End]) -> bool:
    return End(device.id, short(name)) in uplinks


RULE = Rule(
    id="core.port.errdisable",
    title=Text("Port was turned off by the switch", "Port har stängts av switchen"),
    impact=Text(
        "Whatever is connected there has no network until somebody cures the cause and turns the port on.",
        "Det som är anslutet där har inget nät förrän någon åtgärdar orsaken och slår på porten.",
    ),
    recommendation=Text(
        "Cure the cause named first: a loop, a switch on a desk, a broken cable; then turn the port off and on.",
        "Åtgärda den nämnda orsaken först: en slinga, en switch på ett skrivbord, en trasig kabel; slå sedan av och på porten.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=switch,
    tables=("interface",),
    beside=("port", "neighbour"),
    needs=(Need("port", ("errdisable_cause",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=20,
    change=Change.ON_SITE,
    references=("CISCO-ERR-DISABLE-MIB",),
)
