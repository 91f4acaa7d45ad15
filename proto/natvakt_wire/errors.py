"""Errors sorted by what the caller should do, and the gRPC status each travels as (names only: this module needs no gRPC)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class WireError(Exception):
    """Root of everything the wire refuses."""


class Malformed(WireError):
    """Bytes that no honest peer writes. Give up on this item."""


class LimitExceeded(WireError):
    """A declared or real size is over a limit of `limits.py`. Give up on this item."""


class NotEncodable(WireError):
    """The caller's own values cannot be carried, such as a column of text and numbers. Give up on this item, fix the caller."""


class BadSignature(WireError):
    """Signature, signer or bound context does not fit. Give up on this item, tell the audit trail."""


class CannotOpen(WireError):
    """No private key for the recipient key id, or the ciphertext does not open under this header."""


class NotAdmitted(WireError):
    """The peer is not, or no longer, who may speak: unknown token, revoked, fenced, certificate out of its time. Stop and ask a person."""


class TryLater(WireError):
    """Nothing is wrong with the item; the peer has no room for it now. Retry after a pause."""


class Advice(StrEnum):
    RETRY = "retry"
    GIVE_UP_ITEM = "give-up-item"
    STOP = "stop"


STATUS_BY_ERROR: Mapping[type[WireError], str] = MappingProxyType(
    {
        Malformed: "INVALID_ARGUMENT",
        LimitExceeded: "OUT_OF_RANGE",
        NotEncodable: "INVALID_ARGUMENT",
        BadSignature: "PERMISSION_DENIED",
        CannotOpen: "FAILED_PRECONDITION",
        NotAdmitted: "UNAUTHENTICATED",
        TryLater: "RESOURCE_EXHAUSTED",
    }
)

ADVICE_BY_STATUS: Mapping[str, Advice] = MappingProxyType(
    {
        "INVALID_ARGUMENT": Advice.GIVE_UP_ITEM,
        "OUT_OF_RANGE": Advice.GIVE_UP_ITEM,
        "PERMISSION_DENIED": Advice.GIVE_UP_ITEM,
        "FAILED_PRECONDITION": Advice.GIVE_UP_ITEM,
        "UNAUTHENTICATED": Advice.STOP,
        "UNIMPLEMENTED": Advice.STOP,
    }
)


def status_name(error: WireError) -> str:
    """The name of the gRPC status code that `error` travels as."""
    return next((STATUS_BY_ERROR[kind] for kind in type(error).__mro__ if kind in STATUS_BY_ERROR), "INTERNAL")


def advice(status: str) -> Advice:
    """What to do after a call ended with this status; whatever is not named here is worth another try."""
    return ADVICE_BY_STATUS.get(status, Advice.RETRY)
