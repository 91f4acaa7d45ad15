"""A service that does what a child may do wrong."""

import os
import threading
from collections.abc import Callable


class Misbehaving:
    def __init__(self) -> None:
        self._push: Callable[[bytes], None] = lambda _body: None

    def start(self, push: Callable[[bytes], None]) -> None:
        self._push = push

    def stop(self) -> None:
        self._push = lambda _body: None

    def handle(self, method: str, argument: bytes) -> bytes:
        match method:
            case "echo":
                return argument
            case "pid":
                return str(os.getpid()).encode()
            case "hang":
                threading.Event().wait()
            case "die":
                os._exit(3)
            case "eat":
                return bytes(int(argument))[:1]
            case "long":
                return bytes(int(argument))
            case "print":
                print("noise on stdout", flush=True)
                return b"printed"
            case "push":
                self._push(argument)
                return b"pushed"
            case "threads":
                return _at_once(int(argument))
            case "environment":
                return ",".join(sorted(os.environ)).encode()
        raise LookupError(f"not understood: {method}")


def _at_once(count: int) -> bytes:
    """So many threads that all live, each with something of its own in memory."""
    meeting = threading.Barrier(count + 1)

    def live() -> None:
        own = bytearray(64 * 1024)
        meeting.wait()
        own.clear()

    threads = [threading.Thread(target=live, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    meeting.wait()
    for thread in threads:
        thread.join()
    return str(count).encode()


def make() -> Misbehaving:
    return Misbehaving()
