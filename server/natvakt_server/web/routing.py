"""What a screen is made of: routes with who may use them, navigation, words.

A route without a word about access is for people who are signed in with both factors: openness is what has to be written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from werkzeug.wrappers import Response

from natvakt_server.web.speech import Words

Handler = Callable[..., Response]


class Access(Enum):
    ANYONE = "anyone"
    FIRST_FACTOR = "first-factor"  # a password was given, the code not yet
    SIGNED_IN = "signed-in"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Route:
    """`handler(visit, **values of the path)` answers one method of one path. `name` is what links are made from."""

    name: str
    method: str
    path: str
    handler: Handler
    access: Access = Access.SIGNED_IN


def get(name: str, path: str, handler: Handler, access: Access = Access.SIGNED_IN) -> Route:
    return Route(name, "GET", path, handler, access)


def post(name: str, path: str, handler: Handler, access: Access = Access.SIGNED_IN) -> Route:
    return Route(name, "POST", path, handler, access)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation: the key of its word and the route it leads to."""

    word: str
    route: str
    access: Access = Access.SIGNED_IN


@dataclass(frozen=True, slots=True)
class Screen:
    """One capability: a folder with its routes, queries, templates and words."""

    name: str
    routes: tuple[Route, ...]
    words: Words
    navigation: tuple[Entry, ...] = ()
