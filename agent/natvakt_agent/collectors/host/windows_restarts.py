"""Whether a Windows machine went down by itself: the log System tells, by numbers of events that are the same in every language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

from natvakt_agent.collectors.host.reader import Restart

STARTED, PLANNED, STOPPED = 6005, 1074, 6006  # the log began; somebody asked for it; the log ended in order
UNEXPECTED = {41: "it lost power or hung", 6008: "the shutdown before was unexpected"}
WINDOWS_LOG = (
    "wevtutil.exe", "qe", "System", "/c:20", "/rd:true", "/f:xml",
    "/q:*[System[(EventID=41 or EventID=1074 or EventID=6005 or EventID=6006 or EventID=6008)]]",
)  # fmt: skip
AROUND_START_SECONDS = 600
_NAMESPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
MOST_CHARACTERS = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Event:
    number: int
    at: int


def from_windows_log(text: str) -> Restart | None:
    """From `wevtutil` in XML, newest first; None where nothing in it tells."""
    found = _events(text)
    started = next((event.at for event in found if event.number == STARTED), None)
    if started is None:
        return None
    for event in found:
        if event.number in UNEXPECTED and abs(event.at - started) <= AROUND_START_SECONDS:
            return Restart(is_expected=False, reason=f"unexpected: {UNEXPECTED[event.number]} (event {event.number})")
    before = next((event.number for event in found if event.at <= started and event.number in (PLANNED, STOPPED)), None)
    return Restart(is_expected=True, reason=f"shut down in order (event {before})") if before else None


def _events(text: str) -> Sequence[_Event]:
    """Newest first. Declarations are refused: an entity could grow without end."""
    if len(text) > MOST_CHARACTERS or "<!" in text:
        return ()
    try:
        root = ElementTree.fromstring(f"<Events>{text.strip()}</Events>")  # noqa: S314 (no declarations: checked above)
    except ElementTree.ParseError:
        return ()
    found = [event for element in root.iter(f"{_NAMESPACE}Event") if (event := _event(element))]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _event(element: ElementTree.Element) -> _Event | None:
    number = element.findtext(f"{_NAMESPACE}System/{_NAMESPACE}EventID", "")
    created = element.find(f"{_NAMESPACE}System/{_NAMESPACE}TimeCreated")
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z", created.get("SystemTime", "") if created is not None else "")
    if not number.isdigit() or match is None:
        return None
    return _Event(int(number), int(datetime.fromisoformat(f"{match[1]}+00:00").timestamp()))
