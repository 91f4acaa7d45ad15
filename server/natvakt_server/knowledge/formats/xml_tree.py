"""A small, safe XML reader: elements with text, no document type, no entity of the file's making, bounded depth and size.

A document type declaration is refused because every bomb (billion laughs, external entities) needs one and no advisory does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from natvakt_server.knowledge.formats.reading import FileRefused

DEEPEST = 64
MOST_ELEMENTS = 2_000_000


@dataclass(slots=True)
class Element:
    """`name` without its namespace; `namespace` beside it."""

    name: str
    namespace: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def find(self, *names: str) -> "Element | None":
        """The first element down that path of child names."""
        at: Element | None = self
        for name in names:
            at = next((child for child in at.children if child.name == name), None) if at is not None else None
        return at

    def all(self, name: str) -> Iterator["Element"]:
        return (child for child in self.children if child.name == name)

    def below(self, name: str) -> Iterator["Element"]:
        """All elements of that name at any depth below, in document order."""
        waiting = list(reversed(self.children))
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting.extend(reversed(element.children))


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS:
            raise FileRefused(f"XML deeper than {DEEPEST} or with more than {MOST_ELEMENTS} elements; no advisory needs that")
        namespace, _, local = name.rpartition(" ")
        element = Element(local, namespace, {key.rpartition(" ")[2]: value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)


def _refuse_doctype(*_: object) -> None:
    raise FileRefused("XML with a document type declaration is refused: advisories have none, and bombs need one")


def parse_xml(data: bytes) -> Element:
    """The root element. Raises FileRefused with line and column of what is not well-formed."""
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise FileRefused(
            f"line {error.lineno}, column {error.offset}: not well-formed XML: {expat.ErrorString(error.code)}; fetch the file again"
        ) from error
    assert builder.root is not None
    return builder.root
