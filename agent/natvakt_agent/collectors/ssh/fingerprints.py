"""How people compare host keys: as OpenSSH prints them (`ssh-keygen -lf`)."""

from base64 import b64encode
from hashlib import sha256

from natvakt_agent.collectors.ssh.messages import HostKey


def fingerprint(key: HostKey) -> str:
    """`SHA256:` and the base64 of the digest, without padding."""
    return "SHA256:" + b64encode(sha256(key.blob).digest()).decode().rstrip("=")
