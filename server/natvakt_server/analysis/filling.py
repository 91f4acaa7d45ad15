"""Puts the customer's own addresses and networks into the commands that a finding proposes.

    ntp server <time server 1>                      -> ntp server 10.1.0.61
    logging host <server>                           -> logging host 10.1.0.62
     permit tcp <network of managers> any eq 22     -> one line a network, as IOS writes it or ASA does

What nobody has told stays as it is: the reader sees what to fill in.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from natvakt_server.domain.policy import LOG_SERVERS, LOGIN_SERVERS, MANAGEMENT_NETWORKS, TIME_SERVERS

TIME = re.compile(r"<(?:time server (?P<number>\d+)|address of a time server)>")
SERVER = "<server>"
KINDS = ((re.compile(r"logging\b"), LOG_SERVERS), (re.compile(r" address ipv4|(?:tacacs|radius|aaa)-server\b"), LOGIN_SERVERS))
MANAGERS = "<network of managers>"
MANAGERS_AND_MASK = f"{MANAGERS} <mask>"

Places = Mapping[str, Sequence[str]]


def filled(commands: Iterable[str], places: Places) -> list[str]:
    return [made for command in commands for made in _filled(command, places)]


def _filled(command: str, places: Places) -> Iterator[str]:
    if MANAGERS in command and places.get(MANAGEMENT_NETWORKS):
        yield from (_managed(command, network) for network in places[MANAGEMENT_NETWORKS])
        return
    time = TIME.search(command)
    if time is not None:
        place = int(time["number"] or 1) - 1
        known = places.get(TIME_SERVERS, ())
        yield command.replace(time[0], known[place]) if place < len(known) else command
        return
    kind = next((kind for pattern, kind in KINDS if pattern.match(command)), None) if SERVER in command else None
    yield command.replace(SERVER, places[kind][0]) if kind is not None and places.get(kind) else command


def _managed(command: str, text: str) -> str:
    network = ipaddress.ip_network(text)
    if MANAGERS_AND_MASK in command:
        return command.replace(MANAGERS_AND_MASK, f"{network.network_address} {network.netmask}")
    written = f"{network.network_address} {network.hostmask}" if network.version == 4 else str(network)
    return command.replace(MANAGERS, written)
