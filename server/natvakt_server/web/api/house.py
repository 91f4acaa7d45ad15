"""What the API is handed, and what lives as long as it does."""

from dataclasses import dataclass

from natvakt_server.domain.bearers import TokenCheck
from natvakt_server.domain.listing import EstateListing
from natvakt_server.web.api.watching import Watch
from natvakt_server.web.ports import ConsolePorts, ConsoleSettings, Surroundings
from natvakt_server.web.reading import ReportShelf


@dataclass(frozen=True, slots=True)
class ApiPorts:
    """`console`: what the pages have; beside it lists over many customers, who a token belongs to, and how the server itself is."""

    console: ConsolePorts
    listing: EstateListing
    tokens: TokenCheck
    watch: Watch


@dataclass(frozen=True, slots=True)
class ApiHouse:
    ports: ApiPorts
    settings: ConsoleSettings
    surroundings: Surroundings
    shelf: ReportShelf
