"""One language of a report: words, sentences, facts, and how numbers and dates look in it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from natvakt_server.reports.fact_values import ONE, UNITS, VALUES
from natvakt_server.reports.facts import BEFORE_END, BETWEEN, FACTS, OBJECT_STARTS, OBJECTS, STARTS
from natvakt_server.reports.labels import CHANGES, JOB_STATES, LABELS, RISKS, ROLES, SEVERITIES, STATES, UNDOING, VERDICTS, Words
from natvakt_server.reports.names import isolated
from natvakt_server.reports.reasons import REASONS
from natvakt_server.reports.sentences import GLOSSARY, LEGEND, SENTENCES

LANGUAGES = ("en", "sv")
NO_VALUE = "–"
NO_BREAK = "\u00a0"
DAY_CHARACTERS = len("2026-11-25")
MINUS = "\u2212"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Addresses, ports, serial numbers and releases: `10.9.1.1`, `Te1/1/1`, `FCW2`, `sip88xx.12-8-1`.
_NAME_AT_END = re.compile(r" [\w./:-]*\d$")
_MIB_NAME = re.compile(r"\b(if|dot3)[A-Z]\w+$")


class Speech:
    """Labels are ours and must be known (KeyError); what comes from the document falls back to the word itself."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r}: reports speak {' and '.join(LANGUAGES)}")
        self.language = language
        self._index = LANGUAGES.index(language)
        self._zone = zone

    def __call__(self, label: str) -> str:
        return LABELS[label][self._index]

    def severity(self, word: str) -> str:
        return self._word(SEVERITIES, word)

    def state(self, word: str) -> str:
        return self._word(STATES, word)

    def verdict(self, word: str) -> str:
        return self._word(VERDICTS, word)

    def reason(self, word: str) -> str:
        return self._word(REASONS, word) if word in REASONS else self._word(VERDICTS, word)

    def role(self, word: str) -> str:
        return self._word(ROLES, word)

    def change(self, word: str) -> str:
        return self._word(CHANGES, word)

    def risk(self, word: str) -> str:
        return self._word(RISKS, word)

    def job_state(self, word: str) -> str:
        return self._word(JOB_STATES, word)

    def undoing(self, word: str) -> str:
        return self._word(UNDOING, word)

    def legend(self) -> Sequence[tuple[str, str, str]]:
        """(mark, its word, what it means)."""
        return [(mark, self._word({**SEVERITIES, **STATES}, mark), meaning[self._index]) for mark, meaning in LEGEND.items()]

    def glossary(self) -> Sequence[tuple[str, str]]:
        """(word, meaning), by word."""
        words = [(entry[2 * self._index], entry[2 * self._index + 1]) for entry in GLOSSARY.values()]
        return sorted(words, key=lambda pair: pair[0].casefold())

    def sentence(self, name: str, **values: object) -> str:
        return SENTENCES[name][self._index].format(**values)

    def title(self, words: Mapping[str, str]) -> str:
        return words.get(self.language) or words.get("en", "")

    def number(self, value: float, decimals: int = 1) -> str:
        """`-1234.5` -> `−1,234.5` or `−1 234,5` with a no-break space."""
        text = f"{value:,.{decimals}f}"
        if not text.strip("-0.,"):
            text = text.removeprefix("-")  # no minus before a nought
        text = text.replace("-", MINUS)
        return text if self.language == "en" else text.replace(",", NO_BREAK).replace(".", ",")

    def signed(self, value: float, decimals: int = 1) -> str:
        """A change: `+2.8`, `−0.4`, `±0.0`."""
        text = self.number(value, decimals)
        return text if text.startswith(MINUS) else f"+{text}" if value > 0 else f"±{text}"

    def percent(self, value: float, decimals: int = 1) -> str:
        return f"{self.number(value, decimals)}{NO_BREAK}%"

    def quantity(self, value: object, unit: str | None) -> str:
        """A fact's value as people write it."""
        if value is None or value == "":
            return NO_VALUE
        if isinstance(value, bool):
            text = self("yes") if value else self("no")
        elif isinstance(value, int):
            text = self.number(value, 0)
        elif isinstance(value, float):
            text = self.number(value, len(f"{value:.4f}".rstrip("0").partition(".")[2]))
        else:
            text = isolated(VALUES.get(str(value), str(value)) if self.language == "sv" else str(value))
        return f"{text}{NO_BREAK}{self.unit(unit, value)}" if unit else text

    def unit(self, unit: str, value: object = None) -> str:
        """In the singular where the value is one."""
        if value == 1 and not isinstance(value, bool) and unit in ONE:
            return ONE[unit][self._index]
        return UNITS.get(unit, unit) if self.language == "sv" else unit

    def fact(self, what: str) -> str:
        """The name of a fact, its last words translated; names of the MIB and of devices' own parts stay."""
        if self.language == "en" or _MIB_NAME.search(what):
            return what
        for start, swedish in STARTS.items():
            if what.startswith(start):
                return swedish + self._end(what[len(start) :])
        return self._end(what)

    def _end(self, what: str) -> str:
        for english in sorted(FACTS, key=len, reverse=True):
            if what == english or what.endswith(" " + english):
                before = what[: len(what) - len(english)]
                for middle, said in BEFORE_END.items():
                    before = before.replace(middle, said)
                return before + FACTS[english]
        for english, swedish in BETWEEN.items():
            what = what.replace(english, swedish)
        return what

    def object(self, name: str) -> str:
        """What a finding is about: several stand with commas between. Names that devices give stay."""
        return ", ".join(map(self._object, name.split(", "))) if self.language == "sv" else name

    def _object(self, name: str) -> str:
        start = next((start for start in OBJECT_STARTS if name.startswith(start)), None)
        return OBJECTS.get(name, name) if start is None else OBJECT_STARTS[start] + name[len(start) :]

    def knows_fact(self, what: str) -> bool:
        """Whether a fact's name can be said in every language."""
        known_end = any(what == english or what.endswith(" " + english) for english in FACTS)
        named = _MIB_NAME.search(what) or _NAME_AT_END.search(what)
        return known_end or what.startswith(tuple(STARTS)) or named is not None

    def duration(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not hours:
            return f"{rest}{NO_BREAK}min"
        return f"{hours}{NO_BREAK}h" + (f" {rest}{NO_BREAK}min" if rest else "")

    def hours(self, minutes: int) -> str:
        """Whole hours, rounded up to the half: what an estimate is worth."""
        halves = -(-minutes // 30)
        return f"{self.number(halves / 2, halves % 2)}{NO_BREAK}h"

    def moment(self, iso: str | None) -> str:
        """RFC 3339 in the customer's zone, to the minute: `25 Nov 2026 01:02`, in Swedish `2026-11-25 01:02`."""
        return f"{self.date(iso)} {self.local(iso):%H:%M}" if iso else NO_VALUE

    def date(self, iso: str | None) -> str:
        """Of a moment in the customer's zone, or of a day, which has no zone."""
        if not iso:
            return NO_VALUE
        local = date.fromisoformat(iso) if len(iso) == DAY_CHARACTERS else self.local(iso)
        return f"{local.day} {MONTHS[local.month - 1]} {local.year}" if self.language == "en" else f"{local:%Y-%m-%d}"

    def days_between(self, first: str, last: str) -> int:
        """Of two ISO days."""
        return (date.fromisoformat(last) - date.fromisoformat(first)).days

    def local(self, iso: str) -> datetime:
        """A moment in the customer's zone."""
        return datetime.fromisoformat(iso).astimezone(self._zone)

    def _word(self, words: Words, word: str) -> str:
        return words[word][self._index] if word in words else word
