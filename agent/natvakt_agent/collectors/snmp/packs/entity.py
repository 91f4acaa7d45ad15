"""What the device is made of: ENTITY-MIB (RFC 6933)."""

from natvakt_agent.collectors.snmp.pack import Pack, document, numbers
from natvakt_agent.collectors.snmp.reading import filled_text, text, truth, words

PHYSICAL = "1.3.6.1.2.1.47.1.1.1.1"
DESCR, CONTAINED_IN, NAME = f"{PHYSICAL}.2", f"{PHYSICAL}.4", f"{PHYSICAL}.7"
CLASSES = {
    1: "other", 2: "unknown", 3: "chassis", 4: "backplane", 5: "container", 6: "powerSupply", 7: "fan", 8: "sensor", 9: "module",
    10: "port", 11: "stack", 12: "cpu", 13: "energyObject", 14: "battery", 15: "storageDrive",
}  # fmt: skip

ENTITY = Pack(
    name="entity",
    mib="ENTITY-MIB",
    table="component",
    index=numbers("index"),
    columns=(
        document("class", f"{PHYSICAL}.5", words(CLASSES)),
        document("model", f"{PHYSICAL}.13", filled_text),
        document("serial", f"{PHYSICAL}.11", filled_text),
        document("name", NAME, text),
        document("descr", DESCR, text),
        document("hardware_version", f"{PHYSICAL}.8", filled_text),
        document("firmware_version", f"{PHYSICAL}.9", filled_text),
        document("software_version", f"{PHYSICAL}.10", filled_text),
        document("contained_in", CONTAINED_IN),
        document("is_fru", f"{PHYSICAL}.16", truth),
    ),
)
