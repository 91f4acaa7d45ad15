"""The device's clock: CISCO-NTP-MIB. Delays and offsets are fixed-point octets, 16 bits of seconds and 16 of fraction."""

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Pack, Row, document, fixed, looked_up, series, state
from natvakt_agent.collectors.snmp.reading import Flaw, address, filled_text, truth, words
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

SYSTEM = "1.3.6.1.4.1.9.9.168.1.1"
PEER = "1.3.6.1.4.1.9.9.168.1.2.1.1"
LEAP = {0: "noWarning", 1: "addSecond", 2: "subtractSecond", 3: "alarm"}
STATUS = {1: "unknown", 2: "notRunning", 3: "notSynchronized", 4: "syncToLocal", 5: "syncToRefclock", 6: "syncToRemoteServer"}
MODES = {
    0: "unspecified", 1: "symmetricActive", 2: "symmetricPassive", 3: "client", 4: "server", 5: "broadcast", 6: "reservedControl",
    7: "reservedPrivate",
}  # fmt: skip


def fixed_point(raw: SnmpValue) -> Value:
    """NTPSignedTimeValue (and the unsigned one, which is never so large that the sign would matter): seconds."""
    if not isinstance(raw, bytes) or len(raw) != 4:
        raise Flaw(f"{type(raw).__name__} where four octets of time were expected")
    return round(int.from_bytes(raw, "big", signed=True) / 65_536, 6)


CLOCK = Pack(
    name="cisco-ntp",
    mib="CISCO-NTP-MIB",
    table="ntp",
    index=fixed(),
    columns=(
        series("stratum", f"{SYSTEM}.2"),
        state("leap", f"{SYSTEM}.1", LEAP),
        state("status", f"{SYSTEM}.11", STATUS),
        series("root_delay_seconds", f"{SYSTEM}.4", fixed_point),
        series("root_dispersion_seconds", f"{SYSTEM}.5", fixed_point),
        document("selected_association", f"{SYSTEM}.9"),
    ),
    applies=CISCO_SYSTEMS,
    scalar=True,
)


def association(index: Index) -> Row | None:
    return {"association": index[0], "_scalar": "0"} if len(index) == 1 else None


def with_selection(rows: list[Row]) -> list[Row]:
    return [row | {"selected": row["association"] == row["_selected"]} if "_selected" in row else row for row in rows]


PEERS = Pack(
    name="cisco-ntp-peers",
    mib="CISCO-NTP-MIB",
    table="ntp_peer",
    index=association,
    columns=(
        series("stratum", f"{PEER}.9"),
        series("reach", f"{PEER}.21"),
        series("offset_seconds", f"{PEER}.23", fixed_point),
        series("delay_seconds", f"{PEER}.24", fixed_point),
        series("dispersion_seconds", f"{PEER}.25", fixed_point),
        document("address", f"{PEER}.3", address),
        document("name", f"{PEER}.31", filled_text),
        document("mode", f"{PEER}.8", words(MODES)),
        document("configured", f"{PEER}.2", truth),
        looked_up("_selected", f"{SYSTEM}.9", at="_scalar"),
    ),
    settle=with_selection,
    applies=CISCO_SYSTEMS,
    comes_and_goes=True,
    tested=1,
)
NTP_PACKS = (CLOCK, PEERS)
