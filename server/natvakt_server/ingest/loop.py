"""The worker's thread: step, wait as told, until it is stopped."""

import logging
import threading

from natvakt_server.ingest.worker import Worker

_log = logging.getLogger(__name__)

AFTER_FAILURE_SECONDS = 5.0


def run_worker(worker: Worker, stop: threading.Event) -> None:
    """Returns after the step in progress once `stop` is set."""
    while not stop.is_set():
        try:
            wait_seconds = worker.step().wait_ns / 1e9
        except Exception:
            # The thread's end: a mistake of ours must neither kill ingestion silently nor spin.
            _log.exception("worker step failed; trying again in %.0f seconds", AFTER_FAILURE_SECONDS)
            wait_seconds = AFTER_FAILURE_SECONDS
        if wait_seconds:
            stop.wait(wait_seconds)
