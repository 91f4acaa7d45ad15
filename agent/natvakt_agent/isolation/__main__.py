"""The child process: `python -P -m natvakt_agent.isolation MODULE:FACTORY MEMORY THREADS NICENESS FILES`, frames on stdin and stdout.

It ends when its stdin ends, so a child never outlives its agent. What the service prints would break the frames: stdout is moved away
from it before it is imported.
"""

import importlib
import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from natvakt_agent.isolation.frames import Answer, Call, FrameRefused, read_frame, write_frame
from natvakt_agent.isolation.limits import Limits, confine
from natvakt_agent.isolation.service import Service

logger = logging.getLogger(__name__)

LONGEST_FAULT_CHARACTERS = 500
STACK_BYTES = 512 * 1024
"""Of a thread. The usual 8 MiB count against the limit of address space, and one session over SSH has three threads."""


class Counter:
    """Hands calls to the service and its answers to the pipe."""

    def __init__(self, service: Service, replies: BinaryIO) -> None:
        self._service, self._replies = service, replies
        self._lock = threading.Lock()

    def answer(self, call: Call) -> None:
        try:
            reply = Answer(call.number, self._service.handle(call.method, call.argument))
        except Exception as error:  # whatever the service meets is the caller's to judge
            reply = Answer(call.number, str(error)[:LONGEST_FAULT_CHARACTERS].encode(), type(error).__name__)
        self._send(reply)

    def push(self, body: bytes) -> None:
        self._send(Answer(0, body))

    def _send(self, reply: Answer) -> None:
        try:
            with self._lock:
                write_frame(self._replies, reply)
        except FrameRefused as error:
            self._send(Answer(reply.number, str(error).encode(), "FrameRefused"))
        except OSError:
            logger.info("the agent is gone")


def serve(service: Service, calls: BinaryIO, replies: BinaryIO, threads: int) -> None:
    """Answer calls until their pipe ends."""
    counter = Counter(service, replies)
    service.start(counter.push)
    with ThreadPoolExecutor(threads, thread_name_prefix="call") as pool:
        while (call := read_frame(calls, Call)) is not None:
            pool.submit(counter.answer, call)
        pool.shutdown(wait=False, cancel_futures=True)
        service.stop()


def main(arguments: list[str]) -> int:
    target, *numbers = arguments
    memory_bytes, threads, niceness, open_files = (int(number) for number in numbers)
    limits = Limits(memory_bytes, threads, niceness, open_files)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    calls, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(limits)
    threading.stack_size(STACK_BYTES)
    module, _, factory = target.partition(":")
    service: Service = getattr(importlib.import_module(module), factory)()
    serve(service, calls, replies, limits.threads)
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # a handler that hangs must not hold the process: whoever waited for it is gone
