"""What every format shares: days, texts, scores, and the faults of a file and of one record."""

import re
from datetime import date
from typing import TypeVar

import msgspec

T = TypeVar("T")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?:[T ].*)?")
_NAMED = re.compile(r"(?P<day>\d{1,2})[- ](?P<month>[A-Za-z]{3})[a-z]*[- ](?P<year>\d{4})")
CVE = re.compile(r"CVE-\d{4}-\d{4,10}", re.ASCII)
LONGEST_TITLE = 400


class FileRefused(ValueError):
    """The file as a whole is not usable: the text says where, what, why and the way out."""


class RecordRefused(ValueError):
    """One record of a file is not usable; the others are."""


def day(text: str, place: str) -> str:
    """An ISO day from the ways in which the sources write days; empty stays empty. Raises RecordRefused."""
    shown = text.strip()
    if not shown:
        return ""
    found = _ISO.fullmatch(shown) or _NAMED.fullmatch(shown)
    if found is not None:
        month = found["month"]
        number = int(month) if month.isdecimal() else MONTHS.index(month.lower()) + 1 if month.lower() in MONTHS else 0
        try:
            return date(int(found["year"]), number, int(found["day"])).isoformat()
        except ValueError:
            pass
    raise RecordRefused(f"{place}: {shown[:40]!r} is no date; write it as 2026-11-24")


def title(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= LONGEST_TITLE else shown[: LONGEST_TITLE - 1] + "\N{HORIZONTAL ELLIPSIS}"


def cve_id(text: str, place: str) -> str:
    """Raises RecordRefused."""
    shown = text.strip().upper()
    if CVE.fullmatch(shown) is None:
        raise RecordRefused(f"{place}: {text[:40]!r} is no CVE number; they look like CVE-2023-20198")
    return shown


def severity_of(cvss: float | None) -> str:
    """The severity word of a CVSS base score (CVSS v3.1, section 5)."""
    if cvss is None:
        return ""
    return "critical" if cvss >= 9.0 else "high" if cvss >= 7.0 else "medium" if cvss >= 4.0 else "low" if cvss > 0 else "informational"


def severity_word(text: str) -> str:
    shown = text.strip().lower()
    return shown if shown in ("critical", "high", "medium", "low", "informational") else ""


def decoded(data: bytes | msgspec.Raw, kind: type[T], place: str = "") -> T:
    """One JSON value of that shape. Raises RecordRefused with the place of what does not fit."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise RecordRefused(f"{place}{': ' if place else ''}{error}; the format's documentation shows the shape") from error
    except msgspec.DecodeError as error:
        raise RecordRefused(f"{place}{': ' if place else ''}not JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise RecordRefused(f"{place}{': ' if place else ''}byte {error.start} is not UTF-8; save it as UTF-8") from error
    except RecursionError as error:
        raise RecordRefused(f"{place}{': ' if place else ''}nested too deep to be read; no format needs that") from error
