"""What people write into the forms of this screen, read once and refused with a word."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from natvakt_server.web.visit import Visit

NAME_CHARACTERS = 80
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FormRefused(ValueError):
    """`word`: the key of what people are told; `field`: the field it is about, as people see it."""

    def __init__(self, word: str, field: str = "") -> None:
        super().__init__(word)
        self.word, self.field = word, field


def name_of(visit: Visit) -> str:
    name = visit.field("name").strip()
    if not name or len(name) > NAME_CHARACTERS or not name.isprintable():
        raise FormRefused("form-bad-name", "name")
    return name


def zone_of(visit: Visit) -> str:
    name = visit.field("time_zone").strip()
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FormRefused("form-bad-zone", "time-zone") from None


def time_of(visit: Visit, field: str, word: str, *, required: bool) -> str:
    text = visit.field(field).strip()
    if (required or text) and not TIME.fullmatch(text):
        raise FormRefused("form-bad-time", word)
    return text


def number_of(text: str, word: str, least: int, most: int) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and least <= int(text) <= most):
        raise FormRefused("form-bad-number", word)
    return int(text)


def day_of(visit: Visit, field: str, word: str) -> date:
    try:
        return date.fromisoformat(visit.field(field).strip())
    except ValueError:
        raise FormRefused("form-bad-day", word) from None


def moment_of(text: str, zone: str, word: str) -> int:
    """`2026-12-24T08:00` by the clocks of a zone."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise FormRefused("form-bad-moment", word) from None
    local = moment.replace(tzinfo=ZoneInfo(zone))
    return int((local.astimezone(UTC) - EPOCH).total_seconds()) * 1_000_000_000


def chosen(visit: Visit, field: str, known: Sequence[str]) -> tuple[str, ...]:
    """Those of the values that exist, each once; what is gone meanwhile is left out."""
    return tuple(value for value in dict.fromkeys(visit.request.form.getlist(field)) if value in known)
