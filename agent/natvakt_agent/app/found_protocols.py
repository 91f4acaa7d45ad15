"""What SNMPv3 protocols were found for the devices of a credential that leaves them open."""

from collections.abc import Mapping
from dataclasses import dataclass

from natvakt_agent.app.device_registry import KnownDevice
from natvakt_agent.config.schema import AgentConfig


@dataclass(frozen=True, slots=True)
class FoundProtocols:
    """Of one device, by its name. No privacy: the credential has none."""

    device: str
    auth_protocol: str
    privacy_protocol: str | None


def found_protocols(config: AgentConfig, known: Mapping[str, KnownDevice]) -> Mapping[str, list[FoundProtocols]]:
    """By credential, in the order of the settings' targets; `known` are the devices by name."""
    found: dict[str, list[FoundProtocols]] = {}
    for entry in config.target:
        device = known.get(entry.name)
        if entry.credential and device is not None and device.auth_protocol:
            found.setdefault(entry.credential, []).append(FoundProtocols(entry.name, device.auth_protocol, device.privacy_protocol))
    return found
