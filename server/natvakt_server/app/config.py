"""The server's configuration: one schema that validates, documents itself and writes the commented sample.

Read from `/etc/natvakt/server.toml`, then `server.d/*.toml` beside it in name order, then the environment
(`NATVAKT_SERVER__SECTION__KEY`). Units stand in the values: "60s", "7d", "64MiB".
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Meta

from natvakt_server.app.config_sections import (
    Assessments,
    Backups,
    Console,
    Database,
    Events,
    Gateway,
    Knowledge,
    Mail,
    Notifications,
    Partner,
    SeriesStore,
    SignOn,
)
from natvakt_server.domain.refusal import Refusal

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
ENVIRONMENT_PREFIX = "NATVAKT_SERVER__"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
BYTES = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
QUANTITY = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$")


class ConfigurationError(Refusal):
    """Names the file, the key, the value, the reason and the way out."""


class Configuration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of server.toml."""

    partner: Partner = Partner()
    gateway: Gateway = Gateway()
    database: Database = Database()
    series: SeriesStore = SeriesStore()
    backups: Backups = Backups()
    events: Events = Events()
    console: Console = Console()
    mail: Mail = Mail()
    notifications: Notifications = Notifications()
    assessment: Assessments = Assessments()
    knowledge: Knowledge = Knowledge()
    sign_on: SignOn = SignOn()


SECTIONS: Mapping[str, type[msgspec.Struct]] = {
    "partner": Partner,
    "gateway": Gateway,
    "database": Database,
    "series": SeriesStore,
    "backups": Backups,
    "events": Events,
    "console": Console,
    "mail": Mail,
    "notifications": Notifications,
    "assessment": Assessments,
    "knowledge": Knowledge,
    "sign_on": SignOn,
}


def seconds(text: str, where: str) -> float:
    """`"60s"` -> 60.0. Raises ConfigurationError naming `where`."""
    return _quantity(text, SECONDS, where)


def octets(text: str, where: str) -> int:
    """`"64MiB"` -> 67108864. Raises ConfigurationError naming `where`."""
    return int(_quantity(text, BYTES, where))


def _quantity(text: str, units: Mapping[str, int], where: str) -> float:
    match = QUANTITY.match(text)
    if match is None or match[2] not in units:
        raise ConfigurationError(
            f"{where}: {text!r} is not a number with a unit; write it with one of {', '.join(units)}, such as 10{next(iter(units))}"
        )
    return float(match[1]) * units[match[2]]


def load(path: Path, environment: Mapping[str, str]) -> Configuration:
    """The file (absent: all defaults), its drop-ins, the environment. Raises ConfigurationError."""
    merged: dict[str, dict[str, Any]] = {}
    sources = [path, *sorted((path.parent / f"{path.stem}.d").glob("*.toml"))]
    for source in sources:
        if source.is_file():
            _merge(merged, _parse(source), source)
    for name in sorted(environment):
        if name.startswith(ENVIRONMENT_PREFIX):
            section, _, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
            _merge(merged, {section: {key: environment[name]}}, name)
    try:
        configuration = msgspec.convert(merged, Configuration, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{path}: {error}; `natvakt-server init --sample` prints every key with its meaning") from None
    check(configuration, str(path))
    return configuration


def check(configuration: Configuration, where: str) -> None:
    """What types cannot say: quantities, addresses, and stores that fit together."""
    octets(configuration.gateway.inbox_quota, f"{where}: gateway.inbox_quota")
    life, life_key = configuration.gateway.agent_certificate_life, f"{where}: gateway.agent_certificate_life"
    if not 20 <= seconds(life, life_key) <= 30 * SECONDS["d"]:
        raise ConfigurationError(f"{life_key}: {life!r} is not within 20s and 30d; 24h is usual")
    for key in ("retain_raw", "retain_1m", "retain_5m", "retain_1h"):
        seconds(getattr(configuration.series, key), f"{where}: series.{key}")
    backups, events, notifications = configuration.backups, configuration.events, configuration.notifications
    kept = {"backups.retain_configurations": backups.retain_configurations, "events.retain": events.retain}
    for key, value in (kept | {"notifications.retain": notifications.retain}).items():
        if seconds(value, f"{where}: {key}") < SECONDS["d"]:
            raise ConfigurationError(f"{where}: {key}: {value!r} is under a day; write 30d or more")
    for key in ("session_lifetime", "session_idle"):
        seconds(getattr(configuration.console, key), f"{where}: console.{key}")
    for key, value in (
        ("gateway.listen", configuration.gateway.listen),
        ("gateway.enrolment_listen", configuration.gateway.enrolment_listen),
        ("console.listen", configuration.console.listen),
    ):
        address(value, f"{where}: {key}")
    if configuration.mail.server:
        address(configuration.mail.server, f"{where}: mail.server")
        if "@" not in configuration.mail.sender:
            raise ConfigurationError(f"{where}: mail.sender: {configuration.mail.sender!r} is no address; reports need one to come from")
    if seconds(configuration.knowledge.every, f"{where}: knowledge.every") < SECONDS["h"]:
        raise ConfigurationError(f"{where}: knowledge.every: {configuration.knowledge.every!r} is under an hour; 24h is usual")
    if configuration.series.store == "influxdb" and not (configuration.series.url and configuration.series.token_file):
        raise ConfigurationError(f"{where}: series.store is influxdb, but series.url or series.token_file is empty; set both")
    if "@" in configuration.database.url and re.search(r"://[^/@:]+:[^/@]+@", configuration.database.url):
        raise ConfigurationError(
            f"{where}: database.url holds a password; put it in a file of mode 0600 and name that in database.password_file"
        )


def address(text: str, where: str) -> tuple[str, int]:
    """`"127.0.0.1:8443"` -> ("127.0.0.1", 8443); `[::1]:8443` too."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= 65_535:
        raise ConfigurationError(f"{where}: {text!r} is not ADDRESS:PORT, such as 0.0.0.0:7443")
    return host.strip("[]"), int(port)


def console_address(configuration: Configuration) -> str:
    """How people reach the console."""
    host, port = address(configuration.console.listen, "console.listen")
    return f"https://{configuration.partner.public_address if host in ANYWHERE else host}:{port}"


def split_roles_problem(configuration: Configuration) -> str | None:
    """Why this configuration cannot serve split roles; None when it can. Embedded stores serve one process."""
    if not configuration.database.url:
        return "database.url is empty (SQLite serves one process); name a PostgreSQL database, or run with --role all"
    if configuration.series.store == "duckdb":
        return 'series.store is "duckdb" (it serves one process); use "influxdb", or run with --role all'
    return None


def sample() -> str:
    """A commented server.toml with every key at its default."""
    lines = ["# natvakt-server. Every key stands here with its default; remove the # to change one.", ""]
    for section, struct in SECTIONS.items():
        lines += [f"# {line.strip()}" for line in (struct.__doc__ or "").strip().splitlines()]
        lines.append(f"[{section}]")
        for field in msgspec.structs.fields(struct):
            description = next((m.description for m in getattr(field.type, "__metadata__", ()) if isinstance(m, Meta)), "") or ""
            shown = str(field.default).lower() if isinstance(field.default, bool) else f'"{field.default}"'
            lines.append(f"#{field.name} = {shown}" + (f"  # {description}" if description else ""))
        lines.append("")
    return "\n".join(lines)


def _parse(source: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(source.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{source}: not valid TOML: {error}; mend that line") from None
    except OSError as error:
        raise ConfigurationError(f"{source}: cannot be read: {error.strerror}; check owner and mode") from None


def _merge(merged: dict[str, dict[str, Any]], new: Mapping[str, Any], source: Path | str) -> None:
    for section, values in new.items():
        _known(section, SECTIONS, f"{source}: section")
        if not isinstance(values, dict):
            raise ConfigurationError(f"{source}: {section} = {values!r} must be a section: write [{section}] and its keys below")
        for key, value in values.items():
            _known(key, [f.name for f in msgspec.structs.fields(SECTIONS[section])], f"{source}: key {section}.")
            merged.setdefault(section, {})[key] = value


def _known(name: str, names: Mapping[str, object] | list[str], where: str) -> None:
    if name not in names:
        close = difflib.get_close_matches(name, list(names), 1)
        hint = f"; did you mean {close[0]}?" if close else f"; known are {', '.join(names)}"
        raise ConfigurationError(f"{where} {name!r} is not known{hint}")
