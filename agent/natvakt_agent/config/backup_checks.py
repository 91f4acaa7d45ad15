"""What the schema alone cannot say of `[[backup]]`: which keys each kind needs and knows, and whom a job may belong to."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from natvakt_agent.config.errors import ConfigError, Problem
from natvakt_agent.config.schema import AgentConfig, BackupEntry
from natvakt_agent.config.validation import Path as KeyPath
from natvakt_agent.config.validation import spell

OF_EVERY_KIND = frozenset({"job", "kind", "device", "interval", "deadline", "restore_test_file", "enabled"})


@dataclass(frozen=True, slots=True)
class KindKeys:
    """`needed` must be set, `known` may be; of the `alternatives` at most one."""

    needed: tuple[str, ...] = ()
    known: frozenset[str] = field(default_factory=frozenset)
    alternatives: tuple[str, ...] = ()

    def all(self) -> frozenset[str]:
        return OF_EVERY_KIND | {*self.needed, *self.known, *self.alternatives}


KEYS: Mapping[str, KindKeys] = MappingProxyType(
    {
        "status": KindKeys(("path",)),
        "push": KindKeys(),
        "files": KindKeys(("path",), frozenset({"pattern", "compare", "shrinkage"})),
        "restic": KindKeys(
            ("repository",), frozenset({"environment_file", "program", "host", "tag", "check_file"}), ("credential", "password_file")
        ),
        "borg": KindKeys(
            ("repository",), frozenset({"environment_file", "program", "archives", "check_file"}), ("credential", "password_file")
        ),
        "rsync": KindKeys(("path",)),
        "dumps": KindKeys(("path",), frozenset({"pattern", "engine", "compare", "shrinkage"})),
        "windows": KindKeys((), frozenset({"program"})),
        "veeam": KindKeys(("url", "credential"), frozenset({"ca_file", "source_name"})),
    }
)


def refuse_wrong_backups(config: AgentConfig, source_of: Callable[[KeyPath], str]) -> None:
    """Raises ConfigError with every problem of every entry."""
    counted = Counter(entry.job for entry in config.backup)
    targets = {entry.name for entry in config.target} | ({config.host.name} if config.host.name else set())
    problems: list[Problem] = []
    for position, entry in enumerate(config.backup):

        def problem(key: str, value: str | None, reason: str, remedy: str, position: int = position) -> Problem:
            path: KeyPath = ("backup", position, key)
            return Problem(source_of(path), spell(path), value, reason, remedy)

        if counted[entry.job] > 1:
            problems.append(problem("job", repr(entry.job), "is used twice", "names of jobs are unique"))
        if entry.device is not None and entry.device not in targets:
            remedy = "name a [[target]], or leave it out for the machine the agent runs on"
            problems.append(problem("device", repr(entry.device), "is no target of the settings", remedy))
        problems += [problem(key, value, reason, remedy) for key, value, reason, remedy in _of_kind(entry)]
    if problems:
        raise ConfigError(problems)


def _of_kind(entry: BackupEntry) -> Iterator[tuple[str, str | None, str, str]]:
    keys = KEYS[entry.kind]
    given = {name for name in entry.__struct_fields__ if getattr(entry, name) is not None}
    for key in keys.needed:
        if key not in given:
            yield key, None, "is missing", f"kind {entry.kind!r} needs it"
    for key in sorted(given - keys.all()):
        own = ", ".join(sorted(keys.all() - OF_EVERY_KIND)) or "none of its own"
        yield key, None, f"does not belong to kind {entry.kind!r}", f"keys of this kind: {own}"
    if len(given & set(keys.alternatives)) > 1:
        yield keys.alternatives[-1], None, "is given twice over", f"write one of {' and '.join(keys.alternatives)}"
