"""The device itself: SNMPv2-MIB system group (RFC 3418) and the SNMP engine (RFC 3411)."""

from natvakt_agent.collectors.snmp.pack import Pack, document, fixed, series
from natvakt_agent.collectors.snmp.reading import hexadecimal, object_identifier, text, ticks

SYSTEM = "1.3.6.1.2.1.1"
ENGINE = "1.3.6.1.6.3.10.2.1"

SYSTEM_GROUP = Pack(
    name="system",
    mib="SNMPv2-MIB, SNMP-FRAMEWORK-MIB",
    table="device",
    index=fixed(),
    scalar=True,
    columns=(
        series("sysUpTime", f"{SYSTEM}.3", ticks),
        series("snmpEngineTime", f"{ENGINE}.3"),
        series("snmpEngineBoots", f"{ENGINE}.2"),
        document("sysDescr", f"{SYSTEM}.1", text),
        document("sysObjectID", f"{SYSTEM}.2", object_identifier),
        document("sysName", f"{SYSTEM}.5", text),
        document("sysLocation", f"{SYSTEM}.6", text),
        document("sysContact", f"{SYSTEM}.4", text),
        document("engine_id", f"{ENGINE}.1", hexadecimal),
    ),
)
