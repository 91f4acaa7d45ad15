"""core.wan.tunnel: a VPN peer is configured and there is no tunnel to it."""

import re

from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import text_of
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable, unknown
from natvakt_server.analysis.rules.core.capacity_sessions import router_or_firewall
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

PEER = re.compile(
    r"^(?: set peer (?P<ios>\d[\d.]+)|crypto map \S+ \d+ set peer (?P<asa>\d[\d.]+)|tunnel-group (?P<group>\d[\d.]+) type ipsec-l2l)",
    re.MULTILINE | re.IGNORECASE,
)
TUNNEL = re.compile(r"^interface (?P<name>Tunnel\S+)\n(?P<lines>(?: .*\n?)*)", re.MULTILINE | re.IGNORECASE)
DESTINATION = re.compile(r"^ tunnel destination (\d[\d.]+)", re.MULTILINE)


def configured_peers(text: str) -> dict[str, str]:
    """Addresses of peers, and where the configuration names them. A tunnel that is shut or not protected has no peer."""
    found = {str(match["ios"] or match["asa"] or match["group"]): match[0].strip() for match in PEER.finditer(text)}
    for match in TUNNEL.finditer(text):
        lines, destination = match["lines"], DESTINATION.search(match["lines"])
        if destination is not None and "tunnel protection ipsec" in lines and not re.search(r"^ shutdown", lines, re.MULTILINE):
            found[destination[1]] = f"interface {match['name']}"
    return found


def judge(device: Device, evidence: Evidence) -> Judgement:
    text, table = text_of(device), device.table("vpn")
    if text is None:
        return unknown(Reason.NO_CONFIG)
    peers = configured_peers(text)
    if not peers:
        return not_applicable("no-vpn-peer")
    if table.missing is not None:
        return unknown(table.missing)
    alive = {str(row.get("peer")) for row in table.rows if row.get("kind") == "ipsec" and number(row, "tunnels") != 0}
    keyed = {str(row.get("peer")) for row in table.rows if row.get("kind") == "ike" and number(row, "tunnels") != 0}
    failures = []
    for peer, line in sorted(peers.items()):
        if peer not in alive:
            phase = "phase 2 missing, phase 1 up" if peer in keyed else "no phase 1"
            facts = (
                Fact(f"peer {peer}", phase, None, table.observed_ns),
                Fact("configured", line, None, device.table("configuration").observed_ns),
            )
            commands = (f"show crypto session remote {peer} detail", f"ping {peer}")
            failures.append(Failure(peer, Severity.HIGH, facts, commands))
    return decide(failures, len(peers))


RULE = Rule(
    id="core.wan.tunnel",
    title=Text("VPN tunnel is down", "VPN-tunneln är nere"),
    impact=Text(
        "The site, partner or spare path behind that tunnel is not reached.", "Platsen, partnern eller reservvägen bakom tunneln nås inte."
    ),
    recommendation=Text(
        "Reach the peer, then compare key, proposals and networks at both ends, phase 1 before phase 2.",
        "Nå motparten, jämför sedan nyckel, förslag och nät i båda ändar, fas 1 före fas 2.",
    ),
    severities=(Severity.HIGH,),
    applies_to=router_or_firewall,
    tables=(),
    beside=("vpn", "configuration"),
    judge=judge,
    effort_minutes=45,
    change=Change.INTERRUPTION,
    references=("CISCO-IPSEC-FLOW-MONITOR-MIB",),
)
