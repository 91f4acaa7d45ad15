"""The SSH half of a capture: configurations and show commands as the collector fetches them, scrubbed before anything else is done."""

from collections.abc import Callable
from dataclasses import dataclass, field

from natvakt_agent.collectors.ssh.collector import SshCollector
from natvakt_agent.collectors.ssh.dialects import COMMAND_OUTPUT, CONFIGURATION, STARTUP, dialect_of
from natvakt_agent.collectors.ssh.ports import Caller, Cleared, HostKeys, Logins
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target
from natvakt_agent.scrubbing.scrubber import Scrubber


@dataclass(slots=True)
class Outputs:
    """`texts` by command; `withheld`: commands whose text is not recorded, each with the reason."""

    texts: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


class ScrubbingGate:
    """`Gate` of a capture: nothing leaves here, but no secret gets as far as a fixture."""

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber

    def clear(self, target: Target, what: str, text: str, system: str) -> Cleared:  # noqa: ARG002 (as the port has it)
        scrubbed = self._scrubber.scrub(text, system)
        if scrubbed.text is None:
            lines = ", ".join(map(str, scrubbed.doubtful[:5]))
            return Cleared(None, f"what looks like a secret would remain in line {lines}")
        return Cleared(scrubbed.text)


class SshCapture:
    def __init__(self, caller: Caller, logins: Logins, keys: HostKeys, make_scrubber: Callable[[], Scrubber]) -> None:
        self._caller, self._logins, self._keys, self._make_scrubber = caller, logins, keys, make_scrubber

    def run(self, target: Target, system: str, clock: Clock) -> Outputs:
        """Every command of the device's dialect, once."""
        gate = ScrubbingGate(self._make_scrubber())
        collector = SshCollector(self._caller, self._logins, self._keys, gate, lambda _: system)
        observation = collector.collect(target, [CONFIGURATION, COMMAND_OUTPUT], clock)
        outputs = Outputs(errors=list(observation.errors))
        dialect = dialect_of(system)
        for table in observation.tables:
            for row in table.rows:
                if table.name == CONFIGURATION and dialect is not None:
                    command = dialect.startup if row["source"] == STARTUP else dialect.running
                else:
                    command = str(row["command"])
                text = row.get("text")
                if isinstance(text, str):
                    outputs.texts[command or ""] = text
                else:
                    outputs.withheld[command or ""] = str(row.get("incomplete_reason") or "nothing was told")
        return outputs
