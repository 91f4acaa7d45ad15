"""The knowledge base in one signed file, for servers that may not ask the world: gzip over lines of JSON.

    {"schema", "made_at", "facts", "digest", "public_key", "signature"}     digest: SHA-256 of all lines below
    {"source", "as_of", "fact"}                                             one a fact, with its claims

The signature (Ed25519) is over the first line without it. A file is taken in whole or not at all, and only by the hand of a key that the
one who imports it trusts.
"""

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from natvakt_server.knowledge.facts import Fact
from natvakt_server.knowledge.formats.reading import FileRefused
from natvakt_server.knowledge.ports import Held
from natvakt_server.knowledge.streams import inflated

SCHEMA = "natvakt.knowledge-bundle/1"
DOMAIN = b"natvakt/knowledge-bundle/v1\x00"
CHANGED = "the file was changed or cut off; ask for it again"
_encoder = msgspec.json.Encoder(order="deterministic")


class Manifest(msgspec.Struct, frozen=True):
    schema: str
    made_at: str
    facts: int
    digest: str
    public_key: str
    signature: str = ""


class Line(msgspec.Struct, frozen=True):
    source: str
    as_of: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a file holds, once its signature fits. `public_key`: hexadecimal, of whoever made it."""

    made_at: str
    public_key: str
    lines: Sequence[Line]


def write(held: Sequence[Held], made_at: str, public_key: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The same facts at the same moment give the same bytes."""
    body = b"".join(_encoder.encode(Line(each.source, each.as_of, each.fact)) + b"\n" for each in held)
    bare = Manifest(SCHEMA, made_at, len(held), hashlib.sha256(body).hexdigest(), public_key.hex())
    signed = msgspec.structs.replace(bare, signature=sign(DOMAIN + _encoder.encode(bare)).hex())
    return gzip.compress(_encoder.encode(signed) + b"\n" + body, mtime=0)


def read(data: bytes) -> Bundle:
    """Raises FileRefused for what is no bundle, and where a byte is not as it was signed. Its maker is not judged here."""
    first, _, body = inflated(data).partition(b"\n")
    try:
        manifest = msgspec.json.decode(first, type=Manifest)
    except (ValueError, RecursionError) as error:
        raise FileRefused("no knowledge bundle: the first line is no manifest; `knowledge import` takes in what sources publish") from error
    if manifest.schema != SCHEMA:
        raise FileRefused(f"a bundle of schema {manifest.schema[:40]!r}; this server reads {SCHEMA}")
    bare = msgspec.structs.replace(manifest, signature="")
    try:
        key, signature = bytes.fromhex(manifest.public_key), bytes.fromhex(manifest.signature)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, DOMAIN + _encoder.encode(bare))
    except (ValueError, InvalidSignature) as error:
        raise FileRefused(f"the signature does not fit: {CHANGED}") from error
    if hashlib.sha256(body).hexdigest() != manifest.digest:
        raise FileRefused(f"the facts are not those that were signed: {CHANGED}")
    try:
        lines = [msgspec.json.decode(line, type=Line) for line in body.splitlines()]
    except (ValueError, RecursionError) as error:
        raise FileRefused(f"a fact of a kind that this server does not know: {error}; bring the server up to date") from error
    return Bundle(manifest.made_at, manifest.public_key, lines)
