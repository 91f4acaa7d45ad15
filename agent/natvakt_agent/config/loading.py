"""From files and environment to one `AgentConfig`.

Order, later wins: defaults, `agent.toml`, `agent.d/*.toml` by name, environment `NATVAKT_<GROUP>_<KEY>`. Lists such as
`[[target]]` add up over the files instead, so that a drop-in can hold one department's devices.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from natvakt_agent.config.backup_checks import refuse_wrong_backups
from natvakt_agent.config.errors import ConfigError, Problem
from natvakt_agent.config.schema import AgentConfig
from natvakt_agent.config.validation import Path as KeyPath
from natvakt_agent.config.validation import bare, decode, hints, spell

PREFIX = "NATVAKT_"
MAX_FILE_BYTES = 4 * 1024 * 1024


@dataclass(slots=True)
class _Merged:
    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[KeyPath, str] = field(default_factory=dict)

    def source_of(self, path: KeyPath) -> str:
        """The file of the nearest known part of the path."""
        while path and path not in self.origins:
            path = path[:-1]
        return self.origins.get(path, "agent.toml")

    def add(self, source: str, data: Mapping[str, Any]) -> None:
        self.origins.setdefault((), source)
        self._merge(self.data, data, (), source)

    def _merge(self, into: dict[str, Any], data: Mapping[str, Any], path: KeyPath, source: str) -> None:
        for key, value in data.items():
            here = (*path, key)
            self.origins[here] = source
            if isinstance(value, dict) and isinstance(into.get(key), dict):
                self._merge(into[key], value, here, source)
            elif isinstance(value, dict):
                into[key] = {}
                self._merge(into[key], value, here, source)
            elif isinstance(value, list) and isinstance(into.get(key, []), list):
                kept = into.setdefault(key, [])
                self.origins.update({(*here, len(kept) + offset): source for offset in range(len(value))})
                kept.extend(value)
            else:
                into[key] = value


def read_toml(path: Path) -> dict[str, Any]:
    """Raises ConfigError that names the file, and the line where TOML itself is broken."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigError([Problem(str(path), "(file)", None, f"is larger than {MAX_FILE_BYTES} bytes", "split it into drop-ins")])
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise ConfigError([Problem(str(path), "(file)", None, reason, "name another file with --config or mend its rights")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([Problem(str(path), "(file)", None, f"is not UTF-8 at byte {error.start}", "save it as UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            [Problem(str(path), "(file)", None, f"is not TOML: {error}", "compare with `natvakt-agent config sample`")]
        ) from None


def environment_keys() -> Mapping[str, KeyPath]:
    """Every single setting that the environment may override, by the variable's name."""
    return {PREFIX + "_".join(str(part) for part in path).upper(): path for path in _leaves(AgentConfig, ())}


def _leaves(struct: type[msgspec.Struct], path: KeyPath) -> list[KeyPath]:
    found: list[KeyPath] = []
    for name, annotation in hints(struct).items():
        inner = bare(annotation)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            found += _leaves(inner, (*path, name))
        elif getattr(inner, "__origin__", None) not in (list, dict):
            found.append((*path, name))
    return found


def _environment_value(path: KeyPath, text: str) -> Any:
    """Numbers and booleans as TOML writes them; everything else is the text itself."""
    annotation: Any = AgentConfig
    for part in path:
        annotation = bare(hints(annotation)[str(part)])
    if annotation not in (int, float, bool):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def load(path: Path | None, environment: Mapping[str, str]) -> AgentConfig:
    """Read everything; `path` None means defaults and environment only. Raises ConfigError."""
    merged = _Merged()
    if path is not None:
        merged.add(str(path), read_toml(path))
        for drop_in in sorted(path.with_suffix(".d").glob("*.toml")):
            merged.add(str(drop_in), read_toml(drop_in))
    for name, key_path in environment_keys().items():
        if name in environment:
            nested: Any = _environment_value(key_path, environment[name])
            for part in reversed(key_path):
                nested = {part: nested}
            merged.add(f"environment {name}", nested)
    config = decode(merged.data, AgentConfig, merged.source_of)
    _refuse_twins(config, merged)
    refuse_wrong_backups(config, merged.source_of)
    return config


def _refuse_twins(config: AgentConfig, merged: _Merged) -> None:
    counted = Counter(entry.name for entry in config.target)
    problems = [
        Problem(
            merged.source_of(("target", position)),
            spell(("target", position, "name")),
            repr(entry.name),
            "is used twice",
            "names are unique",
        )
        for position, entry in enumerate(config.target)
        if counted[entry.name] > 1
    ]
    if problems:
        raise ConfigError(problems)


def agent_folder(config: AgentConfig) -> Path:
    return Path(config.state_dir) / "agent"
