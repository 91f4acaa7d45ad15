"""An agent that was enrolled by hand, for tests of whole processes."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.link.identity_files import IdentityFiles, Membership
from natvakt_wire.recipients import AnnouncedKey, Announcement, sign_announcement
from testkit.agent import CountedBytes, FakeIdentity


def enrolled(paths: StatePaths) -> FakeIdentity:
    """An agent that was enrolled by hand, and the far end that can open what it seals."""
    files = IdentityFiles(paths.identity, CountedBytes())
    far_end = FakeIdentity(identity_key=files.identity_key())
    root = Ed25519PrivateKey.generate()
    raw = root.public_key().public_bytes_raw()
    files.save_membership(Membership(far_end.name, b"", raw, raw, "127.0.0.1:1", "127.0.0.1:2"))
    files.save_recipients(sign_announcement(Announcement("acme", 1, [AnnouncedKey(far_end.opening_key.public, 0, 2**62)]), root))
    return far_end
