"""Tables: sorted, filtered, paged and exported, with their whole state in the address.

A page describes its rows once; the same rows are shown, searched and written as CSV. Names from devices may be anything, so every cell of
an export is written as text: what a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection; promise 39).
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from werkzeug.wrappers import Response

from natvakt_server.web.states import State, severity_rank
from natvakt_server.web.visit import Visit

PAGE_SIZE = 50
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
SortKey = tuple[bool, float, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is what is searched and exported; `shown` what is drawn where it is more than text.

    A moment is written out only where it is drawn or exported: a list has many more rows than a page.
    """

    text: str
    order: float | str | None = None
    href: str | None = None
    state: State | None = None
    severity: str | None = None
    shown: Markup | None = None
    quiet: bool = False
    moment_ns: int | None = None  # 0: never
    relative: bool = False

    def sort_key(self) -> SortKey:
        """Numbers before texts, nothing last."""
        if isinstance(self.order, str):
            return (not self.order, 0.0, self.order.casefold())
        if self.order is not None:
            return (False, float(self.order), "")
        return (not self.text, 0.0, self.text.casefold())


@dataclass(frozen=True, slots=True)
class Column:
    """`word` is the key of its heading; `numeric` aligns right; `optional` gives way on a narrow screen."""

    key: str
    word: str
    numeric: bool = False
    optional: bool = False
    sortable: bool = True


class CellsOnDemand(Mapping[str, Cell]):
    """Cells that are made when they are looked at: sorting thousands of rows looks at one of each, and a page shows fifty rows."""

    __slots__ = ("_made", "_makers")

    def __init__(self, makers: Mapping[str, Callable[[], Cell]]) -> None:
        self._makers = makers
        self._made: dict[str, Cell] = {}

    def __getitem__(self, key: str) -> Cell:
        if key not in self._made:
            self._made[key] = self._makers[key]()
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True, slots=True)
class Row:
    cells: Mapping[str, Cell]
    facets: Mapping[str, str] = field(default_factory=dict)

    def holds(self, text: str) -> bool:
        return any(text in cell.text.casefold() for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the table. `name` is the facet of the rows and the argument in the address."""

    name: str
    word: str
    options: Sequence[tuple[str, str]]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]  # of this page
    matching: Sequence[Row]
    total: int
    sort: str
    descending: bool
    text: str
    page: int
    pages: int
    filters: Sequence[Filter]

    @property
    def is_filtered(self) -> bool:
        return bool(self.text) or any(each.chosen for each in self.filters)

    def argument(self, name: str) -> str:
        """Names of arguments in the address; a second table on a page has its own."""
        return f"{self.name}-{name}"


def arrange(
    visit: Visit,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    sort: str,
    filters: Sequence[Filter] = (),
    page_size: int = PAGE_SIZE,
) -> Table:
    """What the address asks for, out of all rows. `sort` is the order without a wish: a column's key, with `-` in front for descending."""
    wish = visit.argument(f"{name}-sort", sort)
    key, descending = wish.removeprefix("-"), wish.startswith("-")
    if key not in {column.key for column in columns if column.sortable}:
        key, descending = sort.removeprefix("-"), sort.startswith("-")
    text = visit.argument(f"{name}-q").strip()
    chosen = [_chosen(visit, name, each) for each in filters]
    matching = [row for row in rows if _matches(row, text.casefold(), chosen)]
    matching.sort(key=lambda row: row.cells[key].sort_key(), reverse=descending)
    if descending:
        matching.sort(key=lambda row: row.cells[key].sort_key()[0])
    pages = max(1, -(-len(matching) // page_size))
    page = min(max(1, _whole(visit.argument(f"{name}-page"))), pages)
    shown = matching[(page - 1) * page_size : page * page_size]
    return Table(name, columns, shown, matching, len(rows), key, descending, text, page, pages, chosen)


def export_wanted(visit: Visit, table: Table) -> bool:
    return visit.argument("csv") == table.name


def export(visit: Visit, table: Table, name: str) -> Response:
    """Every matching row, whatever the page."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    columns = [column for column in table.columns if column.sortable]
    writer.writerow([visit.speech(column.word) for column in columns])
    for row in table.matching:
        writer.writerow([safe(_written(visit, row.cells[column.key])) for column in columns])
    return visit.download(("\ufeff" + out.getvalue()).encode("utf-8", "replace"), "text/csv; charset=utf-8", f"{name}.csv")


def _written(visit: Visit, cell: Cell) -> str:
    return visit.speech.local(cell.moment_ns, seconds=True) if cell.moment_ns else cell.text


def safe(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def plain(text: object, href: str | None = None, quiet: bool = False) -> Cell:
    return Cell("" if text is None else str(text), href=href, quiet=quiet)


def number(visit: Visit, value: float | None, decimals: int = 0) -> Cell:
    return Cell(visit.speech.number(value, decimals), order="" if value is None else value, quiet=value is None)


def quantity(value: float | None, write: Callable[[float | None], str]) -> Cell:
    return Cell(write(value), order="" if value is None else value, quiet=value is None)


def state(visit: Visit, value: State, href: str | None = None) -> Cell:
    return Cell(visit.speech(f"state.{value}"), order=value.rank, state=value, href=href)


def severity(visit: Visit, value: str) -> Cell:
    return Cell(visit.speech.known("severity", value), order=severity_rank(value), severity=value)


def moment(time_ns: int | None, relative: bool = False, href: str | None = None) -> Cell:
    """Sorted by time; exported in the viewer's zone."""
    return Cell("", order=time_ns or "", href=href, moment_ns=time_ns or 0, relative=relative)


def _matches(row: Row, text: str, chosen: Sequence[Filter]) -> bool:
    return (not text or row.holds(text)) and all(not each.chosen or row.facets.get(each.name) == each.chosen for each in chosen)


def _chosen(visit: Visit, name: str, each: Filter) -> Filter:
    wish = visit.argument(f"{name}-{each.name}")
    return Filter(each.name, each.word, each.options, wish if wish in {value for value, _ in each.options} else "")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
