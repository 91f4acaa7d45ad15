"""The satellite receiver that routers of mobile networks take their time from: CISCO-GNSS-MIB."""

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS
from natvakt_agent.collectors.snmp.packs.scalar_sensors import Scalar, scalar_sensors

GNSS = "1.3.6.1.4.1.9.9.862.1"
LOCK = {1: "down", 2: "up"}
VISIBILITY = {1: "bad", 2: "good"}
ALARM = {1: "raise", 2: "clear"}

SATELLITE_RECEIVER = scalar_sensors(
    "cisco-gnss", "CISCO-GNSS-MIB",
    Scalar(f"{GNSS}.1", "GNSS lock", states=LOCK),
    Scalar(f"{GNSS}.5", "GNSS satellite visibility", states=VISIBILITY),
    Scalar(f"{GNSS}.6", "GNSS satellites tracked"),
    Scalar(f"{GNSS}.8", "GNSS antenna short circuit", states=ALARM),
    Scalar(f"{GNSS}.9", "GNSS antenna open circuit", states=ALARM),
    applies=CISCO_PRODUCTS,
)  # fmt: skip
