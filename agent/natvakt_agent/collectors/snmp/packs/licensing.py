"""Licences: CISCO-SMART-LIC-MIB of devices that report to Cisco, CISCO-LICENSE-MGMT-MIB of those with licence files."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Pack, Row, document, fixed, series, state
from natvakt_agent.collectors.snmp.reading import filled_text, scaled, truth, words

SMART = "1.3.6.1.4.1.9.9.831.0"
ENTITLEMENT = f"{SMART}.5.1.1"
FILE = "1.3.6.1.4.1.9.9.543.1.2.3.1"
TYPES = {
    1: "demo", 2: "extension", 3: "gracePeriod", 4: "permanent", 5: "paidSubscription", 6: "evaluationSubscription",
    7: "extensionSubscription", 8: "evalRightToUse", 9: "rightToUse", 10: "permanentRightToUse",
}  # fmt: skip
STATUSES = {1: "inactive", 2: "notInUse", 3: "inUse", 4: "expiredInUse", 5: "expiredNotInUse", 6: "usageCountConsumed"}
NEVER = 4_294_967_295
seconds = scaled(1, none_if=(NEVER,))

REGISTRATION = Pack(
    name="cisco-smart-licensing",
    mib="CISCO-SMART-LIC-MIB",
    table="license",
    index=fixed(kind="smart", index="agent"),
    columns=(
        series("evaluation_seconds_left", f"{SMART}.7.4.3", seconds),
        document("registration", f"{SMART}.6.1", filled_text),
        document("compliance", f"{SMART}.7.2", filled_text),
        document("authorization_expires", f"{SMART}.7.1", seconds),
        document("out_of_compliance_since", f"{SMART}.7.3", scaled(1, none_if=(0, NEVER))),
        document("certificate_expires", f"{SMART}.6.3", seconds),
        document("evaluation_in_use", f"{SMART}.7.4.1", truth),
        document("enabled", f"{SMART}.4", truth),
        document("account", f"{SMART}.6.2", filled_text),
        document("version", f"{SMART}.3", filled_text),
    ),
    applies=CISCO_SYSTEMS,
    scalar=True,
)


def entitlement(index: Index) -> Row | None:
    return {"kind": "entitlement", "index": str(index[0])} if len(index) == 1 else None


ENTITLEMENTS = Pack(
    name="cisco-smart-entitlements",
    mib="CISCO-SMART-LIC-MIB",
    table="license",
    index=entitlement,
    columns=(
        series("used", f"{ENTITLEMENT}.2"),
        document("name", f"{ENTITLEMENT}.7", filled_text),
        document("tag", f"{ENTITLEMENT}.3", filled_text),
        document("version", f"{ENTITLEMENT}.4", filled_text),
        document("compliance", f"{ENTITLEMENT}.5", filled_text),
        document("description", f"{ENTITLEMENT}.6", filled_text),
    ),
    applies=CISCO_SYSTEMS,
    tested=1,
)


def licence_file(index: Index) -> Row | None:
    """Physical entity, store, licence."""
    return {"kind": "file", "index": ".".join(map(str, index))} if len(index) == 3 else None


def counted(row: Row) -> Iterable[Row]:
    """A licence that is counted has a limit and what is left of it; 0 means that it is not counted."""
    limit, left = row.get("limit"), row.get("_left")
    if isinstance(limit, int) and isinstance(left, int) and limit > 0:
        yield {**row, "used": limit - left}
    else:
        yield {**row, "limit": None}


LICENCE_FILES = Pack(
    name="cisco-licence-files",
    mib="CISCO-LICENSE-MGMT-MIB",
    table="license",
    index=licence_file,
    columns=(
        state("status", f"{FILE}.14", STATUSES),
        series("evaluation_seconds_left", f"{FILE}.8", seconds),
        series("limit", f"{FILE}.10"),
        series("_left", f"{FILE}.11"),
        document("name", f"{FILE}.3", filled_text),
        document("version", f"{FILE}.4", filled_text),
        document("type", f"{FILE}.5", words(TYPES)),
        document("eula_accepted", f"{FILE}.12", truth),
    ),
    derive=counted,
    applies=CISCO_SYSTEMS,
    tested=1,
)
LICENSE_PACKS = (REGISTRATION, ENTITLEMENTS, LICENCE_FILES)
