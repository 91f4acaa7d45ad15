"""What stands ready to take over: supervisors and controllers (CISCO-RF-MIB), firewalls (CISCO-FIREWALL-MIB)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Pack, Row, document, fixed, series, state
from natvakt_agent.collectors.snmp.packs.cisco_stack import MODES, REDUNDANCY, UNIT_STATES
from natvakt_agent.collectors.snmp.packs.firewall import FAILOVER, HARDWARE
from natvakt_agent.collectors.snmp.reading import filled_text, ticks, truth, words

REASONS = {
    1: "unsupported", 2: "none", 3: "notKnown", 4: "userInitiated", 5: "userForced", 6: "activeUnitFailed", 7: "activeUnitRemoved",
    8: "activeGWdown", 9: "activeRMIportdown",
}  # fmt: skip
FAILOVER_INTERFACE, PRIMARY, SECONDARY = 4, 6, 7  # Hardware, the index of cfwHardwareStatusTable
UNITS = {FAILOVER_INTERFACE: "interface", PRIMARY: "primary", SECONDARY: "secondary"}

UNITS_OF_CHASSIS = Pack(
    name="cisco-rf-units",
    mib="CISCO-RF-MIB",
    table="redundancy",
    index=fixed(kind="unit", unit="own"),
    columns=(
        state("state", f"{REDUNDANCY}.1.2", UNIT_STATES),
        state("peer_state", f"{REDUNDANCY}.1.4", UNIT_STATES),
        series("failover_seconds", f"{REDUNDANCY}.1.9", ticks),
        document("unit_id", f"{REDUNDANCY}.1.1"),
        document("peer_id", f"{REDUNDANCY}.1.3"),
        document("duplex", f"{REDUNDANCY}.1.6", truth),
        document("last_switch_reason", f"{REDUNDANCY}.1.8", words(REASONS)),
        document("mode", f"{REDUNDANCY}.2.16", words(MODES)),
    ),
    applies=CISCO_SYSTEMS,
    scalar=True,
)


def failover_unit(index: Index) -> Row | None:
    return {"kind": "failover", "unit": UNITS[index[0]]} if len(index) == 1 and index[0] in UNITS else {"_unit": 0}


def known_unit(row: Row) -> Iterable[Row]:
    if "unit" in row:
        yield row


FAILOVER_UNITS = Pack(
    name="cisco-failover",
    mib="CISCO-FIREWALL-MIB",
    table="redundancy",
    index=failover_unit,
    columns=(
        state("failover_state", f"{HARDWARE}.3", FAILOVER),
        document("description", f"{HARDWARE}.2", filled_text),
        document("detail", f"{HARDWARE}.4", filled_text),
    ),
    derive=known_unit,
    applies=CISCO_SYSTEMS,
    tested=1,
)
