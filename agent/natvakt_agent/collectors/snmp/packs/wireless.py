"""Wireless: access points and clients of controllers (AIRESPACE, CISCO-LWAPP) and of autonomous access points
(CISCO-DOT11-ASSOCIATION), and the radio of a cellular modem (CISCO-WAN-3G)."""

from collections.abc import Callable, Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Derivation, Pack, Row, fixed, looked_up, numbers, series, whole
from natvakt_agent.collectors.snmp.packs.entity import NAME
from natvakt_agent.collectors.snmp.packs.if_mib import IF
from natvakt_agent.collectors.snmp.reading import filled_text, number

AIRESPACE_AP_NAME = "1.3.6.1.4.1.14179.2.2.1.1.3"  # bsnAPName
AIRESPACE_CLIENTS = "1.3.6.1.4.1.14179.2.1.1.1.38"  # bsnDot11EssNumberOfMobileStations, by SSID
AIRESPACE_SSID = "1.3.6.1.4.1.14179.2.1.1.1.2"  # bsnDot11EssSsid
LWAPP_APS = "1.3.6.1.4.1.9.9.618.1.8.4"  # clsSysApConnectCount
LWAPP_CLIENTS = "1.3.6.1.4.1.9.9.618.1.8.12"  # cldcClientTotalCount of the system group
DOT11_CLIENTS = "1.3.6.1.4.1.9.9.273.1.1.2.1.1"  # cDot11ActiveWirelessClients, by ifIndex of the radio
CELL_RSSI = "1.3.6.1.4.1.9.9.661.1.3.4.1.1.1"  # c3gCurrentGsmRssi, dBm
CELL_CHANNEL = "1.3.6.1.4.1.9.9.661.1.3.4.1.1.4"  # c3gGsmChannelNumber
CELL_ID = "1.3.6.1.4.1.9.9.661.1.3.2.1.13"  # c3gGsmCurrentCellId
LTE = "1.3.6.1.4.1.9.9.817.1.1.1.1.1"  # cwceLteEntry


def measured(kind: str, oid: str, unit: str, scale: float = 1.0) -> Derivation:
    def derive(row: Row) -> Iterable[Row]:
        value = row.get("_value")
        if isinstance(value, int | float):
            yield {
                "kind": kind, "index": row["_index"], "value": round(value * scale, 3), "unit": unit, "oid": f"{oid}.{row['_index']}",
                "name": row.get("_name") or kind,
            }  # fmt: skip

    return derive


def counted(kind: str, name: str) -> Callable[[list[Row]], list[Row]]:
    """How many rows there are, for tables whose rows are the things to count."""

    def settle(rows: list[Row]) -> list[Row]:
        return [{"kind": kind, "index": "all", "value": len(rows), "unit": "", "oid": None, "name": name}] if rows else []

    return settle


def with_total(rows: list[Row]) -> list[Row]:
    """The clients of all SSIDs together, beside those of each."""
    total = sum(int(row["value"]) for row in rows if isinstance(row["value"], int | float))
    return [*rows, {"kind": "client-count", "index": "all", "value": total, "unit": "", "oid": None, "name": "Clients"}] if rows else []


def modem(name: str, kind: str, oid: str, unit: str, scale: float = 1.0) -> Pack:
    return Pack(
        name=name, mib="CISCO-WAN-3G-MIB, CISCO-WAN-CELL-EXT-MIB", table="wireless", index=numbers("_modem"),
        columns=(series("_value", oid, number), looked_up("_name", NAME, filled_text, at="_modem")),
        derive=measured(kind, oid, unit, scale), applies=CISCO,
    )  # fmt: skip


AIRESPACE_APS = Pack(
    name="airespace-aps", mib="AIRESPACE-WIRELESS-MIB", table="wireless", index=whole("_ap"),
    columns=(series("_ap_name", AIRESPACE_AP_NAME, filled_text),),
    settle=counted("ap-count", "Access points"), unless=("lwapp-aps",), applies=(*CISCO, "1.3.6.1.4.1.14179."),
)  # fmt: skip
AIRESPACE_SSID_CLIENTS = Pack(
    name="airespace-clients",
    mib="AIRESPACE-WIRELESS-MIB",
    table="wireless",
    index=numbers("_wlan"),
    columns=(series("_value", AIRESPACE_CLIENTS), looked_up("_name", AIRESPACE_SSID, filled_text, at="_wlan")),
    derive=measured("client-count", AIRESPACE_CLIENTS, ""),
    settle=with_total,
    applies=(*CISCO, "1.3.6.1.4.1.14179."),
)
LWAPP_AP_COUNT = Pack(
    name="lwapp-aps", mib="CISCO-LWAPP-SYS-MIB", table="wireless", index=fixed(), columns=(series("_value", LWAPP_APS),),
    derive=measured("ap-count", LWAPP_APS, ""), applies=CISCO, scalar=True,
)  # fmt: skip
LWAPP_CLIENT_COUNT = Pack(
    name="lwapp-clients", mib="CISCO-LWAPP-SYS-MIB", table="wireless", index=fixed(), columns=(series("_value", LWAPP_CLIENTS),),
    derive=measured("client-count", LWAPP_CLIENTS, ""), applies=CISCO, scalar=True,
)  # fmt: skip
DOT11_CLIENT_COUNT = Pack(
    name="dot11-clients", mib="CISCO-DOT11-ASSOCIATION-MIB", table="wireless", index=numbers("_ifIndex"),
    columns=(series("_value", DOT11_CLIENTS), looked_up("_name", f"{IF}.2", filled_text, at="_ifIndex")),
    derive=measured("client-count", DOT11_CLIENTS, ""), applies=CISCO,
)  # fmt: skip
MODEM_PACKS = (
    modem("modem-rssi", "rssi", CELL_RSSI, "dbm"),
    modem("modem-channel", "channel", CELL_CHANNEL, ""),
    modem("modem-cell", "cell", CELL_ID, ""),
    modem("modem-rsrp", "rsrp", f"{LTE}.1", "dbm"),
    modem("modem-rsrq", "rsrq", f"{LTE}.2", "db", 0.1),
    modem("modem-snr", "snr", f"{LTE}.3", "db", 0.1),
)
