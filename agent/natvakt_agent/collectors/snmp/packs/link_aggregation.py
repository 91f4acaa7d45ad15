"""Members of bundles: LACP by IEEE8023-LAG-MIB (IEEE 802.1AX), PAgP and bundles without a protocol by CISCO-PAGP-MIB."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Pack, Row, document, numbers, series
from natvakt_agent.collectors.snmp.reading import Flaw, hexadecimal, text
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

MEMBER = "1.2.840.10006.300.43.1.2.1.1"
PAGP = "1.3.6.1.4.1.9.9.98.1.1.1.1"
PAGP_PROTOCOL = "1.3.6.1.4.1.9.9.98.1.2.1.1"
LACP_STATE = {
    0: "activity", 1: "timeout", 2: "aggregation", 3: "synchronization", 4: "collecting", 5: "distributing", 6: "defaulted", 7: "expired",
}  # fmt: skip
EXPIRED, DISTRIBUTING = 0x01, 0x04
OFF, PAGP_MODE = 1, 3  # pagpEthcOperationMode; 2 is manual
CARRYING = {"synchronization", "collecting", "distributing"}  # what both LacpState must say before a member carries traffic


def lacp_state(raw: SnmpValue) -> Value:
    """LacpState: BITS, whose first bit is the highest. Some devices send the octet as it stands in the LACPDU, the other way round.

    Only one reading makes sense: no member distributes while what it knows of its partner has expired.
    """
    if not isinstance(raw, bytes):
        raise Flaw(f"{type(raw).__name__} where bits were expected")
    octet = raw[0] if raw else 0
    if octet & EXPIRED and octet & DISTRIBUTING:
        octet = int(f"{octet:08b}"[::-1], 2)
    return ",".join(name for bit, name in LACP_STATE.items() if octet & 0x80 >> bit) or None


def lacp_member(row: Row) -> Iterable[Row]:
    """A port that selected an aggregator; `bundled` is whether it carries traffic of it."""
    selected, attached = row.pop("_selected", None), row.pop("_attached", None)
    aggregator = attached or selected
    if not aggregator or aggregator == row["ifIndex"]:
        return
    row["actor_state"] = row.get("_actor_state")
    flags = str(row["actor_state"] or "").split(",")
    row["bundled"] = int(bool(attached) and set(flags) >= CARRYING)
    yield {**row, "protocol": "lacp", "aggregator": aggregator}


LACP = Pack(
    name="lacp",
    mib="IEEE8023-LAG-MIB",
    table="lag",
    index=numbers("ifIndex"),
    columns=(
        series("_attached", f"{MEMBER}.13"),
        series("_selected", f"{MEMBER}.12"),
        series("_actor_state", f"{MEMBER}.21", lacp_state),
        document("partner_state", f"{MEMBER}.23", lacp_state),
        document("partner_system", f"{MEMBER}.9", hexadecimal),
        document("partner_port", f"{MEMBER}.17"),
        document("partner_key", f"{MEMBER}.11"),
    ),
    derive=lacp_member,
    tested=1,
)


def pagp_member(row: Row) -> Iterable[Row]:
    """A port whose group is another interface. Mode `off` with a group is LACP's, which says more itself."""
    group, mode = row.pop("_group", None), row.pop("_mode", None)
    if not group or group == row["ifIndex"]:
        return
    protocol = {PAGP_MODE: "pagp", OFF: "lacp"}.get(mode if isinstance(mode, int) else 0, "none")
    yield {**row, "protocol": protocol, "aggregator": group, "bundled": 1}


CISCO_BUNDLES = Pack(
    name="cisco-pagp",
    mib="CISCO-PAGP-MIB",
    table="lag",
    index=numbers("ifIndex"),
    columns=(
        series("_group", f"{PAGP}.8"),
        series("_mode", f"{PAGP}.1"),
        document("partner_name", f"{PAGP_PROTOCOL}.13", text),
        document("partner_port_name", f"{PAGP_PROTOCOL}.14", text),
    ),
    derive=pagp_member,
    applies=CISCO_SYSTEMS,
    tested=1,
)
