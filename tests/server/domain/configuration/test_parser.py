"""The configuration model: every line with its number, under the head it belongs to, whatever the text is like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.configuration.facts import hostname, interface_names, interfaces, reaches_its_end, serials
from natvakt_server.domain.configuration.model import Configuration, Kind, Trouble, split_lines
from natvakt_server.domain.configuration.parser import parse
from testkit.configurations import AIREOS, ASA, BY_SYSTEM, IOS, IOS_XR, NX_OS, SMALL_BUSINESS, sections, written


def texts(found) -> list[str]:
    return [line.text for line in found]


def paths(configuration: Configuration, pattern: str) -> list[list[str]]:
    return [texts(configuration.path(line)) for line in configuration.anywhere(pattern)]


def numbered(text: str, wanted: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip() == wanted)


def test_every_line_keeps_the_number_it_has_in_the_text() -> None:
    for text in BY_SYSTEM.values():
        raw = text.splitlines()
        for line in parse(text).lines:
            assert raw[line.number - 1].strip() == line.text


def test_a_line_stands_under_its_interface() -> None:
    configuration = parse(IOS, "ios-xe")
    (line,) = configuration.find(r"interface GigabitEthernet1/0/1$", r"switchport mode access")
    assert line.number == numbered(IOS, "switchport mode access")
    assert texts(configuration.path(line)) == ["interface GigabitEthernet1/0/1", "switchport mode access"]
    assert configuration.at(line.number) == line
    assert configuration.at(2) is None


def test_address_families_hold_their_lines_and_end() -> None:
    configuration = parse(IOS, "ios-xe")
    (router,) = configuration.find("router bgp")
    assert texts(configuration.children(router)) == ["neighbor 10.0.0.2 remote-as 65001", "address-family ipv4", "address-family vpnv4"]
    assert paths(configuration, "neighbor 10.0.0.2 activate") == [["router bgp 65000", "address-family ipv4", "neighbor 10.0.0.2 activate"]]


def test_address_families_of_old_releases_stand_at_the_depth_of_their_head() -> None:
    text = (
        "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n address-family ipv4 vrf RED\n neighbor 10.1.1.1 activate\n"
        " no auto-summary\n exit-address-family\n address-family vpnv4\n neighbor 10.0.0.2 activate\n exit-address-family\n"
        " timers bgp 5 15\nip classless\n"
    )
    configuration = parse(text, "ios")
    (router,) = configuration.find("router bgp")
    heads = texts(configuration.children(router))
    assert heads == ["neighbor 10.0.0.2 remote-as 2", "address-family ipv4 vrf RED", "address-family vpnv4", "timers bgp 5 15"]
    red = configuration.find("router bgp", "address-family ipv4 vrf RED", ".")
    assert texts(red) == ["neighbor 10.1.1.1 activate", "no auto-summary"]
    assert texts(configuration.find("ip classless")) == ["ip classless"]


def test_a_banner_is_text_and_no_command() -> None:
    configuration = parse(IOS, "ios-xe")
    (banner,) = configuration.find("banner motd")
    assert texts(configuration.children(banner, {Kind.BANNER})) == ["Only for those who may.", "interface of Acme AB", "^C"]
    assert "interface of Acme AB" not in texts(configuration.anywhere("interface"))
    assert configuration.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "banner motd ^CGo away^C\nntp server 10.0.0.1\n",
        "banner login #\nhi\nthere#\nntp server 10.0.0.1\n",
        "banner exec \x03x\n\x03\nntp server 10.0.0.1\n",
    ],
    ids=["one-line", "other-delimiter", "control-character"],
)
def test_a_banner_ends_with_its_delimiter(text: str) -> None:
    configuration = parse(text, "ios")
    assert texts(configuration.find("ntp")) == ["ntp server 10.0.0.1"]
    assert configuration.problems == ()


def test_an_appliances_banner_is_one_line_each() -> None:
    configuration = parse(ASA, "asa")
    assert len(configuration.find("banner motd")) == 2
    assert texts(configuration.find("tunnel-group ACME general", ".")) == ["address-pool VPN"]


def test_half_a_banner_is_told_and_the_text_goes_on_after_it() -> None:
    configuration = parse("hostname a\nbanner motd ^C\nno ip http server\nhello\n!\nntp server 10.0.0.1\n", "ios")
    assert [(problem.trouble, problem.number) for problem in configuration.problems] == [(Trouble.UNCLOSED_BANNER, 2)]
    assert texts(configuration.children()) == ["hostname a", "banner motd ^C", "ntp server 10.0.0.1"]


def test_half_a_banner_does_not_take_the_next_one_for_its_end() -> None:
    text = "hostname a\nbanner exec ^C\nno ip http server\nbanner login ^C\nhello\n^C\nntp server 10.0.0.1\n"
    configuration = parse(text, "ios")
    assert [(problem.trouble, problem.number) for problem in configuration.problems] == [(Trouble.UNCLOSED_BANNER, 2)]
    assert texts(configuration.children()) == ["hostname a", "banner exec ^C", "banner login ^C", "ntp server 10.0.0.1"]


def test_a_macros_lines_are_the_macros() -> None:
    configuration = parse("macro name uplink\nswitchport mode trunk\nno cdp enable\n@\nhostname a\n", "ios")
    assert texts(configuration.children()) == ["macro name uplink", "hostname a"]
    assert texts(configuration.find("macro", ".")) == ["switchport mode trunk", "no cdp enable"]
    (problem,) = parse("hostname a\nmacro name uplink\nswitchport mode trunk\n", "ios").problems
    assert (problem.trouble, problem.number, problem.text) == (Trouble.UNCLOSED_BLOCK, 2, "macro name uplink")


def test_a_scrubbed_certificate_is_still_one() -> None:
    text = "crypto pki certificate chain T\n certificate ca 01\n <natvakt:certificate:eq=0123456789ab>\n quit\nhostname a\n"
    configuration = parse(text, "ios")
    assert texts(configuration.children()) == ["crypto pki certificate chain T", "hostname a"]
    assert texts(configuration.find("crypto", ".")) == ["certificate ca 01"]
    assert configuration.problems == ()


def test_a_certificates_body_is_no_command() -> None:
    configuration = parse(IOS, "ios-xe")
    (head,) = configuration.find("crypto pki", "certificate ca")
    assert {line.kind for line in configuration.descendants(head, set(Kind))} == {Kind.CERTIFICATE, Kind.CLOSING}
    assert texts(configuration.find("license udi")) == ["license udi pid C9200L-48P-4X sn FCW0000A0AA"]


def test_a_certificate_that_is_cut_off_is_told() -> None:
    cut = IOS[: IOS.index("32310E30")]
    assert [problem.trouble for problem in parse(cut, "ios").problems] == [Trouble.UNCLOSED_CERTIFICATE]


def test_policies_of_xr_are_blocks_and_their_use_is_a_line() -> None:
    configuration = parse(IOS_XR, "ios-xr")
    assert texts(configuration.find("route-policy PASS$", ".")) == ["if destination in OWN then", "endif"]
    family = configuration.find("router bgp", "neighbor", "address-family", ".")
    assert texts(family) == ["route-policy PASS in", "route-policy PASS out"]


def test_small_business_lists_hold_their_flat_lines() -> None:
    configuration = parse(SMALL_BUSINESS, "small-business")
    assert texts(configuration.find("vlan database", ".")) == ["vlan 10,20"]
    assert texts(configuration.find("interface GigabitEthernet1", ".")) == ["description desk", "switchport access vlan 10"]
    assert texts(configuration.find("crypto key", "user-key anna", ".")) == ["key-string row <natvakt:public-key:eq=0123456789ab>"]
    assert texts(configuration.find("unit-type-control-start", ".")) == ["unit-type unit 1 network gi uplink none"]
    assert "ip ssh server" in texts(configuration.children())
    assert "CLI v1.0" not in texts(configuration.anywhere("."))


def test_aireos_is_flat_whatever_its_indentation() -> None:
    configuration = parse(AIREOS.replace("config wlan", "   config wlan"), "aireos")
    assert len(list(configuration.children())) == AIREOS.count("\n")


def test_nx_os_nests_by_two() -> None:
    configuration = parse(NX_OS, "nx-os")
    assert paths(configuration, "redistribute") == [
        ["router bgp 65000", "address-family ipv4 unicast", "redistribute direct route-map OUT"]
    ]
    assert paths(configuration, "remote-as") == [["router bgp 65000", "neighbor 10.0.0.2", "remote-as 65001"]]


@pytest.mark.parametrize("system", BY_SYSTEM)
def test_a_text_is_told_by_its_looks(system: str) -> None:
    assert parse(BY_SYSTEM[system]).dialect == parse(BY_SYSTEM[system], system).dialect


@pytest.mark.parametrize("prose", ["", "Hello, this is a letter.\nIt has two lines.\n", "{}", "\x00\x01"])
def test_what_is_no_configuration_looks_like_none(prose: str) -> None:
    assert parse(prose).dialect == "generic"


@pytest.mark.parametrize("system", BY_SYSTEM)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_any_kind_count_alike(system: str, end: str) -> None:
    text = BY_SYSTEM[system]
    assert parse(text.replace("\n", end), system).lines == parse(text, system).lines
    assert parse(text.rstrip("\n"), system).lines == parse(text, system).lines


def test_tabs_are_depth() -> None:
    configuration = parse("interface Vlan1\n\tip address 10.0.0.1 255.0.0.0\n\t  no shutdown\n", "ios")
    assert texts(configuration.find("interface", "ip address", ".")) == ["no shutdown"]


def test_a_comment_closes_nothing() -> None:
    configuration = parse("line vty 0 4\n transport input ssh\n! who wrote this\n exec-timeout 5 0\n", "ios")
    assert texts(configuration.find("line vty", ".")) == ["transport input ssh", "exec-timeout 5 0"]


def test_what_the_terminal_gave_besides_is_no_command() -> None:
    configuration = parse("hq-acc1#show running-config\nBuilding configuration...\n\nhostname hq-acc1\nend\n\nhq-acc1#", "ios")
    assert texts(configuration.children()) == ["hostname hq-acc1"]
    assert configuration.last.text == "end"


@pytest.mark.parametrize(
    "message", ["% Invalid input detected at '^' marker.", "%Error opening nvram:/startup-config", "Command authorization failed."]
)
def test_messages_of_the_command_line_are_told(message: str) -> None:
    (problem,) = parse(f"hostname a\n{message}\n", "ios").problems
    assert (problem.trouble, problem.number, problem.text) == (Trouble.ERROR_TEXT, 2, message)


@pytest.mark.parametrize("pager", [" --More-- ", "<--- More --->"])
def test_paging_left_in_a_text_is_told(pager: str) -> None:
    assert [problem.trouble for problem in parse(f"hostname a\n{pager}\nend\n", "ios").problems] == [Trouble.PAGING]


def test_whether_a_text_reaches_its_end() -> None:
    ends = {system: reaches_its_end(parse(text)) for system, text in BY_SYSTEM.items()}
    assert ends == {"ios-xe": True, "nx-os": None, "asa": True, "ios-xr": True, "aireos": None, "small-business": None}
    assert reaches_its_end(parse(IOS[:-5])) is False


def test_what_it_says_of_its_device() -> None:
    assert {system: hostname(parse(text)) for system, text in BY_SYSTEM.items()} == {
        "ios-xe": "hq-acc1",
        "nx-os": "dc-core1",
        "asa": "edge-fw",
        "ios-xr": "pe1",
        "aireos": "hq-wlc",
        "small-business": "branch-sw1",
    }
    assert serials(parse(IOS)) == {"FCW0000A0AA"}
    assert serials(parse(ASA)) == {"JMX00000A0A"}
    assert ("gi", "1/0/1") in interfaces(parse(IOS))
    assert interface_names(parse(ASA)) == {"outside", "inside"}


@given(of=sections(), end=st.sampled_from(["\n", "\r\n", "\r"]), indent=st.sampled_from([" ", "   ", "\t"]))
def test_every_line_below_a_head_is_its_child(of, end: str, indent: str) -> None:
    configuration = parse(written(of, end, indent), "ios")
    assert [(head.text, tuple(texts(configuration.children(head)))) for head in configuration.children()] == [tuple(each) for each in of]


@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=400), system=st.sampled_from([None, *BY_SYSTEM]))
def test_any_text_is_read_and_its_tree_holds_together(text: str, system: str | None) -> None:
    configuration = parse(text, system)
    raw = split_lines(text.removeprefix("\ufeff"))
    assert configuration.line_count == len(raw)
    assert [line.number for line in configuration.lines] == [number for number, each in enumerate(raw, 1) if each.strip()]
    for line in configuration.lines:
        assert line.parent < line.place < line.end
        if line.parent >= 0:
            assert line.end <= configuration.lines[line.parent].end


def test_a_hundred_thousand_lines_are_looked_at_once_each() -> None:
    """As a count of work: the text of twice the size makes twice the lines, whatever opens or is left open in it."""
    block = "interface GigabitEthernet1/0/{0}\n description {0}\n no shutdown\n!\nbanner motd {1}\n"
    text = "".join(block.format(number, chr(0x4E00 + number)) for number in range(20_000))
    configuration = parse(text, "ios")
    assert configuration.line_count == 100_000
    assert len(configuration.find("interface ", "description")) > 0
