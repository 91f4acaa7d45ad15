"""The site that discovery is measured on: 12 subnets, 105 devices of mixed kinds, several hundred PCs, six credentials in the vault."""

from natvakt_agent.discovery.credentials import Card
from natvakt_agent.discovery.words import Hint, Source
from testkit.discovery_network import Device, Pc

SUBNETS = 12
DEVICES = 105
NETWORKS = tuple(f"10.20.{subnet}.0/24" for subnet in range(SUBNETS))

STRONG = Card("monitoring", "v3", 44, user="nms")
SAME_USER = Card("monitoring-old-keys", "v3", 40, user="nms")
SITE = Card("site", "v2c", 10)
BRANCH = Card("branch", "v2c", 10)
SERVERS = Card("servers", "v2c", 10)
FACTORY = Card("factory", "v2c", 5, is_well_known=True)
CARDS = (STRONG, SAME_USER, SITE, BRANCH, SERVERS, FACTORY)


def address(subnet: int, host: int) -> str:
    return f"10.20.{subnet}.{host}"


def _core(number: int) -> Device:
    """A core switch with an address in every subnet; the first also answers at the gateways' virtual address."""
    own = [address(subnet, 2 + number) for subnet in range(SUBNETS)]
    virtual = [address(subnet, 1) for subnet in range(SUBNETS)] if number == 0 else []
    return Device(
        f"core-{number + 1}", [*own, *virtual], frozenset((SITE.name,)), f"FCW0000{number}", f"80000009030000000000c{number}",
        f"0000000000c{number}", speaks_v3=False, unlisted=frozenset(virtual), hints=_core_hints(number),
    )  # fmt: skip


def _core_hints(number: int) -> tuple[Hint, ...]:
    told = [
        Hint(address(subnet, 10 + position), Source.CDP, f"acc-{subnet}-{position}") for subnet in range(SUBNETS) for position in (0, 1)
    ]
    told += [Hint(address(subnet, 100 + number), Source.ARP) for subnet in range(SUBNETS)]
    told += [Hint("192.0.2.1", Source.CDP, "carrier"), Hint("224.0.0.5", Source.ARP), Hint("10.99.0.1", Source.ROUTE)]
    return tuple(told)


def _access(subnet: int, position: int) -> Device:
    """Of every four one speaks only v2c, one takes v3 and the site's community, one v3 alone, one the branch's community."""
    kind = (subnet + position) % 4
    takes = (frozenset((SITE.name,)), frozenset((SITE.name, STRONG.name)), frozenset((STRONG.name,)), frozenset((BRANCH.name,)))[kind]
    number = subnet * 16 + position
    told = (Hint(address(subnet, 2), Source.CDP, "core-1"), Hint(address(subnet, 11 + position), Source.LLDP))
    return Device(
        f"acc-{subnet}-{position}", [address(subnet, 10 + position)], takes,
        f"FOC{number:05d}", f"8000000903{number:012x}", f"{number:012x}", speaks_v3=kind != 3, pings=position != 6, hints=told,
    )  # fmt: skip


def _router(number: int) -> Device:
    own = [address(number, 250), address(number + 1, 250), f"172.16.{number}.1"]
    return Device(
        f"rtr-{number}", own, frozenset((BRANCH.name,)), f"FDO{number:05d}", f"80000009030000000fff{number:02d}", None, ssh=False,
        hints=(Hint(address(number, 2), Source.CDP),),
    )  # fmt: skip


def _server(number: int) -> Device:
    return Device(
        f"srv-{number}", [address(number % SUBNETS, 60 + number // SUBNETS)], frozenset((SERVERS.name,)), None,
        f"80001f8880{number:08x}", None, speaks_v3=number % 2 == 0,
    )  # fmt: skip


def devices() -> list[Device]:
    """105 of them: 2 core switches, 84 access switches, 4 routers, 15 servers."""
    every = [_core(0), _core(1)]
    every += [_access(subnet, position) for subnet in range(SUBNETS) for position in range(7)]
    every += [_router(number) for number in (0, 3, 6, 9)]
    every += [_server(number) for number in range(15)]
    assert len(every) == DEVICES
    return every


def pcs() -> list[Pc]:
    """40 a subnet; every second one drops what it does not expect."""
    return [Pc(address(subnet, 100 + number), drops=number % 2 == 1) for subnet in range(SUBNETS) for number in range(40)]
