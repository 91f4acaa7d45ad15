"""ISDN and the lines below it: ISDN-MIB (RFC 2127), DS1-MIB (RFC 4805), busy channels by CISCO-POP-MGMT-MIB."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, lasting, looked_up, numbers, series, state
from natvakt_agent.collectors.snmp.packs.if_mib import IF
from natvakt_agent.collectors.snmp.reading import filled_text, text

ISDN = "1.3.6.1.2.1.10.20.1"
SIGNALLING = f"{ISDN}.3.2.1"
CALL_STATISTICS = f"{ISDN}.3.3.1"
LAPD = f"{ISDN}.3.4.1"
BEARER_STATUS = f"{ISDN}.2.1.1.2"
DS_ONE = "1.3.6.1.2.1.10.18"
LINE = f"{DS_ONE}.6.1"
CURRENT = f"{DS_ONE}.7.1"
TOTAL = f"{DS_ONE}.9.1"
ACTIVE_CHANNELS = "1.3.6.1.4.1.9.10.19.1.1.9.1"  # cpmDS1DS0UsageEntry, at slot and port
LAPD_STATES = {1: "inactive", 2: "l1Active", 3: "l2Active"}
IDLE = 1  # isdnBearerOperStatus; connecting, connected and active all keep a channel busy
LINE_STATUS = {
    0: "noAlarm", 1: "rcvFarEndLOF", 2: "xmtFarEndLOF", 3: "rcvAIS", 4: "xmtAIS", 5: "lossOfFrame", 6: "lossOfSignal", 7: "loopbackState",
    8: "t16AIS", 9: "rcvFarEndLOMF", 10: "xmtFarEndLOMF", 11: "rcvTestCode", 12: "otherFailure", 13: "unavailSigState", 14: "netEquipOOS",
    15: "rcvPayloadAIS", 16: "ds2PerfThreshold",
}  # fmt: skip
CLOCK_SOURCES = {1: "loopTiming", 2: "localTiming", 3: "throughTiming", 4: "adaptive"}

D_CHANNELS = Pack(
    name="isdn-d-channels",
    mib="ISDN-MIB",
    table="isdn",
    index=numbers("ifIndex"),
    columns=(
        state("layer", f"{LAPD}.2", LAPD_STATES),
        series("peer_resets", f"{LAPD}.3"),
        looked_up("name", f"{IF}.2", text, at="ifIndex"),
    ),
    tested=1,
)


def of_interface(row: Row) -> Iterable[Row]:
    if isinstance(row.get("_ifIndex"), int):
        yield {**row, "ifIndex": row["_ifIndex"]}


ISDN_CALLS = Pack(
    name="isdn-calls",
    mib="ISDN-MIB",
    table="isdn",
    index=numbers("_signalling"),
    columns=(
        series("calls_in", f"{CALL_STATISTICS}.1"),
        series("calls_in_connected", f"{CALL_STATISTICS}.2"),
        series("calls_out", f"{CALL_STATISTICS}.3"),
        series("calls_out_connected", f"{CALL_STATISTICS}.4"),
        lasting("_ifIndex", f"{SIGNALLING}.2"),
        document("bearer_channels", f"{SIGNALLING}.6"),
    ),
    derive=of_interface,
    founds=False,
    only_with=("isdn-d-channels",),
    tested=1,
)


def busy(rows: list[Row]) -> list[Row]:
    """How many of all bearer channels carry a call."""
    if not rows:
        return []
    value = sum(row.get("_status") != IDLE for row in rows)
    return [{"kind": "isdn-channels-busy", "index": "all", "name": "ISDN channels with a call", "value": value, "limit": len(rows)}]


BEARER_CHANNELS = Pack(
    name="isdn-bearers", mib="ISDN-MIB", table="voice", index=numbers("_ifIndex"), columns=(series("_status", BEARER_STATUS),), settle=busy,
)  # fmt: skip


def line(row: Row) -> Iterable[Row]:
    """dsx1LineStatus is a sum of flags; 1 is the flag that says there is none."""
    flags = row.get("line_status")
    if isinstance(flags, int):
        row["alarms"] = ",".join(name for bit, name in LINE_STATUS.items() if bit and flags >> bit & 1) or None
    clock = row.get("_clock")
    yield {**row, "clock_source": CLOCK_SOURCES.get(clock) if isinstance(clock, int) else None}


LINES = Pack(
    name="ds1-lines",
    mib="DS1-MIB",
    table="ds1",
    index=numbers("ifIndex"),
    columns=(
        series("line_status", f"{LINE}.10"),
        series("errored_seconds", f"{CURRENT}.2"),
        series("severely_errored_seconds", f"{CURRENT}.3"),
        series("unavailable_seconds", f"{CURRENT}.5"),
        series("path_code_violations", f"{CURRENT}.7"),
        document("errored_seconds_day", f"{TOTAL}.2"),
        document("circuit", f"{LINE}.8", filled_text),
        document("_clock", f"{LINE}.12"),
        looked_up("name", f"{IF}.2", text, at="ifIndex"),
    ),
    derive=line,
    tested=1,
)


def channels_of_line(row: Row) -> Iterable[Row]:
    used = row.get("_busy")
    if isinstance(used, int):
        left = sum(value for field in ("_idle", "_out_of_service", "_busied_out") if isinstance(value := row.get(field), int))
        yield {
            "kind": "ds1-channels-busy", "index": row["_index"], "name": f"DS1 {row['_slot']}/{row['_port']} channels with a call",
            "value": used, "limit": used + left or None,
        }  # fmt: skip


BUSY_CHANNELS = Pack(
    name="cisco-ds1-channels",
    mib="CISCO-POP-MGMT-MIB",
    table="voice",
    index=numbers("_slot", "_port"),
    columns=(
        series("_busy", f"{ACTIVE_CHANNELS}.3"),
        series("_idle", f"{ACTIVE_CHANNELS}.11"),
        series("_out_of_service", f"{ACTIVE_CHANNELS}.12"),
        series("_busied_out", f"{ACTIVE_CHANNELS}.13"),
    ),
    derive=channels_of_line,
    applies=CISCO_PRODUCTS,
    tested=1,
)
TRUNK_PACKS = (D_CHANNELS, ISDN_CALLS, BEARER_CHANNELS, LINES, BUSY_CHANNELS)
