"""How to tell what a device is. A `Family` is data: how to know it and where it keeps version, model and serial."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Family:
    """One operating system. `descr` must be found in sysDescr, and sysObjectID must begin with one of `object_ids`; either may be empty.

    `version` patterns are searched in sysDescr, their first group is the version. `*_oids` are columns or scalars of
    which the first value counts; they are asked before ENTITY-MIB. `entity_version` patterns are searched in the
    chassis' software version: before sysDescr where `entity_version_first`, else only when sysDescr says nothing.
    """

    os: str
    vendor: str
    object_ids: tuple[str, ...] = ()
    descr: re.Pattern[str] | None = None
    version: tuple[re.Pattern[str], ...] = ()
    model: tuple[re.Pattern[str], ...] = ()
    version_oids: tuple[str, ...] = ()
    model_oids: tuple[str, ...] = ()
    serial_oids: tuple[str, ...] = ()
    entity_version: tuple[re.Pattern[str], ...] = field(default=(re.compile(r"(\d+\.\S+)"),))
    entity_version_first: bool = False

    def matches(self, sys_object_id: str, sys_descr: str) -> bool:
        known = not self.object_ids or any(f"{sys_object_id}.".startswith(prefix) for prefix in self.object_ids)
        return known and (self.descr is None or self.descr.search(sys_descr) is not None) and bool(self.object_ids or self.descr)
