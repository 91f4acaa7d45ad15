"""Printers: what they say of themselves (HOST-RESOURCES-MIB) and what they are short of (Printer-MIB, RFC 3805)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import Pack, Row, document, looked_up, numbers, series, state
from natvakt_agent.collectors.snmp.reading import bits, filled_text, words

PRINTER = "1.3.6.1.2.1.43"
HOST = "1.3.6.1.2.1.25.3"
SUPPLY = f"{PRINTER}.11.1.1"
TRAY = f"{PRINTER}.8.2.1"
STATUS = {1: "other", 2: "unknown", 3: "idle", 4: "printing", 5: "warmup"}
ERRORS = {
    0: "lowPaper", 1: "noPaper", 2: "lowToner", 3: "noToner", 4: "doorOpen", 5: "jammed", 6: "offline", 7: "serviceRequested",
    8: "inputTrayMissing", 9: "outputTrayMissing", 10: "markerSupplyMissing", 11: "outputNearFull", 12: "outputFull", 13: "inputTrayEmpty",
    14: "overduePreventMaint",
}  # fmt: skip
CLASSES = {1: "other", 3: "supplyThatIsConsumed", 4: "receptacleThatIsFilled"}
TYPES = {
    1: "other", 2: "unknown", 3: "toner", 4: "wasteToner", 5: "ink", 6: "inkCartridge", 7: "inkRibbon", 8: "wasteInk", 9: "opc",
    10: "developer", 11: "fuserOil", 12: "solidWax", 13: "ribbonWax", 14: "wasteWax", 15: "fuser", 16: "coronaWire", 17: "fuserOilWick",
    18: "cleanerUnit", 19: "fuserCleaningPad", 20: "transferUnit", 21: "tonerCartridge", 22: "fuserOiler",
}  # fmt: skip
SOME_LEFT = -3

PRINTERS = Pack(
    name="host-printer",
    mib="HOST-RESOURCES-MIB, Printer-MIB",
    table="printer",
    index=numbers("index"),
    columns=(
        state("status", f"{HOST}.5.1.1", STATUS),
        document("errors", f"{HOST}.5.1.2", bits(ERRORS)),
        looked_up("model", f"{HOST}.2.1.3", filled_text, at="index"),
        looked_up("serial", f"{PRINTER}.5.1.1.17", filled_text, at="index"),
        looked_up("name", f"{PRINTER}.5.1.1.16", filled_text, at="index"),
    ),
    tested=1,
)


def page_count(row: Row) -> Iterable[Row]:
    yield {"index": row["index"], "pages": row["pages"]}


PAGES = Pack(
    name="printer-pages", mib="Printer-MIB", table="printer", index=numbers("index", "_marker"),
    columns=(series("pages", f"{PRINTER}.10.2.1.4"),), derive=page_count, founds=False, only_with=("host-printer",),
)  # fmt: skip


def filled(row: Row) -> Iterable[Row]:
    """The level as a share of the capacity; -3 says only that something is left, -2 and -1 say nothing."""
    level, capacity = row.get("level"), row.get("capacity")
    if isinstance(level, int) and isinstance(capacity, int) and capacity > 0 and level >= 0:
        row["level_ratio"] = round(level / capacity, 4)
    row["some_left"] = True if level == SOME_LEFT else None
    for field in ("level", "capacity"):
        value = row.get(field)
        if isinstance(value, int) and value < 0:
            row[field] = None
    yield row


SUPPLIES = Pack(
    name="printer-supplies",
    mib="Printer-MIB",
    table="supply",
    index=numbers("_printer", "index"),
    columns=(
        series("level", f"{SUPPLY}.9"),
        series("capacity", f"{SUPPLY}.8"),
        document("name", f"{SUPPLY}.6", filled_text),
        document("type", f"{SUPPLY}.5", words(TYPES)),
        document("class", f"{SUPPLY}.4", words(CLASSES)),
    ),
    derive=lambda row: filled({**row, "kind": "marker"}),
    tested=1,
)
TRAYS = Pack(
    name="printer-trays",
    mib="Printer-MIB",
    table="supply",
    index=numbers("_printer", "index"),
    columns=(
        series("level", f"{TRAY}.10"),
        series("capacity", f"{TRAY}.9"),
        document("name", f"{TRAY}.13", filled_text),
        document("type", f"{TRAY}.12", filled_text),
    ),
    derive=lambda row: filled({**row, "kind": "tray"}),
    tested=1,
)
PRINTER_PACKS = (PRINTERS, PAGES, SUPPLIES, TRAYS)
