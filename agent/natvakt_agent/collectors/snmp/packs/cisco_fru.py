"""Field-replaceable units: power supplies, modules and fan trays of CISCO-ENTITY-FRU-CONTROL-MIB."""

from natvakt_agent.collectors.snmp.pack import instead, looked_up, numbers
from natvakt_agent.collectors.snmp.packs.entity import DESCR, NAME
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import filled_text

FRU = "1.3.6.1.4.1.9.9.117.1"
MIB = "CISCO-ENTITY-FRU-CONTROL-MIB"
POWER_STATES = {
    1: "offEnvOther",
    2: "on",
    3: "offAdmin",
    4: "offDenied",
    5: "offEnvPower",
    6: "offEnvTemp",
    7: "offEnvFan",
    8: "failed",
    9: "onButFanFail",
    10: "offCooling",
    11: "offConnectorRating",
    12: "onButInlinePowerFail",
}
MODULE_STATES = {
    1: "unknown",
    2: "ok",
    3: "disabled",
    4: "okButDiagFailed",
    5: "boot",
    6: "selfTest",
    7: "failed",
    8: "missing",
    9: "mismatchWithParent",
    10: "mismatchConfig",
    11: "diagFailed",
    12: "dormant",
    13: "outOfServiceAdmin",
    14: "outOfServiceEnvTemp",
    15: "poweredDown",
    16: "poweredUp",
    17: "powerDenied",
    18: "powerCycled",
    19: "okButPowerOverWarning",
    20: "okButPowerOverCritical",
    21: "syncInProgress",
    22: "upgrading",
    23: "okButAuthFailed",
    24: "mdr",
    25: "fwMismatchFound",
    26: "fwDownloadSuccess",
    27: "fwDownloadFailure",
}
FAN_TRAY_STATES = {1: "unknown", 2: "up", 3: "down", 4: "warning"}
NAMES = (looked_up("_name", NAME, filled_text, at="_component"), instead(looked_up("_name", DESCR, filled_text, at="_component")))
INDEX = numbers("_component")

FRU_POWER = state_pack("cisco-fru-power", MIB, f"{FRU}.1.2.1.2", POWER_STATES, NAMES, index=INDEX)
FRU_MODULE = state_pack("cisco-fru-module", MIB, f"{FRU}.2.1.1.2", MODULE_STATES, NAMES, index=INDEX)
FRU_FAN_TRAY = state_pack("cisco-fru-fan-tray", MIB, f"{FRU}.4.1.1.1", FAN_TRAY_STATES, NAMES, index=INDEX, watches="fan")
