"""Who the agent is, as enrolment left it on disk."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_wire.ids import AgentName
from natvakt_wire.recipients import Announcement, SignedAnnouncement, verify_announcement
from natvakt_wire.seal import RecipientPublicKey

from natvakt_agent.link.identity_files import IdentityFiles, IdentityUnavailable, Membership
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.refusal import Refusal


class NotEnrolled(Refusal):
    """There is no identity yet. The text says how to get one."""


class EnrolledIdentity:
    """`AgentIdentity` over the identity folder. Keys that the server announces later are seen at the next batch."""

    def __init__(self, files: IdentityFiles, clock: Clock) -> None:
        membership = files.membership()
        if membership is None:
            raise NotEnrolled("this agent is not enrolled; run `natvakt-agent enrol` with a token from the partner")
        self._files = files
        self._clock = clock
        self._identity_key = files.identity_key()
        self._verified: tuple[SignedAnnouncement, Announcement] | None = None
        self.membership: Membership = membership
        self.recipient()

    @property
    def name(self) -> AgentName:
        return self.membership.name

    @property
    def identity_key(self) -> Ed25519PrivateKey:
        return self._identity_key

    def recipient(self) -> RecipientPublicKey:
        """Verified against the pinned tenant root each time the announcement changes. Raises IdentityUnavailable or a WireError."""
        signed = self._files.recipients()
        if signed is None:
            raise IdentityUnavailable("no recipient keys in the identity folder; enrol again with a new token, the spool is kept")
        if self._verified is None or self._verified[0] != signed:
            self._verified = signed, verify_announcement(signed, self.membership.tenant_root, self.name.tenant)
        return self._verified[1].key_at(self._clock.wall_ns())

    def certificate_end_ns(self) -> int | None:
        """Wall time at which the certificate in use ends; None before approval."""
        tls = self._files.tls()
        if tls is None:
            return None
        return int(x509.load_pem_x509_certificate(tls.chain_pem).not_valid_after_utc.timestamp()) * 1_000_000_000
