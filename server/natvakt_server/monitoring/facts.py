"""What is known of a site from outside while it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from natvakt_server.domain.incidents import Maintenance
from natvakt_server.monitoring.network import Network, Watched


@dataclass(frozen=True)
class SiteFacts:
    """`heard_ns`: when an agent of the site was last heard, 0 where it has none that is in service. `listening_ns`: since when the centre
    itself hears without a break: what nobody listened to was not silent.
    """

    tenant: str
    site: str
    name: str
    network: Network
    heard_ns: int
    listening_ns: int
    maintenances: Sequence[Maintenance] = ()

    @cached_property
    def by_agent_device(self) -> dict[str, Watched]:
        return {agent_device: each for each in self.network.devices.values() for agent_device in each.agent_devices}

    def name_of(self, device: str) -> str:
        found = self.network.devices.get(device)
        return found.name if found else device or self.name
