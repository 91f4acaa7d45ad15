"""What every estate must do: who is recognised as whom, which state is the newest, who may see what. Subclass `EstateContract`."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import pytest
from natvakt_server.domain.estate import (
    Customer,
    Device,
    DocumentEffect,
    EstateAdministration,
    EstateHistory,
    EstateReader,
    Row,
    Site,
)
from natvakt_server.domain.registry import Role

T0 = 1_800_000_000_000_000_000
SECOND_NS = 1_000_000_000


class WholeEstate(EstateReader, EstateHistory, EstateAdministration):
    """All ports at once, and the way documents come in."""

    @abstractmethod
    def apply(self, documents: Sequence[DocumentEffect], tenant: str = "acme", site: str = "hq") -> None:
        """As one opened batch."""


@dataclass(frozen=True, slots=True)
class Said:
    """Short hand for documents of one agent's device."""

    agent_device: str

    def device(self, at: int = 0, digest: str = "", **row: object) -> DocumentEffect:
        return self.table("device", [row], at, digest)

    def table(self, kind: str, rows: Sequence[Row], at: int = 0, digest: str = "") -> DocumentEffect:
        return DocumentEffect(
            self.agent_device, kind, T0 + at * SECOND_NS, digest or f"{sorted(rows[0].items()) if rows else ''}"[:100], rows
        )

    def same(self, kind: str, digest: str, at: int) -> DocumentEffect:
        return DocumentEffect(self.agent_device, kind, T0 + at * SECOND_NS, digest, None)


ONE, TWO, THREE = Said("one"), Said("two"), Said("three")


def only(devices: Sequence[Device]) -> Device:
    assert len(devices) == 1, devices
    return devices[0]


class EstateContract:
    @pytest.fixture
    @abstractmethod
    def estate(self) -> WholeEstate:
        """With the customers acme and beta, each with the sites hq and branch."""

    # -- who is who ----------------------------------------------------------------------------------------------------

    def test_a_described_device_is_as_it_says(self, estate: WholeEstate) -> None:
        row = {
            "vendor": "cisco",
            "os": "ios-xe",
            "version": "17.9.4a",
            "model": "C9200L-48P-4X",
            "serial": "FOC1",
            "base_mac": "00:11:22:33:44:55",
        }
        estate.apply([ONE.device(**row, engine_id="8000", name="hq-acc1", sysName="sw", poll_address="10.1.0.11")])
        device = only(estate.devices("acme"))
        assert {name: getattr(device, name) for name in row} == row
        assert (device.name, device.address, device.engine_id, device.agent_devices) == ("hq-acc1", "10.1.0.11", "8000", ("one",))
        assert (device.first_seen_ns, device.last_seen_ns) == (T0, T0)
        assert estate.device("acme", device.id) == device

    @pytest.mark.parametrize("evidence", [{"serial": "FOC1"}, {"engine_id": "80000009"}, {"base_mac": "00:11:22:33:44:55"}])
    def test_two_agents_that_see_the_same_evidence_see_one_device(self, estate: WholeEstate, evidence: Row) -> None:
        estate.apply([ONE.device(name="a", poll_address="10.0.0.1", **evidence)])
        estate.apply([TWO.device(1, name="b", poll_address="10.9.9.9", **evidence)])
        device = only(estate.devices("acme"))
        assert device.agent_devices == ("one", "two")
        assert (device.name, device.address) == ("b", "10.9.9.9")

    def test_the_same_address_and_name_with_other_evidence_are_two_devices(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", name="sw", poll_address="10.0.0.1")])
        estate.apply([TWO.device(serial="B", name="sw", poll_address="10.0.0.1")])
        assert len(estate.devices("acme")) == 2

    def test_a_cloned_engine_id_does_not_make_two_chassis_one(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", engine_id="E"), TWO.device(serial="B", engine_id="E")])
        assert len(estate.devices("acme")) == 2

    @pytest.mark.parametrize("nothing", ["", "0", "N/A", "To Be Filled By O.E.M."])
    def test_what_vendors_leave_blank_is_no_evidence(self, estate: WholeEstate, nothing: str) -> None:
        estate.apply([ONE.device(serial=nothing, name="a"), TWO.device(serial=nothing, name="b")])
        assert len(estate.devices("acme")) == 2

    def test_without_any_evidence_the_address_is_the_last_resort(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(name="printer", poll_address="10.0.0.9")])
        estate.apply([TWO.device(1, name="printer-2", poll_address="10.0.0.9")])
        assert only(estate.devices("acme")).agent_devices == ("one", "two")

    def test_an_address_never_leads_to_a_device_that_has_evidence(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", name="sw", poll_address="10.0.0.1")])
        estate.apply([TWO.device(name="sw", poll_address="10.0.0.1")])
        assert len(estate.devices("acme")) == 2

    @pytest.mark.parametrize(("tenant", "site"), [("beta", "hq"), ("acme", "branch")])
    def test_promise_40_evidence_and_agent_names_count_within_one_site_only(self, estate: WholeEstate, tenant: str, site: str) -> None:
        estate.apply([ONE.device(serial="A", name="mine")])
        estate.apply([ONE.device(serial="A", name="theirs")], tenant, site)
        mine, theirs = only(estate.devices("acme", "hq")), only(estate.devices(tenant, site))
        assert (mine.name, theirs.name) == ("mine", "theirs")
        assert mine.id != theirs.id

    def test_promise_40_no_read_crosses_the_wall(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A")])
        device = only(estate.devices("acme"))
        assert estate.device("beta", device.id) is None
        assert estate.snapshot("beta", device.id, "device") is None
        assert list(estate.snapshots("beta", device.id)) == []
        assert list(estate.versions("beta", device.id, "device")) == []
        with pytest.raises(LookupError):
            estate.set_role("beta", device.id, Role.CORE)

    # -- placeholders --------------------------------------------------------------------------------------------------

    def test_a_device_known_by_a_table_alone_is_there_until_it_is_described(self, estate: WholeEstate) -> None:
        estate.apply([ONE.table("interface", [{"ifIndex": 1}])])
        placeholder = only(estate.devices("acme"))
        assert placeholder.agent_devices == ("one",)
        estate.apply([ONE.device(1, serial="A", name="sw")])
        described = only(estate.devices("acme"))
        assert (described.id, described.serial, described.name) == (placeholder.id, "A", "sw")

    def test_a_placeholder_that_turns_out_to_be_known_is_merged_and_brings_its_tables(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", name="sw")])
        known = only(estate.devices("acme"))
        estate.apply([TWO.table("interface", [{"ifIndex": 7}], 1)])
        assert len(estate.devices("acme")) == 2
        estate.apply([TWO.device(2, serial="A", name="sw")])
        merged = only(estate.devices("acme"))
        assert (merged.id, merged.agent_devices) == (known.id, ("one", "two"))
        interfaces = estate.snapshot("acme", merged.id, "interface")
        assert interfaces is not None
        assert list(interfaces.rows) == [{"ifIndex": 7}]

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_evidence_that_links_two_devices_makes_them_one_in_any_order(self, estate: WholeEstate, order: Sequence[int]) -> None:
        documents = [ONE.device(0, serial="A"), TWO.device(1, engine_id="E"), THREE.device(2, serial="A", engine_id="E")]
        for index in order:
            estate.apply([documents[index]])
        device = only(estate.devices("acme"))
        assert (device.agent_devices, device.serial, device.engine_id) == (("one", "three", "two"), "A", "E")

    def test_new_hardware_in_the_old_place_is_a_new_device_and_the_old_one_is_no_longer_listed(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", name="sw", model="WS-C2960X")])
        old = only(estate.devices("acme"))
        estate.apply([ONE.device(1, serial="B", name="sw", model="C9200L")])
        new = only(estate.devices("acme"))
        assert (new.serial, new.model, new.agent_devices) == ("B", "C9200L", ("one",))
        assert new.id != old.id
        gone = estate.device("acme", old.id)
        assert gone is not None
        assert (gone.serial, gone.agent_devices) == ("A", ())

    def test_old_hardware_that_comes_back_is_itself_again(self, estate: WholeEstate) -> None:
        for at, serial in enumerate("ABA"):
            estate.apply([ONE.device(at, serial=serial)])
        assert only(estate.devices("acme")).serial == "A"

    def test_a_poorer_description_takes_nothing_away(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", model="C9200L", name="sw", version="17.9")])
        estate.apply([ONE.device(1, name="sw", version="17.12")])
        device = only(estate.devices("acme"))
        assert (device.serial, device.model, device.version) == ("A", "C9200L", "17.12")

    def test_an_older_description_that_comes_late_changes_no_column(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(5, serial="A", version="new")])
        estate.apply([ONE.device(1, serial="A", version="old")])
        device = only(estate.devices("acme"))
        assert (device.version, device.last_seen_ns) == ("new", T0 + 5 * SECOND_NS)

    def test_promise_30_hostile_text_is_kept_within_its_column(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A\x00B", sysName="<b>\r\nforged log\x1b[0m", version="v" * 70_000, sysDescr="\x00\ud800 raw")])
        device = only(estate.devices("acme"))
        assert (device.serial, device.name, device.version) == ("A B", "<b> forged log [0m", "v" * 255)
        kept = estate.snapshot("acme", device.id, "device")
        assert kept is not None
        assert kept.rows[0]["sysDescr"] == "\x00\ud800 raw"

    # -- states --------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_the_newest_state_wins_whatever_the_order_of_arrival(self, estate: WholeEstate, order: Sequence[int]) -> None:
        documents = [
            ONE.table("interface", [{"ifIndex": 1}], 0, "first"),
            ONE.table("interface", [{"ifIndex": 2}], 10, "second"),
            ONE.same("interface", "second", 20),
            ONE.same("interface", "first", 5),
        ]
        for index in order:
            estate.apply([documents[index]])
        kept = estate.snapshot("acme", only(estate.devices("acme")).id, "interface")
        assert kept is not None
        assert (kept.digest, kept.observed_ns, kept.confirmed_ns) == ("second", T0 + 10 * SECOND_NS, T0 + 20 * SECOND_NS)
        assert list(kept.rows) == [{"ifIndex": 2}]

    def test_still_the_same_moves_only_the_time_of_confirmation(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(0, "d1", serial="A")])
        estate.apply([ONE.same("device", "d1", 60)])
        kept = estate.snapshot("acme", only(estate.devices("acme")).id, "device")
        assert kept is not None
        assert (kept.observed_ns, kept.confirmed_ns) == (T0, T0 + 60 * SECOND_NS)
        assert only(estate.devices("acme")).last_seen_ns == T0 + 60 * SECOND_NS

    def test_the_same_batch_again_changes_nothing(self, estate: WholeEstate) -> None:
        batch = [ONE.device(serial="A", name="sw"), ONE.table("component", [{"index": "1", "serial": "P1"}]), ONE.same("interface", "x", 3)]
        estate.apply(batch)
        device = only(estate.devices("acme"))
        before = (device, list(estate.snapshots("acme", device.id)), list(estate.versions("acme", device.id, "component")))
        estate.apply(batch)
        after = (
            only(estate.devices("acme")),
            list(estate.snapshots("acme", device.id)),
            list(estate.versions("acme", device.id, "component")),
        )
        assert after == before

    def test_what_only_the_agent_says_is_no_sign_of_life_of_the_device(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A")])
        estate.apply([ONE.table("collection", [{"table": "cpu", "status": "unreachable"}], 500)])
        assert only(estate.devices("acme")).last_seen_ns == T0

    def test_a_name_given_by_the_site_is_no_sign_of_life_either(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(0, "intro", name="hq-sw", poll_address="10.0.0.1")])
        estate.apply([ONE.same("device", "intro", 60)])
        device = only(estate.devices("acme"))
        assert (device.name, device.address, device.last_seen_ns) == ("hq-sw", "10.0.0.1", 0)

    def test_a_device_that_nothing_was_told_of_is_not_listed(self, estate: WholeEstate) -> None:
        estate.apply([ONE.table("collection", [{"table": "cpu", "status": "unreachable"}])])
        assert list(estate.devices("acme")) == []

    def test_every_state_of_device_and_component_there_ever_was_is_kept(self, estate: WholeEstate) -> None:
        for at, serial in enumerate(["P1", "P2", "P1"]):
            estate.apply([ONE.table("component", [{"index": "1", "serial": serial}], at * 10, serial)])
        versions = estate.versions("acme", only(estate.devices("acme")).id, "component")
        assert [(each.digest, each.first_observed_ns, each.last_observed_ns) for each in versions] == [
            ("P1", T0, T0 + 20 * SECOND_NS),
            ("P2", T0 + 10 * SECOND_NS, T0 + 10 * SECOND_NS),
        ]

    def test_snapshots_are_the_newest_of_every_table(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A"), ONE.table("vlan", [{"id": 1}]), ONE.table("vlan", [{"id": 2}], 1)])
        kept = estate.snapshots("acme", only(estate.devices("acme")).id)
        assert [(each.kind, len(each.rows)) for each in kept] == [("device", 1), ("vlan", 1)]
        assert kept[1].rows == [{"id": 2}]

    def test_the_newest_of_a_table_are_told_for_a_whole_site(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A"), ONE.table("vlan", [{"id": 1}]), ONE.table("vlan", [{"id": 2}], 1), ONE.table("port", [{}])])
        assert [list(each.rows) for each in estate.site_snapshots("acme", "hq", "vlan")] == [[{"id": 2}]]
        assert list(estate.site_snapshots("acme", "branch", "vlan")) == []
        assert list(estate.site_snapshots("beta", "hq", "vlan")) == []

    def test_rows_of_a_whole_site_are_told_by_table_and_device(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A"), ONE.table("vlan", [{"id": 1}]), ONE.table("vlan", [{"id": 2}], 1), ONE.table("port", [{}])])
        device = only(estate.devices("acme")).id
        assert estate.site_rows("acme", "hq", ["vlan", "neighbour"]) == {"vlan": {device: [{"id": 2}]}, "neighbour": {}}
        assert estate.site_rows("acme", "branch", ["vlan"]) == estate.site_rows("beta", "hq", ["vlan"]) == {"vlan": {}}

    # -- roles ---------------------------------------------------------------------------------------------------------

    def test_a_role_is_derived_from_what_the_device_says(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", os="asa", model="ASA5516")])
        assert only(estate.devices("acme")).role is Role.FIREWALL

    def test_voice_hardware_makes_a_router_a_voice_gateway_even_when_it_is_told_later(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", os="ios-xe", model="ISR4331/K9")])
        assert only(estate.devices("acme")).role is Role.ROUTER
        estate.apply([ONE.table("component", [{"index": "9", "model": "NIM-2FXS/4FXOP", "descr": "FXS module"}], 1)])
        assert only(estate.devices("acme")).role is Role.VOICE_GATEWAY

    @pytest.mark.parametrize(
        "gateway",
        [
            {"remote_capabilities": "router,source-route-bridge", "remote_platform": "cisco CISCO2911/K9"},
            {"remote_capabilities": "router,switch,igmp", "remote_platform": "cisco ISR4331/K9"},
            {"remote_capabilities": "bridge,router"},  # LLDP beside the CDP row above it
        ],
    )
    def test_the_switch_where_switches_and_the_way_out_meet_is_the_core(self, estate: WholeEstate, gateway: Row) -> None:
        beside = [{"remote_name": f"acc{number}", "remote_capabilities": "switch,igmp"} for number in range(3)]
        told_by_cdp = {"remote_name": "rtr", "remote_capabilities": "router,switch", "remote_platform": "cisco ISR4331/K9"}
        neighbours = [*beside, told_by_cdp, {"remote_name": "rtr", **gateway}]
        estate.apply([ONE.device(serial="A", os="ios-xe", model="C9300-48P"), ONE.table("neighbour", neighbours)])
        assert only(estate.devices("acme")).role is Role.CORE

    def test_phones_and_access_points_that_bridge_are_no_switches(self, estate: WholeEstate) -> None:
        phones = [
            {"remote_name": f"SEP00112233445{n}", "remote_capabilities": "host,bridge", "remote_platform": "Cisco IP Phone 8841"}
            for n in range(9)
        ]
        estate.apply([ONE.device(serial="A", os="ios-xe", model="C9200L"), ONE.table("neighbour", phones)])
        assert only(estate.devices("acme")).role is Role.ACCESS

    @pytest.mark.parametrize(
        "outside",
        [
            ONE.table("address", [{"address": "10.0.0.1"}, {"address": "8.8.8.8"}, {"address": "not an address"}]),
            ONE.table("ipsla", [{"index": "1"}]),
        ],
    )
    def test_the_router_that_faces_the_carrier_is_the_wan_edge(self, estate: WholeEstate, outside: DocumentEffect) -> None:
        estate.apply([ONE.device(serial="A", os="ios-xe", model="ISR4331/K9"), outside])
        assert only(estate.devices("acme")).role is Role.WAN_EDGE

    def test_what_shows_a_ups_and_is_nothing_else_is_one(self, estate: WholeEstate) -> None:
        shown = ONE.table("ups", [{"manufacturer": "APC", "model": "Smart-UPS 3000"}])
        estate.apply(
            [ONE.device(serial="A", os="unknown"), shown, TWO.device(serial="B", os="linux"), TWO.table("ups", [{"model": "Smart-UPS"}])]
        )
        assert {device.serial: device.role for device in estate.devices("acme")} == {"A": Role.UPS, "B": Role.SERVER}

    def test_what_a_person_said_stays(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A", os="ios-xe", model="C9300-48P")])
        estate.set_role("acme", only(estate.devices("acme")).id, Role.DISTRIBUTION)
        estate.apply([ONE.device(1, serial="A", os="ios-xe", model="C9500-24Y4C")])
        assert only(estate.devices("acme")).role is Role.DISTRIBUTION

    def test_a_role_set_on_a_device_that_is_merged_goes_with_it(self, estate: WholeEstate) -> None:
        estate.apply([ONE.device(serial="A"), TWO.device(1, engine_id="E")])
        second = next(each for each in estate.devices("acme") if each.engine_id)
        estate.set_role("acme", second.id, Role.WAN_EDGE)
        estate.apply([TWO.device(2, serial="A", engine_id="E")])
        assert only(estate.devices("acme")).role is Role.WAN_EDGE

    # -- administration ------------------------------------------------------------------------------------------------

    def test_customers_and_sites_are_kept_as_given(self, estate: WholeEstate) -> None:
        customer = Customer("gamma", "Gamma AB", "en", "Europe/London", "weekly", T0)
        site = Site("gamma", "main", "Huvudkontor", T0)
        estate.add_customer(customer)
        estate.add_site(site)
        assert estate.customer("gamma") == customer
        assert customer in estate.customers()
        assert list(estate.sites("gamma")) == [site]

    def test_adding_again_changes_nothing(self, estate: WholeEstate) -> None:
        estate.add_customer(Customer("acme", "Another name"))
        estate.add_site(Site("acme", "hq", "Another name"))
        customer = estate.customer("acme")
        assert customer is not None
        assert customer.name == "Acme"
        assert [site.name for site in estate.sites("acme")] == ["BRANCH", "HQ"]

    def test_a_schedule_can_be_set_and_taken_away(self, estate: WholeEstate) -> None:
        for schedule in ("monthly", None):
            estate.set_schedule("acme", schedule)
            customer = estate.customer("acme")
            assert customer is not None
            assert customer.schedule == schedule

    def test_naming_what_is_not_there_is_an_error_that_names_it(self, estate: WholeEstate) -> None:
        with pytest.raises(LookupError, match="nobody"):
            estate.add_site(Site("nobody", "hq", "HQ"))
        with pytest.raises(LookupError, match="nobody"):
            estate.set_schedule("nobody", "weekly")
        with pytest.raises(LookupError, match="no-such-device"):
            estate.set_role("acme", "no-such-device", Role.CORE)
        assert estate.customer("nobody") is None
        assert estate.device("acme", "no-such-device") is None
