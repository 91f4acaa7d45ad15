"""The enrolment desk, over the stores and keys of this server."""

from collections.abc import Callable

from natvakt_server.app.config import Configuration, address, seconds
from natvakt_server.app.keys import Keys
from natvakt_server.app.stores import Stores
from natvakt_server.domain.clock import Clock
from natvakt_server.identity.enrolment import DeskParts, DeskSettings, EnrolmentDesk


def make_desk(configuration: Configuration, stores: Stores, keys: Keys, clock: Clock, random: Callable[[int], bytes]) -> EnrolmentDesk:
    gateway, public = configuration.gateway, configuration.partner.public_address
    _, uplink_port = address(gateway.listen, "gateway.listen")
    _, enrolment_port = address(gateway.enrolment_listen, "gateway.enrolment_listen")
    parts = DeskParts(
        registry=stores.agents,
        tokens=stores.tokens,
        audit=stores.audit,
        authority=keys.authority,
        tenants=keys.tenants,
        recipients=keys.recipients,
        clock=clock,
        random=random,
    )
    life_seconds = int(seconds(gateway.agent_certificate_life, "gateway.agent_certificate_life"))
    settings = DeskSettings(f"{public}:{enrolment_port}", f"{public}:{uplink_port}", gateway.approve_agents, life_seconds)
    return EnrolmentDesk(parts, settings)
