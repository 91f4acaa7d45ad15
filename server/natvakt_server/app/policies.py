"""What customers set otherwise than the defaults: in the console, or in one file a customer in the folder `[assessment] policy_folder`.

    # acme.toml
    strict = true                # the thresholds of the STIG profile
    exec_timeout_minutes = 5     # a threshold by its name, as `natvakt-server rule list` tells
    capacity.poe.share = 0.9

Read when an assessment is made, so that a change needs no restart; what was set stands in the frozen evidence.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from natvakt_server.analysis.configuration.check import ConfigurationRule
from natvakt_server.analysis.thresholds import thresholds
from natvakt_server.domain.policy import STRICT, CustomerPolicy, PolicyBook
from natvakt_server.domain.refusal import Refusal

LARGEST_FILE_BYTES = 64 * 1024


class PolicyRefused(Refusal, ValueError):
    """The text says file, key, value, reason and way out."""


@dataclass(frozen=True, slots=True)
class Policies:
    """`folder` None: every customer has the defaults. `names` are the thresholds that rules know."""

    folder: Path | None
    names: frozenset[str]
    book: PolicyBook | None = None

    def of(self, customer: str) -> CustomerPolicy:
        """By the customer's short name: the file's numbers, over them what was set in the console. Raises PolicyRefused."""
        path = self.folder / f"{customer}.toml" if self.folder is not None else None
        numbers = self._read(path) if path is not None and path.is_file() else {}
        told = self.book.policy(customer) if self.book is not None else None
        if told is None:
            return CustomerPolicy(customer, numbers)
        known = {name: number for name, number in told.numbers.items() if name in self.names or name == STRICT}
        return replace(told, numbers={**numbers, **known})

    def _read(self, path: Path) -> Mapping[str, float]:
        try:
            if path.stat().st_size > LARGEST_FILE_BYTES:
                raise PolicyRefused(f"{path}: larger than {LARGEST_FILE_BYTES // 1024} KiB; it holds thresholds only")
            values = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise PolicyRefused(f"{path}: cannot be read: {error.strerror}; check its rights") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PolicyRefused(f"{path}: not valid TOML: {error}; mend that line") from error
        values = dict(_flat(values))
        for name, value in values.items():
            if name not in self.names and name != STRICT:
                raise PolicyRefused(
                    f"{path}: {name[:60]!r} is no threshold of a rule; known are {', '.join(sorted((*self.names, STRICT)))}"
                )
            if not isinstance(value, int | float) or (isinstance(value, bool) and name != STRICT):
                raise PolicyRefused(f"{path}: {name} = {str(value)[:40]!r}; write a number{' or true' if name == STRICT else ''}")
        return {name: float(value) for name, value in values.items()}


def _flat(values: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """`capacity.poe.share = 0.9` is three tables to TOML and one name to us."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def threshold_names(checks: Iterable[ConfigurationRule]) -> frozenset[str]:
    return frozenset(each.name for each in thresholds(checks))
