"""Nothing that tells whose a device is comes through, wherever it stands, and what belongs together stays together."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_agent.capture.anonymiser import Anonymised, Capture, anonymised
from natvakt_agent.capture.keyed import Key
from natvakt_agent.capture.kinds import Kind
from natvakt_agent.capture.recording import Recording, read, written
from testkit.capture import ENTRIES

KEY = Key(b"anonymous" + bytes(23))
NAMES = st.text(string.ascii_lowercase, min_size=7, max_size=12).map(lambda text: f"zq{text}")
OCTET = st.integers(1, 254)


def made(
    text: str, outputs: dict[str, str] | None = None, known: tuple[tuple[Kind, str], ...] = (), keep_names: bool = False
) -> Anonymised:
    return anonymised(Capture([read(text)], outputs or {}, known, ENTRIES), KEY, keep_names)


def lines(result: Anonymised) -> dict[str, str]:
    """Values by OID and tag."""
    return {line.rpartition("|")[0]: line.rpartition("|")[2] for line in written(result.recordings[0]).splitlines()}


def index_of(name: str) -> str:
    return ".".join(map(str, (len(name), *name.encode())))


SITE = """\
1.3.6.1.2.1.1.1.0|4|Linux {name} 5.10 x86_64
1.3.6.1.2.1.1.4.0|4|{person}@{domain}.com
1.3.6.1.2.1.1.5.0|4|{name}.{domain}.com
1.3.6.1.2.1.1.6.0|4|{street}gatan 12
1.3.6.1.2.1.2.2.1.6.1|4x|00112244{mac}
1.3.6.1.2.1.4.22.1.2.1.10.{a}.{b}.7|4x|00112244{mac}
1.3.6.1.2.1.4.20.1.1.10.{a}.{b}.7|64|10.{a}.{b}.7
1.3.6.1.2.1.4.20.1.3.10.{a}.{b}.7|64|255.255.255.0
1.3.6.1.2.1.17.4.3.1.2.0.17.34.68.{mac_index}|2|1
1.3.6.1.2.1.31.1.1.1.18.1|4|uplink to {neighbour} via 10.{a}.{b}.1
1.3.6.1.2.1.47.1.1.1.1.11.1|4|{serial}
1.3.6.1.4.1.9.9.23.1.2.1.1.6.1.1|4|{neighbour}.{domain}.com
1.3.6.1.4.1.9.9.23.1.2.1.1.4.1.1|4x|{address_hex}
1.3.6.1.4.1.9.9.392.1.3.21.1.2.{person_index}.9|2|1
1.3.6.1.4.1.99999.1.1.1.2.{name_index}|4|{name} at {address}
1.3.6.1.4.1.99999.1.1.1.3.10.{a}.{b}.7|2|5
1.3.6.1.4.1.99999.1.1.1.4.1|4|notes by {person}, call 0701234567
1.3.6.1.6.3.15.1.2.2.1.3.17.128.0.0.9.3.0.17.34.68.{mac_index}.0.0.0.0.0.0.{person_index}|4|{person}
"""
OUTPUT = """\
hostname {name}
ip domain-name {domain}.com
username {person} privilege 15
interface Vlan10
 description to {neighbour}
 ip address {address} 255.255.255.0
{neighbour}.{domain}.com  Gig 1/0/1  {serial}  0011.2244.{mac}
"""


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=5, max_size=5, unique=True), OCTET, OCTET, st.integers(0, 0xFFFF), st.integers(0, 9999))
def test_no_name_address_mac_or_serial_comes_through(names: list[str], a: int, b: int, mac: int, serial: int) -> None:
    name, person, domain, neighbour, street = names
    facts = {
        "name": name, "person": person, "domain": domain, "neighbour": neighbour, "street": street, "a": a, "b": b,
        "address": f"10.{a}.{b}.7", "address_hex": bytes((10, a, b, 7)).hex(), "mac": f"{mac:04x}", "serial": f"ZQX{serial:04}K9Q2",
        "mac_index": f"{mac >> 8}.{mac & 255}", "name_index": index_of(name), "person_index": index_of(person),
    }  # fmt: skip
    result = made(SITE.format_map(facts), {"show running-config": OUTPUT.format_map(facts)}, ((Kind.COMMUNITY, "zqsecret-community"),))
    text = written(result.recordings[0]) + "".join(result.outputs.values())
    plain = text.lower()
    for telling in (name, person, domain, neighbour, street, facts["serial"].lower(), "0701234567", index_of(name), index_of(person)):
        assert telling not in plain
    assert "linux" in plain
    assert "uplink to" in plain
    assert len(result.recordings[0].varbinds) == len(SITE.splitlines())
    assert result.remaining == 0
    found = lines(result)
    moved = found["1.3.6.1.2.1.4.20.1.1." + next(oid for oid in found if oid.startswith("1.3.6.1.2.1.4.20.1.1."))[21:]]
    address = moved.rpartition(".")[0]
    assert f"1.3.6.1.2.1.4.22.1.2.1.{moved}|4x" in found
    assert f"1.3.6.1.4.1.99999.1.1.1.3.{moved}|2" in found
    assert found["1.3.6.1.2.1.31.1.1.1.18.1|4"].endswith(f"via {address}.1")
    assert f"ip address {moved} 255.255.255.0" in result.outputs["show running-config"]
    assert found["1.3.6.1.2.1.1.5.0|4"].split(".")[0] == result.outputs["show running-config"].split()[1]


def test_objects_are_in_order_after_their_indexes_changed() -> None:
    text = "".join(f"1.3.6.1.2.1.4.22.1.2.1.10.0.{net}.{host}|4x|0011224455{host:02x}\n" for net in range(12) for host in (1, 2, 9))
    result = made(text)
    oids = [varbind.oid for varbind in result.recordings[0].varbinds]
    assert oids == sorted(oids)
    assert (len(oids), result.collisions) == (36, 0)


def test_counters_states_models_and_versions_stay() -> None:
    text = (
        "1.3.6.1.2.1.2.2.1.10.1|65|4294967295\n1.3.6.1.2.1.2.2.1.8.1|2|1\n1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615\n"
        "1.3.6.1.2.1.47.1.1.1.1.10.1|4|8.10.130.0\n1.3.6.1.2.1.47.1.1.1.1.13.1|4|AIR-CT3504-K9\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.2170\n"
        "1.3.6.1.2.1.1.3.0|67|4711\n1.3.6.1.2.1.25.1.2.0|4x|07ea0b19040a0000\n1.3.6.1.4.1.99999.2.0|68x|9f780442280000\n"
    )
    result = made(text)
    assert sorted(written(result.recordings[0]).splitlines()) == sorted(text.splitlines())
    assert result.replaced == {}


def test_a_pointer_into_a_table_of_addresses_follows_the_address() -> None:
    result = made(
        "1.3.6.1.2.1.4.34.1.5.1.4.10.1.4.9|6|1.3.6.1.2.1.4.32.1.5.2.1.4.10.1.4.0.22\n1.3.6.1.2.1.4.32.1.5.2.1.4.10.1.4.0.22|2|2\n"
    )
    found = lines(result)
    pointer = next(value for place, value in found.items() if place.startswith("1.3.6.1.2.1.4.34"))
    assert f"{pointer}|2" in found
    assert pointer.split(".")[-2:] == ["0", "22"]
    assert int(pointer.split(".")[-3]) % 4 == 0


def test_public_as_numbers_become_private_ones_and_private_stay() -> None:
    found = lines(made("1.3.6.1.2.1.15.2.0|2|3301\n1.3.6.1.2.1.15.3.1.9.10.0.0.1|2|65001\n"))
    assert 64_512 <= int(found["1.3.6.1.2.1.15.2.0|2"]) < 65_535
    assert "65001" in found.values()


def test_identifiers_of_lldp_are_told_by_their_length() -> None:
    text = "1.0.8802.1.1.2.1.4.1.1.5.0.1.1|4x|001122445566\n"
    text += "1.0.8802.1.1.2.1.4.1.1.5.0.1.2|4x|010a141e28\n1.0.8802.1.1.2.1.4.1.1.7.0.1.2|4|Gi1/0/1\n"
    values = [varbind.value for varbind in made(text).recordings[0].varbinds]
    assert values[0][:3] == bytes.fromhex("001122")
    assert values[0] != bytes.fromhex("001122445566")
    assert (values[1][:2], values[1][4]) == (b"\x01\x0a", 40)
    assert values[1][2:4] != b"\x14\x1e"
    assert values[2] == b"Gi1/0/1"


@pytest.mark.parametrize(
    ("engine", "head"),
    [
        ("8000000903001122445566", "8000000903001122"),
        ("80001f880481828384", "80001f8804"),
        ("800007e5010a141e28", "800007e501"),
        ("80", "80"),
    ],
)
def test_an_engine_id_keeps_vendor_and_form(engine: str, head: str) -> None:
    (new,) = lines(made(f"1.3.6.1.6.3.10.2.1.1.0|4x|{engine}\n")).values()
    assert new.startswith(head)
    assert len(new) == len(engine)
    assert (new == engine) == (engine == head)


def test_what_the_agent_knows_is_found_in_any_text() -> None:
    result = made(
        "1.3.6.1.4.1.99999.1.1.0|4|trap to 192.0.2.9 zqcommunity9\n1.3.6.1.2.1.1.1.0|4|zqcommunity9\n",
        known=((Kind.COMMUNITY, "zqcommunity9"),),
    )
    assert "zqcommunity9" not in written(result.recordings[0])
    assert result.replaced[Kind.COMMUNITY].values == 1


def test_octets_of_an_unknown_table_are_drawn_anew_but_for_bits_and_times() -> None:
    text = (
        "1.3.6.1.4.1.99999.1.1.0|4x|0102030405060708090a0b0c0dfe\n1.3.6.1.4.1.99999.1.2.0|4x|ffffffff00000000\n"
        "1.3.6.1.4.1.99999.1.3.0|4x|07ea0b19040a0000\n"
    )
    values = [varbind.value for varbind in made(text).recordings[0].varbinds]
    assert len(values[0]) == 14
    assert values[0] != bytes.fromhex("0102030405060708090a0b0c0dfe")
    assert [each.hex() for each in values[1:]] == ["ffffffff00000000", "07ea0b19040a0000"]


def test_names_are_kept_where_a_person_says_so_and_nothing_else() -> None:
    text = "1.3.6.1.2.1.1.5.0|4|zqtower\n1.3.6.1.2.1.1.4.0|4|zqberit\n1.3.6.1.2.1.31.1.1.1.18.1|4|to zqannexe 10.1.2.3\n"
    found = lines(made(text, keep_names=True))
    assert found["1.3.6.1.2.1.1.5.0|4"] == "zqtower"
    assert "zqannexe" in found["1.3.6.1.2.1.31.1.1.1.18.1|4"]
    assert "10.1.2.3" not in found["1.3.6.1.2.1.31.1.1.1.18.1|4"]
    assert "zqberit" not in "".join(found.values())


def test_the_words_of_commands_stay_and_prose_does_not() -> None:
    configuration = (
        "banner motd ^C\naccess to zqvillage\n^C\nip access-list extended ZQ-GUESTS-IN\n permit tcp host 193.10.66.7 any eq 443\n"
        "interface Vlan10\n description zqbuilding floor 2\n ip access-group ZQ-GUESTS-IN in\nCisco IOS Software, Version 15.2(7)E9\n"
        "Version 8.10.130.0\n"
    )
    new = made("", {"show running-config": configuration}).outputs["show running-config"].splitlines()
    assert "zq" not in "\n".join(new).lower()
    assert new[1].startswith("access to ")
    assert new[3].startswith("ip access-list extended ")
    assert new[7].split()[2] == new[3].split()[3]
    assert new[4].startswith(" permit tcp host ")
    assert new[4].endswith(".7 any eq 443")
    assert "193.10.66.7" not in new[4]
    assert new[8:] == ["Cisco IOS Software, Version 15.2(7)E9", "Version 8.10.130.0"]


def test_two_captures_have_nothing_in_common() -> None:
    recording = read("1.3.6.1.2.1.1.5.0|4|zqtower\n")
    one, two = (anonymised(Capture([recording], {}), Key(letter * 32)).recordings[0].varbinds for letter in (b"a", b"b"))
    assert one != two


def test_contexts_share_what_the_device_shares() -> None:
    device, vlan = read("1.3.6.1.2.1.17.4.3.1.2.0.17.34.1.2.3|2|1\n"), read("1.3.6.1.2.1.17.4.3.1.2.0.17.34.1.2.3|2|7\n")
    result = anonymised(Capture([device, Recording(vlan.varbinds, (), "10")], {}, (), ENTRIES), KEY)
    assert result.recordings[0].varbinds[0].oid == result.recordings[1].varbinds[0].oid
    assert result.recordings[1].context == "10"
