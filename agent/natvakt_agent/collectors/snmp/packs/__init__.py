"""The list of object packs. Order matters only within a table: the first to fill a field wins, and `unless` looks back."""

from collections.abc import Mapping, Sequence

from natvakt_agent.collectors.snmp.pack import Pack
from natvakt_agent.collectors.snmp.packs.entity import ENTITY
from natvakt_agent.collectors.snmp.packs.if_mib import INTERFACES
from natvakt_agent.collectors.snmp.packs.system import SYSTEM_GROUP

PACKS: Sequence[Pack] = (
    SYSTEM_GROUP,
    INTERFACES,
    ENTITY,
)


def state_words() -> Mapping[tuple[str, str], Mapping[int, str]]:
    """What the codes of the state series mean: (table, field) -> code -> word."""
    return {(pack.table, column.field): column.states for pack in PACKS for column in pack.columns if column.states is not None}
