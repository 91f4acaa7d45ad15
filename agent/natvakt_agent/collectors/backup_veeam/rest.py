"""The REST service of Veeam Backup & Replication (port 9419): the few calls that are needed, read only, over TLS.

POST /api/oauth2/token                      password for a token, which lives as long as one look at one job
POST /api/oauth2/logout                     and ends with it
GET  /api/v1/jobs/states?nameFilter=NAME    state, last result, number of objects
GET  /api/v1/sessions?jobIdFilter=ID        the job's history, newest first
GET  /api/v1/taskSessions?sessionIdFilter=  octets of a run, where the version tells them
"""

import contextlib
import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from natvakt_agent.model.backup import JobUnreadable
from natvakt_agent.model.target import Secret

API_VERSION = "1.1-rev0"
MOST_ANSWER_OCTETS = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Login:
    user: str
    password: Secret


class VeeamServer:
    """`url` is `https://host:port`. `trust` decides whose certificate is believed."""

    def __init__(self, url: str, trust: ssl.SSLContext) -> None:
        parts = urlsplit(url)
        self._url, self._host, self._port = url, parts.hostname or "", parts.port or 443
        self._trust = trust

    def token(self, login: Login, timeout_seconds: float) -> Secret:
        body = urlencode({"grant_type": "password", "username": login.user, "password": login.password.reveal()})
        status, told = self._exchange(
            "POST", "/api/oauth2/token", timeout_seconds, {"Content-Type": "application/x-www-form-urlencoded"}, body
        )
        if status in (400, 401, 403):
            raise JobUnreadable(
                f"{self._url}: refuses the login; natvakt-agent credentials add, with a user that has the role Backup Viewer"
            )
        token = told.get("access_token") if isinstance(told, dict) else None
        if status != 200 or not isinstance(token, str):
            raise JobUnreadable(f"{self._url}: gave no token (HTTP {status}); is it the REST service of Veeam, port 9419?")
        return Secret(token)

    def log_out(self, token: Secret, timeout_seconds: float) -> None:
        """A token that cannot be ended ends by itself within a quarter of an hour."""
        with contextlib.suppress(JobUnreadable):
            self._exchange("POST", "/api/oauth2/logout", timeout_seconds, {"Authorization": f"Bearer {token.reveal()}"}, "")

    def rows(self, token: Secret, path: str, query: Mapping[str, str], timeout_seconds: float) -> list[Mapping[str, Any]] | None:
        """The rows of one page; None where this version has no such list."""
        status, told = self._exchange(
            "GET", f"{path}?{urlencode(query)}", timeout_seconds, {"Authorization": f"Bearer {token.reveal()}"}, None
        )
        if status in (400, 404):
            return None
        found = told.get("data") if isinstance(told, dict) else None
        if status != 200 or not isinstance(found, list):
            raise JobUnreadable(f"{self._url}: {path} was answered with HTTP {status}")
        return [row for row in found if isinstance(row, dict)]

    def _exchange(self, method: str, path: str, timeout_seconds: float, headers: Mapping[str, str], body: str | None) -> tuple[int, Any]:
        line = http.client.HTTPSConnection(self._host, self._port, timeout=max(0.1, timeout_seconds), context=self._trust)
        try:
            line.request(method, path, body, {"x-api-version": API_VERSION, "Accept": "application/json", **headers})
            answer = line.getresponse()
            text = answer.read(MOST_ANSWER_OCTETS + 1)
        except ssl.SSLCertVerificationError as error:
            raise JobUnreadable(
                f"{self._url}: its certificate is not trusted: {error.verify_message}; name its issuer with `ca_file`"
            ) from None
        except (OSError, http.client.HTTPException) as error:
            raise JobUnreadable(f"{self._url}: does not answer: {error}") from None
        finally:
            line.close()
        if len(text) > MOST_ANSWER_OCTETS:
            raise JobUnreadable(f"{self._url}: answered more than {MOST_ANSWER_OCTETS} octets")
        try:
            return answer.status, json.loads(text) if text else None
        except (ValueError, RecursionError):
            return answer.status, None
