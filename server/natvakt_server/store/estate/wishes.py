"""Turns what a list is asked for into SQL. Values are bound, never written; field names come from a table's own mapping."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Select, String, and_, false, func, literal, not_, or_, select, true
from sqlalchemy.engine import RowMapping

from natvakt_server.domain.listing import POSITIVE, Comparison, Condition, Value, Wish
from natvakt_server.domain.rights import Scope
from natvakt_server.store.estate.mapping import to_json

Columns = Mapping[str, ColumnElement[object]]
_TEXTS: Mapping[Comparison, Callable[[ColumnElement[str], str], ColumnElement[bool]]] = {
    Comparison.HOLDS: lambda column, text: column.contains(text, autoescape=True),
    Comparison.STARTS: lambda column, text: column.startswith(text, autoescape=True),
    Comparison.ENDS: lambda column, text: column.endswith(text, autoescape=True),
    Comparison.ALIKE: lambda column, text: column == text,
}
_ORDERS: Mapping[Comparison, Callable[[ColumnElement[object], Value], ColumnElement[bool]]] = {
    Comparison.BELOW: lambda column, value: column < value,
    Comparison.AT_MOST: lambda column, value: column <= value,
    Comparison.ABOVE: lambda column, value: column > value,
    Comparison.AT_LEAST: lambda column, value: column >= value,
}


def within(scope: Scope, tenant: ColumnElement[str], site: ColumnElement[str]) -> ColumnElement[bool]:
    """Rows of a site that the scope holds."""
    if scope.everywhere:
        return true()
    singles: dict[str, list[str]] = {}
    for owner, name in sorted(scope.sites):
        singles.setdefault(owner, []).append(name)
    return or_(false(), tenant.in_(sorted(scope.tenants)), *(and_(tenant == owner, site.in_(names)) for owner, names in singles.items()))


def touching(scope: Scope, tenant: ColumnElement[str]) -> ColumnElement[bool]:
    """Rows of a customer of which the scope holds at least something."""
    return true() if scope.everywhere else tenant.in_(sorted(scope.touched))


def about(scope: Scope, tenant: ColumnElement[str], sites: ColumnElement[str]) -> ColumnElement[bool]:
    """Rows of a customer that the scope holds as a whole, and rows that speak of one site it holds. `sites`: a JSON array."""
    if scope.everywhere:
        return true()
    single = (and_(tenant == owner, sites == to_json([name])) for owner, name in sorted(scope.sites))
    return or_(tenant.in_(sorted(scope.tenants)), *single)


def page(
    connection: Connection, rows: Select[tuple[object, ...]], wish: Wish, columns: Columns, texts: Sequence[str], last: Sequence[str]
) -> tuple[int, Sequence[RowMapping]]:
    """How many fit, and those of this page. `texts`: fields `wish.text` is looked for in; `last`: the order where all else is equal."""
    fitting = rows.where(*(_holds(columns[each.field], each) for each in wish.conditions))
    if wish.text:
        fitting = fitting.where(or_(*(_text(columns[name], Comparison.HOLDS, wish.text) for name in texts)))
    count = connection.execute(select(func.count()).select_from(fitting.order_by(None).subquery())).scalar_one()
    if wish.offset >= count:
        return count, []
    asked = [columns[each.field].desc() if each.descending else columns[each.field].asc() for each in wish.order]
    ordered = fitting.order_by(*asked, *(columns[name] for name in last)).limit(wish.limit).offset(wish.offset)
    return count, connection.execute(ordered).mappings().all()


def _holds(column: ColumnElement[object], condition: Condition) -> ColumnElement[bool]:
    if condition.comparison is Comparison.EMPTY:
        nothing = or_(column.is_(None), column == "") if isinstance(column.type, String) else column.is_(None)
        return nothing if condition.values[0] else not_(nothing)
    positive = POSITIVE.get(condition.comparison)
    if positive is not None:
        return or_(column.is_(None), not_(or_(*(_one(column, positive, value) for value in condition.values))))
    return or_(*(_one(column, condition.comparison, value) for value in condition.values))


def _one(column: ColumnElement[object], comparison: Comparison, value: Value) -> ColumnElement[bool]:
    if comparison is Comparison.IS:
        return column == literal(value)
    if comparison in _ORDERS:
        return _ORDERS[comparison](column, value)
    return _text(column, comparison, str(value))


def _text(column: ColumnElement[object], comparison: Comparison, text: str) -> ColumnElement[bool]:
    return _TEXTS[comparison](func.lower(column), text.lower())
