"""Could it be put back? A table of texts and what is wrong with each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.backups.configurations.restorable import Reason, Remark, Told, judge
from natvakt_server.domain.configuration.parser import parse
from testkit.configurations import AIREOS, ASA, BY_SYSTEM, IOS, IOS_XR, NX_OS, SMALL_BUSINESS

DEVICES = {
    "ios-xe": Told(
        "ios-xe",
        frozenset({"hq-acc1.example.net"}),
        frozenset({"FCW0000A0AA"}),
        ("GigabitEthernet1/0/1", "Gi1/0/2", "StackPort1", "Bluetooth0/4"),
    ),
    "nx-os": Told("nx-os", frozenset({"dc-core1"}), frozenset({"SAL0000A0A"}), ("Ethernet1/1", "Ethernet1/2", "mgmt0")),
    "asa": Told(
        "asa", frozenset({"edge-fw"}), frozenset({"jmx00000a0a"}), ("Adaptive Security Appliance 'outside' interface", "Internal-Data0/0")
    ),
    "ios-xr": Told("ios-xr", frozenset({"pe1"})),
    "aireos": Told("aireos", frozenset({"hq-wlc"})),
    "small-business": Told("small-business", frozenset({"branch-sw1"}), ports=("gi1", "gi2", "gi3")),
}
NO_END_MARK = ("nx-os", "aireos", "small-business")


def verdict(text: str, told: Told = DEVICES["ios-xe"], complete: bool | None = True, why: str = ""):
    return judge(parse(text), told, complete, why)


@pytest.mark.parametrize("system", BY_SYSTEM)
def test_a_whole_text_of_the_right_device_can_be_restored(system: str) -> None:
    assert verdict(BY_SYSTEM[system], DEVICES[system]).reason is None


@pytest.mark.parametrize("system", BY_SYSTEM)
def test_a_text_whose_end_nobody_vouches_for_needs_its_end_mark(system: str) -> None:
    found = verdict(BY_SYSTEM[system], DEVICES[system], complete=None)
    assert found.reason is (Reason.END_NOT_TOLD if system in NO_END_MARK else None)


@pytest.mark.parametrize("system", [each for each in BY_SYSTEM if each not in NO_END_MARK])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.97])
def test_a_cut_text_cannot_be_restored_even_if_the_agent_took_it_for_whole(system: str, share: float) -> None:
    text = BY_SYSTEM[system]
    cut = text[: int(len(text) * share)]
    assert not verdict(cut, Told(DEVICES[system].system), complete=True).restorable


@pytest.mark.parametrize("system", BY_SYSTEM)
def test_a_text_the_agent_calls_cut_off_cannot_be_restored(system: str) -> None:
    found = verdict(BY_SYSTEM[system], DEVICES[system], complete=False, why="the line went dead")
    assert (found.reason, found.detail) == (Reason.CUT_OFF, "the line went dead")


@pytest.mark.parametrize("system", BY_SYSTEM)
@pytest.mark.parametrize("other", BY_SYSTEM)
def test_another_systems_text_is_told(system: str, other: str) -> None:
    found = verdict(BY_SYSTEM[other], Told(DEVICES[system].system))
    assert found.reason is (None if system == other else Reason.OTHER_SYSTEM)


@pytest.mark.parametrize("text", ["", "\n\n!\n!\n", "Building configuration...\n\nend\n", "hq-acc1#show running-config\nhq-acc1#\n"])
def test_an_empty_text_is_told(text: str) -> None:
    assert verdict(text).reason is Reason.EMPTY


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("show running-config\n          ^\n% Invalid input detected at '^' marker.\n\nhq-acc1#", 2),
        ("% Authorization failed.\n", 1),
        ("startup-config is not present\n", 1),
        ("No startup configuration\n", 1),
        ("Command authorization failed.\n", 1),
        ("ERROR: % Invalid input detected\n", 1),
        (
            IOS.replace("ntp server 10.0.0.1\n", "% Incomplete command.\nntp server 10.0.0.1\n"),
            IOS.splitlines().index("ntp server 10.0.0.1") + 1,
        ),
    ],
    ids=["invalid-input", "no-authorization", "no-startup", "no-startup-nx-os", "aaa", "asa", "in-the-middle"],
)
def test_an_error_text_is_no_backup(text: str, line: int) -> None:
    found = verdict(text)
    assert (found.reason, found.number) == (Reason.ERROR_TEXT, line)


def test_the_banners_own_words_are_no_error() -> None:
    assert verdict(IOS.replace("Only for those who may.", "% Invalid users will be shown the door")).restorable


def test_paging_left_in_the_text_is_told() -> None:
    assert verdict(IOS.replace("router bgp", " --More-- \nrouter bgp")).reason is Reason.PAGING


def test_half_a_banner_is_told() -> None:
    found = verdict(IOS.replace("interface of Acme AB\n^C\n", ""))
    assert (found.reason, found.detail) == (Reason.OPEN_BLOCK, "banner motd ^C")


def test_another_devices_text_is_told_by_name_and_by_serial() -> None:
    named = verdict(IOS, Told("ios-xe", frozenset({"hq-acc2"})))
    numbered = verdict(IOS, Told("ios-xe", frozenset({"hq-acc1"}), frozenset({"FCW9999Z9ZZ"})))
    assert (named.reason, named.detail) == (Reason.OTHER_NAME, "hq-acc1")
    assert (numbered.reason, numbered.detail) == (Reason.OTHER_SERIAL, "FCW0000A0AA")


def test_a_device_that_was_renamed_or_repaired_keeps_its_versions() -> None:
    told = Told("ios-xe", frozenset({"new-name", "hq-acc1"}), frozenset({"FCW9999Z9ZZ", "FCW0000A0AA"}))
    assert verdict(IOS, told).restorable


def test_ports_the_device_has_and_the_text_has_not_are_told() -> None:
    found = verdict(IOS, Told("ios-xe", ports=("GigabitEthernet1/0/1", *(f"GigabitEthernet2/0/{port}" for port in range(1, 8)))))
    assert found.reason is Reason.PORTS_MISSING
    assert found.detail.startswith("GigabitEthernet2/0/1, ")
    assert found.detail.endswith("…")
    assert verdict(ASA, Told("asa", ports=("Adaptive Security Appliance 'dmz' interface",))).reason is Reason.PORTS_MISSING


@pytest.mark.parametrize("text", [IOS, NX_OS, ASA, IOS_XR, AIREOS, SMALL_BUSINESS])
def test_what_is_not_known_of_a_device_is_not_held_against_its_text(text: str) -> None:
    assert verdict(text, Told()).restorable


@given(text=st.text(max_size=300), told=st.sampled_from([*DEVICES.values(), Told()]), complete=st.sampled_from([None, True, False]))
def test_any_text_gets_a_verdict_with_a_reason_or_without(text: str, told: Told, complete: bool | None) -> None:
    found = verdict(text, told, complete)
    assert found.restorable == (found.reason is None)
    assert not (complete is False and found.restorable)


@given(data=st.data(), system=st.sampled_from([each for each in BY_SYSTEM if each not in NO_END_MARK]))
def test_no_text_cut_anywhere_before_its_end_is_restorable(data, system: str) -> None:
    text = BY_SYSTEM[system]
    end = text.rstrip().rindex("\n")
    cut = text[: data.draw(st.integers(0, end))]
    assert not verdict(cut, DEVICES[system]).restorable


def test_a_text_cut_inside_the_word_that_ends_a_set_is_not_whole() -> None:
    found = verdict(IOS_XR[: IOS_XR.index("end-set") + len("end")], DEVICES["ios-xr"])
    assert (found.reason, found.detail) == (Reason.OPEN_BLOCK, "prefix-set OWN")


def test_secrets_that_never_left_the_site_are_counted() -> None:
    assert (Remark.SECRETS, "1") in verdict(IOS).remarks
    assert verdict(NX_OS, DEVICES["nx-os"]).remarks == ()


def test_a_text_without_a_name_is_remarked() -> None:
    assert (Remark.NO_NAME, "") in verdict(IOS.replace("hostname hq-acc1\n", "")).remarks
