"""What a switch port is for: VLAN membership, trunks, and why a port was switched off by itself (Cisco)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, numbers, state
from natvakt_agent.collectors.snmp.reading import Flaw, scaled, words
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

MEMBERSHIP = "1.3.6.1.4.1.9.9.68.1"
TRUNK = "1.3.6.1.4.1.9.9.46.1.6.1.1"
ERROR_DISABLED = "1.3.6.1.4.1.9.9.548.1.3.1.1.2"
NO_VOICE_VLAN = (0, 4096)  # vmVoiceVlanId: 4096 is "none", 4095 "untagged", 0 "tagged with priority only"
TRUNK_MODES = {1: "on", 2: "off", 3: "desirable", 4: "auto", 5: "onNoNegotiate"}
TRUNKING = {1: "trunking", 2: "notTrunking"}
ENCAPSULATIONS = {1: "isl", 2: "dot10", 3: "lane", 4: "dot1Q", 5: "negotiating", 6: "notApplicable"}
CAUSES = {  # CErrDisableFeatureID
    1: "udld", 2: "bpduGuard", 3: "channelMisconfig", 4: "pagpFlap", 5: "dtpFlap", 6: "linkFlap", 7: "l2ptGuard",
    8: "dot1xSecurityViolation", 9: "portSecurityViolation", 10: "gbicInvalid", 11: "dhcpRateLimit", 12: "unicastFlood", 13: "vmps",
    14: "stormControl", 15: "inlinePower", 16: "arpInspection", 17: "portLoopback", 18: "packetBuffer", 19: "macLimit",
    20: "linkMonitorFailure", 21: "oamRemoteFailure", 22: "dot1adIncompEtype", 23: "dot1adIncompTunnel", 24: "sfpConfigMismatch",
    25: "communityLimit", 26: "invalidPolicy", 27: "lsGroup", 28: "ekey", 29: "portModeFailure", 30: "pppoeIaRateLimit",
    31: "oamRemoteCriticalEvent", 32: "oamRemoteDyingGasp",
}  # fmt: skip
VLANS_A_MAP = 1_024
Span = tuple[int, int]


def vlan_map(raw: SnmpValue) -> Value:
    """128 octets, one bit for each of 1024 VLANs; trailing zeros may be missing. Kept as hexadecimal for `allowed`."""
    if not isinstance(raw, bytes):
        raise Flaw(f"{type(raw).__name__} where a map of VLANs was expected")
    return raw[:128].hex()


def _spans(maps: Iterable[object]) -> Iterable[Span]:
    """Runs of VLANs whose bits are set, over all maps in order."""
    start: int | None = None
    last = -2
    for place, hexadecimal_map in enumerate(maps):
        octets = bytes.fromhex(hexadecimal_map) if isinstance(hexadecimal_map, str) else b""
        for bit in range(len(octets) * 8):
            if octets[bit // 8] & (0x80 >> bit % 8):
                vlan = place * VLANS_A_MAP + bit
                if vlan != last + 1:
                    if start is not None:
                        yield start, last
                    start = vlan
                last = vlan
    if start is not None:
        yield start, last


def allowed(row: Row) -> Iterable[Row]:
    """The VLANs a trunk lets through, as ranges: `1-10,20,30-4094`."""
    spans = _spans(row.get(field) for field in ("_to_1023", "_to_2047", "_to_3071", "_to_4095"))
    row["allowed_vlans"] = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans) or None
    yield row


ACCESS_VLANS = Pack(
    name="cisco-vlan-membership",
    mib="CISCO-VLAN-MEMBERSHIP-MIB",
    table="port",
    index=numbers("ifIndex"),
    columns=(document("access_vlan", f"{MEMBERSHIP}.2.2.1.2"), document("voice_vlan", f"{MEMBERSHIP}.5.1.1.1", scaled(1, NO_VOICE_VLAN))),
    applies=CISCO_PRODUCTS,
    most_rows=10_000,
)
TRUNKS = Pack(
    name="cisco-vtp-trunks",
    mib="CISCO-VTP-MIB",
    table="port",
    index=numbers("ifIndex"),
    columns=(
        state("trunking", f"{TRUNK}.14", TRUNKING),
        document("trunk_mode", f"{TRUNK}.13", words(TRUNK_MODES)),
        document("native_vlan", f"{TRUNK}.5"),
        document("trunk_encapsulation", f"{TRUNK}.16", words(ENCAPSULATIONS)),
        document("_to_1023", f"{TRUNK}.4", vlan_map),
        document("_to_2047", f"{TRUNK}.17", vlan_map),
        document("_to_3071", f"{TRUNK}.18", vlan_map),
        document("_to_4095", f"{TRUNK}.19", vlan_map),
    ),
    derive=allowed,
    applies=CISCO_PRODUCTS,
    most_rows=10_000,
    tested=1,
)
ERROR_DISABLED_PORTS = Pack(
    name="cisco-errdisable",
    mib="CISCO-ERR-DISABLE-MIB",
    table="port",
    index=numbers("ifIndex", "_vlan"),
    columns=(state("errdisable_cause", ERROR_DISABLED, CAUSES),),
    applies=CISCO_PRODUCTS,
    only_with=("cisco-vtp-trunks",),
    comes_and_goes=True,
)
SWITCH_PORT_PACKS = (ACCESS_VLANS, TRUNKS, ERROR_DISABLED_PORTS)
