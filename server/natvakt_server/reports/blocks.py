"""A report as a flow of plain blocks: what PDF and HTML both draw, so that neither says what the other does not.

Every text in a block is data: the renderers never read it as markup.
"""

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """`fresh`: begins a page of its own."""

    level: int
    text: str
    anchor: str
    fresh: bool = False


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    text: str
    muted: bool = False


class Cell(msgspec.Struct, frozen=True):
    """`mark` is a severity or state word that gets its shape and colour.

    `prose` may be hyphenated; names may not. `note` is a smaller second line, `code` lines of commands below it.
    `anchor`: where to read on; the renderer adds the way there, the PDF with the page.
    """

    text: str
    mark: str | None = None
    mono: bool = False
    right: bool = False
    prose: bool = False
    note: str = ""
    code: tuple[str, ...] = ()
    anchor: str | None = None
    anchor_text: str = ""


class Table(msgspec.Struct, frozen=True, tag="table"):
    """`widths` are shares of the line; the head repeats when the table breaks. `right`: columns of numbers."""

    head: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: tuple[int, ...] = ()


class ScoreCard(msgspec.Struct, frozen=True):
    """`notes` are lines below the bar: last time, change, coverage."""

    name: str
    score: float | None
    shown: str
    notes: tuple[str, ...]


class Scores(msgspec.Struct, frozen=True, tag="scores"):
    cards: tuple[ScoreCard, ...]


class Counts(msgspec.Struct, frozen=True, tag="counts"):
    """Words with numbers: severities, states."""

    label: str
    items: tuple[Cell, ...]


class FindingHead(msgspec.Struct, frozen=True, tag="finding"):
    severity: str
    word: str
    title: str
    rule: str
    anchor: str


class Labelled(msgspec.Struct, frozen=True, tag="labelled"):
    """`lead`: stays on the page of what follows it."""

    label: str
    text: str
    lead: bool = False


class Commands(msgspec.Struct, frozen=True, tag="commands"):
    label: str
    lines: tuple[str, ...]


class Bar(msgspec.Struct, frozen=True):
    """`share` 0..100 of the full width; `shown` is the number as people write it."""

    name: str
    shown: str
    share: float


class Bars(msgspec.Struct, frozen=True, tag="bars"):
    """Horizontal bars from nought to 100 %."""

    label: str
    items: tuple[Bar, ...]


Block = Heading | Paragraph | Table | Scores | Counts | FindingHead | Labelled | Commands | Bars


class Mark(msgspec.Struct, frozen=True):
    """A partner's or customer's image, checked; `file` is the name under which the PDF's source finds it."""

    file: str
    media_type: str
    content: bytes
    text: str


class Cover(msgspec.Struct, frozen=True):
    title: str
    customer: str
    partner: str
    rows: tuple[tuple[str, str], ...]
    partner_mark: Mark | None = None
    customer_mark: Mark | None = None


class LegendEntry(msgspec.Struct, frozen=True):
    mark: str
    word: str
    meaning: str


class Flow(msgspec.Struct, frozen=True):
    language: str
    cover: Cover
    contents: str
    legend_title: str
    legend: tuple[LegendEntry, ...]
    page: str
    footer: str
    timestamp: str
    blocks: tuple[Block, ...]
