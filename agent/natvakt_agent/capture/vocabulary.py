"""Words that say what equipment is and does, and nothing about whose it is: names of interfaces, of parts, of protocols, of units."""

import re

_WORDS_AS_TEXT = """
    adaptive appliance security appgigabitethernet async atm bluetooth bri bundle cellular control cpu dialer embedded engine
    ethersvi fastethernet fiveggigabitethernet fivegigabitethernet fortygige fortygigabitethernet fxo fxs gigabitethernet gige
    hundredgige hundredgigabitethernet intel ethernet nvi nvgre pos pri port-channel portchannel ptp pseudowire stack stackport
    stacksub supervisor tengige tengigabitethernet twentyfivegige twogigabitethernet unrouted vasileft vasiright vbi
    virtualportgroup voice voip wlan bvi dot11radio radio virtual-template mgmteth mgmteth0 cpu0 rp rp0 rp1 rsp0 rsp1 lo vl po gi
    te fa eth fo twe tw hu et tu nu se ap bdi lan wan oob ucse wl adapter controller connection pseudo teredo isatap miniport
    kernel debug filter qos scheduler wfp lightweight native layer standard desktop family pci express mbit gbit vmxnet vmxnet3
    ens eno enp bond br docker veth tun tap ppp sit loopback default class queueing policing shaping marking af af11 af21 af31
    af41 ef cs cs1 cs2 cs3 cs4 cs5 cs6 cs7 dscp cos fddi trnet trbrf tokenring crf brf nonexistent signalling signaling bulk
    scavenger critical realtime video best effort limit rate ftp sftp rtp sip h323 mgcp sccp skinny fax modem sparse dense channel
    group phone phones trunk printer printers access distribution data media carrier color colour laser power ether mgmt parking
    guest iot camera cameras servers storage backup replication vmotion heartbeat failover keepalive station stations analog
    conference transcoder bridge announcement moh annunciator call unified communications publisher subscriber auto unit module
    blade chassis fan fans psu supply sensor temperature inlet outlet hotspot exhaust board system memory disk drive volume cache
    processor core rack array dimm slot bay front rear left right top middle bottom gigabit ten forty hundred megabit optic optics
    sfp qsfp transceiver copper fiber lag lacp pagp vpc peer link member aggregate port ports ipv4 ipv6 dns enum ras sip-server
    settlement
"""
_WORDS = frozenset(_WORDS_AS_TEXT.split())
_PRODUCTS_AS_TEXT = """
    aci aireos aironet apc apic asa asr aws axis azure callmanager catalyst catos cbs cimc cisco ciscoasa cme cucm cuc debian
    ethernet extreme finesse firepower fmc fortinet ftd fxos hp hpe huawei hyper-v imc ios iosxe iosxr ise isr juniper linksys
    linux linuxiosd meraki microsoft mikrotik netgear nexus nxos pix prime redhat router smart-ups srst switch tplink ubiquiti
    ubuntu ucce uccx ucos ucs unity vedge viptela vmware vss wap webex windows wlc example
"""
_PRODUCTS = frozenset(_PRODUCTS_AS_TEXT.split())
_NUMBERED = re.compile(
    r"(?:[a-z]{1,4}|vlan|port|group|channel|slot|unit|switch|stack|module|line|tty|vty|eth|ens|eno|enp|bond|tunnel|loopback|trunk|class|"
    r"gigabitethernet|tengige|ether|fortygige|fastethernet|tengigabitethernet|ethernet|serial|bundle|mgmteth|rsp|cpu|dot11radio|cellular|nve|bdi|bvi|fc|xe|ge|"
    r"appgigabitethernet|twentyfivegige|hundredgige|fortygige|stacksub|stackport|supervisor|dialer|virtual|wlan|vrf|dot1q|isdn|bri|pri)"
    r"\d{1,4}"
)


def is_product(run: str) -> bool:
    """Whether a run names a product, a vendor or, as `example` does, nobody (RFC 2606)."""
    return run.lower() in _PRODUCTS


def is_technical(run: str) -> bool:
    """Whether a run of letters and digits is such a word, or one with a short number (`Vlan10`, `Gi1`)."""
    plain = run.lower()
    return plain in _WORDS or plain in _PRODUCTS or len(plain) == 1 or _NUMBERED.fullmatch(plain) is not None
