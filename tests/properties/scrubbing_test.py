"""Scrubbing, whatever the text: once is enough, lines stay, equal secrets are known as equal within a site and in no other."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_agent.scrubbing.equality import SiteKey
from natvakt_agent.scrubbing.scrubber import Scrubber
from natvakt_wire.scrubbing.marks import MARK, find_marks
from natvakt_wire.scrubbing.type_seven import encode
from natvakt_wire.scrubbing.vocabulary import is_ordinary
from natvakt_wire.scrubbing.well_known import is_well_known_word

KEY = SiteKey(b"k" * 32)
WORDS = st.sampled_from(
    [
        "snmp-server",
        "community",
        "enable",
        "secret",
        "password",
        "key",
        "7",
        "0",
        "5",
        "username",
        "anna",
        "bob",
        "interface",
        "description",
        "!",
        "remark",
        "key-string",
        "RO",
        "tacacs-server",
        "banner",
        "motd",
        "^C",
        "#",
        "crypto",
        "isakmp",
        "address",
        "10.0.0.1",
        "neighbor",
        "line",
        "vty",
        "0822455D0A16",
        "$1$abc$defghijkl",
        "-----BEGIN",
        "quit",
    ]
)
ANY = st.text(max_size=12)
LINES = st.lists(st.lists(WORDS | ANY, max_size=7).map(" ".join), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
TEXTS = st.builds(lambda lines, end: end.join(lines), LINES, ENDS)
SECRETS = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=6, max_size=24).filter(
    lambda text: any(map(str.isdigit, text)) and not re.search(r"[\"'<>;,]", text) and not text.startswith(("!", "$", "-", "*"))
)


@settings(deadline=None)
@given(TEXTS)
def test_once_is_enough_and_every_line_stays(text):
    scrubbed = Scrubber(KEY).scrub(text, "ios")
    if scrubbed.text is not None:
        assert re.findall(r"\r\n|\n|\r", scrubbed.text) == re.findall(r"\r\n|\n|\r", text)
        again = Scrubber(KEY).scrub(scrubbed.text, "ios")
        assert (again.text, again.removed) == (scrubbed.text, ())


@settings(deadline=None)
@given(TEXTS, SECRETS)
def test_a_value_of_the_vault_is_in_no_text_that_leaves(text, secret):
    scrubbed = Scrubber(KEY, [secret]).scrub(f"{text}\n{secret} {encode(secret, 9)} {secret.encode().hex()}\n{text}", "ios")
    if scrubbed.text is not None and not is_well_known_word(secret) and not is_ordinary(secret):
        assert secret not in MARK.sub("", scrubbed.text)


@settings(deadline=None)
@given(SECRETS, SECRETS, st.integers(0, 15))
def test_equality_is_kept_within_a_site_and_lost_between_sites(one, other, salt):
    text = f"tacacs-server key 0 {one}\nradius-server key 7 {encode(one, salt)}\nvtp password 0 {other}\n"
    here, there = (Scrubber(SiteKey(letter * 32)).scrub(text, "ios").text for letter in (b"h", b"t"))
    first, second, third = (find_marks(line)[0][2].equality for line in here.splitlines())
    assert first == second
    assert (first == third) == (one == other)
    assert first != find_marks(there.splitlines()[0])[0][2].equality
