"""endoflife.date: a product page (Markdown with YAML in front) or the API's JSON (version 1).

A page of an operating system tells release cycles; a page of category `device` tells lifecycles of products.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from natvakt_server.knowledge.facts import Lifecycle, ReleaseCycle
from natvakt_server.knowledge.formats.reading import FileRefused, RecordRefused, day
from natvakt_server.knowledge.products import systems_of

FORMAT = "endoflife.date"
Record = dict[str, Any]


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: they are what a bomb is made of, and no page has them."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise FileRefused("YAML with aliases is refused; pages of endoflife.date have none")
        return super().compose_node(parent, index)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def page(text: str) -> Record:
    """The YAML in front of a page. Raises FileRefused."""
    front = text.split("\n---", 1)[0].removeprefix("---")
    try:
        found = yaml.load(front, Loader=_PlainLoader)  # noqa: S506 - a safe loader that knows no aliases
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark is not None else ""
        raise FileRefused(f"{where}not YAML: {getattr(error, 'problem', None) or error}; fetch the page again") from error
    except RecursionError as error:
        raise FileRefused("YAML nested too deep to be read; no page needs that") from error
    if not isinstance(found, dict) or not isinstance(found.get("releases"), list):
        raise FileRefused("the page has no list `releases`; give a product page of endoflife.date")
    return found


def api(data: bytes) -> Record:
    """The API's JSON in the form of a page. Raises FileRefused."""
    try:
        found = msgspec.json.decode(data)
        result = found["result"]
        releases = [
            {
                "releaseCycle": each["name"],
                "releaseDate": each.get("releaseDate") or "",
                "eoas": each.get("eoasFrom") or "",
                "eol": each.get("eolFrom") or "",
                "discontinued": each.get("discontinuedFrom") or "",
                "lts": bool(each.get("isLts")),
                "releaseLabel": each.get("label") or "",
            }
            for each in result["releases"]
        ]
    except (KeyError, TypeError, AttributeError, msgspec.DecodeError) as error:
        raise FileRefused(f"not an answer of endoflife.date's API: {error}") from error
    return {"title": result.get("label") or result.get("name") or "", "category": result.get("category", ""), "releases": releases}


def read(document: Record) -> Iterator[tuple[str, Record]]:
    """Each release with its place; to be read by `cycle` or `device`."""
    for number, record in enumerate(document["releases"]):
        yield f"releases[{number}]", record if isinstance(record, dict) else {}


def fact(document: Record, record: Record, place: str) -> ReleaseCycle | Lifecycle:
    """Raises RecordRefused."""
    name = str(record.get("releaseCycle", "")).strip()
    if not name:
        raise RecordRefused(f"{place}: releaseCycle is empty; a release needs its name")
    if str(document.get("category", "")).lower() == "device":
        return _device(record, name, place)
    title = str(document.get("title", ""))
    system = next(iter(systems_of(title)), "")
    if not system:
        raise RecordRefused(f"title: {title[:40]!r} is no operating system that is judged; pages of Cisco's systems are read")
    return ReleaseCycle(
        system,
        name,
        _day(record, "releaseDate", place),
        _day(record, "eoas", place) or _day(record, "support", place),
        _day(record, "eol", place),
        bool(record.get("lts")),
        str(record.get("link") or ""),
    )


def _device(record: Record, name: str, place: str) -> Lifecycle:
    dates = {
        "end_of_sale": _day(record, "discontinued", place) or _day(record, "eos", place),
        "end_of_software_maintenance": _day(record, "eoas", place),
        "last_date_of_support": _day(record, "eol", place),
    }
    label = str(record.get("releaseLabel") or "").strip()
    return Lifecycle(label or name, {key: value for key, value in dates.items() if value}, url=str(record.get("link") or ""))


def _day(record: Record, field: str, place: str) -> str:
    value = record.get(field)
    return "" if value is None or isinstance(value, bool) else day(str(value), f"{place}.{field}")
