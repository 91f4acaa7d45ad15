"""Errors sorted by what the caller should do."""


class WireError(Exception):
    """Root of everything the wire refuses."""


class Malformed(WireError):
    """Bytes that no honest peer writes. Give up on this item."""


class LimitExceeded(WireError):
    """A declared or real size is over a limit of `limits.py`. Give up on this item."""


class BadSignature(WireError):
    """Signature, signer or bound context does not fit. Give up on this item, tell the audit trail."""


class CannotOpen(WireError):
    """No private key for the recipient key id, or the ciphertext does not open under this header."""
