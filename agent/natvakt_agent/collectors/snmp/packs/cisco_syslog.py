"""Log messages that were lost on their way out of the device: CISCO-SYSLOG-MIB."""

from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS
from natvakt_agent.collectors.snmp.packs.scalar_sensors import Scalar, scalar_sensors

BASIC = "1.3.6.1.4.1.9.9.41.1.1"

LOST_MESSAGES = scalar_sensors(
    "cisco-syslog", "CISCO-SYSLOG-MIB",
    Scalar(f"{BASIC}.4", "syslog messages ignored"),
    Scalar(f"{BASIC}.5", "syslog messages dropped"),
    applies=CISCO_SYSTEMS,
)  # fmt: skip
