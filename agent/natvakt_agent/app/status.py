"""How the agent is doing, as one JSON file that `natvakt-agent status` reads: no port is opened for it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from natvakt_agent.vault.files import write_atomically

SCHEMA = "natvakt.agent-status/1"


def iso(wall_ns: int) -> str:
    return datetime.fromtimestamp(wall_ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class LastPoll:
    """The newest poll of one device."""

    device: str
    name: str
    address: str
    at: str
    seconds: float
    answered: bool
    errors: Sequence[str] = ()
    requests: int = 0
    octets: int = 0
    timeouts: int = 0
    share: float = 0.0  # of its time, spent on answering
    slowdown: int = 1  # asked so many times less often than planned
    slowed_by: str | None = None


@dataclass(frozen=True, slots=True)
class AgentStatus:
    """Everything `status` shows. `link` is what the uplink says of itself."""

    agent: str
    tenant: str
    site: str
    version: str
    pid: int
    started_at: str
    updated_at: str
    stopped: bool
    polls: Mapping[str, int]
    devices: Sequence[LastPoll]
    held_back: Mapping[str, str]
    pipeline: Mapping[str, object]
    spool: Mapping[str, object]
    link: Mapping[str, object]
    policy: Mapping[str, object]
    clock_trusted: bool
    certificate_ends_at: str | None = None
    alarms: Mapping[str, str] = field(default_factory=dict)
    discovery: Mapping[str, object] = field(default_factory=dict)
    listeners: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        return {"schema": SCHEMA} | asdict(self)


def write_status(path: Path, status: AgentStatus) -> None:
    write_atomically(path, msgspec.json.format(msgspec.json.encode(status.to_json()), indent=1) + b"\n")


def read_status(path: Path) -> dict[str, object] | None:
    """What the running (or last) agent wrote; None where there is nothing readable."""
    try:
        content = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return content if isinstance(content, dict) and content.get("schema") == SCHEMA else None
