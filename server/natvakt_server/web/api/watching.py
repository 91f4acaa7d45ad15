"""The server watches itself: `/metrics`, for whoever holds its own token, or for this machine only where there is none."""

import hmac
import ipaddress
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from flask import Request
from werkzeug.wrappers import Response

from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.notifying import FAILED, SENT, WAITING
from natvakt_server.domain.vitals import DiskSpace, Vitals, VitalsReader
from natvakt_server.web.api.exposition import MEDIA_TYPE, Metric, Sample, single, written
from natvakt_server.web.api.problem import Refused
from natvakt_server.web.ports import Surroundings
from natvakt_server.web.states import FRESH_NS

SECOND_NS = 1_000_000_000
PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """What `/metrics` is made of. `token` empty: only loopback may read it, and not through a proxy, behind which everybody is loopback."""

    vitals: VitalsReader
    disk: Callable[[], DiskSpace]
    version: str
    token: bytes = field(default=b"", repr=False)

    def answer(self, request: Request, surroundings: Surroundings) -> Response:
        """Raises Refused. Answers also while the database is away: that it is, is the most important figure then."""
        self._admit(request)
        now_ns = surroundings.clock.wall_ns()
        metrics = [single("natvakt_info", "The version that runs.", 1, version=self.version), *self._disk()]
        try:
            told = self.vitals.vitals(now_ns - FRESH_NS, now_ns)
            metrics += [single("natvakt_database_up", "Whether the database answers.", 1), *figures(told, now_ns)]
        except StoreUnavailable as error:
            _log.warning("event=metrics-without-database reason=%s", error)
            metrics.append(single("natvakt_database_up", "Whether the database answers.", 0))
        return Response(written(metrics), content_type=MEDIA_TYPE)

    def _admit(self, request: Request) -> None:
        if self.token:
            scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() == "bearer" and hmac.compare_digest(secret.strip().encode("utf-8", "replace"), self.token):
                return
            detail = "send the token of console.metrics_token_file"
            raise Refused(401, "no-good-token", detail, {"WWW-Authenticate": 'Bearer realm="natvakt metrics"'})
        if not _is_loopback(request):
            raise Refused(403, "not-from-here", "only this machine may read it; set console.metrics_token_file for others")

    def _disk(self) -> Iterator[Metric]:
        try:
            space = self.disk()
        except OSError as error:
            _log.warning("event=metrics-without-disk reason=%s", error)
            return
        yield single("natvakt_disk_free_bytes", "Room where the server keeps its state.", space.free_bytes)
        yield single("natvakt_disk_size_bytes", "Size of the disk where the server keeps its state.", space.size_bytes)


def figures(told: Vitals, now_ns: int) -> Iterator[Metric]:
    lag = max(0, now_ns - told.oldest_waiting_ns) / SECOND_NS if told.oldest_waiting_ns else 0
    yield single("natvakt_ingest_lag_seconds", "How long the envelope that waits longest has waited.", lag)
    if told.newest_received_ns:
        since = max(0, now_ns - told.newest_received_ns) / SECOND_NS
        yield single("natvakt_last_batch_age_seconds", "How long ago anything came from any agent.", since)
    states = {state: told.batches.get(state, 0) for state in ("waiting", "held", "quarantined")}
    samples = [Sample(count, {"state": state}) for state, count in (states | dict(told.batches)).items()]
    yield Metric("natvakt_inbox_batches", "Envelopes in the inbox.", samples)
    yield single("natvakt_inbox_bytes", "Size of the envelopes in the inbox.", told.inbox_bytes)
    jobs = [Sample(count, {"kind": kind, "state": state}) for (kind, state), count in sorted(told.jobs.items())]
    yield Metric("natvakt_jobs", "Background work by what became of it.", jobs)
    yield _by("natvakt_agents", "Agents by identity.", "state", told.agents)
    yield _by("natvakt_incidents_open", "Incidents that are not over.", "severity", told.open_incidents)
    yield single("natvakt_agents_silent", "Active agents that were not heard within ten minutes.", told.silent_agents)
    messages = [Sample(told.messages.get(state, 0), {"state": state}) for state in (SENT, WAITING, FAILED)]
    yield Metric("natvakt_messages", "Messages to people by what became of them.", messages)
    delay = max(0, now_ns - told.oldest_message_ns) / SECOND_NS if told.oldest_message_ns else 0
    yield single("natvakt_message_delay_seconds", "How long the message that waits longest has waited.", delay)
    yield single("natvakt_agents_certificate_over", "Active agents whose certificate is over.", told.expired_agents)


def _by(name: str, help: str, label: str, counts: Mapping[str, int]) -> Metric:
    return Metric(name, help, [Sample(count, {label: value}) for value, count in sorted(counts.items())])


def _is_loopback(request: Request) -> bool:
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
