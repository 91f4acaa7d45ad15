"""Which tables answered: the document `collection`, and what the poll cost: the series `poll`.

A poll asks only the tables that are due, so the last word on each is remembered and the document is always whole.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from natvakt_agent.model.observation import Observation, TableObservation, TableStatus, Value

Row = Mapping[str, Value]
COLLECTION = "collection"
COST_FIELDS = frozenset({"requests", "varbinds", "octets", "seconds", "timeouts", "share", "slowdown"})


@dataclass(slots=True)
class StatusMemory:
    _known: dict[str, dict[str, Row]] = field(default_factory=dict)
    _rows: dict[tuple[str, TableStatus], Row] = field(default_factory=dict)  # those without details are alike for all devices
    _told: dict[str, TableObservation] = field(default_factory=dict)

    def update(self, observation: Observation, share: float = 0.0, slowdown: int = 1) -> list[TableObservation]:
        """The agent's own tables about this poll. `collection` is the same object for as long as it says the same."""
        if not observation.tables:
            return []
        known = self._known.setdefault(observation.device, {})
        news = {table.name: self._row(table) for table in observation.tables}
        told = self._told.get(observation.device)
        if told is None or not news.items() <= known.items():
            known.update(news)
            told = self._told[observation.device] = TableObservation(COLLECTION, ("table",), frozenset(), [*known.values()])
        tables = [told]
        if observation.cost.requests:
            tables.append(_poll(observation, share, slowdown))
        return tables

    def _row(self, table: TableObservation) -> Row:
        if table.detail:
            return {"table": table.name, "status": table.status.value, "detail": table.detail}
        return self._rows.setdefault((table.name, table.status), {"table": table.name, "status": table.status.value, "detail": None})


def _poll(observation: Observation, share: float, slowdown: int) -> TableObservation:
    return TableObservation("poll", (), COST_FIELDS, [asdict(observation.cost) | {"share": share, "slowdown": slowdown}])
