"""The last place before the line: what is not on the list for this session is not sent, whoever asks for it.

A secret is let through only where the device just asked for one, and never to a question for a *new* one.
"""

import re
from collections.abc import Collection

ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()][0-9A-Za-z]|[=>78DEHMc])")
PAGERS = re.compile(
    r"(?:^|[\r\n])[ \t]*(?:<?-{2,3} ?more ?-{2,3}>?(?: or \(q\)uit)?|more: ?<space>[^\n]*|more\?|press any key to continue[^\n]*"
    r"|press enter to continue[^\n]*|[^\n]*display the next [^\n]*\(y/n\))[ \t\x00]*$",
    re.IGNORECASE,
)
"""A pager stands alone on its line: a description that quotes one does not."""
ASKS_ENTER = re.compile(r"press enter to continue[^\n]*$", re.IGNORECASE)
ASKS_YES = re.compile(r"display the next [^\n]*\(y/n\) ?$", re.IGNORECASE)
ASKS_USER = re.compile(r"(?:^|\n)\s*(?:user ?name|user|login as|login): ?$", re.IGNORECASE)
ASKS_SECRET = re.compile(r"(?:^|\n)[^\n]{0,80}password: ?$", re.IGNORECASE)
ASKS_NEW_SECRET = re.compile(
    r"(?:(?:new|confirm|old|current|re-?enter|retype|verify)\b[^\n]{0,40}password[^\n]{0,40}: ?$)"
    r"|(?:(?:change|expired?|must be changed)[^\n]{0,80}(?:password[^\n]{0,40})?(?:\(y/n\)|\[y/n\]|\?|:)[^\n]{0,8}$)",
    re.IGNORECASE,
)
RETURN = "\n"


class NotAllowed(Exception):
    """Something was about to be sent that is not on the list. The text never holds what it was."""


class Guard:
    """Knows the lines that one session may send."""

    def __init__(self, lines: Collection[str], user: str, secrets: Collection[str]) -> None:
        self._lines = frozenset(lines)
        self._user = user
        self._secrets = frozenset(secret for secret in secrets if secret)

    def check(self, text: str, heard: str) -> None:
        """`heard` is the end of what the device said last. Raises NotAllowed."""
        if not (text == RETURN or self._turns_page(text, heard) or self._is_line(text) or self._answers(text, heard)):
            raise NotAllowed("a line that is not on the list of this device's commands was not sent")

    def _is_line(self, text: str) -> bool:
        return text.endswith(RETURN) and text[:-1] in self._lines

    def _turns_page(self, text: str, heard: str) -> bool:
        return text in (" ", "y") and PAGERS.search(heard) is not None

    def _answers(self, text: str, heard: str) -> bool:
        line = text.removesuffix(RETURN)
        if ASKS_NEW_SECRET.search(heard):
            return False
        asks_user, asks_secret = ASKS_USER.search(heard) is not None, ASKS_SECRET.search(heard) is not None
        return (line == self._user and asks_user) or (line in self._secrets and asks_secret)
