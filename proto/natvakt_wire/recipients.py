"""The announcement of a tenant's recipient keys, signed by the tenant's root that the agent pinned at enrolment.

A hostile server or proxy cannot make an agent seal to a key of its own. The key of the next period is announced ahead, so that an agent
cut off for a while still seals to a key the tenant can open. `serial` rises with every announcement; an agent refuses an older one.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from natvakt_wire import canonical_json
from natvakt_wire.errors import LimitExceeded, Malformed, NotAdmitted
from natvakt_wire.ids import check_slug
from natvakt_wire.seal import RecipientPublicKey
from natvakt_wire.signing import Domain, sign, verify_signature

SCHEMA = "natvakt.recipient-keys/1"
MAX_ANNOUNCED_KEYS = 8
MAX_ANNOUNCEMENT_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class AnnouncedKey:
    """A key to seal to from `not_before_ns` (included) to `not_after_ns` (excluded), wall clock."""

    key: RecipientPublicKey
    not_before_ns: int
    not_after_ns: int


@dataclass(frozen=True, slots=True)
class Announcement:
    tenant: str
    serial: int
    keys: Sequence[AnnouncedKey]

    def key_at(self, wall_ns: int) -> RecipientPublicKey:
        """The newest key that has begun. A key past its end is still used when nothing newer is known: late beats lost.

        Before all of them (a clock that stands at 1970) it is the first one.
        """
        if not self.keys:
            raise NotAdmitted(f"no recipient key is announced for tenant {self.tenant}")
        begun = [announced for announced in self.keys if announced.not_before_ns <= wall_ns]
        chosen = max(begun, key=lambda announced: announced.not_before_ns) if begun else min(self.keys, key=lambda one: one.not_before_ns)
        return chosen.key


@dataclass(frozen=True, slots=True)
class SignedAnnouncement:
    body: bytes
    signature: bytes


def sign_announcement(announcement: Announcement, tenant_root: Ed25519PrivateKey) -> SignedAnnouncement:
    body = canonical_json.write(
        {
            "schema": SCHEMA,
            "tenant": announcement.tenant,
            "serial": announcement.serial,
            "keys": [
                {
                    "suite": announced.key.suite,
                    "public_key": b64encode(announced.key.raw).decode(),
                    "not_before_ns": announced.not_before_ns,
                    "not_after_ns": announced.not_after_ns,
                }
                for announced in announcement.keys
            ],
        }
    )
    return SignedAnnouncement(body, sign(Domain.RECIPIENTS, tenant_root, body))


def verify_announcement(signed: SignedAnnouncement, tenant_root_raw: bytes, tenant: str, oldest_serial: int = 0) -> Announcement:
    """The announcement, if the tenant's root signed it for `tenant` and it is not older than `oldest_serial`.

    Raises LimitExceeded, Malformed, BadSignature, or NotAdmitted for another tenant or an older serial.
    """
    if len(signed.body) > MAX_ANNOUNCEMENT_BYTES:
        raise LimitExceeded(f"recipient keys of {len(signed.body)} bytes are over the limit of {MAX_ANNOUNCEMENT_BYTES}")
    verify_signature(Domain.RECIPIENTS, tenant_root_raw, signed.signature, signed.body)
    announcement = _parse(canonical_json.read(signed.body, "recipient keys"))
    if announcement.tenant != tenant:
        raise NotAdmitted(f"recipient keys are for tenant {announcement.tenant}, this agent belongs to {tenant}")
    if announcement.serial < oldest_serial:
        raise NotAdmitted(f"recipient keys of serial {announcement.serial} are older than {oldest_serial}, which is known already")
    return announcement


def _parse(document: dict[str, object]) -> Announcement:
    match document:
        case {"schema": str(schema), "tenant": str(tenant), "serial": int(serial), "keys": list(keys)} if schema == SCHEMA:
            if len(keys) > MAX_ANNOUNCED_KEYS:
                raise LimitExceeded(f"{len(keys)} recipient keys are over the limit of {MAX_ANNOUNCED_KEYS}")
            return Announcement(check_slug(tenant, "recipient keys tenant"), serial, tuple(_parse_key(key) for key in keys))
        case _:
            raise Malformed(f"recipient keys are not a document of {SCHEMA}")


def _parse_key(document: object) -> AnnouncedKey:
    match document:
        case {"suite": int(suite), "public_key": str(text), "not_before_ns": int(not_before), "not_after_ns": int(not_after)}:
            try:
                raw = b64decode(text, validate=True)
            except Base64Error as error:
                raise Malformed("a recipient public key is not base64") from error
            return AnnouncedKey(RecipientPublicKey(raw, suite), not_before, not_after)
        case _:
            raise Malformed("a recipient key lacks suite, public_key, not_before_ns or not_after_ns")
