"""Decoding plain TOML data into the schema's structs, with every fault told at its own key.

msgspec checks each leaf; the walk around it gives the exact path, finds unknown keys and names the nearest known one.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from natvakt_agent.config.addresses import IpAddress, Network
from natvakt_agent.config.errors import ConfigError, Problem
from natvakt_agent.config.units import Duration, Size

Path = tuple[str | int, ...]
T = TypeVar("T", bound=msgspec.Struct)


def spell(path: Path) -> str:
    """`("target", 0, "name")` as `target[0].name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def bare(annotation: Any) -> Any:
    """The type without `Annotated` and without `| None`."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    options = [option for option in get_args(annotation) if option is not type(None)]
    is_optional = type(None) in get_args(annotation) and len(options) == 1
    return bare(options[0]) if is_optional else annotation


def hints(struct: type[msgspec.Struct]) -> Mapping[str, Any]:
    return get_type_hints(struct, include_extras=True)


def decode(data: Mapping[str, Any], struct: type[T], source_of: Callable[[Path], str]) -> T:
    """Check `data` and build `struct`. Raises ConfigError with every problem; `source_of` names the file of a path."""
    problems: list[Problem] = []
    _check_struct(data, struct, (), source_of, problems)
    if problems:
        raise ConfigError(problems)
    return msgspec.convert(data, struct, dec_hook=_from_text)


def _from_text(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"must be text in quotes, got {type(value).__name__}")
    return kind.parse(value)


def _check_struct(data: Any, struct: type[msgspec.Struct], path: Path, source_of: Callable[[Path], str], problems: list[Problem]) -> None:
    if not isinstance(data, dict):
        problems.append(
            Problem(
                source_of(path),
                spell(path),
                _shown(data),
                "is not a group of settings",
                "write it as a table, see `natvakt-agent config sample`",
            )
        )
        return
    known = hints(struct)
    for key, value in data.items():
        here = (*path, key)
        if key not in known:
            problems.append(Problem(source_of(here), spell(here), None, "is not a known key", _nearest(key, known)))
        else:
            _check_value(value, known[key], here, source_of, problems)
    required = {field.name for field in msgspec.structs.fields(struct) if field.required}
    for missing in sorted(required - data.keys()):
        problems.append(Problem(source_of(path), spell((*path, missing)), None, "is missing", "it has no default, so write one"))


def _check_value(value: Any, annotation: Any, path: Path, source_of: Callable[[Path], str], problems: list[Problem]) -> None:
    inner = bare(annotation)
    arguments = get_args(inner)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        _check_struct(value, inner, path, source_of, problems)
    elif get_origin(inner) is list and isinstance(value, list):
        for position, item in enumerate(value):
            _check_value(item, arguments[0], (*path, position), source_of, problems)
    elif get_origin(inner) is dict and isinstance(value, dict):
        for key, item in value.items():
            _check_value(item, arguments[1], (*path, key), source_of, problems)
    else:
        _check_leaf(value, annotation, path, source_of, problems)


def _check_leaf(value: Any, annotation: Any, path: Path, source_of: Callable[[Path], str], problems: list[Problem]) -> None:
    try:
        msgspec.convert(value, annotation, dec_hook=_from_text)
    except msgspec.ValidationError as error:
        reason = str(error).removesuffix(" - at `$`")
        problems.append(Problem(source_of(path), spell(path), _shown(value), reason, _way_out(annotation)))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _nearest(key: str, known: Mapping[str, Any]) -> str:
    close = import_module("difflib").get_close_matches(key, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(sorted(known))}"
    return f"{hint} (credentials are never settings: `natvakt-agent credentials add`)" if _smells_of_secret(key) else hint


def _smells_of_secret(key: str) -> bool:
    return any(word in key.lower() for word in ("community", "password", "passphrase", "secret", "auth", "priv"))


def _way_out(annotation: Any) -> str:
    examples: dict[Any, str] = {
        Duration: 'for example "60s", "5m" or "7d"',
        Size: 'for example "64MiB"',
        IpAddress: 'for example "192.0.2.1"',
        Network: 'for example "192.168.10.0/24"',
    }
    return "write " + examples.get(bare(annotation), allowed(annotation))


def allowed(annotation: Any) -> str:
    """What a value may be, in words: for messages and for the reference page."""
    inner = bare(annotation)
    names: dict[Any, str] = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "text",
        Duration: "a time",
        Size: "a size",
    }
    if inner in names:
        return names[inner] + _bounds(annotation)
    if str(get_origin(inner)) == "typing.Literal":
        return "one of " + ", ".join(f"`{option}`" for option in get_args(inner))
    if get_origin(inner) in (list, dict):
        return "several of: " + allowed(get_args(inner)[-1])
    return {IpAddress: "an address", Network: "a network"}.get(inner, "a group")


def _bounds(annotation: Any) -> str:
    metas = [meta for meta in _metas(annotation) if meta.ge is not None or meta.le is not None]
    return f" from {metas[0].ge:g} to {metas[0].le:g}" if metas and metas[0].ge is not None and metas[0].le is not None else ""


def _metas(annotation: Any) -> list[msgspec.Meta]:
    if get_origin(annotation) is Annotated:
        inner, *extras = get_args(annotation)
        return [extra for extra in extras if isinstance(extra, msgspec.Meta)] + _metas(inner)
    if get_origin(annotation) is Union or type(None) in get_args(annotation):
        return [meta for option in get_args(annotation) for meta in _metas(option)]
    return []


def description(annotation: Any) -> str:
    return next((meta.description for meta in _metas(annotation) if meta.description), "")
