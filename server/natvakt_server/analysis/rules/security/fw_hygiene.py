"""security.fw.hygiene: rules that can never match, or whose time is over, are gone.

What no packet used for 180 days shows in hit counts only, which no configuration holds: lists without a fault are unknown, not clean.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime

from natvakt_server.analysis.configuration.access_lists import AccessList, Entry
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, cannot_tell, settle
from natvakt_server.analysis.configuration.filters import covers
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

MOST_BROAD = 64  # entries held against those that follow, so that long lists cost no more than their length


def judge(subject: Subject) -> Outcome:
    """Lists that are bound somewhere."""
    reading = subject.reading
    names = {line.text.split()[1] for line in reading.find(r"access-group \S")}
    lists = [reading.access_lists[name] for name in sorted(names) if name in reading.access_lists]
    breaches = [
        Breach(Severity.LOW, (entry.line, before.line), each.name, (f"no {entry.line.text}",))
        for each in lists
        for entry, before in _shadowed(each)
    ]
    ended = _ended(reading, subject.today) if subject.today is not None else frozenset()
    breaches += [
        Breach(Severity.LOW, (entry.line,), each.name, (f"no {entry.line.text}",))
        for each in lists
        for entry in each.entries
        if (found := re.search(r"\btime-range (\S+)", entry.rest)) and found[1] in ended
    ]
    judged = sum(len(each.entries) for each in lists)
    if judged and not breaches:
        return cannot_tell("cli-not-allowed")
    return settle(breaches, judged, nothing="no-list-bound")


def _shadowed(known: AccessList) -> Sequence[tuple[Entry, Entry]]:
    """Entries of which an earlier one takes everything."""
    found: list[tuple[Entry, Entry]] = []
    broad: list[Entry] = []
    same: dict[tuple[object, ...], Entry] = {}
    for entry in known.entries:
        if not entry.active or "time-range" in entry.rest:
            continue
        key = (
            " ".join(sorted(entry.protocols)),
            entry.source.word,
            entry.destination.word,
            (entry.source.ports, entry.destination.ports),
            entry.services,
            _qualified(entry),
        )
        before = same.get(key) or next((each for each in broad if _takes(each, entry)), None)
        if before is not None:
            found.append((entry, before))
            continue
        same[key] = entry
        if entry.every_protocol and len(broad) < MOST_BROAD:
            broad.append(entry)
    return found


def _qualified(entry: Entry) -> str:
    """What narrows an entry beside addresses and ports, as the type of an ICMP message; not whether it is logged."""
    return re.sub(r"\blog\b.*", "", entry.rest).strip()


def _takes(broad: Entry, entry: Entry) -> bool:
    return covers(broad.source, entry.source) and covers(broad.destination, entry.destination)


def _ended(reading: Reading, today: date) -> frozenset[str]:
    """Time ranges that are over: `absolute end 23:59 31 December 2024`."""
    over = set()
    for head in reading.find(r"time-range \S"):
        for line in reading.find(r"absolute .*\bend \d", head):
            found = re.search(r"\bend \d+:\d+ (\d+ \w+ \d{4})", line.text)
            try:
                end = datetime.strptime(found[1], "%d %B %Y").date() if found else None  # noqa: DTZ007 - a day of the device's own
            except ValueError:
                end = None
            if end is not None and end < today:
                over.add(head.text.split()[1])
    return frozenset(over)


CHECK = ConfigurationRule(
    id="security.fw.hygiene",
    title=Text("Rules that no longer do anything", "Regler som inte längre gör något"),
    impact=Text(
        "Nobody dares to touch a list that nobody understands, and mistakes hide in it.",
        "Ingen vågar röra en lista som ingen förstår, och misstag göms i den.",
    ),
    recommendation=Text(
        "Remove what an earlier rule takes and what has ended.", "Ta bort det som en tidigare regel tar och det som gått ut."
    ),
    severities=(Severity.LOW,),
    effort_minutes=60,
    requirements=(Requirement(("asa",), judge),),
)
