"""Draws a flow of blocks as PDF (Typst) and as HTML (Jinja). Equal flows give equal bytes."""

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

import msgspec
import typst
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from natvakt_server.reports.flow import flow
from natvakt_server.reports.model import ReportDocument

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
    folder = Path(str(_FOLDER))
    try:
        return typst.compile(
            folder / "templates" / "report.typ",
            font_paths=[folder / "fonts"],
            ignore_system_fonts=True,
            sys_inputs={"flow": msgspec.json.encode(made).decode()},
            timestamp=int(datetime.fromisoformat(made.timestamp).timestamp()),
            format="pdf",
        )
    except (typst.TypstError, RuntimeError, ValueError) as error:
        raise RenderingFailed(f"report {document.id} as PDF ({language}): {error}") from error


def html(document: ReportDocument, language: str) -> bytes:
    """One self-contained page: no script, no outside request."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    template = environment.from_string((_FOLDER / "templates" / "report.html.j2").read_text("utf-8"))
    style = Markup((_FOLDER / "templates" / "report.css").read_text("utf-8"))  # noqa: S704 - our own file
    made = msgspec.to_builtins(flow(document, language))
    return template.render(flow=made, shapes=SHAPES, shown=shown, style=style).encode()


def shown(cell: Mapping[str, object]) -> Markup:
    """A table cell: its mark as shape and colour, its text as text."""
    text = Markup("<code>{}</code>").format(cell["text"]) if cell["code"] else escape(cell["text"])
    mark = str(cell["mark"] or "")
    if mark not in SHAPES:
        return text
    return Markup('<span class="mark {}" aria-hidden="true">{}</span> {}').format(mark, SHAPES[mark], text)
