"""From flows to who talks most: sums per exporter, interface and direction over a span, of which only the first few places leave.

Peers are told as networks of 256 addresses (IPv6: /48) under a keyed hash of the site, unless the site lets addresses leave. Memory is
bounded: a table that grows past its size keeps its larger half, and what goes is still part of the total.
"""

import hmac
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import nlargest
from ipaddress import ip_network

from natvakt_agent.listeners.flow_records import Flow
from natvakt_agent.listeners.messages import FlowSummary, Talker

RANKS = 10
MOST_ENTRIES, MOST_INTERFACES, MOST_EXPORTERS, MOST_HASHES = 4096, 256, 256, 20_000
MAX_OCTETS = 2**63 - 1
APPLICATIONS = {
    20: "ftp", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 53: "dns", 67: "dhcp", 68: "dhcp", 69: "tftp", 80: "http", 88: "kerberos",
    110: "pop3", 123: "ntp", 135: "msrpc", 137: "netbios", 138: "netbios", 139: "netbios", 143: "imap", 161: "snmp", 162: "snmp-trap",
    179: "bgp", 389: "ldap", 443: "https", 445: "smb", 500: "ike", 514: "syslog", 587: "smtp", 636: "ldaps", 993: "imaps", 995: "pop3s",
    1433: "mssql", 1521: "oracle", 1720: "h323", 2000: "sccp", 2049: "nfs", 3260: "iscsi", 3306: "mysql", 3389: "rdp", 4500: "ipsec-nat",
    5060: "sip", 5061: "sips", 5222: "xmpp", 5246: "capwap", 5247: "capwap", 5432: "postgresql", 5900: "vnc", 8080: "http", 8443: "https",
    9100: "print",
}  # fmt: skip
PROTOCOLS = {1: "icmp", 2: "igmp", 47: "gre", 50: "esp", 51: "ah", 58: "icmp", 88: "eigrp", 89: "ospf", 103: "pim", 112: "vrrp"}
PORTED = frozenset({6, 17, 132})
Key = tuple[str, str, int, str]  # peers, protocol, application


def application_of(flow: Flow) -> str:
    """By the better known of both ports; `other` where neither is known."""
    if flow.protocol not in PORTED:
        return PROTOCOLS.get(flow.protocol, "other")
    ports = sorted((flow.source_port, flow.target_port))
    return next((APPLICATIONS[port] for port in ports if port in APPLICATIONS), "other")


@dataclass(slots=True)
class _Sums:
    octets: int = 0
    entries: dict[Key, list[int]] = field(default_factory=dict)

    def add(self, key: Key, flow: Flow) -> None:
        self.octets += flow.octets
        entry = self.entries.get(key)
        if entry is None:
            if len(self.entries) >= MOST_ENTRIES:
                self.entries = dict(nlargest(MOST_ENTRIES // 2, self.entries.items(), key=lambda each: each[1][0]))
            entry = self.entries[key] = [0, 0]
        entry[0] += flow.octets
        entry[1] += flow.packets


@dataclass(slots=True)
class _Exporter:
    """`places`: (interface, direction, whether it was metered on the way out)."""

    places: dict[tuple[int, str, bool], _Sums] = field(default_factory=dict)
    records: int = 0
    octets: int = 0


class Talkers:
    """Not for several threads at once."""

    def __init__(self, key: bytes, tells_addresses: bool) -> None:
        """`key` is the site's, for the hashes."""
        self._key = key
        self._tells_addresses = tells_addresses
        self._exporters: dict[str, _Exporter] = {}
        self._peers: OrderedDict[str, str] = OrderedDict()
        self.refused_exporters = 0

    def add(self, source: str, flow: Flow) -> None:
        exporter = self._exporters.get(source)
        if exporter is None:
            if len(self._exporters) >= MOST_EXPORTERS:
                self.refused_exporters += 1
                return
            exporter = self._exporters[source] = _Exporter()
        exporter.records += 1
        exporter.octets += flow.octets
        key = (self._peer(flow.source), self._peer(flow.target), flow.protocol, application_of(flow))
        places = [] if flow.is_egress else [(flow.input, "in", False)]
        for place in (*places, (flow.output, "out", flow.is_egress)):
            sums = exporter.places.get(place)
            if sums is None and place[0] and len(exporter.places) < MOST_INTERFACES:
                sums = exporter.places[place] = _Sums()
            if sums is not None:
                sums.add(key, flow)

    def summaries(self, now_ns: int) -> list[FlowSummary]:
        """Of everything since the last time, which is forgotten with it."""
        exporters, self._exporters = self._exporters, {}
        return [
            FlowSummary(
                source=source,
                heard_ns=now_ns,
                talkers=list(_ranked(exporter)),
                records=exporter.records,
                total_octets=min(exporter.octets, MAX_OCTETS),
            )
            for source, exporter in exporters.items()
        ]

    def _peer(self, address: str) -> str:
        if self._tells_addresses or not address:
            return address
        network = str(ip_network(f"{address}/{48 if ':' in address else 24}", strict=False))
        if network not in self._peers:
            self._peers[network] = "net-" + hmac.new(self._key, network.encode(), sha256).hexdigest()[:12]
            if len(self._peers) > MOST_HASHES:
                self._peers.popitem(last=False)
        return self._peers[network]


def _ranked(exporter: _Exporter) -> Iterator[Talker]:
    """Where an interface was also metered on its way out, that is what counts: else every flow would count twice."""
    for (index, direction, is_egress), sums in sorted(exporter.places.items()):
        if direction == "out" and not is_egress and (index, direction, True) in exporter.places:
            continue
        best = nlargest(RANKS, sums.entries.items(), key=lambda each: (each[1][0], each[0]))
        for rank, ((peer_a, peer_b, protocol, application), (octets, packets)) in enumerate(best, start=1):
            yield Talker(
                if_index=index,
                direction=direction,
                rank=rank,
                octets=min(octets, MAX_OCTETS),
                packets=min(packets, MAX_OCTETS),
                protocol=protocol,
                application=application,
                peer_a=peer_a,
                peer_b=peer_b,
            )
