"""Walks packs: the only code between the data in `packs/` and a device.

One `PackEngine` serves one poll. A column is walked at most once however many packs name it; a column the device does
not have is not asked for again while the device's memory lasts; a series cycle reads series columns only, and takes
scales and units from memory unless a row has appeared that the memory does not know.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from natvakt_agent.collectors.snmp.checked import CheckedSession
from natvakt_agent.collectors.snmp.memory import DeviceMemory
from natvakt_agent.collectors.snmp.oids import Index, dotted, parse
from natvakt_agent.collectors.snmp.pack import Column, Pack, Row, Use, unchanged
from natvakt_agent.collectors.snmp.reading import Flaw, integer
from natvakt_agent.collectors.snmp.session import AnswerRefused, NoAnswer, SnmpValue
from natvakt_agent.collectors.snmp.shape import SCALAR
from natvakt_agent.model.observation import Value

logger = logging.getLogger(__name__)

FEW_ROWS = 12  # a column of so few rows is asked by GET beside others; of more, a GETBULK for each costs less
SINGLE_GETS_BELOW = 24  # so few rows of a foreign table are fetched by GET instead of walking all of it
Values = Mapping[Index, SnmpValue]


class PackEngine:
    def __init__(self, session: CheckedSession, memory: DeviceMemory, snapshot: bool) -> None:
        self._session = session
        self._memory = memory
        self._snapshot = snapshot
        self._read: dict[str, Values] = {}
        self._ahead: dict[str, Values] = {}  # asked before it is known that the table still has the same rows
        self.flaws: Counter[str] = Counter()

    def applies(self, pack: Pack) -> bool:
        """By sysObjectID; a device that hides it is asked everything."""
        known = self._memory.sys_object_id
        return not pack.applies or not known or any(known.startswith(prefix) for prefix in pack.applies)

    def rows(self, pack: Pack) -> list[Row]:
        """The pack's rows in the device's order; none when the device does not provide it."""
        wanted = self._wanted(pack)
        if not wanted:
            return []
        if pack.scalar:
            self._get_scalars(wanted)
        raw = self._raw_rows(pack, wanted)
        derived = raw if pack.derive is unchanged else [row for found in raw for row in pack.derive(found)]
        return _without_material(pack.settle(derived))

    def _raw_rows(self, pack: Pack, wanted: list[Column]) -> list[Row]:
        own = [column for column in wanted if column.at is None]
        if pack.comes_and_goes:
            self._look_again(own)
        if not pack.scalar and not self._is_there(own, pack.tested):
            return []
        rows: dict[Index, Row] = {}
        full: dict[str, int] = {}  # fields that so many rows have, all there were
        for column in own:
            if not (column.instead_of and full.get(column.field) == len(rows)) and self._fill(pack, rows, column):
                full[column.field] = len(rows)
        for column in wanted:
            if column.at is not None:
                self._look_up(pack, rows, column, column.at)
        return list(rows.values())

    def _is_there(self, own: Sequence[Column], tested: int) -> bool:
        """Whether the device has any of the first columns. Where its rows are those of before, what was asked ahead holds for them."""
        for column in own[:tested]:
            before = self._memory.shapes.get(column.oid)
            if self._walked(column.oid):
                if self._memory.shapes[column.oid] is before:
                    self._read |= {each.oid: self._ahead.pop(each.oid) for each in own if each.oid in self._ahead}
                return True
        return False

    def known_scalars(self, packs: Iterable[Pack]) -> list[str]:
        """The scalars of these packs that the device had when it was last asked, as OIDs of their instances."""
        shapes = self._memory.shapes
        return [f"{column.oid}.0" for pack in packs if pack.scalar for column in self._wanted(pack) if shapes.get(column.oid) is SCALAR]

    def take_scalars(self, answer: Mapping[str, SnmpValue]) -> None:
        """Scalars that were asked together with something else."""
        self._read |= {name.removesuffix(".0"): {(0,): value} for name, value in answer.items() if value is not None}

    def ask_ahead(self, packs: Iterable[Pack]) -> None:
        """Columns of all small tables in few GETs, for the rows they had; the first column of each is still walked, which tells whether
        rows came or went. A device that does not manage such questions is not asked them again.
        """
        shapes = self._memory.shapes
        small = {
            column.oid: shape
            for pack in packs
            for column in self._others(pack)
            if (shape := shapes.get(column.oid)) is not None and len(shape) <= FEW_ROWS
        }
        names = [f"{oid}.{suffix}" for oid, shape in small.items() for suffix in shape.suffixes]
        try:
            answer = self._session.get(names)
        except (NoAnswer, AnswerRefused) as fault:
            self._memory.asks_ahead = False
            logger.debug("small tables are walked from now on reason=%s", fault)
            return
        for oid, shape in small.items():
            values = [answer.get(f"{oid}.{suffix}") for suffix in shape.suffixes]
            if None not in values:
                self._ahead[oid] = dict(zip(shape.indexes, values, strict=True))

    def _others(self, pack: Pack) -> Sequence[Column]:
        """Columns of the series that can be asked ahead: not those that tell which rows there are."""
        if pack.scalar:
            return ()
        own = [column for column in self._wanted(pack) if column.at is None and column.use is Use.SERIES]
        first = next((place for place, column in enumerate(own[: pack.tested]) if column.oid in self._memory.shapes), len(own))
        return own[first + 1 :]

    def _wanted(self, pack: Pack) -> list[Column]:
        return [column for column in pack.columns if self._snapshot or column.use is not Use.DOCUMENT]

    def _look_again(self, own: list[Column]) -> None:
        """Ask for the first column although it was absent; where it has come, the others may have come with it.

        At every poll of a device that had such rows before, else only when its documents are read.
        """
        first = own[0].oid
        if first in self._memory.absent and (self._snapshot or first in self._memory.had):
            self._memory.absent.discard((first,))
            if self._walked(first):
                self._memory.absent.discard(column.oid for column in own)

    def _new_row(self, pack: Pack, rows: dict[Index, Row], index: Index) -> Row | None:
        key = pack.index(index)
        if key is None:
            self.flaws[f"{pack.name}: index {dotted(index)[:60]} is not of the table's form"] += 1
        elif len(rows) >= pack.most_rows:
            self.flaws[f"{pack.name}: more than {pack.most_rows} rows; the rest is left out"] += 1
        else:
            rows[index] = {**key, "_index": dotted(index)}
            return rows[index]
        return None

    def _fill(self, pack: Pack, rows: dict[Index, Row], column: Column) -> bool:
        """Put a column into the rows. True when it is known to have given every row its field: the common case, made quick."""
        field, instead_of, is_plain = column.field, column.instead_of, column.read is integer
        if instead_of and rows and all(row.get(field) is not None for row in rows.values()):
            return True
        values = self._values(column, rows)
        if is_plain and not instead_of and len(values) == len(rows) and set(map(type, values.values())) == {int} and [*values] == [*rows]:
            for row, number in zip(rows.values(), cast("Iterable[int]", values.values()), strict=True):
                row[field] = number
            return True
        for index, raw in values.items():
            if raw is None:
                continue
            met = rows.get(index) or self._new_row(pack, rows, index)
            if met is not None and (not instead_of or met.get(field) is None):
                met[field] = raw if is_plain and type(raw) is int else self._reading(pack, column, raw)
        return False

    def _look_up(self, pack: Pack, rows: dict[Index, Row], column: Column, at: str) -> None:
        if column.backwards:
            self._look_backwards(pack, rows, column, at)
            return
        places = {index: place for index, row in rows.items() if (place := _place(row.get(at))) is not None}
        if column.instead_of:
            places = {index: place for index, place in places.items() if rows[index].get(column.field) is None}
        values = self._foreign(column, set(places.values()))
        for index, place in places.items():
            if values.get(place) is not None:
                rows[index][column.field] = self._reading(pack, column, values[place])

    def _look_backwards(self, pack: Pack, rows: dict[Index, Row], column: Column, at: str) -> None:
        asking = [row for row in rows.values() if row.get(at) is not None and not (column.instead_of and row.get(column.field) is not None)]
        if not asking:
            return
        places = {self._reading(pack, column, raw): index for index, raw in reversed(list(self._walked(column.oid).items()))}
        for row in asking:
            place = places.get(row[at])
            if place is not None and len(place) == 1:
                row[column.field] = place[0]

    def _reading(self, pack: Pack, column: Column, raw: SnmpValue) -> Value:
        try:
            return column.read(raw)
        except Flaw as flaw:
            self.flaws[f"{pack.table}.{column.field.lstrip('_')}: {flaw}"] += 1
            return flaw.instead

    def _get_scalars(self, wanted: list[Column]) -> None:
        missing = [column.oid for column in wanted if column.oid not in self._read and column.oid not in self._memory.absent]
        answer = self._session.get([f"{oid}.0" for oid in missing])
        for oid in missing:
            value = answer.get(f"{oid}.0")
            self._remember(oid, {} if value is None else {(0,): value})
            if value is not None:
                self._memory.shapes[oid] = SCALAR

    def _values(self, column: Column, needed: Iterable[Index]) -> Values:
        """The column's values; a lasting one from memory, as long as the memory knows every row that is needed."""
        if column.use is not Use.LASTING:
            return self._walked(column.oid)
        known = self._memory.lasting.get(column.oid)
        if self._snapshot or known is None or any(index not in known for index in needed):
            fresh = self._walked(column.oid)
            known = self._memory.lasting[column.oid] = {**dict.fromkeys(needed), **fresh}
        return known

    def _walked(self, oid: str) -> Values:
        if oid not in self._read:
            if oid in self._memory.absent:
                return {}
            shape = self._memory.shapes.get(oid)
            self._remember(oid, self._session.column(oid, None if shape is None else len(shape), shape))
            if self._read[oid]:
                self._memory.shapes[oid] = self._session.shape
                self._memory.had.add(oid)
        return self._read[oid]

    def _remember(self, oid: str, values: Values) -> None:
        self._read[oid] = values
        if not values and oid not in self._memory.shapes:  # a table that had rows may have them again
            self._memory.absent.add(oid)

    def _foreign(self, column: Column, places: set[Index]) -> Values:
        """Values of another table at these places; lasting ones from memory, as long as it knows every place."""
        known = self._memory.lasting.get(column.oid) if column.use is Use.LASTING and not self._snapshot else None
        if known is None or any(place not in known for place in places):
            known = self._asked(column.oid, places)
            if column.use is Use.LASTING:
                self._memory.lasting[column.oid] = {place: known.get(place) for place in places}
        return known

    def _asked(self, oid: str, places: set[Index]) -> Values:
        if oid in self._read or len(places) >= SINGLE_GETS_BELOW:
            return self._walked(oid)
        if oid in self._memory.absent or not places:
            return {}
        answer = self._session.get([f"{oid}.{dotted(place)}" for place in sorted(places)])
        return {place: answer[name] for place in places if (name := f"{oid}.{dotted(place)}") in answer}


def _without_material(rows: list[Row]) -> list[Row]:
    """The rows without the fields that were only needed to make them."""
    for name in [name for name in set[str]().union(*rows) if name.startswith("_")]:
        for row in rows:
            row.pop(name, None)
    return rows


def _place(value: object) -> Index | None:
    """The index a row's field points at: a number, or dotted text. Zero is how MIBs say "none"."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,) if value > 0 else None
    if isinstance(value, str):
        try:
            return parse(value)
        except ValueError:
            return None
    return None
