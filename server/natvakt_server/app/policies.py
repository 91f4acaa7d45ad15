"""What customers set otherwise than the defaults: one file a customer in the folder `[assessment] policy_folder`.

    # acme.toml
    strict = true                # the thresholds of the STIG profile
    exec_timeout_minutes = 5     # a threshold by its name, as `natvakt-server rule list` tells

Read when an assessment is made, so that a change needs no restart; what was set stands in the frozen evidence.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from natvakt_server.analysis.configuration.check import ConfigurationRule
from natvakt_server.domain.refusal import Refusal

STRICT = "strict"
LARGEST_FILE_BYTES = 64 * 1024


class PolicyRefused(Refusal, ValueError):
    """The text says file, key, value, reason and way out."""


@dataclass(frozen=True, slots=True)
class Policies:
    """`folder` None: every customer has the defaults. `names` are the thresholds that rules know."""

    folder: Path | None
    names: frozenset[str]

    def of(self, customer: str) -> Mapping[str, float]:
        """By the customer's short name. Raises PolicyRefused."""
        path = self.folder / f"{customer}.toml" if self.folder is not None else None
        return self._read(path) if path is not None and path.is_file() else {}

    def _read(self, path: Path) -> Mapping[str, float]:
        try:
            if path.stat().st_size > LARGEST_FILE_BYTES:
                raise PolicyRefused(f"{path}: larger than {LARGEST_FILE_BYTES // 1024} KiB; it holds thresholds only")
            values = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise PolicyRefused(f"{path}: cannot be read: {error.strerror}; check its rights") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PolicyRefused(f"{path}: not valid TOML: {error}; mend that line") from error
        for name, value in values.items():
            if name not in self.names and name != STRICT:
                raise PolicyRefused(
                    f"{path}: {name[:60]!r} is no threshold of a rule; known are {', '.join(sorted((*self.names, STRICT)))}"
                )
            if not isinstance(value, int | float) or (isinstance(value, bool) and name != STRICT):
                raise PolicyRefused(f"{path}: {name} = {str(value)[:40]!r}; write a number{' or true' if name == STRICT else ''}")
        return {name: float(value) for name, value in values.items()}


def threshold_names(checks: Iterable[ConfigurationRule]) -> frozenset[str]:
    return frozenset(value.name for check in checks for value in check.thresholds)
