"""The HTTP API of InfluxDB 2, as much of it as the store needs, over kept-alive connections.

Errors are sorted by what the caller should do: `SeriesUnavailable` (the server is away, overloaded, or does not let us in: try
again later) and `Refused` (this body will never be taken).
"""

import http.client
import io
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from natvakt_server.domain.series import SeriesUnavailable

_REFUSALS = (400, 413, 422)
_STALE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
_MAX_MESSAGE = 400


@dataclass(frozen=True, slots=True)
class InfluxSettings:
    """Where InfluxDB is. `url` is http(s)://host:port; the token may read, write and delete in the organisation's buckets."""

    url: str
    organisation: str
    token: str = field(repr=False)
    bucket_prefix: str = "natvakt"
    timeout_seconds: float = 30.0
    certificate_authority: Path | None = None
    limit_bucket_retention: bool = True
    """Let InfluxDB drop old shards by itself too, a week after our own retention job would have."""


class Refused(Exception):
    """InfluxDB answered that it does not take this body: 400, 413 or 422."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"HTTP {status}: {message}")
        self.status, self.message = status, message


class InfluxConnection:
    """Safe to share between threads: each request has a connection of its own while it lasts."""

    def __init__(self, settings: InfluxSettings) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"InfluxDB url {settings.url!r}: write it as http://host:8086 or https://host:8086")
        self._settings, self._host = settings, parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._base = parts.path.rstrip("/")
        self._tls = ssl.create_default_context(cafile=settings.certificate_authority) if parts.scheme == "https" else None
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        with self._lock:
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def call(self, method: str, path: str, parameters: Mapping[str, str], body: bytes = b"", content_type: str = "text/plain") -> bytes:
        """The body of the answer. Raises SeriesUnavailable, Refused."""
        with self._exchange(method, path, parameters, body, content_type) as answer:
            return answer.read()

    def call_json(self, method: str, path: str, parameters: Mapping[str, str], body: object = None) -> dict[str, object]:
        encoded = b"" if body is None else json.dumps(body).encode()
        answer: dict[str, object] = json.loads(self.call(method, path, parameters, encoded, "application/json") or b"{}")
        return answer

    @contextmanager
    def stream(self, path: str, parameters: Mapping[str, str], body: object) -> Iterator[io.TextIOWrapper]:
        """The answer as text, read while it comes. Raises SeriesUnavailable, Refused."""
        with self._exchange("POST", path, parameters, json.dumps(body).encode(), "application/json") as answer:
            yield io.TextIOWrapper(answer, encoding="utf-8", newline="")

    @contextmanager
    def _exchange(
        self, method: str, path: str, parameters: Mapping[str, str], body: bytes, content_type: str
    ) -> Iterator[http.client.HTTPResponse]:
        target = f"{self._base}{path}?{urlencode({**parameters})}" if parameters else self._base + path
        headers = {"Authorization": f"Token {self._settings.token}", "Content-Type": content_type, "Accept-Encoding": "identity"}
        connection: http.client.HTTPConnection | None = None
        try:
            connection, answer = self._send(method, target, body, headers)
            if answer.status >= 300:
                self._raise_for(answer.status, answer.read())
            yield answer
            answer.read()
            self._give_back(connection)
        except BaseException as error:
            if connection is not None:  # whatever is left of the answer must not meet the next request
                connection.close()
            if isinstance(error, OSError | http.client.HTTPException):
                raise SeriesUnavailable(f"InfluxDB at {self._settings.url}: {error or type(error).__name__}") from error
            raise

    def _send(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """A kept connection may have been closed at the other end: then once more on a new one. Everything sent is repeatable."""
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        if kept is not None:
            try:
                kept.request(method, target, body, dict(headers))
                return kept, kept.getresponse()
            except _STALE:
                kept.close()
        fresh = self._open()
        try:
            fresh.request(method, target, body, dict(headers))
            return fresh, fresh.getresponse()
        except BaseException:
            fresh.close()
            raise

    def _open(self) -> http.client.HTTPConnection:
        timeout = self._settings.timeout_seconds
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout, context=self._tls)

    def _give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            self._idle.append(connection)

    def _raise_for(self, status: int, body: bytes) -> None:
        try:
            message = str(json.loads(body)["message"])
        except (ValueError, KeyError, TypeError):
            message = body[:_MAX_MESSAGE].decode(errors="replace")
        if status in _REFUSALS:
            raise Refused(status, message)
        way_out = {401: ": check the token", 403: ": the token lacks a right", 404: ": check organisation and buckets"}.get(status, "")
        raise SeriesUnavailable(f"InfluxDB at {self._settings.url} answered {status}{way_out}: {message[:_MAX_MESSAGE]}")
