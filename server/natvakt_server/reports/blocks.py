"""A report as a flow of plain blocks: what PDF and HTML both draw, so that neither says what the other does not.

Every text in a block is data: the renderers never read it as markup.
"""

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    level: int
    text: str
    anchor: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    text: str
    muted: bool = False


class Cell(msgspec.Struct, frozen=True):
    """`mark` is a severity or state word that gets its shape and colour."""

    text: str
    mark: str | None = None
    code: bool = False
    right: bool = False


class Table(msgspec.Struct, frozen=True, tag="table"):
    """`widths` are shares of the line; the head repeats when the table breaks."""

    head: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]


class ScoreCard(msgspec.Struct, frozen=True):
    name: str
    score: float | None
    shown: str
    previous: str
    coverage: str
    note: str


class Scores(msgspec.Struct, frozen=True, tag="scores"):
    cards: tuple[ScoreCard, ...]


class Counts(msgspec.Struct, frozen=True, tag="counts"):
    """Words with numbers: severities, states."""

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


class Bars(msgspec.Struct, frozen=True, tag="bars"):
    """Horizontal bars, `share` 0..100 of the full width."""

    items: tuple[tuple[str, str, float], ...]


Block = Heading | Paragraph | Table | Scores | Counts | FindingHead | Labelled | Commands | Bars


class Cover(msgspec.Struct, frozen=True):
    title: str
    customer: str
    partner: str
    rows: tuple[tuple[str, str], ...]


class Flow(msgspec.Struct, frozen=True):
    language: str
    cover: Cover
    contents: str
    page: str
    footer: str
    timestamp: str
    blocks: tuple[Block, ...]
