"""When the configuration was changed and saved: CISCO-CONFIG-MAN-MIB. The values are the sysUpTime of each moment, in seconds.

Running changed after it was last saved means that a restart would lose something. Zero: not since the device started.
"""

from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Pack, fixed, series
from natvakt_agent.collectors.snmp.reading import ticks

HISTORY = "1.3.6.1.4.1.9.9.43.1.1"

CONFIGURATION_CHANGES = Pack(
    name="cisco-configuration-changes",
    mib="CISCO-CONFIG-MAN-MIB",
    table="configchange",
    index=fixed(),
    columns=(
        series("ccmHistoryRunningLastChanged", f"{HISTORY}.1", ticks),
        series("ccmHistoryRunningLastSaved", f"{HISTORY}.2", ticks),
        series("ccmHistoryStartupLastChanged", f"{HISTORY}.3", ticks),
    ),
    applies=CISCO_SYSTEMS,
    scalar=True,
)
