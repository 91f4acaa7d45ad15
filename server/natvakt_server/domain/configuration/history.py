"""Versions of configurations in the estate: what ingest brings, what pages and jobs read. Every read names the tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from natvakt_server.domain.configuration.timeline import TextFacts

KIND = "configuration"  # of the document, and its table


class Source(StrEnum):
    RUNNING = "running"
    STARTUP = "startup"


@dataclass(frozen=True, slots=True)
class ConfigurationReading:
    """One text of one `configuration` document, ready to be stored. `body` is the text in UTF-8, compressed with zlib."""

    agent_device: str
    source: Source
    observed_ns: int
    meaning: str  # semantic digest, hexadecimal
    facts: TextFacts
    body: bytes
    changed_at: str = ""  # as the device writes it
    changed_by: str = ""
    changed_ns: int = 0  # where its zone is known; 0: not


@dataclass(frozen=True, slots=True)
class ConfigurationVersion:
    """A span of time in which a device's configuration meant the same. `id` names it within the tenant."""

    id: int
    source: Source
    meaning: str
    first_observed_ns: int
    last_observed_ns: int
    facts: TextFacts
    changed_at: str = ""  # as the device wrote it at the first reading
    changed_by: str = ""
    changed_ns: int = 0

    @property
    def is_whole(self) -> bool:
        """As far as the agent says."""
        return self.facts.complete is not False


class ConfigurationHistory(Protocol):
    def configurations(self, tenant: str, device_id: str) -> Sequence[ConfigurationVersion]:
        """Of both sources, the newest first. Readings that were cut off stand beside the whole ones and never between them."""
        ...

    def configuration_text(self, tenant: str, device_id: str, version_id: int) -> str | None:
        """The newest text of that version; None where this device of this tenant has no such version."""
        ...

    def newest_configurations(self, tenant: str, device_ids: Sequence[str], source: Source) -> Mapping[str, str]:
        """Text by device of the newest whole version, for many devices at once."""
        ...


class ConfigurationRetention(Protocol):
    def expire_configurations(self, replaced_before_ns: int, unused_before_ns: int) -> int:
        """Versions that another took the place of before that time, never the newest of a device; then texts that no version has and
        that came before `unused_before_ns`. Answers how many versions went.
        """
        ...
