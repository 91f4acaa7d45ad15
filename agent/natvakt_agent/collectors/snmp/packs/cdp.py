"""Neighbours by Cisco Discovery Protocol: CISCO-CDP-MIB cdpCacheTable."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import Pack, Row, document, instead, looked_up, numbers
from natvakt_agent.collectors.snmp.packs.if_mib import IF, IF_X
from natvakt_agent.collectors.snmp.reading import Flaw, address, filled_text, text, words
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

CACHE = "1.3.6.1.4.1.9.9.23.1.2.1.1"
CAPABILITIES = {
    0x01: "router", 0x02: "bridge", 0x04: "source-route-bridge", 0x08: "switch", 0x10: "host", 0x20: "igmp", 0x40: "repeater",
    0x80: "phone", 0x100: "remote", 0x200: "cvta", 0x400: "two-port-mac-relay",
}  # fmt: skip
DUPLEX = {1: "unknown", 2: "half", 3: "full"}


def capabilities(raw: SnmpValue) -> Value:
    """cdpCacheCapabilities: a big-endian number in up to 4 octets."""
    if not isinstance(raw, bytes):
        raise Flaw(f"{type(raw).__name__} where octets were expected")
    number = int.from_bytes(raw[:4], "big")
    return ",".join(word for bit, word in CAPABILITIES.items() if number & bit) or None


def network_address(raw: SnmpValue) -> Value:
    """cdpCacheAddress: IPv4 in 4 octets, IPv6 in 16; other protocols and 0.0.0.0 are no address to us."""
    shown = address(raw)
    return None if shown in ("0.0.0.0", "::") else shown  # noqa: S104 - compared, never bound


def as_cdp(row: Row) -> Iterable[Row]:
    if row.get("remote_name") or row.get("remote_port") or row.get("remote_address"):
        yield {**row, "protocol": "cdp"}


CDP = Pack(
    name="cdp",
    mib="CISCO-CDP-MIB",
    table="neighbour",
    index=numbers("local_ifIndex", "index"),
    columns=(
        document("remote_name", f"{CACHE}.6", text),
        document("remote_port", f"{CACHE}.7", text),
        document("remote_address", f"{CACHE}.4", network_address),
        document("remote_platform", f"{CACHE}.8", filled_text),
        document("remote_capabilities", f"{CACHE}.9", capabilities),
        document("remote_duplex", f"{CACHE}.12", words(DUPLEX)),
        document("remote_native_vlan", f"{CACHE}.11"),
        document("remote_mtu", f"{CACHE}.16"),
        looked_up("local_port", f"{IF_X}.1", text, at="local_ifIndex"),
        instead(looked_up("local_port", f"{IF}.2", text, at="local_ifIndex")),
    ),
    derive=as_cdp,
    comes_and_goes=True,
)
