"""What the objects of the MIBs hold and what their indexes are made of: the knowledge that anonymising stands on, as data.

`KINDS` is by the longest OID that an object lies below; what no line names is `UNLISTED` and treated with suspicion. `INDEXES` is by the
OID of an entry (the OID above its columns). A test holds the packs against it: no text, address or identifier that the agent reads may be
unlisted.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from natvakt_agent.capture.kinds import Kind, Part
from natvakt_agent.capture.recording import Oid, oid_of

_CISCO = "1.3.6.1.4.1.9.9"
_AIRESPACE = "1.3.6.1.4.1.14179"
_LLDP = "1.0.8802.1.1.2.1"

_KINDS: Mapping[Kind, str] = {
    Kind.TECHNICAL: f"""
        {_LLDP}.3.4 lldpLocSysDesc; {_LLDP}.4.1.1.10 lldpRemSysDesc; 1.3.6.1.2.1.1.1 sysDescr; 1.3.6.1.2.1.1.2 sysObjectID
        1.3.6.1.2.1.1.9 sysORTable; 1.3.6.1.2.1.2.2.1.22 ifSpecific; 1.3.6.1.2.1.25.2.3.1 hrStorageEntry
        1.3.6.1.2.1.25.3.2.1 hrDeviceEntry; 1.3.6.1.2.1.33.1.1.1 upsIdentManufacturer; 1.3.6.1.2.1.33.1.1.2 upsIdentModel
        1.3.6.1.2.1.33.1.1.3 upsIdentUPSSoftwareVersion; 1.3.6.1.2.1.33.1.1.4 upsIdentAgentSoftwareVersion
        1.3.6.1.2.1.43.8.2.1.12 prtInputMediaName; 1.3.6.1.2.1.43.8.2.1.13 prtInputName
        1.3.6.1.2.1.43.11.1.1.6 prtMarkerSuppliesDescription; 1.3.6.1.2.1.47.1.1.1.1.2 entPhysicalDescr
        1.3.6.1.2.1.47.1.1.1.1.3 entPhysicalVendorType; 1.3.6.1.2.1.47.1.1.1.1.7 entPhysicalName
        1.3.6.1.2.1.47.1.1.1.1.8 entPhysicalHardwareRev; 1.3.6.1.2.1.47.1.1.1.1.9 entPhysicalFirmwareRev
        1.3.6.1.2.1.47.1.1.1.1.10 entPhysicalSoftwareRev; 1.3.6.1.2.1.47.1.1.1.1.12 entPhysicalMfgName
        1.3.6.1.2.1.47.1.1.1.1.13 entPhysicalModelName; 1.3.6.1.2.1.54.1.1.1.1.4 sysApplInstallPkgVersion; 1.3.6.1.4.1.9.2.1.2 whyReload
        1.3.6.1.4.1.9.6.1.101.53.14.1.2 rlPhdUnitGenParamSoftwareVersion
        1.3.6.1.4.1.9.6.1.101.53.14.1.7 rlPhdUnitGenParamModelName; 1.3.6.1.4.1.9.6.1.101.53.14.1.11 rlPhdUnitGenParamHardwareVersion
        1.3.6.1.4.1.9.6.1.101.83 CISCOSB-HWENVIROMENT; {_CISCO}.10 CISCO-FLASH-MIB; {_CISCO}.13 ENVMON
        {_CISCO}.23.1.2.1.1.5 cdpCacheVersion; {_CISCO}.23.1.2.1.1.7 cdpCacheDevicePort; {_CISCO}.23.1.2.1.1.8 cdpCachePlatform
        {_CISCO}.25 CISCO-IMAGE; {_CISCO}.48 MEMORY-POOL; {_CISCO}.63.1.2.2.1.1 port; {_CISCO}.109 CISCO-PROCESS-MIB
        {_CISCO}.117 FRU-CONTROL; {_CISCO}.147 CISCO-FIREWALL-MIB; {_CISCO}.156.1.1.2.1.4 ccmVersion
        {_CISCO}.156.1.1.8.1.3 ccmProductName; {_CISCO}.156.1.2.1.1.10 ccmPhoneLoadID; {_CISCO}.156.1.2.1.1.25 load
        {_CISCO}.221 ENHANCED-MEMPOOL; {_CISCO}.402 POWER-ETHERNET-EXT; {_CISCO}.439.1.2.6.1.2 state; {_CISCO}.439.1.2.6.1.8 firmware
        {_CISCO}.439.1.2.6.1.11 type; {_CISCO}.441.1.2.2 csrstVersion; {_CISCO}.449.1.4.1.1.6 cEigrpUpTime; {_CISCO}.500 STACKWISE
        {_CISCO}.543 LICENSE-MGMT; {_CISCO}.719.1.9.6.1.6 cucsComputeBoardModel; {_CISCO}.719.1.9.14.1.2 distinguished name
        {_CISCO}.719.1.9.35.1.32 cucsComputeRackUnitModel; {_CISCO}.719.1.9.44.1.2 distinguished name
        {_CISCO}.719.1.15.7.1.2 distinguished name; {_CISCO}.719.1.15.12.1.2 distinguished name
        {_CISCO}.719.1.15.13.1.2 distinguished name; {_CISCO}.719.1.15.56.1.2 distinguished name
        {_CISCO}.719.1.30.11.1.2 distinguished name; {_CISCO}.719.1.30.12.1.2 distinguished name
        {_CISCO}.719.1.41.2.1.2 distinguished name; {_CISCO}.719.1.41.9.1.2 distinguished name
        {_CISCO}.719.1.45.1.1.2 distinguished name; {_CISCO}.719.1.45.4.1.2 distinguished name
        {_CISCO}.719.1.45.8.1.2 distinguished name; {_CISCO}.719.1.45.11.1.2 distinguished name
        {_CISCO}.719.1.45.35.1.2 distinguished name; {_CISCO}.807 CISCO-VPC-MIB; {_CISCO}.831 SMART-LIC
        1.3.6.1.4.1.318.1.1.1.1.1.1 upsBasicIdentModel; 1.3.6.1.4.1.318.1.1.1.1.2.1 upsAdvIdentFirmwareRevision
        1.3.6.1.4.1.318.1.1.1.2.1.3 upsBasicBatteryLastReplaceDate; 1.3.6.1.4.1.2021.9 dskTable; {_AIRESPACE}.1.1.1.3 model
        {_AIRESPACE}.1.1.1.13 name; {_AIRESPACE}.1.1.1.14 version; {_AIRESPACE}.2.2.1.1.8 version; {_AIRESPACE}.2.2.1.1.16 model
    """,
    Kind.LABEL: f"""
        {_LLDP}.3.7.1.4 lldpLocPortDesc; {_LLDP}.4.1.1.8 lldpRemPortDesc; 1.3.6.1.2.1.2.2.1.2 ifDescr
        1.3.6.1.2.1.10.166.11.1.2.2.1.3 mplsL3VpnVrfDescription; 1.3.6.1.2.1.16 RMON-MIB; 1.3.6.1.2.1.17.7.1.4.3.1.1 dot1qVlanStaticName
        1.3.6.1.2.1.31.1.1.1.1 ifName; 1.3.6.1.2.1.31.1.1.1.18 ifAlias; 1.3.6.1.3.118.1.2.2.1.2 mplsVpnVrfDescription
        1.3.6.1.4.1.9.2.9.2.1.8 tsLineLoc; {_CISCO}.42.1.2.1.1.3 tag; {_CISCO}.42.1.2.2.1.15 url; {_CISCO}.46.1.3.1.1.4 vtpVlanName
        {_CISCO}.98.1.2.1.1.14 partner's port; {_CISCO}.63.1.2.3.1.4 session target
        {_CISCO}.156 CISCO-CCM-MIB; {_CISCO}.156.1.1.2.1.3 ccmDescription
        {_CISCO}.166 CISCO-CLASS-BASED-QOS-MIB; {_CISCO}.439 CISCO-CCME-MIB
    """,
    Kind.NAME: f"""
        {_LLDP}.3.3 lldpLocSysName; {_LLDP}.4.1.1.9 lldpRemSysName; 1.3.6.1.2.1.1.5 sysName
        1.3.6.1.2.1.10.18.6.1.8 dsx1CircuitIdentifier; 1.3.6.1.2.1.25.4.2.1.5 hrSWRunParameters; 1.3.6.1.2.1.33.1.1.5 upsIdentName
        1.3.6.1.2.1.33.1.1.6 upsIdentAttachedDevices; 1.3.6.1.2.1.43.5.1.1.16 prtGeneralPrinterName
        1.3.6.1.2.1.47.1.1.1.1.14 entPhysicalAlias; 1.3.6.1.2.1.47.1.1.1.1.15 entPhysicalAssetID
        1.3.6.1.2.1.47.1.1.1.1.18 entPhysicalUris; {_CISCO}.23.1.2.1.1.6 cdpCacheDeviceId; {_CISCO}.23.1.2.1.1.10 cdpCacheVTPMgmtDomain
        {_CISCO}.23.1.2.1.1.17 cdpCacheSysName; {_CISCO}.23.1.3.4 cdpGlobalDeviceId
        {_CISCO}.42.1.2.2.1.11 rttMonEchoAdminTargetAddressString; {_CISCO}.46.1.2.1.1.2 managementDomainName
        {_CISCO}.98.1.2.1.1.13 partner's name; {_CISCO}.156.1.1.2.1.2 ccmName
        {_CISCO}.156.1.1.2.1.8 cluster; {_CISCO}.156.1.2.1.1.20 ccmPhoneName; {_CISCO}.156.1.3.1.1.2 ccmGatewayName
        {_CISCO}.156.1.6.1.1.2 ccmMediaDeviceName; {_CISCO}.156.1.8.1.1.2 ccmCTIDeviceName; {_CISCO}.156.1.12.1.1.2 ccmVMailDevName
        {_CISCO}.156.1.14.1.1.2 ccmSIPDevName; {_CISCO}.168.1.2.1.1.31 cntpPeersPeerName; {_CISCO}.171 CISCO-IPSEC-FLOW-MONITOR-MIB
        {_CISCO}.439.1.2.6.1.1 phone; {_CISCO}.449.1.1.1.1.2 cEigrpVpnName; {_CISCO}.711.1.1.1.1.2 cvVrfName; {_CISCO}.831.0.6.2 account
        1.3.6.1.4.1.318.1.1.1.1.1.2 upsBasicIdentName; {_AIRESPACE}.2.2.1.1.3 bsnAPName
    """,
    Kind.PLACE: f"""
        1.3.6.1.2.1.1.6 sysLocation; {_AIRESPACE}.2.2.1.1.4 bsnAPLocation
    """,
    Kind.CONTACT: """
        1.3.6.1.2.1.1.4 sysContact
    """,
    Kind.USER: f"""
        1.3.6.1.4.1.9.2.9.2.1.18 tsLineUser; {_CISCO}.43.1.1.6.1.8 ccmHistoryEventTerminalUser; {_CISCO}.43.1.1.6.1.9 terminal location
        {_CISCO}.156.1.2.1.1.5 ccmPhoneUserName; {_CISCO}.392.1.3.21.1 crasSessionTable; {_AIRESPACE}.2.1.4.1.3 bsnMobileStationUserName
        1.3.6.1.6.3.15.1.2.2.1.3 usmUserSecurityName
    """,
    Kind.SSID: f"""
        {_AIRESPACE}.2.1.1.1.2 bsnDot11EssSsid; {_AIRESPACE}.2.1.4.1.7 bsnMobileStationSsid
    """,
    Kind.PHONE: """
        1.3.6.1.2.1.10.21.1.2.1.1.4 dialCtlPeerCfgOriginateAddress
    """,
    Kind.SERIAL: f"""
        1.3.6.1.2.1.43.5.1.1.17 prtGeneralSerialNumber; 1.3.6.1.2.1.47.1.1.1.1.11 entPhysicalSerialNum; 1.3.6.1.4.1.9.3.6.3 chassisId
        1.3.6.1.4.1.9.6.1.101.53.14.1.5 rlPhdUnitGenParamSerialNum; {_CISCO}.719.1.9.6.1.14 cucsComputeBoardSerial
        {_CISCO}.719.1.9.35.1.47 cucsComputeRackUnitSerial; 1.3.6.1.4.1.318.1.1.1.1.2.3 upsAdvIdentSerialNumber
        {_AIRESPACE}.1.1.1.4 agentInventorySerialNumber; {_AIRESPACE}.2.2.1.1.17 bsnAPSerialNumber
    """,
    Kind.COMMUNITY: """
        1.3.6.1.6.3.18.1.1.1.2 snmpCommunityName; 1.3.6.1.6.3.18.1.1.1.3 snmpCommunitySecurityName
    """,
    Kind.ADDRESS: f"""
        1.3.6.1.2.1.4.20 ipAddrTable; 1.3.6.1.2.1.14.10.1 ospfNbrEntry; 1.3.6.1.2.1.15 BGP4-MIB
        1.3.6.1.2.1.68.1.3.1.7 vrrpOperMasterIpAddr; 1.3.6.1.2.1.207.1.1.1.1.3 vrrpv3OperationsPrimaryIpAddr
        {_CISCO}.23.1.2.1.1.4 cdpCacheAddress; {_CISCO}.23.1.2.1.1.20 cdpCachePrimaryMgmtAddr
        {_CISCO}.23.1.2.1.1.22 cdpCacheSecondaryMgmtAddr; {_CISCO}.23.1.2.2.1.5 cdpCtAddress
        {_CISCO}.42.1.2.2.1.2 rttMonEchoAdminTargetAddress; {_CISCO}.42.1.2.2.1.6 rttMonEchoAdminSourceAddress
        {_CISCO}.106.1.2.1.1 cHsrpGrpEntry; {_CISCO}.156.1.1.2.1.7 address; {_CISCO}.156.1.2.1.1.6 ccmPhoneIpAddress
        {_CISCO}.156.1.2.1.1.15 address; {_CISCO}.156.1.2.1.1.21 v4; {_CISCO}.156.1.2.1.1.22 v6; {_CISCO}.156.1.3.1.1.8 address
        {_CISCO}.156.1.6.1.1.8 address; {_CISCO}.156.1.8.1.1.8 address; {_CISCO}.156.1.12.1.1.7 address; {_CISCO}.156.1.14.1.1.6 address
        {_CISCO}.168.1.2.1.1.3 cntpPeersPeerAddress; {_CISCO}.171.1.2.3.1.4 local; {_CISCO}.171.1.2.3.1.6 local
        {_CISCO}.171.1.2.3.1.7 peer's value; {_CISCO}.171.1.2.3.1.8 peer; {_CISCO}.171.1.3.2.1.4 local; {_CISCO}.171.1.3.2.1.5 peer
        {_CISCO}.187 CISCO-BGP4-MIB; {_CISCO}.439.1.1.43.1.3 address; {_CISCO}.441.1.2.4 csrstIPAddress
        {_CISCO}.449.1.4.1.1.3 cEigrpPeerAddr; {_AIRESPACE}.2.2.1.1.19 bsnApIpAddress
    """,
    Kind.MAC: f"""
        1.2.840.10006.300.43.1.1.1 dot3adAggEntry; 1.2.840.10006.300.43.1.2.1.1.3 system
        1.2.840.10006.300.43.1.2.1.1.8 partner's admin system; 1.2.840.10006.300.43.1.2.1.1.9 dot3adAggPortPartnerOperSystemID
        1.3.6.1.2.1.2.2.1.6 ifPhysAddress; 1.3.6.1.2.1.3.1.1.2 atPhysAddress; 1.3.6.1.2.1.4.22.1.2 ipNetToMediaPhysAddress
        1.3.6.1.2.1.4.35.1.4 ipNetToPhysicalPhysAddress; 1.3.6.1.2.1.17.1.1 dot1dBaseBridgeAddress
        1.3.6.1.2.1.17.4.3.1.1 dot1dTpFdbAddress; 1.3.6.1.2.1.17.7.1.2.2.1.1 dot1qTpFdbAddress
        1.3.6.1.2.1.68.1.3.1.2 vrrpOperVirtualMacAddr; 1.3.6.1.2.1.207.1.1.1.1.5 virtual MAC; {_CISCO}.106.1.2.1.1.16 virtual MAC
        {_CISCO}.156.1.2.1.1.2 ccmPhonePhysicalAddress; {_CISCO}.439.1.1.43.1.4 ephone's MAC; {_CISCO}.500.1.2.1.1.7 cswSwitchMacAddress
        {_AIRESPACE}.2.2.1.1.1 bsnAPDot3MacAddress
    """,
    Kind.IDENTIFIER: f"""
        {_LLDP}.3.2 lldpLocChassisId; {_LLDP}.3.7.1.3 lldpLocPortId; {_LLDP}.4.1.1.5 lldpRemChassisId; {_LLDP}.4.1.1.7 lldpRemPortId
    """,
    Kind.BRIDGE: """
        1.3.6.1.2.1.17.2.5 dot1dStpDesignatedRoot; 1.3.6.1.2.1.17.2.15.1.6 dot1dStpPortDesignatedRoot
        1.3.6.1.2.1.17.2.15.1.8 dot1dStpPortDesignatedBridge
    """,
    Kind.ENGINE: """
        1.3.6.1.6.3.10.2.1.1 snmpEngineID
    """,
    Kind.SECRET: """
        1.3.6.1.6.3.15.1.2.2.1.6 usmUserAuthKeyChange; 1.3.6.1.6.3.15.1.2.2.1.9 usmUserPrivKeyChange
    """,
    Kind.KEPT: f"""
        {_LLDP}.4.1.1.11 capabilities; {_LLDP}.4.1.1.12 capabilities; 1.2.840.10006.300.43.1.2.1.1.20 actor's admin state
        1.2.840.10006.300.43.1.2.1.1.21 actor's state; 1.2.840.10006.300.43.1.2.1.1.22 partner's admin state
        1.2.840.10006.300.43.1.2.1.1.23 partner's state; 1.3.6.1.2.1.17.2.15.1.9 designated port
        1.3.6.1.2.1.17.7.1.4.2.1 dot1qVlanCurrentEntry; 1.3.6.1.2.1.17.7.1.4.3.1 dot1qVlanStaticEntry; 1.3.6.1.2.1.25.1.2 hrSystemDate
        1.3.6.1.2.1.25.3.5.1.2 hrPrinterDetectedErrorState; 1.3.6.1.2.1.68.1.3.1 vrrpOperEntry
        {_CISCO}.23.1.2.1.1.9 cdpCacheCapabilities; {_CISCO}.46.1.6.1.1 vlanTrunkPortEntry; {_CISCO}.82 CISCO-STP-EXTENSIONS-MIB
        {_CISCO}.168.1.1 cntpSystem; {_CISCO}.168.1.2.1.1 cntpPeersVarEntry
    """,
    Kind.AS_NUMBER: f"""
        1.3.6.1.2.1.15.2 bgpLocalAs; 1.3.6.1.2.1.15.3.1.9 bgpPeerRemoteAs; {_CISCO}.187.1.1.1.1 cbgpLocalAs
        {_CISCO}.187.1.2.5.1.8 cbgpPeer2LocalAs; {_CISCO}.187.1.2.5.1.11 cbgpPeer2RemoteAs; {_CISCO}.187.1.2.9.1.10 cbgpPeer3LocalAs
        {_CISCO}.187.1.2.9.1.13 cbgpPeer3RemoteAs
    """,
}

_INDEXES: Mapping[tuple[Part, ...], str] = {
    (Part.V4,): f"""
        1.3.6.1.2.1.4.20.1 ipAddrEntry; 1.3.6.1.2.1.4.21.1 ipRouteEntry; 1.3.6.1.2.1.15.3.1 bgpPeerEntry; 1.3.6.1.2.1.14.2.1 ospfAreaEntry
        {_CISCO}.187.1.2.1.1 cbgpPeerEntry
    """,
    (Part.V4, Part.NUMBER): """
        1.3.6.1.2.1.7.5.1 udpEntry; 1.3.6.1.2.1.14.7.1 ospfIfEntry; 1.3.6.1.2.1.14.10.1 ospfNbrEntry; 1.3.6.1.2.1.14.8.1 ospfIfMetricEntry
        1.3.6.1.2.1.14.3.1 ospfStubAreaEntry
    """,
    (Part.V4, Part.NUMBER, Part.V4, Part.NUMBER): "1.3.6.1.2.1.6.13.1 tcpConnEntry",
    (Part.V4, Part.NUMBER, Part.V4): "1.3.6.1.2.1.15.6.1 bgp4PathAttrEntry",
    (Part.V4, Part.NUMBER, Part.V4, Part.V4): "1.3.6.1.2.1.14.4.1 ospfLsdbEntry",
    (Part.V4, Part.V4, Part.NUMBER, Part.V4): "1.3.6.1.2.1.4.24.4.1 ipCidrRouteEntry",
    (Part.NUMBER, Part.V4): "1.3.6.1.2.1.4.22.1 ipNetToMediaEntry",
    (Part.NUMBER, Part.NUMBER, Part.V4): "1.3.6.1.2.1.3.1.1 atEntry; 1.3.6.1.2.1.68.1.4.1 vrrpAssoIpAddrEntry",
    (Part.TYPED_ADDRESS,): f"""
        1.3.6.1.2.1.4.34.1 ipAddressEntry; 1.3.6.1.4.1.9.10.86.1.1.2.1 cIpAddressEntry; {_CISCO}.187.1.2.5.1 cbgpPeer2Entry
        {_CISCO}.187.1.2.7.1 cbgpPeer2AddrFamilyEntry; {_CISCO}.187.1.2.8.1 cbgpPeer2AddrFamilyPrefixEntry
    """,
    (Part.NUMBER, Part.TYPED_ADDRESS): f"""
        1.3.6.1.2.1.4.35.1 ipNetToPhysicalEntry; 1.3.6.1.2.1.4.32.1 ipAddressPrefixEntry; 1.3.6.1.2.1.4.37.1 ipDefaultRouterEntry
        1.3.6.1.4.1.9.10.86.1.1.1.1 cIpAddressPfxEntry; {_CISCO}.187.1.2.9.1 cbgpPeer3Entry
    """,
    (Part.NUMBER, Part.NUMBER, Part.TYPED_ADDRESS): "1.3.6.1.2.1.207.1.1.2.1 vrrpv3AssociatedIpAddrEntry",
    (Part.TYPED_ADDRESS, Part.NUMBER, Part.OID, Part.TYPED_ADDRESS): "1.3.6.1.2.1.4.24.7.1 inetCidrRouteEntry",
    (
        Part.TYPED_ADDRESS,
        Part.NUMBER,
        Part.TYPED_ADDRESS,
        Part.NUMBER,
    ): "1.3.6.1.2.1.6.19.1 tcpConnectionEntry; 1.3.6.1.2.1.7.7.1 udpEndpointEntry",
    (Part.TYPED_ADDRESS, Part.NUMBER): "1.3.6.1.2.1.6.20.1 tcpListenerEntry",
    (Part.NUMBER, Part.NUMBER, Part.NUMBER, Part.NUMBER, Part.ADDRESS): f"{_LLDP}.4.2.1 lldpRemManAddrEntry",
    (Part.NUMBER, Part.ADDRESS): f"{_LLDP}.3.8.1 lldpLocManAddrEntry",
    (Part.MAC,): f"""
        1.3.6.1.2.1.17.4.3.1 dot1dTpFdbEntry; {_AIRESPACE}.2.2.1.1 bsnAPEntry; {_AIRESPACE}.2.1.4.1 bsnMobileStationEntry
        {_AIRESPACE}.2.2.2.1 bsnAPIfEntry; {_AIRESPACE}.2.2.13.1 bsnAPIfLoadParametersEntry; {_AIRESPACE}.2.2.14.1 channel interference
        {_AIRESPACE}.2.2.15.1 channel noise; {_AIRESPACE}.2.2.6.1 counters; {_AIRESPACE}.2.2.16.1 profile state
        {_CISCO}.513.1.1.1.1 cLApEntry; {_CISCO}.513.1.2.1.1 cLApDot11IfEntry; {_CISCO}.599.1.3.1.1 cldcClientEntry
    """,
    (Part.NUMBER, Part.MAC): """
        1.3.6.1.2.1.17.7.1.2.2.1 dot1qTpFdbEntry; 1.3.6.1.2.1.17.7.1.2.3.1 dot1qTpGroupEntry; 1.3.6.1.2.1.17.7.1.3.1.1 static unicast
    """,
    (Part.NUMBER, Part.SSID, Part.MAC): f"{_CISCO}.273.1.2.1.1 cDot11ClientConfigInfoEntry; {_CISCO}.273.1.3.1.1 statistics",
    (Part.NAME, Part.NUMBER): "1.3.6.1.2.1.10.166.11.1.2.1.1 mplsL3VpnIfConfEntry",
    (Part.NAME,): "1.3.6.1.2.1.10.166.11.1.2.2.1 mplsL3VpnVrfEntry; 1.3.6.1.3.118.1.2.2.1 mplsVpnVrfEntry",
    (Part.USER, Part.NUMBER): f"{_CISCO}.392.1.3.21.1 crasSessionEntry",
    (Part.NUMBER, Part.NAME, Part.NUMBER, Part.NAME, Part.NUMBER): f"{_CISCO}.171.1.2.2.1 cikePeerEntry",
    (Part.ENGINE, Part.USER): "1.3.6.1.6.3.15.1.2.2.1 usmUserEntry",
    (Part.NUMBER, Part.USER): "1.3.6.1.6.3.16.1.2.1 vacmSecurityToGroupEntry",
    (Part.NAME, Part.NAME, Part.NUMBER, Part.NUMBER): "1.3.6.1.6.3.16.1.4.1 vacmAccessEntry",
    (Part.NAME, Part.OID): "1.3.6.1.6.3.16.1.5.2.1 vacmViewTreeFamilyEntry",
    (Part.NAME_TO_END,): """
        1.3.6.1.6.3.18.1.1.1 snmpCommunityEntry; 1.3.6.1.6.3.12.1.2.1 snmpTargetAddrEntry; 1.3.6.1.6.3.12.1.3.1 snmpTargetParamsEntry
        1.3.6.1.6.3.13.1.1.1 snmpNotifyEntry; 1.3.6.1.6.3.13.1.2.1 snmpNotifyFilterProfileEntry; 1.3.6.1.6.3.18.1.2.1 snmpTargetAddrExtEntry
    """,
}

_DEEPEST = 32


def _rows(block: str) -> Iterator[Oid]:
    for row in block.replace("\n", ";").split(";"):
        if row.strip():
            yield oid_of(row.split(maxsplit=1)[0])


KINDS: Mapping[Oid, Kind] = MappingProxyType({oid: kind for kind, block in _KINDS.items() for oid in _rows(block)})
INDEXES: Mapping[Oid, tuple[Part, ...]] = MappingProxyType({oid: parts for parts, block in _INDEXES.items() for oid in _rows(block)})


def kind_of(oid: Oid) -> Kind:
    """What the object holds, by the longest OID of `KINDS` that it lies below."""
    for length in range(min(len(oid), _DEEPEST), 0, -1):
        kind = KINDS.get(oid[:length])
        if kind is not None:
            return kind
    return Kind.UNLISTED


def entry_of(oid: Oid) -> Oid | None:
    """The entry whose index is listed and that the object lies below."""
    for length in range(min(len(oid) - 2, _DEEPEST), 0, -1):
        if oid[:length] in INDEXES:
            return oid[:length]
    return None
