"""A bundle is taken whole or not at all: any byte that is not as it was signed is found."""

import gzip

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.knowledge.bundle import Line, read, write
from natvakt_server.knowledge.facts import Claim, Lifecycle, Likelihood, Vulnerability
from natvakt_server.knowledge.formats.reading import FileRefused
from natvakt_server.knowledge.ports import Held

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
HELD = [
    Held(
        Vulnerability("CVE-2024-1", "Title", claims=(Claim("ios-xe", "CVE-2024-1", "", {"17.3": ("17.3.1",)}),)),
        "cve-program",
        "2026-11-01",
    ),
    Held(Lifecycle("WS-1", {"end_of_sale": "2024-01-01"}), "partner", "2026-11-02"),
    Held(Likelihood("CVE-2024-1", 0.5), "first-epss", "2026-11-03"),
]
DATA = write(HELD, "2026-11-18T00:00:00Z", KEY.public_key().public_bytes_raw(), KEY.sign)


def test_what_was_written_is_read() -> None:
    bundle = read(DATA)
    assert list(bundle.lines) == [Line(each.source, each.as_of, each.fact) for each in HELD]
    assert (bundle.made_at, bundle.public_key) == ("2026-11-18T00:00:00Z", KEY.public_key().public_bytes_raw().hex())


def test_the_same_facts_give_the_same_bytes() -> None:
    assert write(HELD, "2026-11-18T00:00:00Z", KEY.public_key().public_bytes_raw(), KEY.sign) == DATA


@given(st.data())
def test_a_changed_byte_is_found(data: st.DataObject) -> None:
    plain = bytearray(gzip.decompress(DATA))
    at = data.draw(st.integers(0, len(plain) - 1))
    plain[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(FileRefused):
        read(gzip.compress(bytes(plain)))


@given(st.integers(0, len(DATA) - 1))
def test_a_cut_off_bundle_is_refused(length: int) -> None:
    with pytest.raises(FileRefused):
        read(DATA[:length])


@pytest.mark.parametrize(
    "text",
    [b"", b"{}", b'{"schema": "natvakt.knowledge-bundle/9", "made_at": "", "facts": 0, "digest": "", "public_key": ""}', b"[" * 9000],
)
def test_what_is_no_bundle_says_so(text: bytes) -> None:
    with pytest.raises(FileRefused, match=r"no knowledge bundle|this server reads natvakt.knowledge-bundle/1"):
        read(gzip.compress(text))


def test_lines_added_behind_are_found() -> None:
    plain = gzip.decompress(DATA)
    with pytest.raises(FileRefused, match="the facts are not those that were signed"):
        read(gzip.compress(plain + plain.split(b"\n")[1] + b"\n"))
