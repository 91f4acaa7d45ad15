"""What keeps a network in one piece when something breaks: HSRP groups (CISCO-HSRP-MIB) and REP segments, each as a state."""

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, CISCO_SYSTEMS, document, numbers
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import address

HSRP_GROUP = "1.3.6.1.4.1.9.9.106.1.2.1.1"
SEGMENT_COMPLETE = "1.3.6.1.4.1.9.9.601.1.3.1.1.4"  # crepSegmentComplete
HSRP_STATES = {1: "initial", 2: "learn", 3: "listen", 4: "speak", 5: "standby", 6: "active"}
COMPLETE = {1: "complete", 2: "incomplete"}  # TruthValue

HSRP_STATE = state_pack(
    "cisco-hsrp-state", "CISCO-HSRP-MIB", f"{HSRP_GROUP}.15", HSRP_STATES, (document("_name", f"{HSRP_GROUP}.11", address),),
    title="HSRP", index=numbers("_ifIndex", "_group"), applies=CISCO_SYSTEMS,
)  # fmt: skip
REP_SEGMENT = state_pack(
    "cisco-rep-segment", "CISCO-RESILIENT-ETHERNET-PROTOCOL-MIB", SEGMENT_COMPLETE, COMPLETE, title="REP segment",
    index=numbers("_name"), applies=CISCO_PRODUCTS,
)  # fmt: skip
