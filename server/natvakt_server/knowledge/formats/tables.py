"""CSV: EPSS scores in the three headers they have had, and the partner's own tables of lifecycles, prices and builds."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from natvakt_server.knowledge.facts import MILESTONES, Build, Fact, Lifecycle, Likelihood, Price
from natvakt_server.knowledge.formats.reading import FileRefused, RecordRefused, cve_id, day
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import VersionUnknown

EPSS = "epss"
MOST_PRICE = 1e12
LIFECYCLE = "lifecycle-csv"
EPSS_HEADERS = (("cve", "epss"), ("cve", "epss", "percentile"))
PRICES = "price-list-csv"
BUILDS = "build-table-csv"
PRICE_HEADERS = (("pid", "price"), ("pid", "price", "currency"))
BUILD_HEADER = ("os", "build", "release")
LIFECYCLE_HEADER = ("pid", *MILESTONES, "replacement", "bulletin", "url")
_SCORE_DATE = re.compile(r"score_date:(?P<day>\d{4}-\d{2}-\d{2})")

Rows = Iterator[tuple[str, Mapping[str, str]]]
"""(place, columns by name)."""


def open_table(lines: Iterator[str]) -> tuple[str, str, Rows]:
    """Format, the day it is of where it says so, and its rows. Raises FileRefused."""
    first = next(lines, "")
    comment = first if first.startswith("#") else ""
    header_line = next(lines, "") if comment else first
    header = tuple(name.strip().lower() for name in next(csv.reader([header_line]), []))
    number = 2 if comment else 1
    if header in EPSS_HEADERS:
        dated = _SCORE_DATE.search(comment)
        return EPSS, dated["day"] if dated else "", _rows(lines, header, number)
    if header in PRICE_HEADERS:
        return PRICES, "", _rows(lines, header, number)
    if header == BUILD_HEADER:
        return BUILDS, "", _rows(lines, header, number)
    if "pid" in header and set(header) <= set(LIFECYCLE_HEADER):
        return LIFECYCLE, "", _rows(lines, header, number)
    shown = ",".join(header)[:80]
    raise FileRefused(
        f"line {number}: {shown!r} is the header of no table that is read; EPSS has cve,epss,percentile, "
        f"lifecycles have {','.join(LIFECYCLE_HEADER)}, prices pid,price,currency, builds {','.join(BUILD_HEADER)}"
    )


def _rows(lines: Iterator[str], header: Sequence[str], number: int) -> Rows:
    try:
        for at, row in enumerate(csv.reader(lines), number + 1):
            if row:
                yield f"line {at}", dict(zip(header, (cell.strip() for cell in row), strict=False)) if len(row) == len(header) else {}
    except csv.Error as error:
        raise FileRefused(f"not CSV: {error}") from error


def likelihood(place: str, row: Mapping[str, str]) -> Likelihood:
    """Raises RecordRefused."""
    _complete(place, row)
    return Likelihood(
        cve_id(row["cve"], place),
        _ratio(place, "epss", row["epss"]),
        _ratio(place, "percentile", row["percentile"]) if row.get("percentile") else None,
    )


def _ratio(place: str, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise RecordRefused(f"{place}: {name} {text[:20]!r} is no probability; give a number from 0 to 1")
    return value


def lifecycle(place: str, row: Mapping[str, str]) -> Lifecycle:
    """Raises RecordRefused."""
    _complete(place, row)
    if not row["pid"]:
        raise RecordRefused(f"{place}: pid is empty; a row needs the product it is about")
    milestones = {name: found for name in MILESTONES if (found := day(row.get(name, ""), f"{place}: {name}"))}
    return Lifecycle(row["pid"], milestones, row.get("replacement", ""), row.get("bulletin", ""), row.get("url", ""))


def price(place: str, row: Mapping[str, str]) -> Price:
    """Raises RecordRefused."""
    _complete(place, row)
    try:
        amount = float(row["price"])
    except ValueError:
        amount = -1.0
    if not 0.0 <= amount < MOST_PRICE:
        raise RecordRefused(f"{place}: price {row['price'][:20]!r} is no price; write it as 12345.50")
    return Price(row["pid"], amount, row.get("currency", ""))


def build(place: str, row: Mapping[str, str]) -> Build:
    """Raises RecordRefused, also where the two are no versions of that system."""
    _complete(place, row)
    try:
        number, release = parse_version(row["os"], row["build"]), parse_version(row["os"], row["release"])
    except VersionUnknown as error:
        raise RecordRefused(f"{place}: {error}") from error
    return Build(row["os"], number.normalised, release.normalised)


READERS: Mapping[str, Callable[[str, Mapping[str, str]], Fact]] = {EPSS: likelihood, LIFECYCLE: lifecycle, PRICES: price, BUILDS: build}


def _complete(place: str, row: Mapping[str, str]) -> None:
    if not row:
        raise RecordRefused(f"{place}: has another number of columns than the header; quote cells that hold commas")
