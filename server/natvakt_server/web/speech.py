"""One person's language and time zone: words, numbers, quantities and moments as that person writes them.

Words are written once, as a pair (English, Swedish), beside the screen that uses them; the catalogue joins them. A key that nobody
wrote is an error, never a blank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

Words = Mapping[str, tuple[str, str]]
LANGUAGES = ("en", "sv")
NO_VALUE = "–"
NO_BREAK = "\u00a0"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_NS = 1_000_000_000
_STEPS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_LETTERS = ("", "k", "M", "G", "T")


class UnknownWord(KeyError):
    """A template or page asks for a key that no screen has written."""


class Catalogue:
    """All words of all screens. A key is written in one place."""

    def __init__(self, parts: Iterable[Words]) -> None:
        self._words: dict[str, tuple[str, str]] = {}
        for part in parts:
            for key, pair in part.items():
                if key in self._words:
                    raise ValueError(f"word {key!r} is written twice: {self._words[key][0]!r} and {pair[0]!r}")
                self._words[key] = pair

    @property
    def keys(self) -> Sequence[str]:
        return list(self._words)

    def pair(self, key: str) -> tuple[str, str]:
        try:
            return self._words[key]
        except KeyError:
            raise UnknownWord(key) from None

    def knows(self, key: str) -> bool:
        return key in self._words


def moment(time_ns: int) -> datetime:
    return EPOCH + timedelta(microseconds=time_ns // 1000)


def utc_text(time_ns: int) -> str:
    return moment(time_ns).strftime("%Y-%m-%d %H:%M:%S UTC")


@dataclass(frozen=True, slots=True)
class Speech:
    catalogue: Catalogue
    language: str
    zone: ZoneInfo
    now_ns: int

    def __call__(self, key: str, **values: object) -> str:
        text = self.catalogue.pair(key)[LANGUAGES.index(self.language)]
        return text.format(**values) if values else text

    def count(self, key: str, number: float) -> str:
        """`3 devices`, `1 device`: the key's own word, or that of `key.one`."""
        one = f"{key}.one"
        return self(one if number == 1 and self.catalogue.knows(one) else key, count=self.number(number))

    def known(self, prefix: str, value: object) -> str:
        """A word of a closed set where it is known, else the value itself: what devices and other versions say is shown, not hidden."""
        key = f"{prefix}.{value}"
        return self(key) if self.catalogue.knows(key) else str(value)

    def pick(self, texts: Mapping[str, str]) -> str:
        """From texts by language code, as findings carry them."""
        return texts.get(self.language) or texts.get("en", "")

    def number(self, value: float | None, decimals: int = 0) -> str:
        """`1234.5` -> `1,234.5` or `1 234,5`."""
        if value is None:
            return NO_VALUE
        text = f"{value:,.{decimals}f}"
        return text if self.language == "en" else text.replace(",", NO_BREAK).replace(".", ",")

    def percent(self, ratio: float | None, decimals: int = 0) -> str:
        return NO_VALUE if ratio is None else f"{self.number(100 * ratio, decimals)}{NO_BREAK}%"

    def scaled(self, value: float | None, unit: str, base: int = 1000) -> str:
        """`1_500_000, "bit/s"` -> `1.5 Mbit/s`; base 1024 gives KiB, MiB."""
        if value is None:
            return NO_VALUE
        size, step = abs(value), 0
        while size >= base and step < len(_LETTERS) - 1:
            size, step = size / base, step + 1
        letter = _LETTERS[step] if base == 1000 else (_LETTERS[step].upper() + "i" if step else "")
        decimals = 0 if (step == 0 and size == int(size)) or size >= 100 else 1
        sign = "-" if value < 0 else ""
        return f"{sign}{self.number(size, decimals)}{NO_BREAK}{letter}{unit}"

    def duration(self, seconds: float | None) -> str:
        """The two largest units: `3 d 4 h`."""
        if seconds is None:
            return NO_VALUE
        rest = int(max(0, seconds))
        parts: list[str] = []
        for size, unit in _STEPS:
            if rest >= size or (size == 1 and not parts):
                parts.append(f"{rest // size}{NO_BREAK}{unit}")
                rest %= size
        return " ".join(parts[:2])

    def ago(self, time_ns: int | None) -> str:
        if not time_ns:
            return self("never")
        seconds = (self.now_ns - time_ns) / SECOND_NS
        if seconds < 5:
            return self("just-now")
        return self("ago", span=self.duration(seconds).split(" ")[0])

    def local(self, time_ns: int, seconds: bool = False) -> str:
        shape = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
        return moment(time_ns).astimezone(self.zone).strftime(shape)

    def time(self, time_ns: int | None, relative: bool = False) -> Markup:
        """A `time` element: the viewer's zone, UTC on hover."""
        if not time_ns:
            return Markup('<span class="faint">{}</span>').format(self("never"))
        shown = self.ago(time_ns) if relative else self.local(time_ns)
        utc = utc_text(time_ns)
        hover = f"{self.local(time_ns, True)} ({self.zone.key}), {utc}" if relative else utc
        stamp = moment(time_ns).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, hover, shown)
