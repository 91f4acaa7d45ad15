"""What a device is: vendor, operating system, version, model, serial and base MAC, from what it says of itself."""

import re
from collections.abc import Iterable, Sequence

from natvakt_agent.collectors.snmp.checked import CheckedSession
from natvakt_agent.collectors.snmp.facts.families import FAMILIES, UNKNOWN, UNKNOWN_CISCO
from natvakt_agent.collectors.snmp.facts.family import Family
from natvakt_agent.collectors.snmp.facts.products import product_name
from natvakt_agent.collectors.snmp.pack import Row
from natvakt_agent.collectors.snmp.reading import Flaw, hexadecimal, is_known, text
from natvakt_agent.model.observation import Value

BRIDGE_ADDRESS = "1.3.6.1.2.1.17.1.1.0"  # dot1dBaseBridgeAddress
CHASSIS_CLASSES = ("chassis", "stack", "module", "other", None)


def family_of(sys_object_id: str, sys_descr: str) -> Family:
    for family in FAMILIES:
        if family.matches(sys_object_id, sys_descr):
            return family
    return UNKNOWN_CISCO if UNKNOWN_CISCO.matches(sys_object_id, sys_descr) else UNKNOWN


def device_facts(session: CheckedSession, system: Row, components: Sequence[Row]) -> Row:
    """The document fields of `device` beyond the system group. `components` are the rows of the table of that name."""
    object_id, descr = str(system.get("sysObjectID") or "").lstrip("."), str(system.get("sysDescr") or "").strip('"')
    family = family_of(object_id, descr)
    chassis = main_component(components)
    from_entity, from_descr = (
        _first_match(family.entity_version, str(chassis.get("software_version") or "")),
        _first_match(family.version, descr),
    )
    told = (from_entity, from_descr) if family.entity_version_first else (from_descr, from_entity)
    return {
        "sysObjectID": object_id or None,
        "vendor": family.vendor or None,
        "os": family.os,
        "version": _first_value(session, family.version_oids) or next(filter(None, told), None),
        "model": _first_value(session, family.model_oids)
        or _known(chassis.get("model"))
        or _first_match(family.model, descr)
        or stack_name(components)
        or product_name(object_id),
        "serial": _first_value(session, family.serial_oids) or _known(chassis.get("serial")) or _first_serial(components),
        "base_mac": _base_mac(session),
    }


def main_component(components: Iterable[Row]) -> Row:
    """What stands for the whole device: what nothing contains and has a model, else the chassis or whatever comes nearest.

    Among equals it is the first of the best class that has a model or serial; nothing where no component has any.
    """
    known = [row for row in components if is_known(row.get("model")) or is_known(row.get("serial"))]
    roots = [row for row in known if row.get("contained_in") == 0 and is_known(row.get("model"))]
    for group in (roots, known):
        for wanted in CHASSIS_CLASSES:
            for row in group:
                if row.get("class") == wanted:
                    return row
    return {}


def stack_name(components: Iterable[Row]) -> str | None:
    """A stack whose members tell no model is called what it calls itself: `c92xxL Stack`."""
    for row in components:
        name = str(row.get("name") or "")
        if row.get("class") in ("stack", None) and row.get("contained_in") in (0, None) and "stack" in name.lower():
            return name
    return None


def _first_serial(components: Iterable[Row]) -> Value:
    return next((row["serial"] for row in components if row.get("class") == "chassis" and is_known(row.get("serial"))), None)


def _known(value: Value) -> Value:
    return value if is_known(value) else None


def _first_match(patterns: Iterable[re.Pattern[str]], text: str) -> str | None:
    for pattern in patterns:
        if found := pattern.search(text):
            return found.group(1).strip() or None
    return None


def _first_value(session: CheckedSession, columns: Iterable[str]) -> Value:
    for oid in columns:
        for raw in session.column(oid).values():
            try:
                value = text(raw)
            except Flaw as flaw:
                value = flaw.instead
            if is_known(value):
                return value
    return None


def _base_mac(session: CheckedSession) -> Value:
    raw = session.get((BRIDGE_ADDRESS,)).get(BRIDGE_ADDRESS)
    try:
        return None if raw is None else hexadecimal(raw)
    except Flaw:
        return None
