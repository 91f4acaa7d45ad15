"""IPsec tunnels by peer: CISCO-IPSEC-FLOW-MONITOR-MIB. Tunnels come and go with every rekeying; the peer stays, so it is the key."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, fixed, lasting, numbers, series
from natvakt_agent.collectors.snmp.reading import address, filled_text, scaled, words

FLOW = "1.3.6.1.4.1.9.9.171.1"
TOTAL_IKE = f"{FLOW}.2.1.1"  # cikeGlobalActiveTunnels
TOTAL_IPSEC = f"{FLOW}.3.1.1"  # cipSecGlobalActiveTunnels
IKE = f"{FLOW}.2.3.1"
IPSEC = f"{FLOW}.3.2.1"
MOST_TUNNELS = 2_000
MODES = {1: "main", 2: "aggressive"}
GROUPS = {1: "none", 2: "dhGroup1", 3: "dhGroup2"}
CIPHERS = {1: "none", 2: "des", 3: "des3"}
HASHES = {1: "none", 2: "md5", 3: "sha"}
AUTHENTICATIONS = {1: "none", 2: "preSharedKey", 3: "rsaSig", 4: "rsaEncrypt", 5: "revPublicKey"}
INTEGRITIES = {1: "none", 2: "hmacMd5", 3: "hmacSha"}
hundredths = scaled(0.01)


def by_peer(kind: str, *summed: str) -> Callable[[list[Row]], list[Row]]:
    """One row a peer: how many tunnels, the longest up, and what passed through all of them together.

    What passed falls when a tunnel is renewed; that is a discontinuity like any other counter's.
    """

    def settle(rows: list[Row]) -> list[Row]:
        peers: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if isinstance(row.get("peer"), str):
                peers[str(row["peer"])].append(row)
        return [_together(kind, peer, tunnels, summed) for peer, tunnels in peers.items()]

    return settle


def _age(tunnel: Row) -> float:
    age = tunnel.get("active_seconds")
    return age if isinstance(age, int | float) else 0.0


def _together(kind: str, peer: str, tunnels: list[Row], summed: tuple[str, ...]) -> Row:
    sums: Row = {field: sum(value for row in tunnels if isinstance(value := row.get(field), int)) for field in summed}
    newest, oldest = min(tunnels, key=_age), max(tunnels, key=_age)
    return newest | sums | {"kind": kind, "peer": peer, "tunnels": len(tunnels), "active_seconds": _age(oldest)}


def totals(row: Row) -> Iterable[Row]:
    """All tunnels of a kind, under the name of no peer: zero where there is none, which the tables of tunnels cannot say."""
    for kind, field in (("ike", "_ike"), ("ipsec", "_ipsec")):
        if isinstance(row.get(field), int):
            yield {"kind": kind, "peer": "all", "tunnels": row[field]}


TOTALS = Pack(
    name="cisco-ipsec-totals", mib="CISCO-IPSEC-FLOW-MONITOR-MIB", table="vpn", index=fixed(),
    columns=(series("_ike", TOTAL_IKE), series("_ipsec", TOTAL_IPSEC)), derive=totals, applies=CISCO_PRODUCTS, scalar=True,
)  # fmt: skip
IKE_PEERS = Pack(
    name="cisco-ike-peers",
    mib="CISCO-IPSEC-FLOW-MONITOR-MIB",
    table="vpn",
    index=numbers("_tunnel"),
    columns=(
        series("active_seconds", f"{IKE}.16", hundredths),
        series("in_octets", f"{IKE}.19"),
        series("out_octets", f"{IKE}.27"),
        series("in_drops", f"{IKE}.21"),
        series("out_drops", f"{IKE}.29"),
        lasting("peer", f"{IKE}.8", address),
        document("local_address", f"{IKE}.4", address),
        document("peer_identity", f"{IKE}.7", filled_text),
        document("negotiation_mode", f"{IKE}.10", words(MODES)),
        document("dh_group", f"{IKE}.11", words(GROUPS)),
        document("encryption", f"{IKE}.12", words(CIPHERS)),
        document("integrity", f"{IKE}.13", words(HASHES)),
        document("authentication", f"{IKE}.14", words(AUTHENTICATIONS)),
        document("lifetime_seconds", f"{IKE}.15"),
    ),
    settle=by_peer("ike", "in_octets", "out_octets", "in_drops", "out_drops"),
    applies=CISCO_PRODUCTS,
    only_with=("cisco-ipsec-totals",),
    comes_and_goes=True,
    most_rows=MOST_TUNNELS,
    tested=1,
)
IPSEC_PEERS = Pack(
    name="cisco-ipsec-peers",
    mib="CISCO-IPSEC-FLOW-MONITOR-MIB",
    table="vpn",
    index=numbers("_tunnel"),
    columns=(
        series("active_seconds", f"{IPSEC}.10", hundredths),
        series("in_octets", f"{IPSEC}.27"),
        series("out_octets", f"{IPSEC}.40"),
        series("in_drops", f"{IPSEC}.33"),
        series("out_drops", f"{IPSEC}.46"),
        lasting("peer", f"{IPSEC}.5", address),
        document("local_address", f"{IPSEC}.4", address),
        document("dh_group", f"{IPSEC}.16", words(GROUPS)),
        document("encryption", f"{IPSEC}.17", words(CIPHERS)),
        document("integrity", f"{IPSEC}.19", words(INTEGRITIES)),
        document("lifetime_seconds", f"{IPSEC}.9"),
    ),
    settle=by_peer("ipsec", "in_octets", "out_octets", "in_drops", "out_drops"),
    applies=CISCO_PRODUCTS,
    only_with=("cisco-ipsec-totals",),
    comes_and_goes=True,
    most_rows=MOST_TUNNELS,
    tested=1,
)
VPN_PACKS = (TOTALS, IKE_PEERS, IPSEC_PEERS)
