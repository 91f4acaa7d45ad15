"""What product a sysObjectID stands for: CISCO-PRODUCTS-MIB, for devices whose ENTITY-MIB tells no model.

The names are kept in `cisco_products.txt` and read when one is asked for, so that they cost no memory in between.
"""

from pathlib import Path

CISCO_PRODUCTS = "1.3.6.1.4.1.9.1."
NAMES = Path(__file__).with_name("cisco_products.txt")


def product_name(sys_object_id: str) -> str | None:
    """`1.3.6.1.4.1.9.1.1208` -> `cat29xxStack`; None for what is not in the MIB."""
    number = sys_object_id.removeprefix(CISCO_PRODUCTS)
    if number == sys_object_id or not number.isdecimal():
        return None
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return next((name for found, _, name in (line.partition(" ") for line in lines) if found == number), None)
