"""Which devices a rule is about: predicates over role and operating system, named as in the catalogue."""

from natvakt_server.analysis.evidence import Device
from natvakt_server.analysis.features import configures
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


def firewall(device: Device) -> bool:
    return device.role is Role.FIREWALL


def controller(device: Device) -> bool:
    return device.role is Role.WLC


def ups(device: Device) -> bool:
    return device.role is Role.UPS


def call_server(device: Device) -> bool:
    return device.role is Role.CALL_SERVER


def routing_device(device: Device) -> bool:
    return router_or_switch(device) or firewall(device)


VOICE_TABLES = ("dsp", "srst", "dial_peer", "isdn", "ds1")
VOICE_LINES = r"dial-peer voice|voice-port|telephony-service|call-manager-fallback|ccm-manager|sccp ccm|voice service|voice register global"


def gateway(device: Device) -> bool:
    """A voice gateway by its role, or a router that shows voice hardware or configures voice."""
    if device.role is Role.VOICE_GATEWAY:
        return True
    return router(device) and (any(device.table(name).rows for name in VOICE_TABLES) or configures(device, VOICE_LINES) is True)


def gateway_or_call_server(device: Device) -> bool:
    return gateway(device) or call_server(device)
