"""Access points of a controller and their radios: AIRESPACE-WIRELESS-MIB, CISCO-LWAPP-AP-MIB. 9800 controllers answer both too."""

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, series, state
from natvakt_agent.collectors.snmp.reading import address, filled_text, scaled, ticks, words

AIRESPACE = "1.3.6.1.4.1.14179.2.2"
ACCESS_POINT = f"{AIRESPACE}.1.1"
RADIO = f"{AIRESPACE}.2.1"
LOAD = f"{AIRESPACE}.13.1"
UPTIME = "1.3.6.1.4.1.9.9.513.1.1.1.1.6"  # cLApUpTime
CONTROLLERS = (*CISCO_PRODUCTS, "1.3.6.1.4.1.14179.")
OPERATION = {1: "associated", 2: "disassociating", 3: "downloading"}
ADMIN = {1: "enable", 2: "disable"}
RADIO_STATUS = {1: "down", 2: "up"}
BANDS = {1: "dot11b", 2: "dot11a", 3: "uwb", 4: "dot11abgn"}  # bsnAPIfType: 2.4 GHz, 5 GHz
MAC_OCTETS = 6
percent = scaled(0.01)


def access_point(index: Index) -> Row | None:
    return {"mac": bytes(index).hex()} if len(index) == MAC_OCTETS and max(index) <= 255 else None


def radio(index: Index) -> Row | None:
    known = access_point(index[:MAC_OCTETS])
    return known | {"slot": index[MAC_OCTETS]} if known is not None and len(index) == MAC_OCTETS + 1 else None


ACCESS_POINTS = Pack(
    name="airespace-access-points",
    mib="AIRESPACE-WIRELESS-MIB",
    table="access_point",
    index=access_point,
    columns=(
        state("status", f"{ACCESS_POINT}.6", OPERATION),
        document("name", f"{ACCESS_POINT}.3", filled_text),
        document("location", f"{ACCESS_POINT}.4", filled_text),
        document("model", f"{ACCESS_POINT}.16", filled_text),
        document("serial", f"{ACCESS_POINT}.17", filled_text),
        document("version", f"{ACCESS_POINT}.8", filled_text),
        document("address", f"{ACCESS_POINT}.19", address),
        document("admin", f"{ACCESS_POINT}.37", words(ADMIN)),
    ),
    applies=CONTROLLERS,
    tested=1,
)
ACCESS_POINT_UPTIMES = Pack(
    name="lwapp-uptime", mib="CISCO-LWAPP-AP-MIB", table="access_point", index=access_point,
    columns=(series("uptime_seconds", UPTIME, ticks),), applies=CONTROLLERS, founds=False, only_with=("airespace-access-points",),
)  # fmt: skip
RADIOS = Pack(
    name="airespace-radios",
    mib="AIRESPACE-WIRELESS-MIB",
    table="radio",
    index=radio,
    columns=(
        series("channel_used_ratio", f"{LOAD}.3", percent),
        series("clients", f"{LOAD}.4"),
        series("receive_ratio", f"{LOAD}.1", percent),
        series("transmit_ratio", f"{LOAD}.2", percent),
        series("channel", f"{RADIO}.4"),
        series("power_level", f"{RADIO}.6"),
        state("status", f"{RADIO}.12", RADIO_STATUS),
        document("band", f"{RADIO}.2", words(BANDS)),
    ),
    applies=CONTROLLERS,
    tested=1,
)
ACCESS_POINT_PACKS = (ACCESS_POINTS, ACCESS_POINT_UPTIMES, RADIOS)
