"""Marks that show where a form, and a browser, came from.

A signed-in form carries its session's own token. Before there is a session, a cookie with a random value is set, and the form carries
the value's mark under a key derived from the console's secret (OWASP, signed double submit). The same key marks a browser in which
somebody once signed in completely, so that strangers' guesses do not lock that person out there.
"""

import hmac
from hashlib import sha256

VISITOR_COOKIE = "__Host-natvakt-visitor"
DEVICE_COOKIE = "__Host-natvakt-device"


class FormMarks:
    def __init__(self, secret: bytes) -> None:
        self._form_key = hmac.digest(secret, b"natvakt/console/form/1", sha256)
        self._device_key = hmac.digest(secret, b"natvakt/console/device/1", sha256)

    def form_mark(self, visitor: str) -> str:
        return hmac.new(self._form_key, visitor.encode(), sha256).hexdigest()

    def device_mark(self, user_id: str, nonce: str) -> str:
        """The cookie of a browser known to this person: nonce and mark."""
        return f"{nonce}.{self._device_mac(user_id, nonce)}"

    def known_device(self, user_id: str, cookie: str) -> str | None:
        """The nonce of a genuine cookie of this person, None for any other."""
        nonce, _, mark = cookie.partition(".")
        return nonce if nonce and same(mark, self._device_mac(user_id, nonce)) else None

    def _device_mac(self, user_id: str, nonce: str) -> str:
        return hmac.new(self._device_key, f"{user_id}\x00{nonce}".encode(), sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in constant time; any text may come from outside."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
