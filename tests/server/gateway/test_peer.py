"""What is read of a handshake, without one."""

import pytest
from natvakt_server.gateway.peer import key_exchange_group, peer_of
from natvakt_wire.errors import NotAdmitted


@pytest.mark.parametrize(
    ("auth_context", "reason"),
    [
        ({}, "without TLS"),
        ({"ssl_tls_version": [b"TLSv1.2"]}, "TLSv1.2 is too old"),
        ({"ssl_tls_version": [b"TLSv1.3"]}, "no client certificate"),
        ({"ssl_tls_version": [b"TLSv1.3"], "x509_pem_cert": [b"not a certificate"]}, "names no agent"),
    ],
)
def test_promise_47_who_cannot_be_known_is_not_let_in(auth_context: dict[str, list[bytes]], reason: str) -> None:
    with pytest.raises(NotAdmitted, match=reason):
        peer_of(auth_context)


def test_the_key_exchange_is_named_for_the_log() -> None:
    assert key_exchange_group({"ssl_negotiated_key_exchange_group": [b"X25519MLKEM768"]}) == "X25519MLKEM768"
    assert key_exchange_group({}) == "unknown"
