"""An SSH service whose library never comes back."""

import threading
from collections.abc import Callable


class Hanging:
    def start(self, push: Callable[[bytes], None]) -> None:
        pass

    def stop(self) -> None:
        pass

    def handle(self, method: str, argument: bytes) -> bytes:
        threading.Event().wait()
        return b""


def make() -> Hanging:
    return Hanging()
