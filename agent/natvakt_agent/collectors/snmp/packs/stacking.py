"""Stacks by their members and cables: CISCO-STACKWISE-MIB. The same objects also stand as states among the sensors."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Column, Pack, Row, Use, document, lasting, looked_up, numbers, state
from natvakt_agent.collectors.snmp.packs.cisco_stack import PORT_STATES, ROLES, STACK, SWITCH_STATES, TRUTH
from natvakt_agent.collectors.snmp.packs.if_mib import IF
from natvakt_agent.collectors.snmp.reading import filled_text, hexadecimal, scaled

SWITCH = f"{STACK}.2.1.1"
CABLE = f"{STACK}.2.2.1"


def switch(index: Index) -> Row | None:
    return {"component": index[0], "_scalar": "0"} if len(index) == 1 else None


def member(row: Row) -> Iterable[Row]:
    if isinstance(row.get("_number"), int):
        yield {**row, "member": row["_number"]}


STACK_MEMBERS = Pack(
    name="cisco-stack-members",
    mib="CISCO-STACKWISE-MIB",
    table="stack",
    index=switch,
    columns=(
        state("state", f"{SWITCH}.6", SWITCH_STATES),
        state("role", f"{SWITCH}.3", ROLES),
        lasting("_number", f"{SWITCH}.1"),
        Column("ring_redundant", f"{STACK}.1.3", use=Use.SERIES, at="_scalar", states=TRUTH),
        document("priority", f"{SWITCH}.4"),
        document("hardware_priority", f"{SWITCH}.5"),
        document("number_next_reload", f"{SWITCH}.2"),
        document("mac", f"{SWITCH}.7", hexadecimal),
        document("image", f"{SWITCH}.8", filled_text),
    ),
    derive=member,
    applies=CISCO_PRODUCTS,
    tested=1,
)
STACK_CABLES = Pack(
    name="cisco-stack-cables",
    mib="CISCO-STACKWISE-MIB",
    table="stack_port",
    index=numbers("ifIndex"),
    columns=(
        state("state", f"{CABLE}.1", PORT_STATES),
        document("neighbour_component", f"{CABLE}.2", scaled(1, none_if=(0,))),
        looked_up("name", f"{IF}.2", filled_text, at="ifIndex"),
    ),
    applies=CISCO_PRODUCTS,
    tested=1,
)
