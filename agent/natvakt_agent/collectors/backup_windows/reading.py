"""Windows Server Backup in its own texts: the versions `wbadmin` lists and the events of its log.

Both are read without their words, which change with the language of Windows: a version's identifier is its moment in UTC
(`MM/DD/YYYY-HH:MM`), an event is known by its number.

| Event | Of channel Microsoft-Windows-Backup |
|---|---|
| 1 | a backup began |
| 4 | it ended well |
| 14 | it ended; whether well stands in its `HRESULT` |
| 5, 8, 9, 17, 18, 19, 20, 21, 22, 49, 50, 52, 100, 517, 518, 521, 527, 528, 544, 545, 546, 561, 564, 612 | it failed, by cause |
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

BEGAN, WELL, ENDED = 1, 4, 14
FAILURES = frozenset({5, 8, 9, 17, 18, 19, 20, 21, 22, 49, 50, 52, 100, 517, 518, 521, 527, 528, 544, 545, 546, 561, 564, 612})
_VERSION = re.compile(r"\b(\d\d)/(\d\d)/(\d{4})-(\d\d):(\d\d)\b")
_NAMESPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
MOST_XML_CHARACTERS = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    number: int
    at: int
    result: int = 0  # HRESULT; 0 is well
    detail: str | None = None


def versions(text: str) -> list[int]:
    """Moments of the versions that can be restored, oldest first."""
    found = set()
    for month, day, year, hour, minute in _VERSION.findall(text):
        try:
            found.add(int(datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC).timestamp()))
        except ValueError:
            continue
    return sorted(found)


def events(text: str) -> list[Event]:
    """From `wevtutil qe ... /f:xml`, which writes elements without a root; oldest first. Raises ValueError for what is no such text."""
    if len(text) > MOST_XML_CHARACTERS or "<!" in text:
        raise ValueError("is too long, or declares entities")
    try:
        root = ElementTree.fromstring(f"<Events>{text.strip()}</Events>")  # noqa: S314 (no declarations: checked above)
    except ElementTree.ParseError as error:
        raise ValueError(f"is not XML: {error}") from None
    found = [event for element in root.iter(f"{_NAMESPACE}Event") if (event := _event(element))]
    return sorted(found, key=lambda each: (each.at, each.number))


def _event(element: ElementTree.Element) -> Event | None:
    number = element.findtext(f"{_NAMESPACE}System/{_NAMESPACE}EventID", "")
    created = element.find(f"{_NAMESPACE}System/{_NAMESPACE}TimeCreated")
    at = _moment(created.get("SystemTime", "")) if created is not None else None
    if not number.isdigit() or at is None:
        return None
    data = {each.get("Name", ""): (each.text or "").strip() for each in element.iter(f"{_NAMESPACE}Data")}
    return Event(int(number), at, _result(data), data.get("DetailedHRESULT") or data.get("ErrorMessage") or None)


def _moment(text: str) -> int | None:
    """`2026-11-24T01:00:05.1234567Z`: seven digits of a second, which Python does not read."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z", text)
    return int(datetime.fromisoformat(f"{match[1]}+00:00").timestamp()) if match else None


def _result(data: dict[str, str]) -> int:
    text = data.get("HRESULT", "0")
    try:
        return int(text, 0)
    except ValueError:
        return 0


def newest_run(found: Sequence[Event]) -> tuple[Event | None, Event | None]:
    """When the newest run began and how it ended; either may be unknown, the end also because it is still under way."""
    began = next((event for event in reversed(found) if event.number == BEGAN), None)
    endings = [event for event in found if event.number in (WELL, ENDED) or event.number in FAILURES]
    after = [event for event in endings if began is None or event.at >= began.at]
    worst = next((event for event in after if not is_well(event)), None)
    return began, worst or (after[-1] if after else None)


def is_well(event: Event) -> bool:
    return event.number not in FAILURES and event.result == 0
