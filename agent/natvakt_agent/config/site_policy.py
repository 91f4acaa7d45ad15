"""The site's own policy: a file only the site writes, and whatever the server says is applied inside it only (promise 66).

Without the file the agent polls what `agent.toml` lists, everything its packs know, and takes the verbs `scan-now`
and `fetch-config`.
"""

from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, field

from natvakt_agent.config.addresses import Network
from natvakt_agent.config.loading import read_toml
from natvakt_agent.config.schema import Section
from natvakt_agent.config.units import Duration
from natvakt_agent.config.validation import Path as KeyPath
from natvakt_agent.config.validation import decode

POLICY_FILE_NAME = "site-policy.toml"
Oid = Annotated[str, Meta(pattern=r"^[0-2](\.(0|[1-9][0-9]{0,9})){1,127}$")]


class SitePolicy(Section, frozen=True):
    """What may be asked of whom, whatever the server wants."""

    allowed_networks: Annotated[
        list[Network], Meta(description="Networks whose addresses may be polled; empty: every address `agent.toml` lists.")
    ] = field(default_factory=list)
    allowed_oid_prefixes: Annotated[list[Oid], Meta(description="SNMP objects that may be read; empty: all the packs know.")] = field(
        default_factory=list
    )
    allowed_verbs: Annotated[list[str], Meta(description="What the server may ask for at once.")] = field(
        default_factory=lambda: ["scan-now", "fetch-config"]
    )
    allowed_show_commands: Annotated[
        list[str], Meta(description="Commands that may be sent to devices over SSH, of those the agent knows; empty: all of them.")
    ] = field(default_factory=list)
    minimum_interval: Annotated[Duration, Meta(description="The server may not have a table polled more often.")] = Duration(10)
    maximum_polls_per_minute: Annotated[
        int, Meta(ge=0, le=100_000, description="Polls of devices a minute over the whole site; 0: no limit.")
    ] = 0

    def allows_address(self, address: str) -> bool:
        return not self.allowed_networks or any(network.holds(address) for network in self.allowed_networks)

    def allows_oid(self, oid: str) -> bool:
        """Whether an object, or a whole subtree to be walked, lies inside an allowed prefix."""
        return not self.allowed_oid_prefixes or any(oid == prefix or oid.startswith(f"{prefix}.") for prefix in self.allowed_oid_prefixes)


def load_site_policy(path: Path | None) -> SitePolicy:
    """Raises ConfigError: a policy that cannot be read is never taken for "everything is allowed"."""
    if path is None:
        return SitePolicy()

    def source_of(_: KeyPath) -> str:
        return str(path)

    data: dict[str, Any] = read_toml(path)
    return decode(data, SitePolicy, source_of)


def find_site_policy(configured: str, config_file: Path | None) -> Path | None:
    """The policy's path: as configured, else beside the configuration file if it is there."""
    if configured:
        return Path(configured)
    beside = config_file.parent / POLICY_FILE_NAME if config_file else None
    return beside if beside and beside.exists() else None
