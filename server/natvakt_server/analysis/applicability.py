"""Which devices a rule is about: predicates over role and operating system, named as in the catalogue."""

from natvakt_server.analysis.evidence import Device
from natvakt_server.domain.registry import Role

SWITCHES = frozenset({Role.ACCESS, Role.DISTRIBUTION, Role.CORE})
ROUTERS = frozenset({Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY})
NOT_NETWORK = frozenset({Role.SERVER, Role.UPS, Role.CALL_SERVER})


def any_device(device: Device) -> bool:  # noqa: ARG001 - the catalogue's A
    return True


def network_device(device: Device) -> bool:
    return device.role not in NOT_NETWORK


def switch(device: Device) -> bool:
    return device.role in SWITCHES


def router(device: Device) -> bool:
    return device.role in ROUTERS


def router_or_switch(device: Device) -> bool:
    return switch(device) or router(device)


def server(device: Device) -> bool:
    return device.role is Role.SERVER
