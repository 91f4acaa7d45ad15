"""Notifications by name, as data: what their OID is called, how grave they are, and the names of the objects they carry.

Severities are RFC 5424's. Sources: SNMPv2-MIB, IF-MIB, ENTITY-MIB, BRIDGE-MIB, BGP4-MIB, OSPF-TRAP-MIB, RMON-MIB, UPS-MIB and
Cisco's MIBs of the names given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

EMERGENCY, ALERT, CRITICAL, ERROR, WARNING, NOTICE, INFORMATIONAL, DEBUG = range(8)


@dataclass(frozen=True, slots=True)
class Known:
    name: str
    severity: int
    mib: str


def _of(mib: str, base: str, **entries: tuple[str, int]) -> dict[str, Known]:
    """`entries`: name = (what stands behind `base`, severity)."""
    return {f"{base}.{tail}": Known(name, severity, mib) for name, (tail, severity) in entries.items()}


CISCO = "1.3.6.1.4.1.9.9"
NOTIFICATIONS: Mapping[str, Known] = MappingProxyType(
    _of(
        "SNMPv2-MIB",
        "1.3.6.1.6.3.1.1.5",
        coldStart=("1", WARNING),
        warmStart=("2", WARNING),
        linkDown=("3", ERROR),
        linkUp=("4", NOTICE),
        authenticationFailure=("5", WARNING),
        egpNeighborLoss=("6", ERROR),
    )
    | _of("ENTITY-MIB", "1.3.6.1.2.1.47.2.0", entConfigChange=("1", NOTICE))
    | _of("BRIDGE-MIB", "1.3.6.1.2.1.17.0", newRoot=("1", WARNING), topologyChange=("2", NOTICE))
    | _of("BGP4-MIB", "1.3.6.1.2.1.15.7", bgpEstablished=("1", NOTICE), bgpBackwardTransition=("2", ERROR))
    | _of("BGP4-MIB", "1.3.6.1.2.1.15.0", bgpEstablishedNotification=("1", NOTICE), bgpBackwardTransNotification=("2", ERROR))
    | _of(
        "OSPF-TRAP-MIB",
        "1.3.6.1.2.1.14.16.2",
        ospfVirtIfStateChange=("1", WARNING),
        ospfNbrStateChange=("2", WARNING),
        ospfVirtNbrStateChange=("3", WARNING),
        ospfIfConfigError=("4", ERROR),
        ospfVirtIfConfigError=("5", ERROR),
        ospfIfAuthFailure=("6", ERROR),
        ospfVirtIfAuthFailure=("7", ERROR),
        ospfIfStateChange=("16", WARNING),
    )
    | _of("RMON-MIB", "1.3.6.1.2.1.16.0", risingAlarm=("1", WARNING), fallingAlarm=("2", NOTICE))
    | _of("VRRP-MIB", "1.3.6.1.2.1.68.0", vrrpTrapNewMaster=("1", WARNING), vrrpTrapAuthFailure=("2", ERROR))
    | _of(
        "UPS-MIB",
        "1.3.6.1.2.1.33.2",
        upsTrapOnBattery=("1", CRITICAL),
        upsTrapTestCompleted=("2", NOTICE),
        upsTrapAlarmEntryAdded=("3", WARNING),
        upsTrapAlarmEntryRemoved=("4", NOTICE),
    )
    | _of("POWER-ETHERNET-MIB", "1.3.6.1.2.1.105.0", pethPsePortOnOffNotification=("1", NOTICE))
    | _of("POWER-ETHERNET-MIB", "1.3.6.1.2.1.105.0", pethMainPowerUsageOnNotification=("2", WARNING))
    | _of("POWER-ETHERNET-MIB", "1.3.6.1.2.1.105.0", pethMainPowerUsageOffNotification=("3", NOTICE))
    | _of("CISCO-GENERAL-TRAPS", "1.3.6.1.4.1.9.0", reload=("0", WARNING), tcpConnectionClose=("1", INFORMATIONAL))
    | _of("CISCO-CONFIG-MAN-MIB", f"{CISCO}.43.2.0", ciscoConfigManEvent=("1", NOTICE), ccmCLIRunningConfigChanged=("2", NOTICE))
    | _of("CISCO-CONFIG-MAN-MIB", f"{CISCO}.43.2.0", ccmCTIDRolledOver=("3", NOTICE))
    | _of(
        "CISCO-ENVMON-MIB",
        f"{CISCO}.13.3.0",
        ciscoEnvMonShutdownNotification=("1", CRITICAL),
        ciscoEnvMonVoltageNotification=("2", ERROR),
        ciscoEnvMonTemperatureNotification=("3", ERROR),
        ciscoEnvMonFanNotification=("4", ERROR),
        ciscoEnvMonRedundantSupplyNotification=("5", ERROR),
        ciscoEnvMonVoltStatusChangeNotif=("6", ERROR),
        ciscoEnvMonTempStatusChangeNotif=("7", ERROR),
        ciscoEnvMonFanStatusChangeNotif=("8", ERROR),
        ciscoEnvMonSuppStatusChangeNotif=("9", ERROR),
    )
    | _of(
        "CISCO-ENTITY-FRU-CONTROL-MIB",
        f"{CISCO}.117.2.0",
        cefcModuleStatusChange=("1", WARNING),
        cefcPowerStatusChange=("2", ERROR),
        cefcFRUInserted=("3", NOTICE),
        cefcFRURemoved=("4", WARNING),
        cefcUnrecognizedFRU=("5", WARNING),
        cefcFanTrayStatusChange=("6", ERROR),
    )
    | _of("CISCO-ENTITY-SENSOR-MIB", f"{CISCO}.91.2.0", entSensorThresholdNotification=("1", WARNING))
    | _of("CISCO-HSRP-MIB", f"{CISCO}.106.2.0", cHsrpStateChange=("1", WARNING))
    | _of("CISCO-BGP4-MIB", f"{CISCO}.187.0", cbgpFsmStateChange=("1", WARNING), cbgpBackwardTransition=("2", ERROR))
    | _of("CISCO-BGP4-MIB", f"{CISCO}.187.0", cbgpPrefixThresholdExceeded=("3", WARNING), cbgpPrefixThresholdClear=("4", NOTICE))
    | _of(
        "CISCO-BGP4-MIB", f"{CISCO}.187.0", cbgpPeer2EstablishedNotification=("5", NOTICE), cbgpPeer2BackwardTransNotification=("6", ERROR)
    )
    | _of("CISCO-EIGRP-MIB", f"{CISCO}.449.0", cEigrpAuthFailureEvent=("1", ERROR), cEigrpRouteStuckInActive=("2", ERROR))
    | _of("CISCO-EIGRP-MIB", f"{CISCO}.449.0", cEigrpNbrDownEvent=("3", ERROR))
    | _of("CISCO-SYSLOG-MIB", f"{CISCO}.41.2.0", clogMessageGenerated=("1", NOTICE))
    | _of("CISCO-STP-EXTENSIONS-MIB", f"{CISCO}.82.2.0", stpxInconsistencyUpdate=("1", ERROR))
    | _of("CISCO-STP-EXTENSIONS-MIB", f"{CISCO}.82.2.0", stpxRootInconsistencyUpdate=("2", ERROR), stpxLoopInconsistencyUpdate=("3", ERROR))
    | _of("CISCO-VTP-MIB", f"{CISCO}.46.2.0", vtpConfigRevNumberError=("1", ERROR), vtpConfigDigestError=("2", ERROR))
    | _of("CISCO-VTP-MIB", f"{CISCO}.46.2.0", vlanTrunkPortDynamicStatusChange=("7", NOTICE), vtpVlanCreated=("10", NOTICE))
    | _of("CISCO-VTP-MIB", f"{CISCO}.46.2.0", vtpVlanDeleted=("11", NOTICE))
    | _of("CISCO-PORT-SECURITY-MIB", f"{CISCO}.315.0", cpsSecureMacAddrViolation=("1", ERROR), cpsTrunkSecureMacAddrViolation=("2", ERROR))
    | _of("CISCO-ERR-DISABLE-MIB", f"{CISCO}.548.0.1", cErrDisableInterfaceEventRev1=("2", ERROR))
    | _of("CISCO-STACKWISE-MIB", f"{CISCO}.500.0.0", cswStackPortChange=("1", ERROR), cswStackNewMaster=("2", WARNING))
    | _of("CISCO-STACKWISE-MIB", f"{CISCO}.500.0.0", cswStackNewMember=("4", NOTICE), cswStackMemberRemoved=("5", ERROR))
    | _of("CISCO-RF-MIB", f"{CISCO}.176.2.0", ciscoRFSwactNotif=("1", WARNING), ciscoRFProgressionNotif=("2", NOTICE))
    | _of("CISCO-PROCESS-MIB", f"{CISCO}.109.2.0", cpmCPURisingThreshold=("1", WARNING), cpmCPUFallingThreshold=("2", NOTICE))
    | _of(
        "CISCO-RTTMON-MIB", f"{CISCO}.42.2.0", rttMonConnectionChangeNotification=("1", WARNING), rttMonTimeoutNotification=("2", WARNING)
    )
    | _of("CISCO-RTTMON-MIB", f"{CISCO}.42.2.0", rttMonThresholdNotification=("3", WARNING), rttMonNotification=("5", WARNING))
    | _of("CISCO-IPSEC-FLOW-MONITOR-MIB", f"{CISCO}.171.2.0", cikeTunnelStart=("1", NOTICE), cikeTunnelStop=("2", WARNING))
    | _of("CISCO-IPSEC-FLOW-MONITOR-MIB", f"{CISCO}.171.2.0", cipSecTunnelStart=("7", NOTICE), cipSecTunnelStop=("8", WARNING))
)

OBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "1.3.6.1.2.1.1.3": "sysUpTime",
        "1.3.6.1.2.1.2.2.1.1": "ifIndex",
        "1.3.6.1.2.1.2.2.1.2": "ifDescr",
        "1.3.6.1.2.1.2.2.1.3": "ifType",
        "1.3.6.1.2.1.2.2.1.7": "ifAdminStatus",
        "1.3.6.1.2.1.2.2.1.8": "ifOperStatus",
        "1.3.6.1.2.1.31.1.1.1.1": "ifName",
        "1.3.6.1.2.1.31.1.1.1.18": "ifAlias",
        "1.3.6.1.4.1.9.2.2.1.1.20": "locIfReason",
        "1.3.6.1.4.1.9.2.1.2": "whyReload",
        "1.3.6.1.4.1.9.2.1.5": "authAddr",
        "1.3.6.1.2.1.15.3.1.2": "bgpPeerState",
        "1.3.6.1.2.1.15.3.1.7": "bgpPeerRemoteAddr",
        "1.3.6.1.2.1.15.3.1.14": "bgpPeerLastError",
        "1.3.6.1.2.1.14.1.1": "ospfRouterId",
        "1.3.6.1.2.1.14.10.1.1": "ospfNbrIpAddr",
        "1.3.6.1.2.1.14.10.1.3": "ospfNbrRtrId",
        "1.3.6.1.2.1.14.10.1.6": "ospfNbrState",
        "1.3.6.1.2.1.14.7.1.1": "ospfIfIpAddress",
        "1.3.6.1.2.1.14.7.1.12": "ospfIfState",
        f"{CISCO}.187.1.2.1.1.7": "cbgpPeerLastErrorTxt",
        f"{CISCO}.187.1.2.1.1.8": "cbgpPeerPrevState",
        f"{CISCO}.106.1.2.1.1.15": "cHsrpGrpStandbyState",
        f"{CISCO}.43.1.1.6.1.3": "ccmHistoryEventCommandSource",
        f"{CISCO}.43.1.1.6.1.4": "ccmHistoryEventConfigSource",
        f"{CISCO}.43.1.1.6.1.5": "ccmHistoryEventConfigDestination",
        f"{CISCO}.43.1.1.6.1.8": "ccmHistoryEventTerminalUser",
        f"{CISCO}.43.1.1.1": "ccmHistoryRunningLastChanged",
        f"{CISCO}.43.1.1.6.1.6": "ccmHistoryEventTerminalType",
        f"{CISCO}.41.1.2.3.1.2": "clogHistFacility",
        f"{CISCO}.41.1.2.3.1.3": "clogHistSeverity",
        f"{CISCO}.41.1.2.3.1.4": "clogHistMsgName",
        f"{CISCO}.41.1.2.3.1.5": "clogHistMsgText",
        f"{CISCO}.41.1.2.3.1.6": "clogHistTimestamp",
        f"{CISCO}.13.1.2.1.2": "ciscoEnvMonVoltageStatusDescr",
        f"{CISCO}.13.1.2.1.7": "ciscoEnvMonVoltageState",
        f"{CISCO}.13.1.3.1.2": "ciscoEnvMonTemperatureStatusDescr",
        f"{CISCO}.13.1.3.1.3": "ciscoEnvMonTemperatureStatusValue",
        f"{CISCO}.13.1.3.1.6": "ciscoEnvMonTemperatureState",
        f"{CISCO}.13.1.4.1.2": "ciscoEnvMonFanStatusDescr",
        f"{CISCO}.13.1.4.1.3": "ciscoEnvMonFanState",
        f"{CISCO}.13.1.5.1.2": "ciscoEnvMonSupplyStatusDescr",
        f"{CISCO}.13.1.5.1.3": "ciscoEnvMonSupplyState",
        f"{CISCO}.117.1.1.2.1.2": "cefcFRUPowerOperStatus",
        f"{CISCO}.117.1.2.1.1.2": "cefcModuleOperStatus",
        f"{CISCO}.117.1.4.1.1.1": "cefcFanTrayOperStatus",
        "1.3.6.1.2.1.47.1.1.1.1.2": "entPhysicalDescr",
        "1.3.6.1.2.1.47.1.1.1.1.7": "entPhysicalName",
        f"{CISCO}.548.1.3.1.1.2": "cErrDisableIfStatusCause",
        f"{CISCO}.315.1.2.1.1.10": "cpsIfSecureLastMacAddress",
    }
)

STATES: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "ifAdminStatus": {1: "up", 2: "down", 3: "testing"},
        "ifOperStatus": {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"},
        "bgpPeerState": {1: "idle", 2: "connect", 3: "active", 4: "opensent", 5: "openconfirm", 6: "established"},
        "cbgpPeerPrevState": {0: "none", 1: "idle", 2: "connect", 3: "active", 4: "opensent", 5: "openconfirm", 6: "established"},
        "ospfNbrState": {1: "down", 2: "attempt", 3: "init", 4: "twoWay", 5: "exchangeStart", 6: "exchange", 7: "loading", 8: "full"},
        "ospfIfState": {
            1: "down", 2: "loopback", 3: "waiting", 4: "pointToPoint", 5: "designatedRouter", 6: "backupDesignatedRouter",
            7: "otherDesignatedRouter",
        },
        "cHsrpGrpStandbyState": {1: "initial", 2: "learn", 3: "listen", 4: "speak", 5: "standby", 6: "active"},
        "ccmHistoryEventCommandSource": {1: "commandLine", 2: "snmp"},
        "ccmHistoryEventConfigSource": {
            1: "erase", 2: "commandSource", 3: "running", 4: "startup", 5: "local", 6: "networkTftp", 7: "networkRcp", 8: "networkFtp",
            9: "networkScp",
        },
        "ccmHistoryEventConfigDestination": {
            1: "erase", 2: "commandSource", 3: "running", 4: "startup", 5: "local", 6: "networkTftp", 7: "networkRcp", 8: "networkFtp",
            9: "networkScp",
        },
        "ccmHistoryEventTerminalType": {
            1: "notApplicable", 2: "unknown", 3: "console", 4: "terminal", 5: "virtual", 6: "auxiliary",
        },
    }
    | {
        f"ciscoEnvMon{part}State": {1: "normal", 2: "warning", 3: "critical", 4: "shutdown", 5: "notPresent", 6: "notFunctioning"}
        for part in ("Voltage", "Temperature", "Fan", "Supply")
    }
)  # fmt: skip
