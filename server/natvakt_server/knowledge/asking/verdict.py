"""What an answer means for whoever asked: take it, ask again and when, or give up and why.

Error forms as the services document them: Cisco tells errorCode and errorMessage in JSON, and being over the limit by 429, or by 403 with
X-Mashery-Error-Code; NVD tells it by 403 and 503, and a wrong key by 404 with a header `message`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

import msgspec

from natvakt_server.knowledge.asking.messages import Answer, shown
from natvakt_server.knowledge.asking.services import Service

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2.0, 900.0
MOST_ATTEMPTS = 6
NVD_WINDOW_SECONDS = 30.0
LONGEST_RETRY_AFTER_SECONDS = 86_400.0
NO_DATA = frozenset(("NO_DATA_FOUND", "ADVISORYID_NOT_FOUND", "PRODUCT_NOT_FOUND"))
_OVER_LIMIT = re.compile(r"OVER_RATE|OVER_QPS|over (?:rate|queries per second) limit", re.IGNORECASE)


class Meaning(Enum):
    TAKE = "take"
    UNCHANGED = "unchanged"
    NOTHING = "nothing"  # the service knows nothing of what was asked
    NEW_TOKEN = "new-token"  # noqa: S105 - a word, no secret
    AGAIN = "again"
    GIVE_UP = "give-up"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`seconds`: how long to wait before asking again. `reason`: for AGAIN and GIVE_UP, with the way out."""

    meaning: Meaning
    reason: str = ""
    seconds: float = 0.0


def judge(service: Service, answer: Answer, attempt: int, jitter: float, now_seconds: float) -> Verdict:
    """`attempt` counts from 0, `jitter` is 0 to 1, `now_seconds` since 1970."""
    status = answer.status
    if status == 200:
        return Verdict(Meaning.TAKE)
    if status == 304:
        return Verdict(Meaning.UNCHANGED)
    code, said = _told(answer)
    reason = f"{service.host} answers {status}{': ' + said if said else ''}"
    if status == 401:
        meaning = Meaning.NEW_TOKEN if service.credential == "cisco" else Meaning.GIVE_UP
        return Verdict(meaning, f"{reason}; check the credentials under [knowledge]")
    if status in (404, 406) and code in NO_DATA:
        return Verdict(Meaning.NOTHING)
    if status == 429 or status >= 500 or _is_over_limit(service, answer, said):
        return Verdict(Meaning.AGAIN, reason, wait_seconds(service, answer.headers, attempt, jitter, now_seconds))
    return Verdict(Meaning.GIVE_UP, f"{reason}; {_way_out(service, status)}")


def _is_over_limit(service: Service, answer: Answer, said: str) -> bool:
    if answer.status != 403:
        return False
    if service.credential == "nvd":
        return "apikey" not in said.lower()
    told = (answer.headers.get("x-mashery-error-code", ""), answer.headers.get("x-error-detail-header", ""), said)
    return any(_OVER_LIMIT.search(text) for text in told)


def _way_out(service: Service, status: int) -> str:
    if 300 <= status < 400:
        return "the service has moved, and redirects are not followed; bring the server up to date"
    if service.credential == "nvd" and status in (403, 404):
        return "check knowledge.nvd_api_key_file, or leave it empty"
    if status == 403 and service.credential != "cisco":
        return "the service does not let this server in; check knowledge.proxy and the way out to it"
    if status == 403:
        return f"the application in Cisco's API console needs access to the API behind {service.name}"
    return "this is no answer to what was asked; if it stays so, bring the server up to date"


def backoff_seconds(attempt: int, jitter: float) -> float:
    """2, 4, 8 ... seconds, at most 15 minutes, spread over the upper half so that many do not come back at once."""
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0**attempt) * (0.5 + jitter / 2)


def wait_seconds(service: Service, headers: Mapping[str, str], attempt: int, jitter: float, now_seconds: float) -> float:
    """What the service says (Retry-After, RFC 9110 section 10.2.3), never less than our own patience."""
    own = backoff_seconds(attempt, jitter)
    if service.credential == "nvd":
        own = max(own, NVD_WINDOW_SECONDS)
    return max(own, min(LONGEST_RETRY_AFTER_SECONDS, _retry_after(headers.get("retry-after", ""), now_seconds)))


def _retry_after(text: str, now_seconds: float) -> float:
    told = text.strip()
    if told.isascii() and told.isdecimal():
        return float(told[:9])
    try:
        return parsedate_to_datetime(told).timestamp() - now_seconds
    except (ValueError, TypeError, OverflowError):
        return 0.0


class _Error(msgspec.Struct):
    errorCode: str = ""
    errorMessage: str = ""
    error: str = ""
    error_description: str = ""
    message: str = ""


def _told(answer: Answer) -> tuple[str, str]:
    """(code, words) of an error; words are cut and made printable, since they go to logs and pages."""
    try:
        error = msgspec.json.decode(answer.body, type=_Error)
    except (ValueError, RecursionError):
        error = _Error()
    words = error.errorMessage or error.error_description or error.message or error.error or error.errorCode
    words = words or answer.headers.get("message", "") or answer.headers.get("x-error-detail-header", "")
    return error.errorCode, shown(words)
