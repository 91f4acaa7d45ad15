"""Keys of a tenant: the root that its agents pin, the policy key below it, and the recipient keys that its batches are sealed to.

A recipient key is good for one period (90 days). The next one is made and announced a whole period ahead, so an agent that was away for
a while still seals to a key of today. After its end the private half is kept for as long as a spool may hold batches, and 7 days more;
then the file is destroyed, and it is proved that an envelope sealed to it does not open any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_wire.ids import check_slug
from natvakt_wire.recipients import MAX_ANNOUNCED_KEYS, AnnouncedKey, Announcement, SignedAnnouncement, sign_announcement
from natvakt_wire.seal import RecipientPrivateKey, RecipientPublicKey
from natvakt_wire.signing import Domain, fingerprint, sign

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.identity import AuditEntry, AuditLog, RecipientKey, RecipientKeyStore
from natvakt_server.identity.key_files import KeyFileError, KeyFiles
from natvakt_server.identity.requests import SignedPolicyKey

DAY_NS = 86_400 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Rotation:
    """Spans of a recipient key, in nanoseconds."""

    period_ns: int = 90 * DAY_NS
    max_spool_age_ns: int = 90 * DAY_NS
    margin_ns: int = 7 * DAY_NS

    @property
    def kept_after_end_ns(self) -> int:
        return self.max_spool_age_ns + self.margin_ns


class TenantKeys:
    """Root and policy key of each tenant, made when first asked for."""

    def __init__(self, files: KeyFiles) -> None:
        self._files = files

    def root(self, tenant: str) -> Ed25519PrivateKey:
        return self._key(f"tenant-root.{check_slug(tenant, 'tenant')}")

    def root_public(self, tenant: str) -> bytes:
        return self.root(tenant).public_key().public_bytes_raw()

    def root_fingerprint(self, tenant: str) -> bytes:
        return fingerprint(self.root_public(tenant))

    def policy_key(self, tenant: str) -> Ed25519PrivateKey:
        """Signs policies and commands (`Domain.POLICY`, `Domain.COMMAND`)."""
        return self._key(f"policy.{check_slug(tenant, 'tenant')}")

    def signed_policy_key(self, tenant: str) -> SignedPolicyKey:
        public = self.policy_key(tenant).public_key().public_bytes_raw()
        return SignedPolicyKey(public, sign(Domain.POLICY_KEY, self.root(tenant), tenant.encode(), public))

    def _key(self, name: str) -> Ed25519PrivateKey:
        content = self._files.read(name)
        if content is None:
            content = self._files.create(name, Ed25519PrivateKey.generate().private_bytes_raw())
        try:
            return Ed25519PrivateKey.from_private_bytes(content)
        except ValueError as error:
            raise KeyFileError(f"{name}: is not an Ed25519 key of 32 bytes; restore it from the backup") from error


class RecipientKeyring:
    """Makes, announces, hands out and destroys recipient keys."""

    def __init__(
        self,
        files: KeyFiles,
        store: RecipientKeyStore,
        tenants: TenantKeys,
        audit: AuditLog,
        clock: Clock,
        rotation: Rotation | None = None,
    ) -> None:
        self._files = files
        self._store = store
        self._tenants = tenants
        self._audit = audit
        self._clock = clock
        self._rotation = rotation or Rotation()

    def announcement(self, tenant: str) -> SignedAnnouncement:
        """The keys of this period and the next, signed by the tenant's root. Makes those that are missing.

        The serial is the number of keys the tenant ever had, so it rises with each announcement that says something new.
        """
        keys = self._with_next(tenant)
        now_ns = self._clock.wall_ns()
        current = [_announced(key) for key in keys if key.not_after_ns > now_ns and key.destroyed_ns is None]
        return sign_announcement(Announcement(tenant, len(keys), tuple(current[-MAX_ANNOUNCED_KEYS:])), self._tenants.root(tenant))

    def opening_key(self, tenant: str, key_id: bytes) -> RecipientPrivateKey | None:
        """None: never this tenant's, or destroyed."""
        if all(key.id != key_id for key in self._store.recipient_keys(tenant)):
            return None
        return self._private(key_id)

    def destroy_expired(self, tenant: str) -> Sequence[RecipientKey]:
        """Destroy private halves whose retention is over. Answers those destroyed now; every one is in the audit trail with its proof."""
        now_ns = self._clock.wall_ns()
        over = [
            key
            for key in self._store.recipient_keys(tenant)
            if key.destroyed_ns is None and key.not_after_ns + self._rotation.kept_after_end_ns <= now_ns
        ]
        return [key for key in over if self._destroy(key, now_ns)]

    def _destroy(self, key: RecipientKey, now_ns: int) -> bool:
        self._files.destroy(_file_of(key.id))
        gone = self._private(key.id) is None
        if gone:
            self._store.mark_destroyed(key.id, now_ns)
        detail = "private half overwritten and removed; no opening key is found for its id" if gone else "the file is still there"
        outcome = "ok" if gone else "refused"
        self._audit.record(AuditEntry(now_ns, "worker", "recipient-key-destroyed", key.id.hex(), outcome, detail, key.tenant))
        return gone

    def _private(self, key_id: bytes) -> RecipientPrivateKey | None:
        content = self._files.read(_file_of(key_id))
        return None if content is None else RecipientPrivateKey.from_bytes(content)

    def _with_next(self, tenant: str) -> Sequence[RecipientKey]:
        """All keys of the tenant, oldest first, ending at least a whole period from now."""
        now_ns = self._clock.wall_ns()
        keys = sorted(self._store.recipient_keys(tenant), key=lambda key: key.not_before_ns)
        while not keys or keys[-1].not_before_ns <= now_ns:
            begins_ns = keys[-1].not_after_ns if keys and keys[-1].not_after_ns > now_ns else now_ns
            keys.append(self._make(tenant, begins_ns))
        return keys

    def _make(self, tenant: str, begins_ns: int) -> RecipientKey:
        private = RecipientPrivateKey.generate()
        public = private.public
        self._files.write(_file_of(public.id), private.to_bytes())
        key = RecipientKey(public.id, tenant, public.suite, public.raw, begins_ns, begins_ns + self._rotation.period_ns)
        self._store.add_recipient_key(key)
        self._audit.record(AuditEntry(self._clock.wall_ns(), "worker", "recipient-key-made", public.id.hex(), "ok", "", tenant))
        return key


def _file_of(key_id: bytes) -> str:
    return f"recipient.{key_id.hex()}"


def _announced(key: RecipientKey) -> AnnouncedKey:
    return AnnouncedKey(RecipientPublicKey(key.public_key, key.suite), key.not_before_ns, key.not_after_ns)
