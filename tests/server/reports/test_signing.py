"""The signature of a report: any changed byte is refused, another key is not trusted, a part is no report."""

import json
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.reports.model import canonical
from natvakt_server.reports.signing import DOMAIN, signed, verification_code, verify
from testkit.report import assessed, device, evidence, finding, signer, told

KEY = signer()
DOCUMENT = signed(told(evidence(device()), [finding("core.link.duplex", device())]), KEY.sign)
FILE = canonical(DOCUMENT)


def test_a_whole_report_of_this_server_is_valid_and_trusted():
    result = verify(FILE, KEY.public_key)
    assert (result.valid, result.trusted) == (True, True)
    assert result.document == DOCUMENT


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place, flip):
    changed = bytearray(FILE)
    changed[place] ^= flip
    assert not verify(bytes(changed), KEY.public_key).valid


def test_every_member_of_the_document_is_signed_by_name_and_by_value():
    places = [found.start() + 1 for found in re.finditer(rb'"[^"]+":', FILE)]
    places += [found.end() for found in re.finditer(rb'":"(?=[^"])', FILE)]
    changed = (FILE[:place] + bytes((FILE[place] ^ 1,)) + FILE[place + 1 :] for place in dict.fromkeys(places[::5]))
    assert not any(verify(each, KEY.public_key).valid for each in changed)


@given(st.integers(0, len(FILE) - 1))
def test_a_file_that_is_cut_off_is_refused(length):
    assert not verify(FILE[:length], KEY.public_key).valid


def test_a_report_of_a_version_with_other_members_stays_valid():
    """What was signed is the file as it was written, not what today's program would write of it."""
    bare = json.loads(canonical(msgspec.structs.replace(DOCUMENT, signature="")))
    for changed in ({name: value for name, value in bare.items() if name != "availability"}, bare | {"of_a_later_version": [1]}):
        signature = KEY.sign(DOMAIN + msgspec.json.encode(changed)).hex()
        assert verify(msgspec.json.encode(changed | {"signature": signature}), KEY.public_key).trusted
        assert not verify(msgspec.json.encode(changed | {"signature": signature, "cycle": 7}), KEY.public_key).valid


def test_what_reading_passes_over_is_refused_too():
    again = json.loads(FILE)
    spaced = json.dumps(again, ensure_ascii=False).encode()
    with_more = msgspec.json.encode({**again, "remark": "approved"}, order="sorted")
    louder = FILE.replace(DOCUMENT.signature.encode(), DOCUMENT.signature.upper().encode())
    for changed in (spaced, with_more, louder, FILE + b"\n", b" " + FILE):
        assert not verify(changed, KEY.public_key).valid


def test_a_report_signed_by_another_key_is_whole_but_not_trusted():
    stranger = signer(2)
    forged = msgspec.structs.replace(DOCUMENT, public_key=stranger.public_key.hex())
    result = verify(canonical(signed(forged, stranger.sign)), KEY.public_key)
    assert (result.valid, result.trusted) == (True, False)
    assert "not this server's" in result.detail


def test_a_foreign_key_named_in_place_of_the_signer_is_refused():
    claimed = msgspec.structs.replace(DOCUMENT, public_key=signer(2).public_key.hex())
    assert not verify(canonical(claimed), KEY.public_key).valid


def test_without_a_known_key_the_reader_is_told_which_key_to_compare():
    result = verify(FILE, None)
    assert (result.valid, result.trusted) == (True, False)
    assert KEY.public_key.hex() in result.detail


@pytest.mark.parametrize("signature", ["", "00", "zz", "0" * 127])
def test_a_signature_that_is_none_is_refused(signature):
    assert not verify(canonical(msgspec.structs.replace(DOCUMENT, signature=signature)), KEY.public_key).valid


@pytest.mark.parametrize("key", ["", "00", "zz" * 32])
def test_a_key_that_is_none_is_refused(key):
    assert not verify(canonical(msgspec.structs.replace(DOCUMENT, public_key=key)), KEY.public_key).valid


def test_the_code_on_the_cover_is_that_of_this_report_alone():
    code = verification_code(DOCUMENT)
    assert len(code) == 19
    assert code != verification_code(signed(msgspec.structs.replace(DOCUMENT, cycle=2), KEY.sign))
    assert code == verification_code(DOCUMENT)


def test_signing_again_changes_nothing():
    assert signed(DOCUMENT, KEY.sign) == DOCUMENT
    assert signed(assessed(evidence(device())), KEY.sign).signature
