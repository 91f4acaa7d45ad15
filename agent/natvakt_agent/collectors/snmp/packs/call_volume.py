"""Calls in progress on a voice gateway, by kind of connection: CISCO-VOICE-DIAL-CONTROL-MIB."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, numbers, series

ACTIVE_CONNECTIONS = "1.3.6.1.4.1.9.9.63.1.3.8.1.1.2"  # cvCallVolConnActiveConnection
CONNECTIONS = {1: "H.323", 2: "SIP", 3: "MGCP", 4: "SCCP", 5: "multicast", 6: "call control", 7: "telephony"}  # CvCallConnectionType


def calls(row: Row) -> Iterable[Row]:
    connection = CONNECTIONS.get(int(str(row["_connection"])), str(row["_connection"]))
    yield {
        "oid": f"{ACTIVE_CONNECTIONS}.{row['_index']}", "kind": "count", "unit": "", "value": row["_calls"], "name": f"{connection} calls",
    }  # fmt: skip


CALLS_IN_PROGRESS = Pack(
    name="cisco-call-volume", mib="CISCO-VOICE-DIAL-CONTROL-MIB", table="sensor", index=numbers("_connection"),
    columns=(series("_calls", ACTIVE_CONNECTIONS),), derive=calls, applies=CISCO_PRODUCTS,
)  # fmt: skip
