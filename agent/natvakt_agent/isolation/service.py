"""What a child runs: an object that answers calls, and may push what it hears."""

from collections.abc import Callable
from typing import Protocol


class Service(Protocol):
    """Lives in a child process. `handle` is called from several threads at once, each call from one."""

    def start(self, push: Callable[[bytes], None]) -> None:
        """Called once before the first call; `push` sends the agent something unasked, from any thread."""
        ...

    def handle(self, method: str, argument: bytes) -> bytes:
        """Raises for what fails: the exception's class name and message reach the agent, so neither may hold a secret."""
        ...

    def stop(self) -> None:
        """Called once when the agent lets the child go."""
        ...
