"""Values with their unit in them: `60s`, `7d`, `64MiB`."""

import re
from collections.abc import Mapping
from types import MappingProxyType

SECONDS_PER_UNIT: Mapping[str, float] = MappingProxyType({"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0})
BYTES_PER_UNIT: Mapping[str, int] = MappingProxyType(
    {"B": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}
)
_WRITTEN = re.compile(r"(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z]{1,3})", re.ASCII)


class Duration(float):
    """A span of time in seconds, written with its unit."""

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Raises ValueError that names the units."""
        return cls(_parse(text, SECONDS_PER_UNIT))

    @property
    def nanoseconds(self) -> int:
        return round(self * 1_000_000_000)

    def __str__(self) -> str:
        for unit in ("w", "d", "h", "m", "s"):
            if self >= SECONDS_PER_UNIT[unit] and self % SECONDS_PER_UNIT[unit] == 0:
                return f"{int(self / SECONDS_PER_UNIT[unit])}{unit}"
        return f"{round(self * 1000)}ms"

    def __repr__(self) -> str:
        return f"Duration({self!s})"


class Size(int):
    """A number of bytes, written with its unit."""

    @classmethod
    def parse(cls, text: str) -> "Size":
        """Raises ValueError that names the units."""
        return cls(round(_parse(text, BYTES_PER_UNIT)))

    def __str__(self) -> str:
        for unit in ("TiB", "GiB", "MiB", "KiB"):
            if self >= BYTES_PER_UNIT[unit] and self % BYTES_PER_UNIT[unit] == 0:
                return f"{self // BYTES_PER_UNIT[unit]}{unit}"
        return f"{int(self)}B"

    def __repr__(self) -> str:
        return f"Size({self!s})"


def _parse(text: str, units: Mapping[str, float] | Mapping[str, int]) -> float:
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or match[2] not in units:
        raise ValueError(f"is not a number with one of the units {', '.join(units)}")
    return float(match[1]) * units[match[2]]
