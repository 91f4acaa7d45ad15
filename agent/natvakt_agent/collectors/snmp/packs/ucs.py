"""UCS rack servers: states, temperatures and power of the CISCO-UNIFIED-COMPUTING MIBs that the CIMC answers."""

from collections.abc import Iterable, Mapping

from natvakt_agent.collectors.snmp.pack import CISCO, Derivation, Pack, Row, document, series, whole
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import number, text

UCS = "1.3.6.1.4.1.9.9.719.1"
MIB = "CISCO-UNIFIED-COMPUTING-MIB"
OPERABILITY = {
    0: "unknown", 1: "operable", 2: "inoperable", 3: "degraded", 4: "poweredOff", 5: "powerProblem", 6: "removed", 7: "voltageProblem",
    8: "thermalProblem", 9: "performanceProblem", 10: "accessibilityProblem", 11: "identityUnestablishable", 12: "biosPostTimeout",
    13: "disabled", 14: "malformedFru", 51: "fabricConnProblem", 52: "fabricUnsupportedConn", 81: "config", 82: "equipmentProblem",
    83: "decomissioning", 84: "chassisLimitExceeded", 100: "notSupported", 101: "discovery", 102: "discoveryFailed", 103: "identify",
    104: "postFailure", 105: "upgradeProblem", 106: "peerCommProblem", 107: "autoUpgrade", 108: "linkActivateBlocked",
}  # fmt: skip
FAN_MODULE = {
    0: "unknown", 1: "ok", 2: "upperNonRecoverable", 3: "upperCritical", 4: "upperNonCritical", 5: "lowerNonCritical", 6: "lowerCritical",
    7: "lowerNonRecoverable", 100: "notSupported",
}  # fmt: skip
SUPPLY_POWER = {
    0: "unknown", 1: "on", 2: "test", 3: "off", 4: "online", 5: "offline", 6: "offDuty", 7: "degraded", 8: "powerSave", 9: "error",
    10: "ok", 11: "failed", 100: "notSupported",
}  # fmt: skip


def operability(name: str, table: str, column: int) -> Pack:
    return state_pack(f"ucs-{name}", MIB, f"{UCS}.{table}.1.{column}", OPERABILITY, (document("_name", f"{UCS}.{table}.1.2", text),))


def condition(name: str, table: str, column: int, states: Mapping[int, str], watches: str | None = None) -> Pack:
    """A state that is named by the distinguished name of its object: `sys/chassis-1/psu-2`."""
    names = (document("_name", f"{UCS}.{table}.1.2", text),)
    return state_pack(f"ucs-{name}", MIB, f"{UCS}.{table}.1.{column}", states, names, watches=watches)


def reading(oid: str, kind: str, unit: str, title: str) -> Derivation:
    def derive(row: Row) -> Iterable[Row]:
        value = row.get("_value")
        if isinstance(value, int | float):
            name = f"{row.get('_name') or row['_index']} {title}"
            yield {"oid": f"{oid}.{row['_index']}", "kind": kind, "unit": unit, "value": value, "name": name}

    return derive


def measurement(name: str, table: str, column: int, kind: str, unit: str, title: str) -> Pack:
    oid = f"{UCS}.{table}.1.{column}"
    return Pack(
        name=f"ucs-{name}", mib=MIB, table="sensor", index=whole("_place"),
        columns=(series("_value", oid, number), document("_name", f"{UCS}.{table}.1.2", text)),
        derive=reading(oid, kind, unit, title), applies=CISCO,
    )  # fmt: skip


UCS_PACKS = (
    operability("fan", "15.12", 10),
    operability("power-supply", "15.56", 8),
    operability("memory", "30.11", 14),
    operability("processor", "41.9", 10),
    operability("storage-controller", "45.1", 7),
    operability("raid-battery", "45.11", 9),
    operability("flash-controller", "45.35", 11),
    operability("drive", "45.4", 9),
    operability("virtual-drive", "45.8", 9),
    condition("chassis", "15.7", 27, OPERABILITY),
    condition("fan-module", "15.13", 7, FAN_MODULE, "fan"),
    condition("supply-power", "15.56", 10, SUPPLY_POWER, "power-supply"),
    measurement("board-power", "9.14", 4, "power", "watt", "input power"),
    measurement("board-current", "9.14", 8, "current", "ampere", "input current"),
    measurement("board-voltage", "9.14", 12, "voltage", "volt", "input voltage"),
    measurement("memory-temperature", "30.12", 6, "temperature", "celsius", "temperature"),
    measurement("processor-temperature", "41.2", 10, "temperature", "celsius", "temperature"),
    measurement("ambient-temperature", "9.44", 4, "temperature", "celsius", "ambient"),
    measurement("front-temperature", "9.44", 8, "temperature", "celsius", "front"),
    measurement("hub-1-temperature", "9.44", 13, "temperature", "celsius", "I/O hub 1"),
    measurement("hub-2-temperature", "9.44", 17, "temperature", "celsius", "I/O hub 2"),
    measurement("rear-temperature", "9.44", 21, "temperature", "celsius", "rear"),
)
