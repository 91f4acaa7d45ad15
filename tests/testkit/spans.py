"""A span of simulated time through the whole line: polled with a stepped clock, delivered by the real agent, assessed by the server."""

import sys
from dataclasses import dataclass

from testkit.endtoend import PLACE, Line, Running, until
from testkit.totals import Totals, backlog_of, totals_of

STEPS = 8
WIDTH_NS = 3600 * 1_000_000_000  # every table and its texts are due at each step, whenever the agent was started


@dataclass(frozen=True)
class Span:
    """`STEPS` polls of the site, an hour apart."""

    first_ns: int
    steps: int = STEPS

    @classmethod
    def ending(cls, last_ns: int) -> "Span":
        return cls(last_ns - (STEPS - 1) * WIDTH_NS)

    @property
    def last_ns(self) -> int:
        return self.first_ns + (self.steps - 1) * WIDTH_NS

    def start_polling(self, line: Line, begin: int = 0, end: int = STEPS) -> Running:
        line.write_agent_settings(polls=True)
        command = [sys.executable, "-m", "testkit.stepped_agent", "--control", str(line.site.control_port)]
        numbers = {"first": self.first_ns, "width": WIDTH_NS, "steps": self.steps, "begin": begin, "end": end}
        return line.start_agent("poller", [*command, *(word for name, value in numbers.items() for word in (f"--{name}", str(value)))])

    def poll(self, line: Line, begin: int = 0, end: int = STEPS) -> None:
        """All steps from `begin` to before `end`; everything is in the spool afterwards."""
        poller = self.start_polling(line, begin, end)
        assert until(lambda: not poller.alive, "the steps are polled", 120)
        assert poller.process.returncode == 0, poller.text()[-3000:]

    def start_delivery(self, line: Line) -> None:
        line.write_agent_settings(polls=False)
        line.start_agent()

    def await_delivery(self, line: Line) -> None:
        """Until the spool is acknowledged and the inbox worked off; then the agent is stopped."""
        until(lambda: line.connected() and line.pending() == 0, "the spool is acknowledged")
        line.stop_agent()
        until(lambda: backlog_of(line).pending == 0, "the inbox is worked off")

    def deliver(self, line: Line) -> None:
        self.start_delivery(line)
        self.await_delivery(line)

    def finish(self, line: Line) -> Totals:
        """Assess, stop the server, and count."""
        report_id = line.server_json("assess", "run", PLACE, "--wait")["report"]
        report = line.folder / "report.json"
        shown = line.server("report", "show", report_id, "--format", "json", "-o", str(report))
        assert shown.code == 0, shown.err
        line.stop_server()
        return totals_of(line, self.first_ns, self.last_ns, report)
