"""CISCO-FLASH-MIB: flash devices and their partition."""

from demo.mib import MibBuilder, counter64, gauge, integer, text

DEVICE_ENTRY = "1.3.6.1.4.1.9.9.10.1.1.2.1"
PARTITION_ENTRY = "1.3.6.1.4.1.9.9.10.1.1.4.1.1"
LARGEST_GAUGE = 4_294_967_295


def flash(mib: MibBuilder, index: int, name: str, total_octets: int, free_octets: int) -> None:
    """One flash device with one partition over all of it; the 64-bit columns tell sizes above 4 GiB."""
    mib.row(
        DEVICE_ENTRY,
        (index,),
        {2: gauge(min(total_octets, LARGEST_GAUGE)), 7: text(name), 8: text(name), 10: integer(2), 13: counter64(total_octets)},
    )
    mib.row(
        PARTITION_ENTRY,
        (index, 1),
        {
            4: gauge(min(total_octets, LARGEST_GAUGE)),
            5: gauge(min(free_octets, LARGEST_GAUGE)),
            8: integer(1),
            10: text(name),
            13: counter64(total_octets),
            14: counter64(free_octets),
        },
    )
