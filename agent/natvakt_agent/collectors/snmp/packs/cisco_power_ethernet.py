"""What Cisco adds to POWER-ETHERNET-MIB: exact power of each supply and how many devices draw it (CISCO-POWER-ETHERNET-EXT-MIB)."""

from natvakt_agent.collectors.snmp.pack import document
from natvakt_agent.collectors.snmp.packs.counting import number_pack
from natvakt_agent.collectors.snmp.reading import filled_text, scaled

MAIN = "1.3.6.1.4.1.9.9.402.1.3.1"
MIB = "CISCO-POWER-ETHERNET-EXT-MIB"
NAMES = (document("_name", f"{MAIN}.2", filled_text),)
milliwatts = scaled(0.001)

POE_USED = number_pack("cisco-poe-used", MIB, f"{MAIN}.4", "PoE consumed", "power", "watt", NAMES, read=milliwatts)
POE_REMAINING = number_pack("cisco-poe-remaining", MIB, f"{MAIN}.5", "PoE remaining", "power", "watt", NAMES, read=milliwatts)
POE_DEVICES = number_pack("cisco-poe-devices", MIB, "1.3.6.1.4.1.9.9.402.1.4.1", "PoE devices connected", scalar=True)
