"""The text a person carries from the server to a new agent, `nv1.` and base64url.

It holds the one-time secret and everything the agent must know beforehand, so that there is no trust on first use: where the server is, the
certificate of the partner's CA, and the fingerprint of the tenant's root key.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from hashlib import sha256

from natvakt_wire.errors import Malformed, NotAdmitted
from natvakt_wire.framing import FieldReader, frame
from natvakt_wire.limits import DIGEST_BYTES

PREFIX = "nv1."
SECRET_BYTES = 32
MAX_TOKEN_CHARACTERS = 4096

_CHECK_BYTES = 4


@dataclass(frozen=True, slots=True)
class EnrolmentToken:
    """`secret` is what the server knows the hash of; it is left out of every printed form."""

    secret: bytes = field(repr=False)
    server: str  # host:port of the Enrolment service
    ca_certificate: bytes = field(repr=False)  # DER
    tenant_root_fingerprint: bytes  # SHA-256 of the SubjectPublicKeyInfo
    expires_ns: int  # wall clock of the server

    @property
    def secret_text(self) -> str:
        """What goes into `EnrolRequest.token`."""
        return urlsafe_b64encode(self.secret).rstrip(b"=").decode()

    def to_text(self) -> str:
        body = frame(
            [
                self.secret,
                self.server.encode(),
                self.ca_certificate,
                self.tenant_root_fingerprint,
                self.expires_ns.to_bytes(8, "big", signed=True),
                b"",
            ]
        )
        return PREFIX + urlsafe_b64encode(body + sha256(body).digest()[:_CHECK_BYTES]).rstrip(b"=").decode()

    @classmethod
    def from_text(cls, text: str) -> "EnrolmentToken":
        """Malformed when the text is not a whole token, blanks and line breaks from the clipboard aside; it never repeats the text."""
        compact = "".join(text.split())
        if not compact.startswith(PREFIX) or len(compact) > MAX_TOKEN_CHARACTERS:
            raise Malformed(
                f"the enrolment token does not start with {PREFIX}; copy the whole text that `natvakt-server token issue` printed"
            )
        data = _unbase64(compact.removeprefix(PREFIX))
        body, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
        if sha256(body).digest()[:_CHECK_BYTES] != check:
            raise Malformed("the enrolment token is cut short or mistyped; copy the whole text again")
        reader = FieldReader(body, "enrolment token", MAX_TOKEN_CHARACTERS)
        token = cls(
            secret=reader.exactly("secret", SECRET_BYTES),
            server=reader.text("server"),
            ca_certificate=reader.field("CA certificate"),
            tenant_root_fingerprint=reader.exactly("tenant root fingerprint", DIGEST_BYTES),
            expires_ns=reader.signed("expiry", 8),
        )
        reader.extensions()
        return token


def secret_from_text(text: str) -> bytes:
    """The secret in `EnrolRequest.token`; NotAdmitted for anything that no token ever held."""
    try:
        secret = _unbase64(text) if len(text) <= MAX_TOKEN_CHARACTERS else b""
    except Malformed:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise NotAdmitted("the enrolment token is unknown, used or too old; issue a new one with `natvakt-server token issue`")
    return secret


def _unbase64(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (Base64Error, UnicodeEncodeError) as error:
        raise Malformed("the enrolment token holds characters that no token has; copy the whole text again") from error
