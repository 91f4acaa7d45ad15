"""A TCP connect as the sign of life where ICMP is filtered or not permitted."""

import socket

from natvakt_agent.collectors.reachability.prober import ProbeImpossible
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target


class TcpProber:
    """Connects and closes; nothing is sent. A refused connection is an answer too: somebody said no."""

    method = "tcp"

    def probe(self, target: Target, sequence: int, timeout_seconds: float, clock: Clock) -> float | None:  # noqa: ARG002 (TCP counts for itself)
        if target.reachability_port is None:
            raise ProbeImpossible("no reachability_port is configured")
        started = clock.monotonic_ns()
        try:
            socket.create_connection((target.address, target.reachability_port), timeout_seconds).close()
        except ConnectionRefusedError:
            pass
        except OSError:
            return None
        return (clock.monotonic_ns() - started) / 1e9
