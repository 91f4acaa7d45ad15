"""Which interfaces lead to networks of others."""

import re
from collections.abc import Sequence

from natvakt_server.analysis.configuration.addresses import address_of, is_public
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.domain.configuration.model import Configuration
from natvakt_server.domain.configuration.ranges import interface_key

_MARK = re.compile(r"\b(outside|internet|isp|wan|extern\w*|untrust\w*|public|niprnet)\b", re.IGNORECASE)
_ROUTE = re.compile(
    r"(?:ip route(?: vrf \S+)? 0\.0\.0\.0(?:/0| 0\.0\.0\.0)|ipv6 route(?: vrf \S+)? ::/0)"
    r" (?P<first>\S+)(?: (?P<second>\S+))?",
    re.IGNORECASE,
)


def outside_interfaces(configuration: Configuration, interfaces: Sequence[Interface], system: str) -> Sequence[Interface]:
    """Marked by name or description, of security level 0, translated to (`ip nat outside`), or the way of the default route where the
    address is public or given by a provider. A text that says nothing but one routed port means that port."""
    if system == "asa":
        return [port for port in interfaces if port.nameif is not None and (port.security_level == 0 or _MARK.search(port.nameif))]
    routed = [port for port in interfaces if port.routed and not port.shut]
    found = {port.name for port in routed if _is_marked(port)} | {port.name for port in _default_ways(configuration, routed)}
    if not found and not configuration.find(r"(?:hostname|version|switchname) "):
        physical = [port for port in routed if port.physical and port.has_address]
        found = {port.name for port in physical[:1]} if len(physical) == 1 else set()
    return [port for port in routed if port.name in found]


def _is_marked(port: Interface) -> bool:
    return port.last(r"ip nat outside\b") is not None or _MARK.search(port.description or "") is not None


def _default_ways(configuration: Configuration, routed: Sequence[Interface]) -> Sequence[Interface]:
    found: list[Interface] = []
    for line in configuration.find(r"(?:ip|ipv6) route "):
        match = _ROUTE.match(line.text)
        for word in (match["first"], match["second"]) if match is not None else ():
            found += [port for port in routed if word and _leads(port, word) and _faces_others(port)]
    return found


def _leads(port: Interface, word: str) -> bool:
    hop = address_of(word)
    if hop is None:
        return interface_key(word) == interface_key(port.name)
    return any(hop.version == own.version and hop in own.network for own in port.addresses)


def _faces_others(port: Interface) -> bool:
    if port.last(r"ip address (?:dhcp|negotiated)") is not None:
        return True
    return any(is_public(own.ip) for own in port.addresses)
