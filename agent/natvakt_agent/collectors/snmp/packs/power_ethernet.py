"""Power over Ethernet: POWER-ETHERNET-MIB (RFC 3621)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import Pack, Row, document, looked_up, numbers, series, state
from natvakt_agent.collectors.snmp.packs.counting import number_pack
from natvakt_agent.collectors.snmp.reading import object_identifier, truth, words

PORT = "1.3.6.1.2.1.105.1.1.1"
SUPPLY = "1.3.6.1.2.1.105.1.3.1.1"
PORT_ENTITY = "1.3.6.1.4.1.9.9.402.1.2.1.11"  # cpeExtPsePortEntPhyIndex: Cisco numbers PoE ports by slot, not by ifIndex
ALIAS = "1.3.6.1.2.1.47.1.3.2.1.2"  # entAliasMappingIdentifier, at entPhysicalIndex and logical index 0
IF_INDEX = "1.3.6.1.2.1.2.2.1.1."
SUPPLY_STATES = {1: "on", 2: "off", 3: "faulty"}
DETECTION = {1: "disabled", 2: "searching", 3: "deliveringPower", 4: "fault", 5: "test", 6: "otherFault"}
CLASSES = {1: "class0", 2: "class1", 3: "class2", 4: "class3", 5: "class4"}

POE = Pack(
    name="power-ethernet",
    mib="POWER-ETHERNET-MIB",
    table="poe",
    index=numbers("group"),
    columns=(
        series("budget_watts", f"{SUPPLY}.2"),
        series("consumption_watts", f"{SUPPLY}.4"),
        state("oper_status", f"{SUPPLY}.3", SUPPLY_STATES),
        document("usage_threshold_percent", f"{SUPPLY}.5"),
    ),
)
# The same two numbers as sensors, so that they are drawn and watched beside the other powers of the device
POE_BUDGET = number_pack("power-ethernet-budget", "POWER-ETHERNET-MIB", f"{SUPPLY}.2", "PoE budget", "power", "watt", applies=())
POE_CONSUMPTION = number_pack(
    "power-ethernet-consumption", "POWER-ETHERNET-MIB", f"{SUPPLY}.4", "PoE consumption", "power", "watt", applies=()
)


def with_interface(row: Row) -> Iterable[Row]:
    """Through the port's entity to its interface; a device without that mapping leaves it open."""
    alias = row.get("_alias")
    if isinstance(alias, str) and alias.startswith(IF_INDEX) and alias.removeprefix(IF_INDEX).isdecimal():
        row["ifIndex"] = int(alias.removeprefix(IF_INDEX))
    yield row


POE_PORTS = Pack(
    name="power-ethernet-ports",
    mib="POWER-ETHERNET-MIB",
    table="poe_port",
    index=numbers("group", "port"),
    columns=(
        state("detection_status", f"{PORT}.6", DETECTION),
        series("denied", f"{PORT}.12"),
        document("admin", f"{PORT}.3", truth),
        document("power_class", f"{PORT}.10", words(CLASSES)),
        document("_alias_place", PORT_ENTITY, lambda raw: f"{raw}.0" if isinstance(raw, int) and raw > 0 else None),
        looked_up("_alias", ALIAS, object_identifier, at="_alias_place"),
    ),
    derive=with_interface,
    most_rows=10_000,
)
