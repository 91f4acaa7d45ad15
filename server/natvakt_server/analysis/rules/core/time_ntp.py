"""core.time.ntp: the clock follows nobody, is off by more than a second, or has fewer than two servers to ask."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

UNSYNCHRONISED_STRATUM = 16
STATES = {1: "unknown", 2: "not running", 3: "not synchronised", 4: "own clock", 5: "reference clock", 6: "remote server"}
FOLLOWS_NOBODY = (2, 3, 4)
MOST_OFFSET_SECONDS = 1.0
SERVERS_WANTED = 2
SERVER_MODES = ("client", "symmetricActive", "symmetricPassive")


def judge(device: Device, evidence: Evidence) -> Judgement:
    table, failures, judged = device.table("ntp"), [], 0
    for row in table.rows:
        state, stratum = number(row, "status"), number(row, "stratum")
        if state is None and stratum is None:
            continue
        judged += 1
        if state in FOLLOWS_NOBODY or (stratum is not None and stratum >= UNSYNCHRONISED_STRATUM):
            facts = [Fact("stratum", round(stratum), None, table.observed_ns)] if stratum is not None else []
            if state is not None:
                facts.append(Fact("synchronised to", STATES.get(int(state), str(int(state))), None, table.observed_ns))
            failures.append(Failure("NTP", Severity.MEDIUM, tuple(facts), (*_servers_to_add(device, evidence), "show ntp associations")))
    peers = [row for row in device.table("ntp_peer").rows if row.get("configured") is not False]
    failures += [
        _off(device, row) for row in peers if row.get("selected") is True and abs(number(row, "offset_seconds") or 0) > MOST_OFFSET_SECONDS
    ]
    servers = [row for row in peers if row.get("mode") is None or row.get("mode") in SERVER_MODES]
    if judged and servers and len(servers) < SERVERS_WANTED:
        at_ns = device.table("ntp_peer").observed_ns
        shown = ", ".join(str(row.get("address") or row.get("name")) for row in servers)
        facts = [Fact("servers", shown, None, at_ns), Fact("servers wanted", SERVERS_WANTED, None, None)]
        failures.append(Failure("servers", Severity.MEDIUM, tuple(facts), _servers_to_add(device, evidence)))
    return decide(failures, judged, undecided=None if judged else Reason.NOT_PROVIDED)


def _off(device: Device, row: Row) -> Failure:
    name, at_ns = str(row.get("address") or row.get("name")), device.table("ntp_peer").observed_ns
    facts = (
        Fact(f"offset to {name}", round(number(row, "offset_seconds") or 0.0, 3), "s", at_ns),
        Fact("limit", MOST_OFFSET_SECONDS, "s", None),
    )
    return Failure(name, Severity.MEDIUM, facts, ("show ntp associations detail",))


def _servers_to_add(device: Device, evidence: Evidence) -> tuple[str, ...]:
    """What synchronised devices of the customer ask and this one does not, those most asked first."""
    own = {str(row.get("address")) for row in device.table("ntp_peer").rows}
    asked: dict[str, int] = {}
    for other in evidence.devices:
        for row in other.table("ntp_peer").rows:
            address = str(row.get("address") or "")
            if address and address not in own and row.get("selected") is True:
                asked[address] = asked.get(address, 0) + 1
    best = sorted(asked, key=lambda address: (-asked[address], address))[:SERVERS_WANTED]
    return tuple(f"ntp server {address}" for address in best) or ("ntp server <address of a time server>",)


RULE = Rule(
    id="core.time.ntp",
    title=Text("Clock is not synchronised", "Klockan är inte synkroniserad"),
    impact=Text(
        "Logs of different devices cannot be put in order, certificates seem expired or not yet valid, and logins that use time fail.",
        "Loggar från olika enheter går inte att ordna, certifikat verkar utgångna eller ännu inte giltiga, och inloggning som "
        "bygger på tid misslyckas.",
    ),
    recommendation=Text("Point the device to two time servers that it can reach.", "Peka enheten mot två tidsservrar som den når."),
    severities=(Severity.MEDIUM,),
    applies_to=network_device,
    tables=("ntp",),
    beside=("ntp_peer",),
    judge=judge,
    effort_minutes=10,
    references=("CISCO-NTP-MIB", "RFC 5905"),
)
