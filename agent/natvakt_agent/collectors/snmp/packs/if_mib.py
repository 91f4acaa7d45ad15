"""Interfaces: IF-MIB with its extension table (RFC 2863)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.iana import IF_TYPES
from natvakt_agent.collectors.snmp.pack import Pack, Row, document, instead, lasting, numbers, series, state
from natvakt_agent.collectors.snmp.reading import hexadecimal, scaled, text, ticks, truth, words

IF = "1.3.6.1.2.1.2.2.1"
IF_X = "1.3.6.1.2.1.31.1.1.1"
ADMIN_STATUS = {1: "up", 2: "down", 3: "testing"}
OPER_STATUS = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"}
SPEED_IN_IF_HIGH_SPEED = 4_294_967_295  # ifSpeed's ceiling: the real speed is in ifHighSpeed


def with_speed(row: Row) -> Iterable[Row]:
    """ifHighSpeed rounds below 1 Mbit/s to nothing, and old devices have only ifSpeed."""
    speed = row.get("_speed_bits")
    if not row.get("ifHighSpeed") and isinstance(speed, int) and speed < SPEED_IN_IF_HIGH_SPEED:
        row["ifHighSpeed"] = speed / 1_000_000
    yield row


INTERFACES = Pack(
    name="if-mib",
    mib="IF-MIB",
    table="interface",
    index=numbers("ifIndex"),
    columns=(
        state("ifOperStatus", f"{IF}.8", OPER_STATUS),
        state("ifAdminStatus", f"{IF}.7", ADMIN_STATUS),
        series("ifHCInOctets", f"{IF_X}.6"),
        instead(series("ifHCInOctets", f"{IF}.10")),
        series("ifHCOutOctets", f"{IF_X}.10"),
        instead(series("ifHCOutOctets", f"{IF}.16")),
        series("ifHCInUcastPkts", f"{IF_X}.7"),
        instead(series("ifHCInUcastPkts", f"{IF}.11")),
        series("ifHCOutUcastPkts", f"{IF_X}.11"),
        instead(series("ifHCOutUcastPkts", f"{IF}.17")),
        series("ifHCInMulticastPkts", f"{IF_X}.8"),
        series("ifHCOutMulticastPkts", f"{IF_X}.12"),
        series("ifHCInBroadcastPkts", f"{IF_X}.9"),
        series("ifHCOutBroadcastPkts", f"{IF_X}.13"),
        series("ifInErrors", f"{IF}.14"),
        series("ifOutErrors", f"{IF}.20"),
        series("ifInDiscards", f"{IF}.13"),
        series("ifOutDiscards", f"{IF}.19"),
        series("ifHighSpeed", f"{IF_X}.15"),
        series("ifLastChange", f"{IF}.9", ticks),
        series("ifCounterDiscontinuityTime", f"{IF_X}.19", ticks),
        lasting("_speed_bits", f"{IF}.5", scaled(1)),
        document("ifName", f"{IF_X}.1", text),
        document("ifDescr", f"{IF}.2", text),
        instead(document("ifName", f"{IF}.2", text)),
        document("ifAlias", f"{IF_X}.18", text),
        document("ifType", f"{IF}.3", words(IF_TYPES)),
        document("ifMtu", f"{IF}.4"),
        document("ifPhysAddress", f"{IF}.6", hexadecimal),
        document("ifConnectorPresent", f"{IF_X}.17", truth),
    ),
    derive=with_speed,
    most_rows=10_000,
)
