"""Secrets of destinations: sealed by the console, opened by the worker alone."""

import pytest
from natvakt_server.notify.port import Refused
from natvakt_server.notify.sealing import SecretOpener, SecretSealer
from natvakt_wire.seal import RecipientPrivateKey
from testkit.channels import CANARY
from testkit.notifying import destination

KEY = RecipientPrivateKey.generate()


def sealed(destination_id="d1"):
    return SecretSealer(KEY.public.raw).sealed(destination_id, {"url": f"https://hooks.example/{CANARY}"})


def test_what_was_sealed_opens_for_the_same_destination():
    assert SecretOpener(KEY)(destination(sealed=sealed())) == {"url": f"https://hooks.example/{CANARY}"}


@pytest.mark.parametrize(
    "row", [destination(id="d2", sealed=sealed()), destination(sealed=b"short"), destination(sealed=sealed()[:-1] + b"\x00")]
)
def test_a_row_that_was_moved_cut_or_changed_opens_nothing(row):
    with pytest.raises(Refused, match="write them anew"):
        SecretOpener(KEY)(row)


def test_another_key_opens_nothing():
    with pytest.raises(Refused):
        SecretOpener(RecipientPrivateKey.generate())(destination(sealed=sealed()))


def test_nothing_is_printed_and_nothing_lies_in_the_clear():
    assert CANARY.encode() not in sealed()
    assert CANARY not in repr(destination(sealed=sealed())) + repr(SecretOpener(KEY))


def test_a_destination_without_secrets_has_nothing_sealed():
    assert SecretSealer(KEY.public.raw).sealed("d1", {}) is None
    assert SecretOpener(KEY)(destination()) == {}
