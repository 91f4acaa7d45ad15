"""Which tables answered: the document `collection`, and what the poll cost: the series `poll`.

A poll asks only the tables that are due, so the last word on each is remembered and the document is always whole.
"""

from dataclasses import asdict, dataclass, field

from natvakt_agent.model.observation import Observation, TableObservation, TableStatus

COLLECTION = "collection"
COST_FIELDS = frozenset({"requests", "varbinds", "octets", "seconds", "timeouts"})


@dataclass(slots=True)
class StatusMemory:
    _known: dict[str, dict[str, tuple[TableStatus, str | None]]] = field(default_factory=dict)
    _told: dict[str, TableObservation] = field(default_factory=dict)

    def update(self, observation: Observation) -> list[TableObservation]:
        """The agent's own tables about this poll. `collection` is the same object for as long as it says the same."""
        if not observation.tables:
            return []
        known = self._known.setdefault(observation.device, {})
        news = {table.name: (table.status, table.detail) for table in observation.tables}
        told = self._told.get(observation.device)
        if told is None or not news.items() <= known.items():
            known.update(news)
            told = self._told[observation.device] = _collection(known)
        tables = [told]
        if observation.cost.requests:
            tables.append(_poll(observation))
        return tables


def _collection(known: dict[str, tuple[TableStatus, str | None]]) -> TableObservation:
    rows = [{"table": name, "status": status.value, "detail": detail} for name, (status, detail) in known.items()]
    return TableObservation(COLLECTION, ("table",), frozenset(), rows)


def _poll(observation: Observation) -> TableObservation:
    return TableObservation("poll", (), COST_FIELDS, [asdict(observation.cost)])
