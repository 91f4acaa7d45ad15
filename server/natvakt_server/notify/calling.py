"""What channels over HTTP have in common: addresses that may be called at all, calls with JSON, and what an answer means."""

import json
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from natvakt_server.notify.letters import one_line
from natvakt_server.notify.port import Answer, HttpCall, Refused, SettingsRefused, Unavailable

LATER = (401, 403, 404, 405, 407, 408, 425, 429)
"""What a person can mend while messages wait: rights, a wrong address; and what asks for patience."""
REDIRECTS = range(300, 400)
SAID_CHARACTERS = 200
LONGEST_RETRY_SECONDS = 3600.0
MOST_URL_CHARACTERS = 2000


def check_url(name: str, text: str, *, required: bool = True) -> None:
    """`https://host/path`, or `http://` (which is called on the server's own networks only). Raises SettingsRefused."""
    if not text and not required:
        return
    if len(text) > MOST_URL_CHARACTERS or not re.fullmatch(r"[!-~]+", text):
        raise SettingsRefused(name, "url")
    try:
        parts: SplitResult = urlsplit(text)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise SettingsRefused(name, "url") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None or parts.fragment or not port_is_fine:
        raise SettingsRefused(name, "url")


def check_header(name: str, text: str) -> None:
    """A value of a header: printable ASCII on one line (RFC 9110, section 5.5). Raises SettingsRefused."""
    if not re.fullmatch(r"[ -~]*", text):
        raise SettingsRefused(name, "header")


def json_call(url: str, content: object, headers: Mapping[str, str] | None = None, key: str = "") -> HttpCall:
    """`key` goes with it as Idempotency-Key."""
    told = {"Content-Type": "application/json; charset=utf-8", **({"Idempotency-Key": key} if key else {}), **(headers or {})}
    return HttpCall(url, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), told)


def judge_http(answer: Answer) -> None:
    """2xx is delivered. A redirect is not followed: where it leads was not what a person wrote down. Raises Unavailable, Refused."""
    if answer.status in range(200, 300):
        return
    if answer.status in REDIRECTS:
        raise Refused(f"answers {answer.status}, a redirect{_to(answer)}; natvakt follows none, write the final address")
    words = one_line(answer.body[: 4 * SAID_CHARACTERS].decode("utf-8", "replace"))[:SAID_CHARACTERS]
    said = f"answers {answer.status}" + (f": {words}" if words else "")
    if answer.status in LATER or answer.status >= 500:
        raise Unavailable(said, _retry_seconds(answer))
    raise Refused(said)


def _to(answer: Answer) -> str:
    """The host only: the rest may be a secret."""
    try:
        host = urlsplit(answer.headers.get("location", "")).hostname
    except ValueError:
        host = None
    return f" to {host[:100]}" if host else ""


def _retry_seconds(answer: Answer) -> float:
    text = answer.headers.get("retry-after", "")
    return min(float(text), LONGEST_RETRY_SECONDS) if text.isascii() and text.isdecimal() and len(text) < 10 else 0.0
