"""What stands beside what: stacks (CISCO-STACKWISE-MIB) and redundant units (CISCO-RF-MIB) as states."""

from collections.abc import Iterable, Mapping

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO, Column, Pack, Row, Use, instead, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import DESCR, NAME
from natvakt_agent.collectors.snmp.packs.if_mib import IF
from natvakt_agent.collectors.snmp.packs.scalar_sensors import Scalar, scalar_sensors
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import filled_text
from natvakt_agent.model.observation import Value

STACK = "1.3.6.1.4.1.9.9.500.1"
REDUNDANCY = "1.3.6.1.4.1.9.9.176.1"
STACK_MIB = "CISCO-STACKWISE-MIB"
ROLES = {1: "master", 2: "member", 3: "notMember", 4: "standby"}
SWITCH_STATES = {
    1: "waiting", 2: "progressing", 3: "added", 4: "ready", 5: "sdmMismatch", 6: "verMismatch", 7: "featureMismatch", 8: "newMasterInit",
    9: "provisioned", 10: "invalid", 11: "removed",
}  # fmt: skip
PORT_STATE = f"{STACK}.2.2.1.1"  # cswStackPortOperStatus, at ifIndex
RING_REDUNDANT = f"{STACK}.1.3"  # cswRingRedundant
PORT_STATES = {1: "up", 2: "down", 3: "forcedDown"}
DOWN, CLOSED, UNUSED = 2, 1, "unused"
TRUTH = {1: "true", 2: "false"}
UNIT_STATES = {
    1: "notKnown", 2: "disabled", 3: "initialization", 4: "negotiation", 5: "standbyCold", 6: "standbyColdConfig", 7: "standbyColdFileSys",
    8: "standbyColdBulk", 9: "standbyHot", 10: "activeFast", 11: "activeDrain", 12: "activePreconfig", 13: "activePostconfig", 14: "active",
    15: "activeExtraload", 16: "activeHandback",
}  # fmt: skip
MODES = {
    1: "nonRedundant", 2: "staticLoadShareNonRedundant", 3: "dynamicLoadShareNonRedundant", 4: "staticLoadShareRedundant",
    5: "dynamicLoadShareRedundant", 6: "coldStandbyRedundant", 7: "warmStandbyRedundant", 8: "hotStandbyRedundant",
}  # fmt: skip
UNIT_NAMES = (looked_up("_name", NAME, filled_text, at="_component"), instead(looked_up("_name", DESCR, filled_text, at="_component")))

STACK_ROLE = state_pack(
    "cisco-stack-role", STACK_MIB, f"{STACK}.2.1.1.3", ROLES, UNIT_NAMES, title="stack role", index=numbers("_component")
)
STACK_STATE = state_pack(
    "cisco-stack-state", STACK_MIB, f"{STACK}.2.1.1.6", SWITCH_STATES, UNIT_NAMES, title="stack state", index=numbers("_component")
)
STACK_RING = state_pack("cisco-stack-ring", STACK_MIB, RING_REDUNDANT, TRUTH, title="stack ring redundant", scalar=True)


def port_index(index: Index) -> Mapping[str, Value] | None:
    return {"_ifIndex": index[0], "_instance": "0"} if len(index) == 1 else None


def stack_port(row: Row) -> Iterable[Row]:
    """While the ring is closed, a port that is down is one that takes no part in it."""
    code = row.get("_state")
    if isinstance(code, int):
        is_spare = code == DOWN and row.get("_ring") == CLOSED
        yield {
            "oid": f"{PORT_STATE}.{row['_index']}", "kind": "state", "unit": "",
            "name": f"stack port {row.get('_name') or row['_ifIndex']}", "value": code, "state_code": code,
            "state": UNUSED if is_spare else PORT_STATES.get(code, str(code)),
        }  # fmt: skip


def of_a_stack(rows: list[Row]) -> list[Row]:
    """Where no port is up there is no stack, and nothing is broken: a switch by itself has its ports down for ever."""
    stands_alone = all(row["value"] == DOWN for row in rows)
    return [row | {"state": UNUSED} for row in rows] if stands_alone else rows


STACK_PORTS = Pack(
    name="cisco-stack-port", mib=STACK_MIB, table="sensor", index=port_index,
    columns=(
        series("_state", PORT_STATE), Column("_ring", RING_REDUNDANT, use=Use.SERIES, at="_instance"),
        looked_up("_name", f"{IF}.2", filled_text, at="_ifIndex"),
    ),
    derive=stack_port, settle=of_a_stack, applies=CISCO,
)  # fmt: skip
REDUNDANT_UNITS = scalar_sensors(
    "cisco-rf", "CISCO-RF-MIB",
    Scalar(f"{REDUNDANCY}.1.2", "redundancy unit", states=UNIT_STATES),
    Scalar(f"{REDUNDANCY}.1.4", "redundancy peer", states=UNIT_STATES),
    Scalar(f"{REDUNDANCY}.2.16", "redundancy mode", states=MODES),
)  # fmt: skip
