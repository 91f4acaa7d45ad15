"""The cellular modem of a router beyond its radio (which `wireless.py` has): CISCO-WAN-3G-MIB, CISCO-WAN-CELL-EXT-MIB."""

from dataclasses import replace

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, looked_up, numbers
from natvakt_agent.collectors.snmp.packs.counting import number_pack
from natvakt_agent.collectors.snmp.packs.entity import NAME
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import filled_text

WAN_3G = "1.3.6.1.4.1.9.9.661.1"
GSM = f"{WAN_3G}.3"
LTE_BAND = "1.3.6.1.4.1.9.9.817.1.1.1.1.1.6"  # cwceLteCurrOperatingBand
MIB, LTE_MIB = "CISCO-WAN-3G-MIB", "CISCO-WAN-CELL-EXT-MIB"
MODEM = {1: "unknown", 2: "offLine", 3: "onLine", 4: "lowPowerMode"}
PACKET_SERVICE = {
    1: "unknown", 2: "none", 3: "gprs", 4: "edge", 5: "umtsWcdma", 6: "hsdpa", 7: "hsupa", 8: "hspa", 9: "hspaPlus", 10: "lteFdd",
    11: "lteTdd",
}  # fmt: skip
ROAMING = {1: "unknown", 2: "roaming", 3: "home"}
BANDS = {
    1: "unknown", 2: "invalid", 3: "none", 4: "gsm850", 5: "gsm900", 6: "gsm1800", 7: "gsm1900", 8: "wcdma800", 9: "wcdma850",
    10: "wcdma1900", 11: "wcdma2100", 12: "lteBand",
}  # fmt: skip
SIM = {
    1: "unknown", 2: "ok", 3: "notInserted", 4: "removed", 5: "initFailure", 6: "generalFailure", 7: "locked", 8: "chv1Blocked",
    9: "chv2Blocked", 10: "chv1Rejected", 11: "chv2Rejected", 12: "mepLocked", 13: "networkRejected",
}  # fmt: skip
NAMES = (looked_up("_name", NAME, filled_text, at="_modem"),)
INDEX = numbers("_modem")

MODEM_STATE = state_pack("cellular-modem", MIB, f"{GSM}.1.1.6", MODEM, NAMES, title="modem", index=INDEX, applies=CISCO_PRODUCTS)
OF_A_MODEM = (
    state_pack("cellular-service", MIB, f"{GSM}.2.1.5", PACKET_SERVICE, NAMES, title="packet service", index=INDEX),
    state_pack("cellular-roaming", MIB, f"{GSM}.2.1.6", ROAMING, NAMES, title="roaming", index=INDEX),
    state_pack("cellular-band", MIB, f"{GSM}.4.1.1.3", BANDS, NAMES, title="band", index=INDEX),
    state_pack("cellular-sim", MIB, f"{GSM}.5.1.1.2", SIM, NAMES, title="SIM", index=INDEX),
    number_pack("cellular-nearby", MIB, f"{GSM}.4.1.1.5", "nearby cells", names=NAMES, index=INDEX),
    number_pack("cellular-temperature", MIB, f"{WAN_3G}.1.1.12", "modem temperature", "temperature", "celsius", NAMES, index=INDEX),
    number_pack("cellular-lte-band", LTE_MIB, LTE_BAND, "LTE band", names=NAMES, index=INDEX),
)
CELLULAR_PACKS = (MODEM_STATE, *(replace(pack, only_with=(MODEM_STATE.name,), applies=CISCO_PRODUCTS) for pack in OF_A_MODEM))
