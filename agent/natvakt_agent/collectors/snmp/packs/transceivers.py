"""Pluggable optics, told from ENTITY-MIB: a replaceable module with a serial that sits in a transceiver's container or port."""

import re
from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import Pack, Row, document, numbers
from natvakt_agent.collectors.snmp.packs.entity import CONTAINED_IN, DESCR, NAME, PHYSICAL
from natvakt_agent.collectors.snmp.reading import filled_text, is_known

OPTIC = re.compile(
    r"\b(X?SFP|SFP28|SFP56|XFP|QSFP\w*|CFP\d?|CPAK|GBIC|XENPAK|X2|GLC|transceiver|optics?)\b|^(X?SFP|GLC|QSFP|CFP|CPAK|XFP|XENPAK|WS-G5|DWDM|CWDM)",
    re.IGNORECASE,
)
HOLDER = re.compile(r"container|slot|bay|cage|adapter|line ?card", re.IGNORECASE)
MODULE, PORT, OTHER = 9, 10, 1


def optic(row: Row) -> Iterable[Row]:
    model, serial, descr = row.get("model"), row.get("serial"), str(row.get("_descr") or "")
    if not is_known(serial) or row.get("_class") not in (MODULE, PORT, OTHER, None):
        return
    words = f"{model or ''} {descr}" if not HOLDER.search(descr) else str(model or "")
    if OPTIC.search(str(model or "")) or OPTIC.search(words):
        yield {
            "index": str(row["index"]), "model": model if is_known(model) else None, "serial": serial, "name": row.get("_name"),
            "descr": descr or None, "vendor": row.get("vendor"), "contained_in": row.get("_parent"),
        }  # fmt: skip


TRANSCEIVERS = Pack(
    name="entity-transceivers",
    mib="ENTITY-MIB",
    table="transceiver",
    index=numbers("index"),
    columns=(
        document("serial", f"{PHYSICAL}.11", filled_text),
        document("model", f"{PHYSICAL}.13", filled_text),
        document("_class", f"{PHYSICAL}.5"),
        document("_descr", DESCR, filled_text),
        document("_name", NAME, filled_text),
        document("vendor", f"{PHYSICAL}.12", filled_text),
        document("_parent", CONTAINED_IN),
    ),
    derive=optic,
    comes_and_goes=True,
)
