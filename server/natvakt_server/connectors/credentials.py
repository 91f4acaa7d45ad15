"""What calls carry: a bearer token from Cisco (OAuth 2.0 client credentials, RFC 6749 section 4.4), or NVD's key.

    POST https://id.cisco.com/oauth2/default/v1/token      grant_type=client_credentials      {"access_token", "expires_in", "token_type"}

A token lives in memory only and is renewed a minute before it ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from natvakt_server.knowledge.asking.messages import Answer, Request
from natvakt_server.knowledge.asking.services import CISCO_TOKEN

TOKEN_PATH = "/oauth2/default/v1/token"  # noqa: S105 - where tokens are asked for
EARLY_SECONDS = 60.0
LONGEST_LIFE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Secrets:
    """Empty where there is none."""

    cisco_client_id: str = ""
    cisco_client_secret: str = field(default="", repr=False)
    nvd_key: str = field(default="", repr=False)


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float = LONGEST_LIFE_SECONDS


class Credentials:
    """Implements `Keyring`."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._token, self._ends_seconds = "", 0.0

    def has(self, credential: str) -> bool:
        return credential != "cisco" or bool(self._secrets.cisco_client_id and self._secrets.cisco_client_secret)

    def has_nvd_key(self) -> bool:
        return bool(self._secrets.nvd_key)

    def headers(self, credential: str, now_seconds: float) -> Mapping[str, str] | None:
        """What a call must carry; None: a token must be asked for first."""
        if credential == "cisco":
            return {"Authorization": f"Bearer {self._token}"} if self._token and now_seconds < self._ends_seconds else None
        return {"apiKey": self._secrets.nvd_key} if credential == "nvd" and self._secrets.nvd_key else {}

    def token_request(self) -> Request:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._secrets.cisco_client_id,
            "client_secret": self._secrets.cisco_client_secret,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Request(CISCO_TOKEN.host, TOKEN_PATH, headers, urlencode(form).encode())

    def take(self, answer: Answer, now_seconds: float) -> bool:
        """Whether there was a usable token in it."""
        try:
            token = msgspec.json.decode(answer.body, type=_Token, strict=False)
        except (ValueError, RecursionError):
            return False
        if not token.access_token or not token.access_token.isascii() or not token.access_token.isprintable():
            return False
        self._token = token.access_token
        life_seconds = max(0.0, min(token.expires_in, LONGEST_LIFE_SECONDS))
        self._ends_seconds = now_seconds + max(life_seconds - EARLY_SECONDS, life_seconds / 2)
        return True

    def drop_token(self) -> None:
        self._token = ""
