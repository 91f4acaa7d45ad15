"""`natvakt-agent` on a machine whose clock is wrong: `python -m testkit.agent_elsewhen OFFSET_SECONDS run --config C`."""

import os
import sys
from dataclasses import dataclass

from natvakt_agent.app.context import Context
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.main import build_parser, dispatch, version
from natvakt_agent.app.system_clock import SystemClock


@dataclass(frozen=True, slots=True)
class WrongClock:
    """Runs at the right pace and tells the wrong time."""

    real: SystemClock
    offset_ns: int

    @property
    def boot_id(self) -> bytes:
        return self.real.boot_id

    def wall_ns(self) -> int:
        return self.real.wall_ns() + self.offset_ns

    def monotonic_ns(self) -> int:
        return self.real.monotonic_ns()


def main(offset_seconds: str, arguments: list[str]) -> int:
    edges = Edges(clock=WrongClock(SystemClock(), int(offset_seconds) * 1_000_000_000))
    return dispatch(build_parser().parse_args(arguments), Context(sys.stdout, sys.stderr, os.environ, edges, lambda _prompt: "", version()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
