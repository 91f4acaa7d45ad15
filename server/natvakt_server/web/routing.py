"""What a screen is made of: routes with who may use them, navigation, words.

Openness is what has to be written down: a route without a word is for people who are signed in with both factors and may OPERATE, which no
customer's people may. A route names one permission; where it must hold is read from the path:

    /customers/<tenant>/sites/<site>/...   over that site
    /customers/<tenant>/...                to read: over something of that customer; to change: over all of it
    anything else                          over something; what is shown is walled to it (`visit.ports`)
    Access.PARTNER                         over the whole partner

Where somebody may nothing at all, everything is answered as if it did not exist: 404, the same as for what really does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from werkzeug.wrappers import Response

from natvakt_server.domain.rights import Permission
from natvakt_server.web.speech import Words

Handler = Callable[..., Response]


class Access(Enum):
    ANYONE = "anyone"
    FIRST_FACTOR = "first-factor"  # a password was given, the code not yet
    OWN = "own"  # both factors; about nothing but the person's own account
    SIGNED_IN = "signed-in"  # both factors, and the route's permission
    PARTNER = "partner"  # both factors, and the route's permission over the whole partner


@dataclass(frozen=True, slots=True)
class Route:
    """`handler(visit, **values of the path)` answers one method of one path. `name` is what links are made from."""

    name: str
    method: str
    path: str
    handler: Handler
    access: Access = Access.SIGNED_IN
    permission: Permission = Permission.OPERATE


def get(name: str, path: str, handler: Handler, access: Access = Access.SIGNED_IN, permission: Permission = Permission.OPERATE) -> Route:
    return Route(name, "GET", path, handler, access, permission)


def post(name: str, path: str, handler: Handler, access: Access = Access.SIGNED_IN, permission: Permission = Permission.OPERATE) -> Route:
    return Route(name, "POST", path, handler, access, permission)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation: the key of its word and the route it leads to. It is shown to whom the route is open."""

    word: str
    route: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One capability: a folder with its routes, queries, templates and words."""

    name: str
    routes: tuple[Route, ...]
    words: Words
    navigation: tuple[Entry, ...] = ()
