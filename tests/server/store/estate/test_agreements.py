"""Agreements about availability, over both databases."""

from dataclasses import replace

from natvakt_server.domain.agreements import Agreement
from natvakt_server.store.estate.agreements import SqlAgreements
from sqlalchemy import Engine

WHOLE = Agreement("acme", "", "always", "Europe/Stockholm", 0.999, 5, "anna")
WAN = replace(WHOLE, name="WAN", hours="mon-fri 07:00-18:00", devices=("r1", "r2"), needs_all=False)


def test_an_agreement_is_kept_replaced_and_ended_within_its_customer(engine: Engine) -> None:
    book = SqlAgreements(engine)
    for each in (WAN, WHOLE, replace(WHOLE, tenant="beta"), replace(WAN, target=0.995, by="bo\x00ek")):
        book.agree(each)
    assert book.agreements("acme") == [WHOLE, replace(WAN, target=0.995, by="bo ek")]
    assert book.end_agreement("acme", "WAN")
    assert not book.end_agreement("acme", "WAN")
    assert book.agreements("acme") == [WHOLE]
    assert book.agreements("beta") == [replace(WHOLE, tenant="beta")]
