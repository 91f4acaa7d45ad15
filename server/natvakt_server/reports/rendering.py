"""Draws a flow of blocks as PDF (Typst) and as HTML (Jinja). Equal flows give equal bytes."""

import base64
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

import msgspec
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from natvakt_server.reports.blocks import Flow, Mark
from natvakt_server.reports.flow import flow
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.typesetting import MAIN, TypesettingFailed, image_source, typeset

SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "critical": "◆",
        "high": "▲",
        "medium": "●",
        "low": "○",
        "info": "·",
        "new": "+",
        "open": "=",
        "fixed": "✓",
        "regressed": "↺",
        "accepted": "~",
        "not-verified": "?",
    }
)
_FOLDER: Traversable = files("natvakt_server.reports")


class RenderingFailed(Exception):
    """The PDF could not be set; names what Typst said."""


def pdf(document: ReportDocument, language: str) -> bytes:
    """A tagged PDF with bookmarks. Fonts are our own, the timestamp is the assessment's. Raises RenderingFailed."""
    made = flow(document, language)
    sources = {
        MAIN: (_FOLDER / "templates" / "report.typ").read_bytes(),
        "flow.json": msgspec.json.encode(without_images(made)),
        "shapes.json": msgspec.json.encode(dict(SHAPES)),
        **{mark.file: image_source(mark.content) for mark in (made.cover.partner_mark, made.cover.customer_mark) if mark is not None},
    }
    try:
        return typeset(sources, int(datetime.fromisoformat(made.timestamp).timestamp()), [Path(str(_FOLDER)) / "fonts"])
    except TypesettingFailed as error:
        raise RenderingFailed(f"report {document.id} as PDF ({language}): {error}") from error


def without_images(made: Flow) -> Flow:
    """The images go beside the flow, under their names."""
    cover = made.cover
    bare = msgspec.structs.replace(cover, partner_mark=_bare(cover.partner_mark), customer_mark=_bare(cover.customer_mark))
    return msgspec.structs.replace(made, cover=bare)


def _bare(mark: Mark | None) -> Mark | None:
    return None if mark is None else msgspec.structs.replace(mark, content=b"")


def html(document: ReportDocument, language: str) -> bytes:
    """One self-contained page: no script, no outside request."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((_FOLDER / "templates" / "report.html.j2").read_text("utf-8"))
    style = Markup((_FOLDER / "templates" / "report.css").read_text("utf-8"))  # noqa: S704 - our own file
    made = msgspec.to_builtins(flow(document, language), builtin_types=(bytes,))
    return template.render(flow=made, shapes=SHAPES, shown=shown, image=image, style=style).encode()


def shown(cell: Mapping[str, object]) -> Markup:
    """A table cell: its mark as shape and colour, its text as text."""
    text = Markup("<code>{}</code>").format(cell["text"]) if cell["mono"] else escape(cell["text"])
    mark = str(cell["mark"] or "")
    if mark not in SHAPES:
        return text
    return Markup('<span class="mark {}" aria-hidden="true">{}</span>\u00a0{}').format(mark, SHAPES[mark], text)


def image(mark: Mapping[str, object]) -> str:
    """A `data:` address; as an `<img>` neither script nor outside reference in it runs."""
    content = mark["content"]
    assert isinstance(content, bytes)
    return f"data:{mark['media_type']};base64,{base64.b64encode(content).decode()}"
