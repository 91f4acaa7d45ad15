"""What old Cisco MIBs still say best: why the device restarted, and how full its NVRAM is (OLD-CISCO-SYSTEM, OLD-CISCO-CHASSIS)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, fixed, series
from natvakt_agent.collectors.snmp.reading import filled_text

RELOAD_REASON = "1.3.6.1.4.1.9.2.1.2"  # whyReload
NVRAM = "1.3.6.1.4.1.9.3.6"

RESTARTED_WHY = Pack(
    name="cisco-reload-reason", mib="OLD-CISCO-SYSTEM-MIB", table="device", index=fixed(),
    columns=(document("whyReload", RELOAD_REASON, filled_text),), applies=CISCO_PRODUCTS, founds=False, scalar=True,
)  # fmt: skip


def nvram(row: Row) -> Iterable[Row]:
    size, used = row.get("_size"), row.get("_used")
    if isinstance(size, int) and isinstance(used, int) and size > 0:
        yield {"index": "nvram", "name": "nvram:", "fs_type": "nvram", "total_bytes": size, "used_bytes": used}


NVRAM_USE = Pack(
    name="cisco-nvram", mib="OLD-CISCO-CHASSIS-MIB", table="storage", index=fixed(),
    columns=(series("_size", f"{NVRAM}.7"), series("_used", f"{NVRAM}.8")), derive=nvram, applies=CISCO_PRODUCTS, scalar=True,
)  # fmt: skip
