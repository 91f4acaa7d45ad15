"""What leaves a site: no secret in any form, every line in its place, and the words between the secrets as they were."""

import base64
import re
from urllib.parse import quote

import pytest
from natvakt_agent.scrubbing.equality import SiteKey
from natvakt_agent.scrubbing.known_values import KnownValues
from natvakt_agent.scrubbing.outcome import Removed
from natvakt_agent.scrubbing.scrubber import Scrubber
from natvakt_wire.scrubbing.marks import find_marks
from natvakt_wire.scrubbing.type_seven import encode

SECRET = "Kaffe9Rep!Tak"
HOME, AWAY = SiteKey(b"h" * 32), SiteKey(b"a" * 32)


def scrub(text, vault=(), key=HOME, os="ios"):
    return Scrubber(key, vault).scrub(text, os)


def marks(text):
    return [mark for line in text.splitlines() for _, _, mark in find_marks(line)]


def test_removed_tells_line_and_kind():
    text = "hostname a\r\nsnmp-server community Abc123xyz RO\r\nenable secret 0 Def456uvw\r\n"
    scrubbed = scrub(text)
    assert scrubbed.removed == (Removed(2, "snmp-community"), Removed(3, "enable-secret"))
    assert not scrubbed.blocked


def test_an_unknown_system_is_refused_by_name():
    with pytest.raises(ValueError, match="os 'junos': is not known; it takes one of ios, ios-xe"):
        scrub("", os="junos")


def test_equal_secrets_have_equal_hashes_at_one_site_plain_or_type_7():
    twice = f"username a password 7 {encode(SECRET, 3)}\nusername b password 7 {encode(SECRET, 11)}"
    text = f"enable secret 0 {SECRET}\n{twice}\nvtp password Other9thing"
    first, second, third, other = (mark.equality for mark in marks(scrub(text).text))
    assert first == second == third != other


def test_equal_secrets_have_different_hashes_at_two_sites():
    text = f"vtp password {SECRET}"
    assert marks(scrub(text).text)[0].equality != marks(scrub(text, key=AWAY).text)[0].equality


def in_every_form(secret):
    raw = secret.encode()
    yield secret
    yield secret[::-1]
    yield from (encode(secret, salt) for salt in (0, 15, 52))
    yield encode(secret, 7).lower()
    yield from (base64.b64encode(before + raw).decode() for before in (b"", b"u:", b"ab:", b"abc:"))
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
    yield base64.b64encode(secret.encode("utf-16-le")).decode()
    yield from (raw.hex(), raw.hex().upper(), "0x" + raw.hex(), raw.hex(" "), raw.hex(":"), raw.hex("-", 2))
    yield quote(secret, safe="")
    yield "".join(f"%{byte:02x}" for byte in raw)
    yield "".join(f"\\x{byte:02x}" for byte in raw)
    yield base64.b64encode(quote(secret, safe="").encode()).decode()
    yield f"http://user:{quote(secret)}@192.0.2.1/x"
    yield f"{secret[:6]}\n{secret[6:]}"
    yield f"{secret[:6]}\r\n   {secret[6:]}"
    yield f"{secret[:6]}\\\n {secret[6:]}"
    yield f"{raw.hex()[:9]}\n  {raw.hex()[9:]}"
    yield f"{base64.b64encode(raw).decode()[:7]}\n{base64.b64encode(raw).decode()[7:]}"
    yield f"{encode(secret, 9)[:11]}\n{encode(secret, 9)[11:]}"


@pytest.mark.parametrize("secret", [SECRET, "sommarlov", "grönsaksland", "correct horse battery", "a.b*c[d]", "5551234567"])
def test_a_value_of_the_vault_goes_in_every_form(secret):
    for form in in_every_form(secret):
        text = f"interface Vlan1\n description before {form} after\n ip address 10.0.0.1 255.0.0.0\n"
        scrubbed = scrub(text, vault=[secret])
        assert not scrubbed.blocked, form
        assert KnownValues([secret]).places(scrubbed.text) == [], form
        assert secret[:6] not in scrubbed.text, form
        assert "before" in scrubbed.text, form
        assert scrubbed.text.endswith("after\n ip address 10.0.0.1 255.0.0.0\n"), form


def test_a_secret_found_in_one_place_goes_everywhere():
    text = f"username a password 7 {encode('lingonskog', 5)}\n!\nbanner motd #\nthe word is lingonskog, tell nobody\n#\n"
    assert "lingonskog" not in scrub(text).text
    assert "tell nobody" in scrub(text).text


def test_a_word_everybody_knows_is_not_hunted_for():
    text = "snmp-server community cisco RO\nip domain name cisco.com\n"
    assert scrub(text, vault=["cisco"]).text.splitlines()[1] == "ip domain name cisco.com"


def test_letters_that_a_secret_shares_with_commands_and_marks_stay():
    text = "vtp password adius-\nradius-server key 0 vtp-pa\nradius-server retransmit 2\n"
    first, second, third = scrub(text).text.splitlines()
    assert first.startswith("vtp password <natvakt:vtp-password:len=6")
    assert second.startswith("radius-server key 0 <natvakt:radius-key:type=0:len=6")
    assert third == "radius-server retransmit 2"


def test_a_short_value_of_the_vault_goes_as_a_word_and_leaves_other_words_alone():
    assert re.fullmatch(r" description <\S+> xqzt1 axqz\n", scrub(" description xqz xqzt1 axqz\n", vault=["xqz"]).text)


HOSTILE = {
    "empty": "",
    "no end of line": "vtp password abc",
    "only line ends": "\r\n\n\r\r\n",
    "half a banner": "banner motd ^C\nwelcome\n" + "interface Vlan1\n no shutdown\n" * 300,
    "half a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAabcdef0123456789\nvtp password Abc123\n",
    "zeros": "snmp-server community ab\0cd\0ef RO\n\0\0\0\nenable secret 0 a\0b\n",
    "replacement characters": "description \ufffd\ufffdpass\ufffd\nusername \ufffd secret 0 \ufffd\ufffd\n",
    "invisible letters": "description se\u200bcr\u200bet\n",
    "a lone surrogate": "enable secret 0 a\udcffb\n",
    "a line of a million": "description " + "aB3" * 350_000 + "\n",
    "blanks by the thousand": " " * 3900 + "x\n" + "description password" + " " * 3800 + "\n",
    "hex by the megabyte": ("0123456789abcdef" * 200 + "\n") * 300,
    "half words by the thousand": "description user " + "a-" * 1900 + "\n",
    "keywords without an end": "password password password\nkey key key\nsecret\nenable secret\nsnmp-server community\n",
    "quotes that never close": "username a password \"abc def\nkey-string 'x\n",
    "marks made up": "vtp password <natvakt:vtp-password:eq=hemligt>\n! <natvakt:free-text:Abc123xyz>\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_keep_their_lines_and_leak_nothing(name):
    scrubbed = scrub(HOSTILE[name])
    assert scrubbed.text is not None
    assert re.findall(r"\r\n|\n|\r", scrubbed.text) == re.findall(r"\r\n|\n|\r", HOSTILE[name])
    for secret in ("Abc123", "hemligt", "MIIEow", "ab\0cd", "aB3aB3", "abc def"):
        assert secret not in scrubbed.text
    assert scrub(scrubbed.text).text == scrubbed.text


def test_a_hundred_thousand_lines_are_read_whole():
    text = (
        "".join(f"interface Vlan{number}\n ip address 10.0.0.1 255.0.0.0\n" for number in (*range(500),) * 100) + "vtp password Abc123xyz\n"
    )
    scrubbed = scrub(text)
    assert scrubbed.removed == (Removed(100_001, "vtp-password"),)


def test_what_would_still_look_like_a_secret_is_not_sent():
    text = "hostname a\nA1b2C3d4E5f6G7h8.I9j0K1l2M3n4O5p6.bin\n"
    too_long = Scrubber(HOME).scrub("x" * 70_000_000, "ios")
    assert (too_long.text, too_long.blocked) == (None, True)
    assert scrub(text).text is not None


def test_neither_a_scrubber_nor_its_key_shows_a_secret():
    assert SECRET not in repr(KnownValues([SECRET]))
    assert "hhhh" not in repr(HOME)
