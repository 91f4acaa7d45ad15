"""Credentials the whole world knows. The mark is computed at the site; only the mark leaves it."""

from natvakt_wire.scrubbing.well_known import COMMUNITIES, PASSWORDS

from natvakt_agent.model.target import SnmpCredential


def is_well_known(credential: SnmpCredential) -> bool:
    """Whether a list that everybody has would open the device: its community, one of its keys, or a key equal to the user."""
    if credential.community is not None:
        return credential.community.reveal().strip().lower() in COMMUNITIES
    user = (credential.user or "").lower()
    held = (credential.auth_key, credential.privacy_key, credential.enable_password)
    keys = [key.reveal().strip().lower() for key in held if key is not None]
    return any(key in PASSWORDS or key == user for key in keys)
