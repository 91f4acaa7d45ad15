"""The commented sample and the reference page, both written from the schema so that neither can be out of date."""

from collections.abc import Iterator
from typing import Any

import msgspec

from natvakt_agent.config.loading import environment_keys
from natvakt_agent.config.schema import AgentConfig, BackupEntry, TargetEntry
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.config.units import Duration, Size
from natvakt_agent.config.validation import allowed, bare, description, hints

_TARGET_EXAMPLES = {
    "name": '"core-1"',
    "address": '"192.0.2.1"',
    "credential": '"monitoring"',
    "login": '"core-1-login"',
    "reachability_port": "22",
    "deadline": '"30s"',
    "snmp_engine": '"pysnmp"',
    "os": '"ios-xe"',
    "host_key": f'"SHA256:{"A" * 43}"',
}
_BACKUP_EXAMPLES = {
    "job": '"nightly"',
    "kind": '"restic"',
    "device": '"core-1"',
    "interval": '"24h"',
    "restore_test_file": '"/var/lib/restore-test/nightly"',
    "repository": '"/srv/restic"',
    "credential": '"restic"',
    "environment_file": '"/etc/natvakt/restic.env"',
    "program": '"/usr/local/bin/restic"',
    "host": '"file-server"',
    "tag": '"nightly"',
    "check_file": '"/var/log/restic-check.log"',
}
_LISTS = (list[TargetEntry], list[BackupEntry])


def sample() -> str:
    """`agent.toml` with every setting, its default commented out."""
    lines = [
        "# Settings of natvakt-agent. A line that begins with `#` shows the default.",
        "# Credentials are not settings: natvakt-agent credentials add NAME",
        "",
    ]
    lines += _sample_lines(AgentConfig, "")
    lines += ["", "# The devices; one [[target]] each.", "# [[target]]", *_sample_entry(TargetEntry, _TARGET_EXAMPLES)]
    lines += [
        "",
        "# The backup jobs; one [[backup]] each, here one of kind restic. The other kinds: docs/reference/backup-jobs.md",
        "# [[backup]]",
    ]
    lines += _sample_entry(BackupEntry, {"enabled": "true", "deadline": '"60s"', **_BACKUP_EXAMPLES}, only_these=True)
    return "\n".join(lines) + "\n"


def _sample_entry(struct: type[msgspec.Struct], examples: dict[str, str], *, only_these: bool = False) -> Iterator[str]:
    for name, annotation in hints(struct).items():
        if only_these and name not in examples:
            continue
        yield f"# {description(annotation)}"
        yield f"#   {name} = {examples.get(name, _toml(_default(struct, name)))}"


def site_policy_sample() -> str:
    """`site-policy.toml` with every setting, its default commented out."""
    head = ["# What this site allows, whatever the server wants. Only the site writes this file.", ""]
    return "\n".join(head + list(_sample_lines(SitePolicy, ""))) + "\n"


def _sample_lines(struct: type[msgspec.Struct], group: str) -> Iterator[str]:
    sections: list[tuple[str, type[msgspec.Struct]]] = []
    for name, annotation in hints(struct).items():
        inner = bare(annotation)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            sections.append((f"{group}{name}", inner))
        elif inner not in _LISTS:
            yield f"# {description(annotation)}"
            yield f"# {name} = {_toml(_default(struct, name))}"
    for path, section in sections:
        yield ""
        yield f"# {section.__doc__}"
        yield f"[{path}]"
        yield from _sample_lines(section, f"{path}.")


def _default(struct: type[msgspec.Struct], name: str) -> Any:
    found = next(field for field in msgspec.structs.fields(struct) if field.name == name)
    if found.default_factory is not msgspec.NODEFAULT:
        return found.default_factory()
    return None if found.default is msgspec.NODEFAULT else found.default


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Duration | Size | str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }" if value else "{}"
    return str(value)


def reference() -> str:
    """The reference page `docs/reference/agent-configuration.md`."""
    variables = {path: name for name, path in environment_keys().items()}
    lines = [
        "# Agent configuration",
        "",
        "Written from the schema by `natvakt-agent config reference`; a test keeps it current.",
        "",
        "`/etc/natvakt/agent.toml` (or `--config FILE`), then `agent.d/*.toml` beside it by name, then the environment: later wins,",
        "lists add up.",
        'Times are written `"60s"`, `"5m"`, `"7d"`, sizes `"64MiB"`. `natvakt-agent config sample` prints a commented file.',
        "",
    ]
    lines += _reference_table("Top level", "", AgentConfig, variables, ())
    for name, annotation in hints(AgentConfig).items():
        inner = bare(annotation)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            lines += _reference_table(f"`[{name}]`", inner.__doc__ or "", inner, variables, (name,))
    lines += _reference_table("`[[target]]`", TargetEntry.__doc__ or "", TargetEntry, {}, ())
    lines += _reference_table("`[[backup]]`", BackupEntry.__doc__ or "", BackupEntry, {}, ())
    lines += [
        "# Site policy",
        "",
        "`site-policy.toml` beside `agent.toml`, or where `policy_file` says. Only the site writes it and it outranks the server:",
    ]
    lines += ["what the server's policy wants beyond it is refused, logged and counted. A file that cannot be read stops the agent.", ""]
    lines += _reference_table("Settings", SitePolicy.__doc__ or "", SitePolicy, {}, ())
    return "\n".join(lines).rstrip() + "\n"


def _reference_table(
    title: str, words: str, struct: type[msgspec.Struct], variables: dict[tuple[str | int, ...], str], path: tuple[str, ...]
) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if words:
        yield words
        yield ""
    yield "| Key | What it is | Value | Default | Environment |"
    yield "|---|---|---|---|---|"
    for name, annotation in hints(struct).items():
        inner = bare(annotation)
        if (isinstance(inner, type) and issubclass(inner, msgspec.Struct)) or inner in _LISTS:
            continue
        found = next(field for field in msgspec.structs.fields(struct) if field.name == name)
        default = _default(struct, name)
        shown = "(required)" if found.required else "none" if default is None else f"`{_toml(default)}`"
        variable = variables.get((*path, name), "")
        yield f"| `{name}` | {description(annotation)} | {allowed(annotation)} | {shown} | {f'`{variable}`' if variable else ''} |"
    yield ""
