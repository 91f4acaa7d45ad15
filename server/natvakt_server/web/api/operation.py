"""One operation of the API as data: the routes, the checks of arguments and the OpenAPI document are all made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from natvakt_server.domain.listing import Comparison
from natvakt_server.domain.rights import Permission

PREFIX = "/api/v1"
Handler = Callable[..., object]


class Kind(StrEnum):
    """What a value in the address is. A MOMENT is RFC 3339 with its offset."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MOMENT = "moment"
    SWITCH = "switch"


_WORDS = (
    Comparison.IS,
    Comparison.IS_NOT,
    Comparison.HOLDS,
    Comparison.HOLDS_NOT,
    Comparison.STARTS,
    Comparison.STARTS_NOT,
    Comparison.ENDS,
    Comparison.ENDS_NOT,
    Comparison.ALIKE,
    Comparison.ALIKE_NOT,
    Comparison.EMPTY,
)
_MEASURES = (Comparison.IS, Comparison.IS_NOT, Comparison.BELOW, Comparison.AT_MOST, Comparison.ABOVE, Comparison.AT_LEAST)
COMPARISONS: Mapping[Kind, tuple[Comparison, ...]] = {
    Kind.TEXT: _WORDS,
    Kind.CHOICE: (Comparison.IS, Comparison.IS_NOT),
    Kind.NUMBER: _MEASURES,
    Kind.MOMENT: _MEASURES,
    Kind.SWITCH: (Comparison.IS,),
}
"""What a field of each kind can be asked, in NetBox's words."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a list that can be filtered and ordered by. `choices`: of a CHOICE."""

    name: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument in the address beside the filters; each has one value, or none."""

    name: str
    summary: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """`handler(call)` answers an `answer`; of a list (`fields` is not None) a `Page` of what `answer` describes; with `media_types` a
    `File`. `path` is below PREFIX, its values in braces. `body`: what a writing operation takes.
    """

    name: str
    method: str
    path: str
    summary: str
    permission: Permission
    handler: Handler
    answer: type[msgspec.Struct] | None
    fields: tuple[Field, ...] | None = None
    parameters: tuple[Parameter, ...] = ()
    body: type[msgspec.Struct] | None = None
    media_types: tuple[str, ...] = ()
    status: int = 200

    @property
    def is_list(self) -> bool:
        return self.fields is not None

    @property
    def is_reading(self) -> bool:
        return self.method == "GET"

    @property
    def path_values(self) -> tuple[str, ...]:
        return tuple(part[1:-1] for part in self.path.replace(".", "/").split("/") if part.startswith("{"))


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is no JSON of ours."""

    content: bytes
    media_type: str
    name: str
