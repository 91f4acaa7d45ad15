"""Service contracts of a customer: which serial numbers the maker replaces, until when. The list is the partner's, as its ordering
system exports it.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from natvakt_server.domain.refusal import WordedRefusal

MOST_CONTRACTS = 100_000
MOST_CHARACTERS = 100
# Headings in lower case, as Cisco's CCW-R and the common resellers' exports write them.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "serial": ("serial", "serial number", "serial_number", "serial number / pak number", "sn"),
    "number": ("number", "contract", "contract number", "contract_number", "contract no"),
    "ends_on": ("ends_on", "end date", "end_date", "contract end date", "covered line end date", "coverage end date"),
    "service": ("service", "service level", "service_level", "service level description"),
}
DAYS = ("%Y-%m-%d", "%d-%b-%Y", "%Y/%m/%d", "%d %b %Y")


class ContractListRefused(WordedRefusal):
    """Names the line, the value, what is wrong with it and what to write instead. Nothing of the list is kept."""


@dataclass(frozen=True, slots=True)
class ServiceContract:
    """One covered serial number, in capitals. Without `ends_on` it has no end that anybody told. `service`: such as 8x5xNBD."""

    serial: str
    number: str
    ends_on: date | None = None
    service: str = ""


@dataclass(frozen=True, slots=True)
class ContractList:
    contracts: Sequence[ServiceContract]
    given_ns: int
    by: str


class ContractBook(Protocol):
    def put_contracts(self, tenant: str, contracts: ContractList) -> None:
        """In place of the list before it, whole."""
        ...

    def forget_contracts(self, tenant: str) -> bool:
        """Afterwards nobody has given a list. False: nobody had."""
        ...

    def contracts(self, tenant: str) -> ContractList | None:
        """By serial number; None where nobody has given a list, which is not the same as an empty one."""
        ...


def read_contracts(text: str) -> Sequence[ServiceContract]:
    """A CSV with a line of headings, comma, semicolon or tab between the fields. Raises ContractListRefused."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines:
        raise ContractListRefused(
            "the list is empty; its first line names the columns, such as serial,number,ends_on,service", "contracts-empty"
        )
    separator = max(",;\t", key=lines[0].count)
    rows = csv.reader(lines, delimiter=separator)
    places = _places(next(rows))
    found: dict[str, ServiceContract] = {}
    for line, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        contract = _contract(line, {name: row[place].strip() if place < len(row) else "" for name, place in places.items()})
        known = found.get(contract.serial)
        if known is None or (known.ends_on is not None and (contract.ends_on is None or contract.ends_on > known.ends_on)):
            found[contract.serial] = contract  # renewed: the later end counts
        if len(found) > MOST_CONTRACTS:
            raise ContractListRefused(
                f"line {line}: more than {MOST_CONTRACTS} serial numbers; give each customer its own list",
                "contracts-too-many",
                line=str(line),
                most=str(MOST_CONTRACTS),
            )
    return sorted(found.values(), key=lambda each: each.serial)


def _places(heading: Sequence[str]) -> Mapping[str, int]:
    words = [cell.strip().lower() for cell in heading]
    places = {name: words.index(word) for name, known in HEADINGS.items() for word in known if word in words}
    for name in ("serial", "number"):
        if name not in places:
            told = ", ".join(repr(cell.strip()) for cell in heading)[:200]
            known = ", ".join(HEADINGS[name])
            raise ContractListRefused(
                f"line 1: no column {name!r} among {told}; call it one of {known}", "contracts-no-column", name=name, told=told, known=known
            )
    return places


def _contract(line: int, cells: Mapping[str, str]) -> ServiceContract:
    for name in ("serial", "number"):
        if not cells[name]:
            raise ContractListRefused(
                f"line {line}: {name} is empty; fill it in, or leave the line out", "contracts-no-value", line=str(line), name=name
            )
    for name, value in cells.items():
        if len(value) > MOST_CHARACTERS or not value.isprintable():
            raise ContractListRefused(
                f"line {line}: {name} {value[:40]!r} is longer than {MOST_CHARACTERS} characters or not printable; shorten it",
                "contracts-too-long",
                line=str(line),
                name=name,
                value=value[:40],
                most=str(MOST_CHARACTERS),
            )
    return ServiceContract(cells["serial"].upper(), cells["number"], _day(line, cells.get("ends_on", "")), cells.get("service", ""))


def _day(line: int, text: str) -> date | None:
    if not text:
        return None
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise ContractListRefused(
        f"line {line}: ends_on {text!r} is not a day; write it as 2027-06-30", "contracts-no-day", line=str(line), value=text[:40]
    )
