"""The semantic difference: empty on reordered and noisy texts, and every real change found with its place on both sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.backups.configurations.difference import Change, What, difference
from natvakt_server.backups.configurations.semantics import semantics
from natvakt_server.domain.configuration.parser import parse
from testkit.configurations import AIREOS, ASA, BY_SYSTEM, IOS, IOS_XR, NX_OS, sections, shuffled, written

NOISE = (
    "Building configuration...",
    "Current configuration : {} bytes",
    "! Last configuration change at 14:23:{} CET Mon Nov 23 2026 by anna",
    "! NVRAM config last updated at 14:23:{} CET Mon Nov 23 2026 by anna",
    "! No configuration change since last restart {}",
    "ntp clock-period 172089{}",
    "!Time: Tue Nov 24 02:00:{} 2026",
    "! router uptime is {} weeks",
)
NOISES = st.lists(st.builds(lambda line, number: line.format(number), st.sampled_from(NOISE), st.integers(10, 59)), max_size=4)


def told(old: str, new: str, system: str | None = None) -> list[tuple[str, str | None, str | None]]:
    return [
        (each.what.value, each.before.text if each.before else None, each.after.text if each.after else None)
        for each in difference(parse(old, system), parse(new, system))
    ]


def meaning(text: str) -> bytes:
    return semantics(parse(text)).digest


@given(of=sections(), seed=st.integers(0, 2**16), noise=NOISES, other=NOISES, indent=st.sampled_from([" ", "  ", "\t"]))
def test_reordered_and_noisy_texts_do_not_differ(of, seed: int, noise, other, indent: str) -> None:
    old, new = parse(written(of, noise=noise), "ios"), parse(written(shuffled(of, seed), "\r\n", indent, other), "ios")
    assert semantics(old).digest == semantics(new).digest
    assert difference(old, new) == ()


@given(of=sections(), other=sections())
def test_the_difference_is_empty_exactly_where_the_meaning_is_the_same(of, other) -> None:
    old, new = parse(written(of), "ios"), parse(written(other), "ios")
    assert (difference(old, new) == ()) == (semantics(old).digest == semantics(new).digest)


@given(of=sections(), other=sections())
def test_what_one_way_adds_the_other_way_removes(of, other) -> None:
    old, new = parse(written(of), "ios"), parse(written(other), "ios")
    there, back = difference(old, new), difference(new, old)

    def lines(changes: "list[Change]", side: str) -> list[int]:
        return sorted(line.number for each in changes if (line := getattr(each, side)) is not None)

    assert lines(there, "before") == lines(back, "after")
    assert lines(there, "after") == lines(back, "before")


@given(of=sections(), data=st.data())
def test_a_line_taken_away_is_found_with_its_number(of, data) -> None:
    text = written(of)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(" ")]
    if not lines:
        return
    number = data.draw(st.sampled_from(lines))
    without = "\n".join(line for each, line in enumerate(text.splitlines(), 1) if each != number) + "\n"
    (change,) = difference(parse(text, "ios"), parse(without, "ios"))
    assert (change.what, change.before.number, change.after) == (What.REMOVED, number, None)


@pytest.mark.parametrize("system", BY_SYSTEM)
def test_a_text_does_not_differ_from_itself(system: str) -> None:
    text = BY_SYSTEM[system]
    assert told(text, text.replace("\n", "\r\n"), system) == []


def test_headers_and_counters_of_each_system_are_noise() -> None:
    ios = (
        IOS.replace("1523 bytes", "1600 bytes").replace("14:23:11", "15:00:00").replace("17208943", "17208950").replace("by anna", "by bo")
    )
    nx_os = NX_OS.replace("02:00:00", "03:00:00").replace("13:23:11", "14:00:00")
    asa = ASA.replace("anna", "bo").replace("571d01b7b08342e35db838e9acec00f6", "0" * 32)
    ios_xr = IOS_XR.replace("02:00:00.123 CET", "03:00:00.456 CEST").replace("13:23:11", "14:00:00")
    aireos = AIREOS + "config rogue client alert 00:11:22:33:44:55\nconfig rogue adhoc alert 00:11:22:33:44:66\n"
    noisy, plain = (ios, nx_os, asa, ios_xr, aireos), (IOS, NX_OS, ASA, IOS_XR, AIREOS)
    assert [meaning(each) for each in noisy] == [meaning(each) for each in plain]


def test_a_certificates_body_is_noise_and_its_number_is_not() -> None:
    assert meaning(IOS.replace("30820321", "30820999")) == meaning(IOS)
    assert told(IOS, IOS.replace("certificate ca 01", "certificate ca 02"))[0][0] == "changed"


def test_startup_names_the_file_of_a_certificate_that_running_shows() -> None:
    start, end = IOS.index("certificate ca 01"), IOS.index("license udi")
    startup = f"{IOS[:start]}certificate ca 01 nvram:SLA-TrustPoin#1CA.cer\n{IOS[end:]}"
    startup = startup.replace("Current configuration : 1523 bytes", "Using 1523 out of 33554432 bytes")
    assert told(IOS, startup) == []


def test_a_secret_is_told_by_its_equality_alone() -> None:
    def line(mark: str) -> str:
        return f"hostname a\ninterface Gi0/1\n ip ospf message-digest-key 1 md5 7 {mark}\n"

    one, salted = "<natvakt:ospf-key:type=7:len=9:eq=0123456789ab>", "<natvakt:ospf-key:type=7:eq=0123456789ab>"
    assert told(line(one), line(salted)) == []
    assert [each[0] for each in told(line(one), line("<natvakt:ospf-key:type=7:len=9:eq=ffff56789abc>"))] == ["changed"]
    assert [each[0] for each in told(line("<natvakt:ospf-key:len=9>"), line("<natvakt:ospf-key:len=8>"))] == ["changed"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "ip access-list extended A\n permit ip any any\n deny ip any any\n",
            "ip access-list extended A\n deny ip any any\n permit ip any any\n",
        ),
        ("access-list 10 permit any\naccess-list 10 deny any\n", "access-list 10 deny any\naccess-list 10 permit any\n"),
        ("route-map R permit 10\n match tag 1\n set tag 2\n", "route-map R permit 10\n set tag 2\n match tag 1\n"),
        ("policy-map P\n class A\n  priority\n class B\n", "policy-map P\n class B\n class A\n  priority\n"),
        ("class-map match-any C\n match dscp ef\n match dscp cs3\n", "class-map match-any C\n match dscp cs3\n match dscp ef\n"),
        ("aaa group server radius R\n server name A\n server name B\n", "aaa group server radius R\n server name B\n server name A\n"),
    ],
    ids=["access-list", "flat-access-list", "route-map", "policy-map", "class-map", "server-group"],
)
def test_order_is_meaning_where_the_device_reads_from_the_top(old: str, new: str) -> None:
    assert told(f"hostname a\n{old}", f"hostname a\n{new}", "ios") != []


def test_flat_lists_keep_their_order_wherever_they_stand() -> None:
    old = "access-list 10 permit 10.0.0.1\naccess-list 10 deny any\nhostname a\naccess-list 20 permit any\n"
    new = "access-list 20 permit any\nhostname a\naccess-list 10 permit 10.0.0.1\naccess-list 10 deny any\n"
    assert told(old, new, "ios") == []


def test_one_entry_put_into_an_access_list_is_one_line() -> None:
    new = IOS.replace(
        " deny ip any 10.0.0.0 0.255.255.255\n", " deny ip any 10.0.0.0 0.255.255.255\n deny ip any 172.16.0.0 0.15.255.255\n"
    )
    (change,) = difference(parse(IOS), parse(new))
    assert (change.what, change.path, change.after.text) == (
        What.ADDED,
        ("ip access-list extended GUEST",),
        "deny ip any 172.16.0.0 0.15.255.255",
    )
    assert new.splitlines()[change.after.number - 1].strip() == change.after.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("description desk 1", "description the desk by the door"),
        ("switchport access vlan 10", "switchport access vlan 20"),
        ("no shutdown", "shutdown"),
        ("hostname hq-acc1", "hostname hq-acc9"),
        ("ip address 10.0.10.1 255.255.255.0", "ip address 10.0.11.1 255.255.255.0"),
        ("no service pad", "service pad"),
    ],
)
def test_a_line_that_sets_the_same_thing_is_changed(before: str, after: str) -> None:
    assert told(IOS, IOS.replace(before, after)) == [("changed", before, after)]


def test_a_line_that_only_moved_is_told_as_that() -> None:
    old = "hostname a\nip access-list extended A\n permit tcp any any eq 22\n permit udp any any\n deny ip any any\n"
    new = "hostname a\nip access-list extended A\n permit udp any any\n permit tcp any any eq 22\n deny ip any any\n"
    (change,) = difference(parse(old, "ios"), parse(new, "ios"))
    assert (change.what, change.before.text, change.after.text) == (What.MOVED, change.after.text, change.before.text)
    assert change.before.number != change.after.number


def test_a_whole_section_is_told_line_by_line() -> None:
    vlan = "interface Vlan20\n ip address 10.0.20.1 255.255.255.0\n!\nrouter bgp"
    assert told(IOS, IOS.replace("router bgp", vlan)) == [
        ("added", None, "interface Vlan20"),
        ("added", None, "ip address 10.0.20.1 255.255.255.0"),
    ]


def test_a_banners_text_counts() -> None:
    assert sorted(each[0] for each in told(IOS, IOS.replace("Only for those", "For all those"))) == ["added", "removed"]


def test_lists_with_very_many_equal_lines_are_compared_within_bounds() -> None:
    old = "ip access-list extended A\n" + " permit ip any any\n remark x\n" * 2000 + " deny 1\n"
    new = "ip access-list extended A\n remark first\n" + " remark x\n permit ip any any\n" * 2000 + " deny 2\n"
    assert len(difference(parse(old, "ios"), parse(new, "ios"))) > 0
