"""Every planted fault that SNMP can show is there, and every near miss is near and no more."""

from collections.abc import Mapping

import pytest
from demo.backfill import plan
from demo.device import SimulatedDevice
from demo.estate import identities
from demo.mibs import host, interfaces, ipsla, neighbours, poe, power, processor, redundancy, routing, sensors, switching, voice, wireless
from demo.scenario import NEAR_MISSES, PLANTED
from demo.world import DAY_NS, HOUR_NS, World
from testkit.demo_site import EPOCH_NS, Answers

Site = Mapping[str, SimulatedDevice]
UP_TIME, ENGINE_TIME = "1.3.6.1.2.1.1.3.0", "1.3.6.1.6.3.10.2.1.3.0"
ERRORS_IN, FCS, LATE_COLLISIONS, DUPLEX = (
    "1.3.6.1.2.1.2.2.1.14",
    "1.3.6.1.2.1.10.7.2.1.3",
    "1.3.6.1.2.1.10.7.2.1.8",
    "1.3.6.1.2.1.10.7.2.1.19",
)
PACKETS_IN = tuple(f"{interfaces.IF_X_ENTRY}.{column}" for column in (7, 8, 9))


def growth(device: SimulatedDevice, oids: tuple[str, ...], days: float, until_ns: int = EPOCH_NS) -> int:
    """How much these counters together grew in so many days."""
    before, after = Answers.of(device, until_ns - round(days * DAY_NS)), Answers.of(device, until_ns)
    return sum(after.number(oid) - before.number(oid) for oid in oids)


def history(device: SimulatedDevice, oid: str, days: int = 30) -> list[int]:
    """The value of one instance at every instant of the demo's history of these days."""
    first = EPOCH_NS - days * DAY_NS
    return [Answers.of(device, step.instant_ns).number(oid) for step in plan(EPOCH_NS) if step.instant_ns >= first]


def percentile(values: list[int], share: float) -> int:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def test_hq_core_one_supply_is_not_fed(site: Site) -> None:
    states = Answers.of(site["hq-core"]).column(f"{sensors.ENVMON_SUPPLY_ENTRY}.3")
    names = Answers.of(site["hq-core"]).column(f"{sensors.ENVMON_SUPPLY_ENTRY}.2")
    assert [names[row] for row, state in states.items() if state != 1] == [b"Switch 2 - Power Supply B, No Input Power"]
    assert len(states) == 4


def test_hq_core_cpu_jumps_to_98_percent_once(site: Site) -> None:
    samples = history(site["hq-core"], f"{processor.CPU_ENTRY}.8.1", days=7)
    assert samples.count(98) == 1
    assert percentile(samples, 0.95) < 60


def test_hq_acc1_is_half_duplex_against_full_with_late_collisions_here_and_fcs_errors_there(site: Site) -> None:
    near, far = site["hq-acc1"].interface("Gi1/0/48").index, site["hq-sb"].interface("gi24").index
    assert Answers.of(site["hq-acc1"]).get(f"{DUPLEX}.{near}") == 2
    assert Answers.of(site["hq-sb"]).get(f"{DUPLEX}.{far}") == 3
    assert Answers.of(site["hq-sb"]).column(f"{neighbours.CDP_CACHE_ENTRY}.12") == {(far, 1): 2}
    assert growth(site["hq-acc1"], (f"{LATE_COLLISIONS}.{near}",), 7) in (811, 812, 813)
    assert growth(site["hq-sb"], (f"{FCS}.{far}",), 7) in range(26, 31)


def test_the_duplex_mismatch_damages_too_little_to_be_an_error_finding_of_its_own(site: Site) -> None:
    far = site["hq-sb"].interface("gi24").index
    frames = growth(site["hq-sb"], tuple(f"{oid}.{far}" for oid in PACKETS_IN), 7)
    assert growth(site["hq-sb"], (f"{FCS}.{far}",), 7) / frames < 1e-6


def test_hq_acc1_feeds_700_of_740_watts(site: Site) -> None:
    acc1 = Answers.of(site["hq-acc1"])
    assert (acc1.get(f"{poe.MAIN_PSE_ENTRY}.4.1"), acc1.get(f"{poe.MAIN_PSE_ENTRY}.2.1")) == (700, 740)


@pytest.mark.parametrize("name", ["hq-acc2", "hq-acc3", "br-sw"])
def test_the_other_switches_have_power_to_spare(site: Site, name: str) -> None:
    answers = Answers.of(site[name])
    assert answers.number(f"{poe.MAIN_PSE_ENTRY}.4.1") < 0.6 * answers.number(f"{poe.MAIN_PSE_ENTRY}.2.1")


def test_one_phone_of_hq_acc1_has_no_voice_vlan(site: Site) -> None:
    for name in ("hq-acc1", "hq-acc2", "hq-acc3", "br-sw"):
        voice_vlans = Answers.of(site[name]).column(f"{switching.VM_VOICE_VLAN_ENTRY}.1")
        bare = [row[0] for row, vlan in voice_vlans.items() if vlan == switching.NO_VOICE_VLAN]
        assert bare == ([site[name].interface("Gi1/0/12").index] if name == "hq-acc1" else [])


def test_hq_acc2_te1_1_1_has_300_crc_errors_in_a_million_frames(site: Site) -> None:
    index = site["hq-acc2"].interface("Te1/1/1").index
    frames = growth(site["hq-acc2"], tuple(f"{oid}.{index}" for oid in PACKETS_IN), 7)
    assert growth(site["hq-acc2"], (f"{ERRORS_IN}.{index}",), 7) / frames == pytest.approx(0.0003, rel=0.01)


def test_hq_acc2_receives_light_below_the_alarm(site: Site) -> None:
    acc2 = Answers.of(site["hq-acc2"])
    names = acc2.column("1.3.6.1.2.1.47.1.1.1.1.7")
    sensor = next(row[0] for row, name in names.items() if name == b"Te1/1/1 Receive Power Sensor")
    alarm = acc2.number(f"{sensors.CISCO_THRESHOLD_ENTRY}.4.{sensor}.4")
    assert acc2.number(f"{sensors.CISCO_SENSOR_ENTRY}.4.{sensor}") < alarm
    assert acc2.get(f"{sensors.CISCO_THRESHOLD_ENTRY}.5.{sensor}.4") == 1
    a_month_ago = Answers.of(site["hq-acc2"], EPOCH_NS - 30 * DAY_NS)
    assert a_month_ago.number(f"{sensors.CISCO_SENSOR_ENTRY}.4.{sensor}") > alarm + 60


def test_every_other_optic_is_within_its_warnings(site: Site) -> None:
    for name, device in site.items():
        crossed = [row[0] for row, state in Answers.of(device).column(f"{sensors.CISCO_THRESHOLD_ENTRY}.5").items() if state == 1]
        assert len(crossed) == (2 if name == "hq-acc2" else 0), name


def test_the_native_vlan_differs_on_one_uplink_only(site: Site) -> None:
    heard = Answers.of(site["hq-core"]).column(f"{neighbours.CDP_CACHE_ENTRY}.11")
    natives = Answers.of(site["hq-core"]).column(f"{switching.VTP_TRUNK_ENTRY}.5")
    differing = [row[0] for row, vlan in heard.items() if (row[0],) in natives and natives[(row[0],)] != vlan]
    assert differing == [site["hq-core"].interface("Te1/1/2").index]
    assert Answers.of(site["hq-acc2"]).get(f"{switching.VTP_TRUNK_ENTRY}.5.{site['hq-acc2'].interface('Te1/1/1').index}") == 1


def test_hq_acc3_is_the_root_of_vlan_20_and_hq_core_of_all_others(site: Site) -> None:
    known = identities(World.at(EPOCH_NS))
    for name in ("hq-core", "hq-acc1", "hq-acc2", "hq-acc3"):
        for vlan in (1, 10, 20, 30, 40, 50, 60):
            root = Answers.of(site[name], context=vlan).get(f"{switching.STP}.5.0")
            expected = (4_116, "hq-acc3") if vlan == 20 else (24_576 + vlan, "hq-core")
            assert root == expected[0].to_bytes(2, "big") + known[expected[1]].base_mac


def test_hq_rtr_answers_to_a_well_known_community(site: Site) -> None:
    assert set(site["hq-rtr"].views) == {b"private"}


def test_hq_rtr_memory_grows_by_one_percent_a_day(site: Site) -> None:
    def used(days_ago: int) -> float:
        answers = Answers.of(site["hq-rtr"], EPOCH_NS - days_ago * DAY_NS)
        taken, free = (answers.number(f"{processor.ENHANCED_POOL_ENTRY}.{column}.7000.1") for column in (18, 20))
        return taken / (taken + free)

    assert [round(used(days), 2) for days in (30, 20, 10, 0)] == [0.45, 0.55, 0.65, 0.75]
    assert used(0) < 0.85


def test_hq_rtr_dsp_use_is_91_percent_at_the_95th_percentile(site: Site) -> None:
    hours = [Answers.of(site["hq-rtr"], EPOCH_NS - hour * HOUR_NS).number(f"{voice.DSP_CARD_ENTRY}.3.1") for hour in range(7 * 24)]
    assert percentile(hours, 0.95) == 91


def test_br_rtr_voice_probe_is_bad_at_every_run(site: Site) -> None:
    def values(column: int) -> list[int]:
        return history(site["br-rtr"], f"{ipsla.LATEST_JITTER_ENTRY}.{column}.10", days=7)

    assert all(338 <= mos <= 342 for mos in values(42))
    assert percentile(values(47), 0.95) == 48
    assert {lost + back for lost, back in zip(values(26), values(27), strict=True)} == {50}
    assert set(values(1)) == {950}


def test_the_probe_of_hq_rtr_times_out_often_enough_to_matter_if_0_were_a_mos(site: Site) -> None:
    instants = [step.instant_ns for step in plan(EPOCH_NS)]
    readings = [Answers.of(site["hq-rtr"], instant) for instant in instants]
    mos = [answers.number(f"{ipsla.LATEST_JITTER_ENTRY}.42.20") for answers in readings]
    last_week = mos[-sum(instant >= EPOCH_NS - 7 * DAY_NS for instant in instants) :]
    assert last_week.count(0) / len(last_week) > 0.01
    assert mos.count(0) / len(mos) < 0.01
    assert min(value for value in mos if value) >= 430
    assert all((answers.get(f"{ipsla.LATEST_RTT_ENTRY}.2.20") == 4) == (value == 0) for answers, value in zip(readings, mos, strict=True))
    completions, timeouts = f"{ipsla.JITTER_STATISTICS_ENTRY}.2.20.4500", f"{ipsla.COLLECT_ENTRY}.2.20.4500.1.1"
    assert growth(site["hq-rtr"], (timeouts,), 30) / growth(site["hq-rtr"], (completions,), 30) < 0.01


def test_the_backup_tunnel_has_two_mtus_and_ospf_never_gets_past_exstart(site: Site) -> None:
    mtus = {name: site[name].interface("Tu10").mtu for name in ("br-rtr", "hq-rtr")}
    assert mtus == {"br-rtr": 1400, "hq-rtr": 1500}
    states = Answers.of(site["br-rtr"]).column(f"{routing.OSPF_NEIGHBOUR_ENTRY}.6")
    assert states == {(10, 9, 0, 1, 0): routing.FULL, (10, 9, 1, 1, 0): routing.EXCHANGE_START}


def test_routers_without_priority_stay_two_way_to_each_other(site: Site) -> None:
    for name, far in (("hq-rtr", (10, 1, 9, 3, 0)), ("hq-fw", (10, 1, 9, 2, 0))):
        answers = Answers.of(site[name])
        assert answers.column(f"{routing.OSPF_NEIGHBOUR_ENTRY}.6")[far] == routing.TWO_WAY
        assert answers.column(f"{routing.OSPF_NEIGHBOUR_ENTRY}.5")[far] == 0
        assert set(answers.column(f"{routing.OSPF_INTERFACE_ENTRY}.6").values()) >= {0}
    assert set(Answers.of(site["hq-core"]).column(f"{routing.OSPF_NEIGHBOUR_ENTRY}.6").values()) == {routing.FULL}


def test_br_sw_alone_has_lost_its_time(site: Site) -> None:
    strata = {name: Answers.of(site[name]).get(f"{routing.NTP_SYSTEM}.2.0") for name in ("br-sw", "br-rtr", "hq-core", "hq-acc1", "hq-wlc")}
    assert strata == {"br-sw": 16, "br-rtr": 3, "hq-core": 3, "hq-acc1": 3, "hq-wlc": 3}


def test_br_rtr_keeps_ten_phones_alive_where_eighteen_stand(site: Site) -> None:
    assert Answers.of(site["br-rtr"]).get(f"{voice.SRST_CONFIGURATION}.7.0") == 10


def test_unit_b_of_hq_fw_failed_four_days_ago(site: Site) -> None:
    oid = f"{redundancy.FIREWALL_HARDWARE_ENTRY}.3.{redundancy.SECONDARY_UNIT}"
    assert Answers.of(site["hq-fw"]).get(oid) == redundancy.UNIT_ERROR
    assert Answers.of(site["hq-fw"], EPOCH_NS - 5 * DAY_NS).get(oid) == redundancy.UNIT_STANDBY


def test_ap3_is_gone_from_the_controller(site: Site) -> None:
    def names(days_ago: int) -> list[object]:
        return list(Answers.of(site["hq-wlc"], EPOCH_NS - days_ago * DAY_NS).column(f"{wireless.AIRESPACE_AP_ENTRY}.3").values())

    assert names(5) == [b"AP1", b"AP2", b"AP3", b"AP4"]
    assert names(0) == [b"AP1", b"AP2", b"AP4"]
    assert Answers.of(site["hq-wlc"]).get(f"{wireless.LWAPP_SYSTEM}.4.0") == 3


def test_53_of_60_phones_are_registered(site: Site) -> None:
    now = Answers.of(site["hq-cucm"])
    assert [now.get(f"{voice.CCM_GLOBAL}.{column}.0") for column in (5, 6, 7)] == [53, 7, 0]
    assert list(now.column(f"{voice.CCM_PHONE_ENTRY}.7").values()).count(voice.REGISTERED) == 53
    assert Answers.of(site["hq-cucm"], EPOCH_NS - 3 * DAY_NS).get(f"{voice.CCM_GLOBAL}.5.0") == 60


def test_hq_ups_asks_for_a_new_battery_and_is_well_otherwise(site: Site) -> None:
    answers = Answers.of(site["hq-ups"])
    assert answers.get(f"{power.APC_REPLACE_BATTERY}.0") == power.REPLACE_YES
    assert list(answers.column(f"{power.UPS}.6.2.1.2").values()) == [tuple(map(int, power.WELL_KNOWN_BATTERY_BAD.split(".")))]
    assert answers.number(f"{power.UPS}.2.3.0") >= 10
    assert max(history(site["hq-ups"], f"{power.UPS}.4.4.1.5.1", days=7)) <= 80


def test_var_of_hq_lin_is_full_in_eighteen_days(site: Site) -> None:
    def share(days: float) -> float:
        answers = Answers.of(site["hq-lin"], EPOCH_NS + round(days * DAY_NS))
        return answers.number(f"{host.HR_STORAGE_ENTRY}.6.36") / answers.number(f"{host.HR_STORAGE_ENTRY}.5.36")

    assert share(0) == pytest.approx(0.82)
    assert share(17.9) < 1
    assert share(18) == 1
    assert share(-30) == pytest.approx(0.52, abs=0.001)


def test_sys_up_time_of_hq_acc2_wraps_while_its_engine_time_runs_on(site: Site) -> None:
    ticks = [Answers.of(site["hq-acc2"], EPOCH_NS - days * DAY_NS).number(UP_TIME) for days in (12, 8)]
    seconds = [Answers.of(site["hq-acc2"], EPOCH_NS - days * DAY_NS).number(ENGINE_TIME) for days in (12, 8)]
    assert ticks[1] < ticks[0]
    assert seconds[1] - seconds[0] == 4 * 86_400


def test_no_device_has_been_up_too_long_or_restarted_in_the_history(site: Site) -> None:
    for device in site.values():
        assert 30 < Answers.of(device).number(ENGINE_TIME) / 86_400 < 730


def test_gi1_0_3_of_hq_acc1_has_four_fcs_errors_in_400_million_frames(site: Site) -> None:
    index = site["hq-acc1"].interface("Gi1/0/3").index
    assert growth(site["hq-acc1"], (f"{FCS}.{index}",), 7) == 4
    assert growth(site["hq-acc1"], tuple(f"{oid}.{index}" for oid in PACKETS_IN), 7) == pytest.approx(4e8, rel=0.001)


def test_hq_acc3_has_one_supply_and_no_optic_levels(site: Site) -> None:
    answers = Answers.of(site["hq-acc3"])
    assert list(answers.column(f"{sensors.ENVMON_SUPPLY_ENTRY}.3").values()) == [1]
    assert answers.column("1.3.6.1.4.1.9.9.91") == {}


def test_no_port_but_the_planted_ones_counts_errors_or_runs_half_duplex(site: Site) -> None:
    planted = {("hq-acc1", "Gi1/0/3"), ("hq-acc1", "Gi1/0/48"), ("hq-sb", "gi24"), ("hq-acc2", "Te1/1/1")}
    for name, device in site.items():
        answers = Answers.of(device)
        for row in device.interfaces:
            troubled = answers.number(f"{ERRORS_IN}.{row.index}") or answers.number(f"1.3.6.1.2.1.2.2.1.20.{row.index}") or row.duplex != 3
            assert not troubled or (name, row.name) in planted


def test_no_link_is_busier_than_half_its_speed(site: Site) -> None:
    for name, device in site.items():
        for row in device.interfaces:
            if row.traffic is None:
                continue
            peak = max(row.traffic.curve.level(EPOCH_NS - hours * HOUR_NS) for hours in range(7 * 24))
            busiest = max(row.traffic.in_octets_per_second, row.traffic.out_octets_per_second) * peak * 8
            assert busiest < row.speed_mbps * 500_000, (name, row.name)


def test_the_story_names_only_devices_of_the_site(site: Site) -> None:
    assert {fault.device for fault in PLANTED} | {miss.device for miss in NEAR_MISSES} <= set(site)
    assert not {(fault.device, rule) for fault in PLANTED for rule in fault.rules} & {
        (miss.device, miss.rule) for miss in NEAR_MISSES if not miss.place
    }
