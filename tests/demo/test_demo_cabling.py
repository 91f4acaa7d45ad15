"""Both ends of every cable tell the same story."""

from collections.abc import Mapping

from demo.device import SimulatedDevice
from demo.estate import CABLES, ENDPOINTS, cables_of, endpoints_of
from demo.mibs.interfaces import IF_X_ENTRY
from demo.mibs.neighbours import CDP_CACHE_ENTRY, LLDP_REMOTE_ENTRY
from demo.world import DAY_NS
from testkit.demo_site import EPOCH_NS, Answers


def test_every_cable_is_seen_by_cdp_and_lldp_from_both_ends(site: Mapping[str, SimulatedDevice]) -> None:
    for cable in CABLES:
        for seen in cable.ends():
            own = site[seen.local.device]
            index = own.interface(seen.local.port).index
            answers = Answers.of(own)
            cdp_names = {row[0]: value for row, value in answers.column(f"{CDP_CACHE_ENTRY}.6").items()}
            cdp_ports = {row[0]: value for row, value in answers.column(f"{CDP_CACHE_ENTRY}.7").items()}
            lldp_ports = {row[1]: value for row, value in answers.column(f"{LLDP_REMOTE_ENTRY}.7").items()}
            assert cdp_names[index] == f"{seen.far.device}.nordlund.example".encode()
            assert cdp_ports[index] == seen.far.long_port.encode()
            assert lldp_ports[index] == seen.far.port.encode()


def test_what_one_end_sends_the_other_receives(site: Mapping[str, SimulatedDevice]) -> None:
    def grown(device: str, port: str, column: int) -> int:
        oid = f"{IF_X_ENTRY}.{column}.{site[device].interface(port).index}"
        return Answers.of(site[device], EPOCH_NS).number(oid) - Answers.of(site[device], EPOCH_NS - DAY_NS).number(oid)

    for cable in CABLES:
        for seen in cable.ends():
            sent = grown(seen.local.device, seen.local.port, 10)
            assert abs(sent - grown(seen.far.device, seen.far.port, 6)) <= 1


def test_a_bundle_carries_what_its_members_carry(site: Mapping[str, SimulatedDevice]) -> None:
    core = site["hq-core"]
    bundle = core.interface("Po11")
    members = [core.interface(seen.local.port) for seen in cables_of("hq-core") if seen.local.bundle == "Po11"]
    assert bundle.traffic is not None
    assert bundle.speed_mbps == sum(member.speed_mbps for member in members) == 20_000
    assert bundle.traffic.in_octets_per_second == sum(member.traffic.in_octets_per_second for member in members if member.traffic)


def test_every_endpoint_stands_at_a_port_that_is_up_and_takes_power(site: Mapping[str, SimulatedDevice]) -> None:
    for endpoint in ENDPOINTS:
        device = site[endpoint.device]
        assert device.interface(endpoint.port).up == 1
        number = endpoint.port.rpartition("/")[2]
        assert Answers.of(device).get(f"1.3.6.1.2.1.105.1.1.1.6.1.{number}") == 3


def test_sixty_phones_eighteen_of_them_in_the_branch() -> None:
    phones = [endpoint for endpoint in ENDPOINTS if endpoint.is_phone]
    assert len(phones) == len({phone.name for phone in phones}) == 60
    assert len([phone for phone in endpoints_of("br-sw") if phone.is_phone]) == 18


def test_addresses_are_each_given_once(site: Mapping[str, SimulatedDevice]) -> None:
    found = [row for device in site.values() for row in Answers.of(device).column("1.3.6.1.2.1.4.20.1.2") if row != (127, 0, 0, 1)]
    assert len(found) == len(set(found))


def test_every_described_port_that_is_enabled_is_up(site: Mapping[str, SimulatedDevice]) -> None:
    for device in site.values():
        for row in device.interfaces:
            assert not (row.admin_up and row.up != 1), (device.identity.name, row.name)
