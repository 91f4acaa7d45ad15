"""Signing and verifying a report. The private key is handed in; here is only what is signed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from natvakt_server.reports.model import ReportDocument, canonical, read

DOMAIN = b"natvakt/report/v1\x00"
CODE_GROUPS = 4


@dataclass(frozen=True, slots=True)
class ReportSigner:
    """The server's report key as a capability: its public half and a way to sign."""

    public_key: bytes
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Verification:
    """`trusted`: signed by the key this server knows, not merely by the key named in the document."""

    valid: bool
    trusted: bool
    detail: str
    document: ReportDocument | None = None


def signed(document: ReportDocument, sign: Callable[[bytes], bytes]) -> ReportDocument:
    bare = msgspec.structs.replace(document, signature="")
    return msgspec.structs.replace(bare, signature=sign(DOMAIN + canonical(bare)).hex())


def verify(data: bytes, known_key: bytes | None) -> Verification:
    """Checks the signature of a report file. `known_key`: this server's raw public report key, if there is one."""
    try:
        document = read(data)
    except ValueError as error:
        return Verification(False, False, str(error))
    try:
        key, signature = bytes.fromhex(document.public_key), bytes.fromhex(document.signature)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, DOMAIN + _signed_bytes(data, signature))
    except (ValueError, InvalidSignature):
        return Verification(False, False, "the signature does not fit the content: the file was changed, or cut off", document)
    if known_key is None:
        return Verification(True, False, f"whole; signed by key {document.public_key}; compare it with the partner's", document)
    if key != known_key:
        return Verification(True, False, "whole, but signed by a key that is not this server's", document)
    return Verification(True, True, "whole, signed by this server", document)


def _signed_bytes(data: bytes, signature: bytes) -> bytes:
    """What was signed when this file was written, by whichever version: its own bytes with an empty signature.

    Not the document encoded anew: that would have the members of today. Raises InvalidSignature for bytes that reading passes over: a
    blank, a member twice, another spelling.
    """
    told = msgspec.json.decode(data)
    if msgspec.json.encode(told | {"signature": signature.hex()}) != data:
        raise InvalidSignature
    return msgspec.json.encode(told | {"signature": ""})


def verification_code(document: ReportDocument) -> str:
    """A short code for the cover, in groups people can compare. Of the signature: it stays whichever version draws the report anew."""
    what = bytes.fromhex(document.signature) if document.signature else canonical(document)
    digest = hashlib.sha256(what).hexdigest().upper()
    return "-".join(digest[i * 4 : i * 4 + 4] for i in range(CODE_GROUPS))
