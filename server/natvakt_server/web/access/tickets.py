"""What holds one sign-on together between this browser and the provider: a random value in a cookie, and everything else made from it.

    cookie = random . seconds . wanted page . mark          mark = HMAC over the rest
    state, nonce, verifier = HMACs over the cookie, each under a name of its own

Only a browser that began a sign-on here can end it here, within ten minutes. The cookie has to be sent when the provider sends the browser
back, so it is `SameSite=Lax`; it opens nothing by itself.
"""

import base64
import hmac
from collections.abc import Callable
from hashlib import sha256

from natvakt_server.domain.sign_on import Ticket
from natvakt_server.web.access.forms import same

SIGN_ON_COOKIE = "__Host-natvakt-sign-on"
LIFE_SECONDS, SECOND_NS = 600, 1_000_000_000
RANDOM_BYTES = 24
PARTS = 4


class Tickets:
    def __init__(self, secret: bytes, random: Callable[[int], bytes]) -> None:
        self._key = hmac.digest(secret, b"natvakt/console/sign-on/1", sha256)
        self._random = random

    def issue(self, wanted: str, now_ns: int) -> str:
        """A cookie's value. `wanted`: the path to go to in the end."""
        body = f"{_text(self._random(RANDOM_BYTES))}.{now_ns // SECOND_NS}.{_text(wanted.encode())}"
        return f"{body}.{self._derived('mark', body)}"

    def ticket(self, cookie: str) -> Ticket:
        return Ticket(self._derived("state", cookie), self._derived("nonce", cookie), self._derived("verifier", cookie))

    def wanted(self, cookie: str, now_ns: int) -> str | None:
        """The path that was wanted; None for a cookie that is not ours or too old."""
        body, _, mark = cookie.rpartition(".")
        parts = cookie.split(".")
        if len(parts) != PARTS or not same(mark, self._derived("mark", body)):
            return None
        if not 0 <= now_ns // SECOND_NS - int(parts[1]) < LIFE_SECONDS:
            return None
        return base64.urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4)).decode()

    def _derived(self, name: str, text: str) -> str:
        return _text(hmac.digest(self._key, f"{name}\x00{text}".encode("utf-8", "surrogatepass"), sha256))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
