"""Flash and disks of Cisco devices: CISCO-FLASH-MIB partitions."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, instead, looked_up, numbers, series
from natvakt_agent.collectors.snmp.reading import filled_text, scaled

PARTITION = "1.3.6.1.4.1.9.9.10.1.1.4.1.1"
DEVICE = "1.3.6.1.4.1.9.9.10.1.1.2.1"
octets = scaled(1, none_if=(4_294_967_295,))  # "look at the extended column"


def partition(row: Row) -> Iterable[Row]:
    size, free = row.get("_size"), row.get("_free")
    if isinstance(size, int | float) and isinstance(free, int | float) and size > 0:
        name = row.get("_name") or row.get("_device_name")
        yield {
            "index": f"flash.{row['_index']}", "name": name, "fs_type": "flash-memory",
            "total_bytes": int(size), "used_bytes": int(size - free),
        }  # fmt: skip


FLASH = Pack(
    name="cisco-flash",
    mib="CISCO-FLASH-MIB",
    table="storage",
    index=numbers("_device", "_partition"),
    columns=(
        series("_size", f"{PARTITION}.13", octets),
        instead(series("_size", f"{PARTITION}.4", octets)),
        series("_free", f"{PARTITION}.14", octets),
        instead(series("_free", f"{PARTITION}.5", octets)),
        document("_name", f"{PARTITION}.10", filled_text),
        looked_up("_device_name", f"{DEVICE}.7", filled_text, at="_device"),
    ),
    derive=partition,
    applies=CISCO,
)
